"""Which kinds of documents are read here, as pages name them. Derived by hand from the readers beside this module;
``tests/intake/reading`` checks that each is really told and read."""

KINDS = ("PDF", "DOCX", "ODT", "RTF", "TXT", "HTML", "JSON Resume")
ACCEPT = ".pdf,.docx,.odt,.rtf,.txt,.html,.htm,.json"

"""How text is cut into words, the same for documents, queries and highlights.

Two readings of every text are kept: *exact* (lower case, accents folded to ASCII) for quotes, prefixes and proximity,
and *stemmed* (the same, then Snowball English) for plain words. Resumes mix languages; a stemmer for each would need
to know the language of each sentence, so one light stemmer serves all: it joins English inflections, and other
languages lose little because documents and queries pass through the same one. Scripts written without spaces are cut
into single characters, which phrases put together again.

Must never log or keep what it is given.
"""

import unicodedata
from dataclasses import dataclass

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

EXACT = "exact_words"
STEMMED = "stemmed_words"
ANALYSIS_VERSION = 1
"""Counted up with every change here: a sealed index of another version is rebuilt."""

LONGEST_WORD = 64
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_WORD = rf"[A-Za-z](?:\+\+|#)|[{_UNSPACED}]|[\w--_{_UNSPACED}]+"
"""``C++`` and ``C#`` are words; a character of an unspaced script is one; else a run of letters, marks and digits."""
_INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x2060, 0xFEFF))


@dataclass(frozen=True, slots=True)
class Span:
    """One word of a text: its reading, and where it stands (in characters, end excluded)."""

    word: str
    start: int
    end: int


def exact_analyzer() -> TextAnalyzer:
    """Return a fresh analyzer of the exact reading."""
    return _folding().build()


def stemmed_analyzer() -> TextAnalyzer:
    """Return a fresh analyzer of the stemmed reading."""
    return _folding().filter(Filter.stemmer("English")).build()


def _folding() -> TextAnalyzerBuilder:
    builder = TextAnalyzerBuilder(Tokenizer.regex(_WORD))
    return builder.filter(Filter.remove_long(LONGEST_WORD)).filter(Filter.lowercase()).filter(Filter.ascii_fold())


_exact = exact_analyzer()
_stemmed = stemmed_analyzer()


def normalise(text: str) -> str:
    """Return the text in Unicode NFKC without invisible breaks; unpaired surrogates become ``?``. Never raises."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFKC", whole.translate(_INVISIBLE))


def exact_words(text: str) -> list[str]:
    """Return the exact reading of a normalised text, in order."""
    return list(_exact.analyze(text))


def stemmed_words(text: str) -> list[str]:
    """Return the stemmed reading of a normalised text, in order."""
    return list(_stemmed.analyze(text))


def exact_spans(text: str) -> list[Span]:
    """Return the exact reading of a normalised text with places; parallel to :func:`stemmed_spans`."""
    return _spans(_exact, text)


def stemmed_spans(text: str) -> list[Span]:
    """Return the stemmed reading of a normalised text with places."""
    return _spans(_stemmed, text)


def _spans(analyzer: TextAnalyzer, text: str) -> list[Span]:
    tokens = analyzer.pre_tokenize(text).tokens
    return [Span(token.text, token.char_offset_from, token.char_offset_to) for token in tokens]

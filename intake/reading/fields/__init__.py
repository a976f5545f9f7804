"""From the lines of a section to the fields of a profile. Nothing here reads a file or knows a format."""

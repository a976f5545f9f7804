"""The page on which anybody asks a question."""

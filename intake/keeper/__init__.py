"""The keeper: exactly one, by a fenced lease. It owns what needs a key after a commit: destroying keys, the word index,
reading again, coarse facts for anonymising, the record's sequence and signed heads, mail."""

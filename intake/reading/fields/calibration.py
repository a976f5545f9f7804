"""Turns the readers' own scores into probabilities of being right.

The points come from samples and from the tuning half of our corpus (see ``docs/reading.md``); between them it goes
straight. A field without a table is as sure as its reader says.
"""

from itertools import pairwise

_TABLES: dict[str, tuple[tuple[float, float], ...]] = {
    "skills": ((0.45, 0.5), (0.6, 0.7), (0.75, 0.8), (0.9, 0.89)),
    "location": ((0.6, 0.7), (0.97, 0.89)),
    "work/summary": ((0.8, 0.7),),
}


def calibrate(field: str, score: float) -> float:
    """The chance that a value of this field with this score is right."""
    score = max(0.0, min(1.0, score))
    table = _TABLES.get(field)
    if not table:
        return round(score, 2)
    points = ((0.0, table[0][1]), *table, (1.0, table[-1][1]))
    for (left, low), (right, high) in pairwise(points):
        if score <= right:
            share = (score - left) / (right - left) if right > left else 1.0
            return round(low + share * (high - low), 2)
    return round(points[-1][1], 2)

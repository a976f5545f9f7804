"""A document's pages beside what was read from it: which place of which page says which value.

A value has places only while it stands as it was read; what a person changed has none. Never holds a word of the
document: the pictures come from routes of their own, each behind its guard.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from intake.desk.profile_values import Evidence, Place, Profile, Reading

SURE = 0.9
"""Below this confidence a value is marked and asked about."""
SURE_OF_LISTS = 0.8
"""The same for each entry of a list that is shown as one: reading is never surer than 0.89 of a single skill."""
MOST_PAGES = 10
PICTURE_WIDTH = 1000
USUAL_HEIGHT = 1414
SINGLE = ("name", "location", "summary")
REPEATED = ("emails", "phones")
LISTED = ("links", "skills", "languages")
ROWS = ("work", "education")
ORDER = ("name", "emails", "phones", "location", "links", "summary", "work", "education", "skills", "languages")
_LINE = 6.0
"""Points by which boxes of one line may stand apart in height."""
_PAD = 1.5
"""Points that a mark stands off the text."""

Trace = Mapping[str, Evidence]
"""Evidence by the paths of a profile as it stands, in the order of the form."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One box on a page, in points. ``at`` is its anchor, empty but for the first box of a field.

    ``field`` is the input that it leads back to; ``number`` is shown beside the topmost box of a group, 0 elsewhere.
    ``is_again``: another mark lies there already, so that this one is drawn only when it is looked for.
    """

    at: str
    field: str
    number: int
    is_sure: bool
    left: float
    top: float
    width: float
    height: float
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the document says something: the number of its mark, the page, the mark's anchor; empty for nowhere."""

    mark: int = 0
    page: int = 0
    at: str = ""


NOWHERE = Spot()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as a picture with marks upon it. ``box`` is the page in points, for the marks; empty: none can be."""

    number: int
    src: str
    width: int
    height: int
    box: str = ""
    marks: tuple[Mark, ...] = ()


def trace(profile: Profile, reading: Reading | None) -> Trace:
    """Where the values of a profile stand in a document, as far as they are what was read from it."""
    if reading is None:
        return {}
    pairs = [pair for name in ORDER for pair in _pairs_of(name, profile, reading.profile)]
    return {path: reading.evidence[read] for path, read in pairs if read in reading.evidence}


def _pairs_of(name: str, profile: Profile, read: Profile) -> Iterable[tuple[str, str]]:
    """Paths of one field as it stands, each with the path under which the same value was read."""
    now, then = getattr(profile, name), getattr(read, name)
    if name in SINGLE:
        return [(name, name)] if now and now == then else []
    if name in ROWS:
        return _pair_rows(name, now, then)
    return [(f"{name}/{n}", f"{name}/{then.index(value)}") for n, value in enumerate(now) if value in then]


def _pair_rows(name: str, now: Sequence[Any], then: Sequence[Any]) -> Iterable[tuple[str, str]]:
    left = list(range(len(then)))
    for number, row in enumerate(now):
        best = max(left, key=lambda n: len(_alike(row, then[n])), default=None)
        if best is None or not _alike(row, then[best]):
            continue
        left.remove(best)
        yield from ((f"{name}/{number}/{part}", f"{name}/{best}/{part}") for part in _alike(row, then[best]))


def _alike(one: Any, other: Any) -> list[str]:
    """Parts that two rows share; flags and levels are nothing that a document says in one place."""
    texts = [part.name for part in fields(one) if isinstance(getattr(one, part.name), str)]
    return [part for part in texts if getattr(one, part) and getattr(one, part) == getattr(other, part)]


def field_of(path: str) -> str:
    """The input that shows the value of a path: ``work/0/title`` is ``work-0-title``, ``skills/3`` is ``skills``."""
    name, _, rest = path.partition("/")
    if name in LISTED or rest == "0":
        return name
    return path.replace("/", "-")


def group_of(path: str) -> str:
    """What carries one number: a position, a course, a list, or a value of its own."""
    name, _, rest = path.partition("/")
    if name in ROWS:
        return f"{name}/{rest.partition('/')[0]}"
    return name if name in LISTED else path


def shown_in(path: str) -> str:
    """The element of a page without inputs that shows the value of a path: a position, a course or a whole field."""
    name, _, rest = path.partition("/")
    return f"{name}-{rest.partition('/')[0]}" if name in ROWS else name


def find_spots(traced: Trace) -> dict[str, Spot]:
    """Where to look for what each such element shows: its first place."""
    numbers, spots = number_groups(traced), dict[str, Spot]()
    for path, evidence in traced.items():
        if evidence.places:
            spot = Spot(numbers[group_of(path)], evidence.places[0].page, f"at-{shown_in(path)}")
            spots.setdefault(shown_in(path), spot)
    return spots


def number_groups(traced: Trace) -> dict[str, int]:
    """The numbers by which marks and fields are matched by eye, from 1, in the order of the form."""
    placed = dict.fromkeys(group_of(path) for path, evidence in traced.items() if evidence.places)
    return {group: number for number, group in enumerate(placed, 1)}


def is_sure(path: str, confidence: float) -> bool:
    """Whether a value need not be asked about."""
    return confidence >= (SURE_OF_LISTS if path.partition("/")[0] in LISTED else SURE)


def lay_sheets(
    reading: Reading | None, traced: Trace, src: Callable[[int], str], lead: Callable[[str], str] = field_of
) -> tuple[Sheet, ...]:
    """The pages of a document with the marks upon them; ``lead`` tells which element a mark leads back to."""
    extents = reading.extents if reading else ()
    count = min(max(reading.pages if reading else 1, 1), MOST_PAGES)
    marks = _mark(traced, lead)
    sheets = []
    for number in range(1, count + 1):
        extent = extents[number - 1] if number <= len(extents) else None
        if extent is None or not extent.width or not extent.height:
            sheets.append(Sheet(number, src(number), PICTURE_WIDTH, USUAL_HEIGHT))
            continue
        height = round(PICTURE_WIDTH * extent.height / extent.width)
        box = f"0 0 {extent.width:.0f} {extent.height:.0f}"
        sheets.append(Sheet(number, src(number), PICTURE_WIDTH, height, box, tuple(marks.get(number, ()))))
    return tuple(sheets)


def _pin_numbers(traced: Trace) -> dict[tuple[str, Place], int]:
    """At which place of each group its number stands: where an eye that reads comes first."""
    places: dict[str, list[Place]] = {}
    for path, evidence in traced.items():
        places.setdefault(group_of(path), []).extend(evidence.places)
    numbers = number_groups(traced)
    first = {group: min(found, key=_in_reading_order) for group, found in places.items() if found}
    return {(group, place): numbers[group] for group, place in first.items()}


def _in_reading_order(place: Place) -> tuple[float, float, float]:
    return place.page, round(place.top / _LINE), place.left


def _mark(traced: Trace, lead: Callable[[str], str]) -> dict[int, list[Mark]]:
    """All marks by page."""
    badges, found = _pin_numbers(traced), dict[int, list[Mark]]()
    anchored, boxes = set[str](), set[Place]()
    for path, evidence in traced.items():
        field, group = lead(path), group_of(path)
        for place in evidence.places:
            mark = Mark(
                at="" if field in anchored else f"at-{field}",
                field=field,
                number=badges.pop((group, place), 0),
                is_sure=is_sure(path, evidence.confidence),
                left=round(place.left - _PAD, 1),
                top=round(place.top - _PAD, 1),
                width=round(max(place.right - place.left, 1.0) + 2 * _PAD, 1),
                height=round(max(place.bottom - place.top, 1.0) + 2 * _PAD, 1),
                is_again=place in boxes,
            )
            found.setdefault(place.page, []).append(mark)
            anchored.add(field)
            boxes.add(place)
    return found

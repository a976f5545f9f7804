"""The public notice: what the policy in force says, in plain words, and nothing that the system does not do.

Every sentence names its clause and the controls that make it true. Where a control is not there yet the sentence is
left out; where a person owes it, the sentence says so. A notice is the same for everyone: it knows no person.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from retention.calendar import Length
from retention.policy.control import Control, State, weakest_state
from retention.policy.controls import CONTROLS
from retention.policy.policy import Policy, Text
from retention.policy.wording import N_, Translate, say_date, say_length, say_list, say_place


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One sentence or more that stand and fall together."""

    clause: str
    controls: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that a clause tells; every row has as many cells as the header."""

    clause: str
    controls: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the notice. ``id`` is the same in every language, for links."""

    id: str
    heading: str
    blocks: tuple[Paragraph | Table, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice in one language. ``digest`` is the SHA-256 of ``markdown``, in hex; ``summary`` has at most 5 lines.

    ``version`` is the policy's, with a mark that changes with any word of ours or the policy's: two notices of one
    version say the same, in whichever language.
    """

    policy: str
    version: str
    language: str
    dated_on: str
    digest: str
    title: str
    summary: tuple[str, ...]
    sections: tuple[Section, ...]
    markdown: str


def same(message: str) -> str:
    """The translator of the source language."""
    return message


class Writer:
    """Takes down one section: says a sentence only as far as its controls carry it."""

    def __init__(self, policy: Policy, language: str, translate: Translate, controls: Mapping[str, Control]) -> None:
        self.policy = policy
        self.language = language
        self._ = translate
        self._controls = controls
        self.blocks: list[Paragraph | Table] = []

    def state(self, controls: Sequence[str]) -> State:
        """How far these controls together can be relied on. Raises KeyError for one that does not exist."""
        return weakest_state(self._controls[name] for name in controls)

    def say(self, clause: str, controls: str, message: str, **values: str) -> None:
        """Write a sentence that holds by these controls (ids, separated by spaces)."""
        names = tuple(controls.split())
        state = self.state(names)
        if state is State.NOT_YET:
            return
        text = self._(message) % values
        if state is State.OWED:
            text += " " + self._(N_("(People here see to this and keep a record of it; no program can.)"))
        self.blocks.append(Paragraph(clause, names, text))

    def tabulate(self, clause: str, controls: str, header: Iterable[str], rows: Iterable[tuple[str, ...]]) -> None:
        """Write a table that holds by these controls. One without rows is left out."""
        names = tuple(controls.split())
        told = tuple(rows)
        if told and self.state(names) is not State.NOT_YET:
            self.blocks.append(Table(clause, names, tuple(self._(cell) for cell in header), told))

    def text(self, text: Text) -> str:
        """The policy's own words."""
        return text.say(self.language)

    def word(self, words: Mapping[str, str], code: str) -> str:
        """The plain word for a code."""
        return self._(words[code])

    def words(self, words: Mapping[str, str], codes: Iterable[str]) -> str:
        """The plain words for codes, as a list in a sentence."""
        return say_list((self._(words[code]) for code in codes), self.language)

    def length(self, length: Length) -> str:
        """A length of time in words."""
        return say_length(length, self.language, self._)

    def places(self, codes: Iterable[str]) -> str:
        """Places by name, as a list in a sentence."""
        return say_list((say_place(code, self.language, self._) for code in codes), self.language)


def render_notice(
    policy: Policy,
    language: str = "",
    translate: Translate = same,
    controls: Mapping[str, Control] | None = None,
) -> Notice:
    """The notice of this policy in one language: by default its first, which is also used for the policy's own words
    where it has none in the language asked for. ``translate`` turns our English sentences into that language.
    """
    language = language or policy.languages[0]
    known = CONTROLS if controls is None else controls
    title, dated = policy.title.say(language), say_date(policy.dated_on, language)
    summary, sections = _write(policy, language, translate, known)
    version = f"{policy.version}-{_mark(policy, known)}"
    stamp = translate(N_("Version %(version)s of %(date)s")) % {"version": version, "date": dated}
    markdown = _write_markdown(title, stamp, summary, sections)
    digest = hashlib.sha256(markdown.encode()).hexdigest()
    return Notice(policy.id, version, language, dated, digest, title, summary, sections, markdown)


def _mark(policy: Policy, controls: Mapping[str, Control]) -> str:
    """What tells one wording from another: a digest of all that is said, in each of the policy's languages."""
    told = []
    for language in policy.languages:
        summary, sections = _write(policy, language, same, controls)
        told.append(_write_markdown(policy.title.say(language), policy.id, summary, sections))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:8]


def _write(
    policy: Policy, language: str, translate: Translate, controls: Mapping[str, Control]
) -> tuple[tuple[str, ...], tuple[Section, ...]]:
    """The summary and the sections that have anything to say."""
    from retention.policy.clauses import SECTIONS, summarise

    def take_down(write: Callable[[Writer], None]) -> Writer:
        writer = Writer(policy, language, translate, controls)
        write(writer)
        return writer

    summary = tuple(block.text for block in take_down(summarise).blocks if isinstance(block, Paragraph))
    sections = (Section(name, translate(heading), tuple(take_down(body).blocks)) for name, heading, body in SECTIONS)
    return summary, tuple(section for section in sections if section.blocks)


def _write_markdown(title: str, stamp: str, summary: Iterable[str], sections: Iterable[Section]) -> str:
    parts = [f"# {title}", stamp, "\n".join(f"- {line}" for line in summary)]
    for section in sections:
        parts.append(f"## {section.heading}")
        parts.extend(b.text if isinstance(b, Paragraph) else _write_table(b) for b in section.blocks)
    return "\n\n".join(parts) + "\n"


def _write_table(table: Table) -> str:
    rows = [table.header, tuple("---" for _ in table.header), *table.rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)

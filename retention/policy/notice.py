"""The public notice: what the policy in force says, in plain words, and nothing that the system does not do.

Every sentence names its clause and the controls that make it true. Where a control is not there yet the sentence is
left out; where a person owes it, the sentence says so. A notice is the same for everyone: it knows no person.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from retention.policy.clauses import SECTIONS, summarise
from retention.policy.control import Control
from retention.policy.controls import CONTROLS
from retention.policy.policy import Policy
from retention.policy.wording import N_, Translate, say_date
from retention.policy.writing import Paragraph, Table, Writer, same

__all__ = ["Notice", "Paragraph", "Section", "Table", "render_notice"]


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

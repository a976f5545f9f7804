"""Takes down what a notice says: only what its controls carry, in the words of one language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from retention.calendar import Length
from retention.policy.control import Control, State, weakest_state
from retention.policy.policy import Policy, Text
from retention.policy.wording import N_, Translate, say_length, say_list, say_place


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

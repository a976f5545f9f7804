"""What a keystore promises, whichever database it lies in.

A keystore holds data keys, wrapped, and nothing else: no name, no row of the main database, no more than a day of
creation. It must never hand out a key that was destroyed, in any process, from the moment ``destroy`` returned.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from storage.keystore.guard import Witness
from storage.seal import DataKey


class KeystoreError(Exception):
    """Something is wrong with the keys; the message says what and what to do, and nothing personal."""

    code = "keystore"


class KeyGone(KeystoreError):
    """The key was destroyed, or never was: what it sealed cannot be read again by anybody."""

    code = "key_gone"


class MissingKey(KeystoreError):
    """A key that the installation cannot start without is not there."""

    code = "missing_key"


class WrongKey(KeystoreError):
    """A key is there, but it is not the one that wrapped what must be opened."""

    code = "wrong_key"


class KeystoreExists(KeystoreError):
    """There is a keystore already; it is never replaced by a new one."""

    code = "keystore_exists"


class FormerGeneration(KeystoreError):
    """A write or read under a generation that has been replaced and destroyed."""

    code = "former_generation"


class KeystoreUnreachable(KeystoreError):
    """The keystore's database does not answer."""

    code = "keystore_unreachable"


class RewriteRunning(KeystoreError):
    """Another process is rewriting the keystore; nothing was done."""

    code = "rewrite_running"


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """What may be known of a key without opening it. ``created_on`` is a UTC day, no finer on purpose."""

    key_id: bytes
    created_on: date


@dataclass(frozen=True, slots=True)
class KeystoreStatus:
    """Where the keystore stands. ``erased_since`` counts keys destroyed since the generation began."""

    installation: bytes
    generation: int
    generation_id: bytes
    keys: int
    erased_since: int
    begun_on: date
    witness: Witness | None


@dataclass(frozen=True, slots=True)
class NewGeneration:
    """A generation that is about to begin, in clear: for the escrow alone, which must never keep or log it."""

    installation: bytes
    number: int
    id: bytes
    secret: bytes

    def __repr__(self) -> str:
        """Name the generation, never show its key."""
        return f"NewGeneration({self.number}, {self.id.hex()})"


Escrow = Callable[[NewGeneration], None]
"""Puts a generation's key, encrypted for recovery, in its place; returns only once that is confirmed, else raises."""


@dataclass(frozen=True, slots=True)
class RewriteReport:
    """What a rewrite did: the generation now in force, how many keys it holds, how many erasures it made final."""

    generation: int
    keys: int
    dropped: int


class Keystore(Protocol):
    """One data key for each person. Safe to share between threads and, by its own locks, between processes."""

    def create(self, key_id: bytes | None = None) -> DataKey:
        """Draw a key; durable before this returns. With an id that exists, the key that is there (a safe retry).

        Raises :class:`KeyGone` for an id that was destroyed in this generation.
        """
        ...

    def create_many(self, count: int) -> list[DataKey]:
        """Draw several keys with one durable commit."""
        ...

    def find(self, key_id: bytes) -> DataKey | None:
        """The key, or ``None`` when it is gone or never was."""
        ...

    def find_many(self, key_ids: Collection[bytes]) -> dict[bytes, DataKey]:
        """Those of the keys that are there, by id."""
        ...

    def get(self, key_id: bytes) -> DataKey:
        """The key. Raises :class:`KeyGone`."""
        ...

    def has(self, key_ids: Collection[bytes]) -> set[bytes]:
        """Which of these ids are there."""
        ...

    def destroy(self, key_ids: Collection[bytes], witness: Witness | None = None) -> int:
        """Destroy keys: the point of no return. How many were there; those already gone are no error.

        With ``witness``, the destroyer's database is checked against the last one seen, in the same transaction;
        raises :class:`~storage.keystore.guard.WrongDatabase` and destroys nothing.
        """
        ...

    def count(self) -> int:
        """How many keys there are."""
        ...

    def list_ids(self) -> Iterator[KeyEntry]:
        """Every key's id and day, in the order of ids, in batches, memory flat: for the sweep of orphans."""
        ...

    def status(self) -> KeystoreStatus:
        """Where the keystore stands."""
        ...

    def attest(self, witness: Witness) -> None:
        """Remember the database in force, after checking it against the last one seen.

        Raises :class:`~storage.keystore.guard.WrongDatabase`.
        """
        ...

    def adopt(self, witness: Witness) -> None:
        """Remember a restored database as the one in force, though it does not continue the last one seen.

        Only what finishes a restore at a person's order may call this. Raises
        :class:`~storage.keystore.guard.WrongDatabase` for another installation, or a restore that is unfinished.
        """
        ...

    def rewrite(self, witness: Witness | None = None, escrow: Escrow | None = None) -> RewriteReport:
        """Write the whole store anew under a fresh generation key and destroy the former one.

        Reads and writes go on meanwhile. Cut short at any point, the former generation stays in force and the next
        call begins again. With ``escrow``, the new key wraps nothing until its escrow is confirmed.
        """
        ...

    def forget_former(self) -> bool:
        """Have the root forget all former generations, again. ``False`` where its provider cannot, or may not."""
        ...

    def copy_to(self, path: Path) -> object:
        """Copy the wrapped keys, never what wraps them, into a new file (``storage.keystore.copies``)."""
        ...

    def close(self) -> None:
        """Let go of files and connections; the object is not used again."""
        ...

"""One generation of the keystore: the key under which every data key in it is wrapped, and that wrapping.

A wrapped key opens only under its own id, in its own generation and installation. The generation's key must never
be written anywhere but wrapped by the root, or encrypted to the recovery key.
"""

import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.keystore.contract import KeystoreError, NewGeneration
from storage.keystore.roots import Root
from storage.seal import DataKey, join_lengths

WRAPPED_SIZE = 60
_EPOCH_DAY = date(2020, 1, 1)


class DamagedKey(KeystoreError):
    """A wrapped key is there but does not open in its place: the store was altered or is damaged."""

    code = "damaged_key"


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation in force: number, id, and the cipher that wraps its data keys."""

    installation: bytes
    number: int
    id: bytes
    _cipher: AESGCM = field(repr=False)
    _bound: bytes = field(repr=False)

    def wrap(self, key: DataKey) -> bytes:
        """60 bytes: nonce, ciphertext, tag."""
        drawn = os.urandom(12)
        return drawn + self._cipher.encrypt(drawn, key.secret, self._place(key.id))

    def unwrap(self, key_id: bytes, wrapped: bytes) -> DataKey:
        """The data key. Raises :class:`DamagedKey`."""
        try:
            return DataKey(key_id, self._cipher.decrypt(wrapped[:12], wrapped[12:], self._place(key_id)))
        except (InvalidTag, ValueError):
            raise DamagedKey(f"a key of generation {self.number} does not open: restore the keystore") from None

    def rewrap(self, rows: list[tuple[bytes, bytes, int]], former: "Generation") -> list[tuple[bytes, bytes, int]]:
        """Rows of another generation under this one. Raises :class:`DamagedKey`.

        Written for a million rows a minute: no object is made for each key, and each secret is dropped at once.
        """
        opened, was = former._cipher.decrypt, former._bound  # noqa: SLF001 (the same class)
        sealed, now = self._cipher.encrypt, self._bound
        nonces = os.urandom(12 * len(rows))
        done = []
        try:
            for at, (key_id, wrapped, day) in enumerate(rows):
                nonce = nonces[12 * at : 12 * at + 12]
                secret = opened(wrapped[:12], wrapped[12:], was + key_id)
                done.append((key_id, nonce + sealed(nonce, secret, now + key_id), day))
        except (InvalidTag, ValueError):
            raise DamagedKey(f"a key of generation {former.number} does not open: restore the keystore") from None
        return done

    def _place(self, key_id: bytes) -> bytes:
        return self._bound + key_id


def draw_generation(installation: bytes, number: int) -> NewGeneration:
    """A fresh generation key, not yet in force."""
    return NewGeneration(installation, number, os.urandom(16), os.urandom(32))


def begin_generation(fresh: NewGeneration) -> Generation:
    """The generation as it is used."""
    bound = join_lengths(b"vitavault key 1", fresh.installation, fresh.id)
    return Generation(fresh.installation, fresh.number, fresh.id, AESGCM(fresh.secret), bound)


def wrap_generation(root: Root, fresh: NewGeneration) -> bytes:
    """The generation's key under the root, at the epoch of its number."""
    return root.wrap(fresh.secret, _context(fresh.installation, fresh.id), fresh.number)


def unwrap_generation(root: Root, installation: bytes, number: int, generation_id: bytes, wrapped: bytes) -> Generation:
    """The generation, opened by the root. Raises :class:`WrongKey` or :class:`FormerGeneration`."""
    secret = root.unwrap(wrapped, _context(installation, generation_id), number)
    return begin_generation(NewGeneration(installation, number, generation_id, secret))


def today_number() -> int:
    """Today (UTC) as the store writes it: days since 2020-01-01."""
    return (datetime.now(UTC).date() - _EPOCH_DAY).days


def day_of(number: int) -> date:
    """The day that :func:`today_number` wrote."""
    return _EPOCH_DAY + timedelta(days=number)


def _context(installation: bytes, generation_id: bytes) -> str:
    return f"generation {installation.hex()} {generation_id.hex()}"

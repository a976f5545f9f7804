"""The word index at rest: sealed packs of Tantivy's immutable files, and a manifest that says which of them count.

Every shard has an epoch key of its own, and so has every manifest. The keys lie in one small file in the key folder
(mode 0600), outside the data folder; they are never escrowed nor backed up, because the index can always be made again
from the database. A shard that was made anew after an erasure gets a new key, and the former one is destroyed in the
same save. A saved generation is complete and durable when :meth:`SealedIndex.save` returns; a crash before that
leaves the former one. Nothing readable is ever written here.
"""

import json
import os
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_FORMAT = 1
_MANIFEST = "manifest"
_NONCE = 12
_KEY_ID = 8
_STATE_FILES = ("meta.json", ".managed.json")
"""Tantivy's own small files, which change with each commit; all others never change once written."""


_UNREADABLE = (OSError, KeyError, TypeError, ValueError, InvalidTag)
"""What files that are missing, damaged or sealed under another key make the steps of opening raise."""


class UnreadableIndexError(Exception):
    """What lies sealed cannot be opened (no key, another key, damage): make it again from the database."""


@dataclass(frozen=True, slots=True)
class SealedShard:
    """One shard in the manifest: its key's id, Tantivy's state files, and which pack holds which files.

    ``departed`` are the row ids (hex) of people of whom something was deleted since the key was made: packs that were
    since removed may hold their words, and open with this key for whoever kept a copy.
    """

    key_id: str
    state: dict[str, str] = field(repr=False)
    packs: dict[str, list[str]]
    departed: list[str] = field(default_factory=list, repr=False)


class SealedIndex:
    """The sealed folder and the key file. One process uses it, one thread at a time."""

    def __init__(self, folder: Path, key_file: Path, make: str) -> None:
        """Create what is missing, the folder with mode 0700. An index sealed with another ``make`` is not opened."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._key_file = key_file
        self._make = make
        self._shards: dict[int, SealedShard] = {}
        self._keys: dict[str, bytes] = {}

    def read_manifest(self) -> frozenset[int]:
        """Return the shards of the last saved generation. Raises :class:`UnreadableIndexError`."""
        try:
            self._keys = _read_keys(self._key_file)
            blob = (self._folder / _MANIFEST).read_bytes()
            body = json.loads(_open(self._keys[blob[:_KEY_ID].hex()], blob[_KEY_ID:], _MANIFEST.encode()))
        except _UNREADABLE as error:
            raise UnreadableIndexError from error
        if body["format"] != _FORMAT or body["index"] != self._make:
            raise UnreadableIndexError
        self._shards = {int(number): SealedShard(**shard) for number, shard in body["shards"].items()}
        self._forget_all_keys_but({blob[:_KEY_ID].hex(), *(shard.key_id for shard in self._shards.values())})
        return frozenset(self._shards)

    def open_shard(self, number: int, home: Path) -> set[bytes]:
        """Write one shard's opened files into ``home``, which must lie in memory; return who departed from it.

        Raises :class:`UnreadableIndexError`.
        """
        shard = self._shards[number]
        try:
            key = self._keys[shard.key_id]
            for pack, names in shard.packs.items():
                plain = _open(key, (self._folder / pack).read_bytes(), _pack_place(number, pack))
                _unpack(plain, names, home)
        except _UNREADABLE as error:
            raise UnreadableIndexError from error
        for name, text in shard.state.items():
            (home / name).write_text(text, encoding="utf-8")
        return {bytes.fromhex(person) for person in shard.departed}

    def save(
        self,
        homes: Mapping[int, Path],
        changed: Iterable[int],
        remade: Iterable[int],
        departed: Mapping[int, Collection[bytes]],
    ) -> None:
        """Make the shards in ``homes`` the durable generation. Does nothing where nothing is new.

        Only ``changed`` and ``remade`` shards are read; a remade one is sealed whole under a new key, and whatever key
        no shard of ``homes`` uses is destroyed before this returns.
        """
        fresh = {number for number in remade if number in homes} | (homes.keys() - self._shards.keys())
        stale = fresh | {number for number in changed if number in homes}
        if not stale and homes.keys() == self._shards.keys():
            return
        keys = dict(self._keys)
        shards = {number: shard for number, shard in self._shards.items() if number in homes}
        for number in sorted(stale):
            former = None if number in fresh else shards[number]
            sealed = self._seal_shard(number, homes[number], former, keys)
            shards[number] = replace(sealed, departed=sorted(person.hex() for person in departed.get(number, ())))
        manifest_id = _new_key(keys)
        # Former and new keys together, so that a crash on either side of the manifest leaves a generation that opens.
        _write_keys(self._key_file, keys)
        _sync_folder(self._folder)
        self._write_manifest(shards, manifest_id, keys[manifest_id])
        self._shards, self._keys = shards, keys
        self._forget_all_keys_but({manifest_id, *(shard.key_id for shard in shards.values())})
        self._sweep()

    def destroy(self) -> None:
        """Destroy every key, then remove everything sealed."""
        self._shards, self._keys = {}, {}
        _write_keys(self._key_file, {})
        (self._folder / _MANIFEST).unlink(missing_ok=True)
        self._sweep()

    def _forget_all_keys_but(self, used: set[str]) -> None:
        """Destroy keys that nothing counted is sealed under; after a crash these may be an erased person's."""
        if self._keys.keys() != used:
            self._keys = {name: key for name, key in self._keys.items() if name in used}
            _write_keys(self._key_file, self._keys)

    def _seal_shard(self, number: int, home: Path, former: SealedShard | None, keys: dict[str, bytes]) -> SealedShard:
        key_id = former.key_id if former else _new_key(keys)
        groups = _groups(home)
        kept = {pack: names for pack, names in former.packs.items() if names in groups} if former else {}
        packs = dict(kept)
        for names in groups:
            if names not in kept.values():
                packs[self._write_pack(number, home, names, keys[key_id])] = names
        state = {name: (home / name).read_text(encoding="utf-8") for name in _STATE_FILES}
        return SealedShard(key_id, state, packs)

    def _write_pack(self, number: int, home: Path, names: list[str], key: bytes) -> str:
        pack = secrets.token_hex(12) + ".pack"
        plain = _pack([(home / name).read_bytes() for name in names])
        _write_durably(self._folder / pack, _seal(key, plain, _pack_place(number, pack)))
        return pack

    def _write_manifest(self, shards: Mapping[int, SealedShard], key_id: str, key: bytes) -> None:
        listed = {str(number): _as_json(shard) for number, shard in shards.items()}
        body = json.dumps({"format": _FORMAT, "index": self._make, "shards": listed})
        blob = bytes.fromhex(key_id) + _seal(key, body.encode(), _MANIFEST.encode())
        _replace_durably(self._folder / _MANIFEST, blob)

    def _sweep(self) -> None:
        wanted = {_MANIFEST, *(pack for shard in self._shards.values() for pack in shard.packs)}
        for path in self._folder.iterdir():
            if path.name not in wanted:
                path.unlink()


def _as_json(shard: SealedShard) -> dict[str, Any]:
    return {item.name: getattr(shard, item.name) for item in fields(shard)}


def _groups(home: Path) -> list[list[str]]:
    """Return the files that Tantivy counts, one group per segment and one per list of deletions."""
    meta = json.loads((home / "meta.json").read_text(encoding="utf-8"))
    groups: list[list[str]] = []
    for segment in meta["segments"]:
        name = segment["segment_id"].replace("-", "")
        groups.append(sorted(path.name for path in home.glob(f"{name}.*") if path.suffix != ".del"))
        if segment["deletes"]:
            groups.append([f"{name}.{segment['deletes']['opstamp']}.del"])
    return groups


def _pack(contents: list[bytes]) -> bytes:
    return b"".join(len(content).to_bytes(8, "big") + content for content in contents)


def _unpack(plain: bytes, names: list[str], home: Path) -> None:
    at = 0
    for name in names:
        size = int.from_bytes(plain[at : at + 8], "big")
        (home / name).write_bytes(plain[at + 8 : at + 8 + size])
        at += 8 + size


def _pack_place(number: int, pack: str) -> bytes:
    return f"vitavault index pack {number} {pack}".encode()


def _seal(key: bytes, plain: bytes, place: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, place)


def _open(key: bytes, blob: bytes, place: bytes) -> bytes:
    return AESGCM(key).decrypt(blob[:_NONCE], blob[_NONCE:], place)


def _new_key(keys: dict[str, bytes]) -> str:
    key_id = secrets.token_hex(_KEY_ID)
    keys[key_id] = AESGCM.generate_key(256)
    return key_id


def _read_keys(path: Path) -> dict[str, bytes]:
    keys = json.loads(path.read_bytes())
    if not isinstance(keys, dict):
        raise TypeError("the key file holds no table of keys")
    return {name: bytes.fromhex(key) for name, key in keys.items()}


def _write_keys(path: Path, keys: Mapping[str, bytes]) -> None:
    """Replace the key file and overwrite the one it replaces: a destroyed key must not lie on in freed blocks."""
    body = json.dumps({name: key.hex() for name, key in keys.items()}).encode()
    left = [file.open("r+b", buffering=0) for file in (path, _beside(path)) if file.exists()]
    _replace_durably(path, body)
    for former in left:
        with former:
            former.write(bytes(os.fstat(former.fileno()).st_size))
            os.fsync(former.fileno())


def _replace_durably(path: Path, data: bytes) -> None:
    fresh = _beside(path)
    fresh.unlink(missing_ok=True)
    _write_durably(fresh, data)
    fresh.replace(path)
    _sync_folder(path.parent)


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".new")


def _write_durably(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

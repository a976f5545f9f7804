"""The Merkle tree of RFC 9162 §2.1: heads and proofs from full subtrees, and checking them. Pure.

A subtree is asked for as (level, index): the hash over the leaves ``index·2^level`` to ``(index+1)·2^level - 1``.
It must never be asked for a subtree that reaches beyond the tree.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

Subtree = Callable[[int, int], bytes]
"""Gives the hash of the full subtree at (level, index)."""

EMPTY_ROOT = hashlib.sha256(b"").digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """An inner node: SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def full_subtrees(size: int) -> list[tuple[int, int]]:
    """The full subtrees of which a tree of ``size`` leaves is made, left to right, as (level, index)."""
    found, start = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size & (1 << level):
            found.append((level, start >> level))
            start += 1 << level
    return found


def grow(frontier: list[tuple[int, bytes]], index: int, leaf: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Add the leaf at ``index``; every subtree that it completes, as (level, index, hash).

    ``frontier`` holds the (level, hash) of :func:`full_subtrees` and is brought up to date.
    """
    level, made = 0, leaf
    yield level, index, made
    while frontier and frontier[-1][0] == level:
        made = node_hash(frontier.pop()[1], made)
        level += 1
        yield level, index >> level, made
    frontier.append((level, made))


def root_of(get: Subtree, size: int) -> bytes:
    """The root of the first ``size`` leaves (§2.1.1)."""
    return _range_root(get, 0, size) if size else EMPTY_ROOT


def _split(start: int, end: int) -> int:
    """Where the range divides: after the largest power of two of leaves smaller than the whole."""
    return start + (1 << ((end - start - 1).bit_length() - 1))


def _range_root(get: Subtree, start: int, end: int) -> bytes:
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return get(level, start >> level)
    middle = _split(start, end)
    return node_hash(_range_root(get, start, middle), _range_root(get, middle, end))


def inclusion_path(get: Subtree, index: int, size: int) -> list[bytes]:
    """The proof that leaf ``index`` is in the tree of ``size`` (§2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = _split(start, end)
        if index < middle:
            path.append(_range_root(get, middle, end))
            end = middle
        else:
            path.append(_range_root(get, start, middle))
            start = middle
    return path[::-1]


def consistency_path(get: Subtree, old: int, new: int) -> list[bytes]:
    """The proof that the tree of ``new`` leaves begins with that of ``old`` (§2.1.4.1); empty where trivial."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} does not continue one of {old}")
    if old in (0, new):
        return []
    path, start, end = [], 0, new
    while old != end:
        middle = _split(start, end)
        if old <= middle:
            path.append(_range_root(get, middle, end))
            end = middle
        else:
            path.append(_range_root(get, start, middle))
            start = middle
    return ([_range_root(get, start, end)] if start else []) + path[::-1]


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether ``path`` proves that ``leaf`` stands at ``index`` under ``root`` (§2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, made = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            made = node_hash(sibling, made)
            place, last = _climb(place, last, to_odd=True)
        else:
            made = node_hash(made, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and made == root


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether ``path`` proves that ``new_root`` continues ``old_root`` (§2.1.4.2)."""
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == EMPTY_ROOT
    if not 0 < old < new or not path:
        return False
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    place, last = _climb(old - 1, new - 1, to_odd=False)
    return _replay(hashes, place, last) == (old_root, new_root)


def _replay(hashes: Sequence[bytes], place: int, last: int) -> tuple[bytes, bytes] | None:
    older = newer = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            place, last = _climb(place, last, to_odd=True)
        else:
            newer = node_hash(newer, sibling)
        place, last = place >> 1, last >> 1
    return (older, newer) if last == 0 else None


def _climb(place: int, last: int, *, to_odd: bool) -> tuple[int, int]:
    """Go up while ``place`` is even (to an odd one) or while it is odd (to an even one); never above the top."""
    while place and bool(place & 1) != to_odd:
        place, last = place >> 1, last >> 1
    return place, last

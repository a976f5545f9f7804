"""The tree of RFC 9162 against the reference vectors of Certificate Transparency, and against itself."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.audit import merkle

LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"


def make_tree(leaves: Sequence[bytes]) -> merkle.Subtree:
    """All full subtrees over leaf hashes, as the product grows them."""
    kept: dict[tuple[int, int], bytes] = {}
    frontier: list[tuple[int, bytes]] = []
    for position, leaf in enumerate(leaves):
        for level, index, made in merkle.grow(frontier, position, leaf):
            kept[level, index] = made
    return lambda level, index: kept[level, index]


def hash_leaves(leaves: Sequence[bytes]) -> list[bytes]:
    """RFC 9162 leaf hashes."""
    return [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]


def plain_root(hashes: Sequence[bytes]) -> bytes:
    """The root as the RFC defines it, by recursion over the leaves."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    return hashlib.sha256(b"\x01" + plain_root(hashes[:half]) + plain_root(hashes[half:])).digest()


@pytest.mark.parametrize("size", range(9))
def test_roots_match_the_reference(size: int) -> None:
    """The root over the first leaves is the published one."""
    assert merkle.root_of(make_tree(hash_leaves(LEAVES)), size).hex() == ROOTS[size]


@pytest.mark.parametrize(
    ("index", "size", "path"),
    [(0, 1, []), (0, 8, [A, B, C]), (5, 8, [D, E, ROOTS[4]]), (2, 3, [ROOTS[2]]), (1, 5, [ROOTS[1], B, D])],
)
def test_inclusion_paths_match_the_reference(index: int, size: int, path: list[str]) -> None:
    """The path of a leaf is the published one, and it proves."""
    hashes = hash_leaves(LEAVES)
    found = merkle.inclusion_path(make_tree(hashes), index, size)
    assert [step.hex() for step in found] == path
    assert merkle.is_included(hashes[index], index, size, found, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(
    ("old", "new", "path"), [(1, 1, []), (1, 8, [A, B, C]), (6, 8, [F, E, ROOTS[4]]), (2, 5, [B, D])]
)
def test_consistency_paths_match_the_reference(old: int, new: int, path: list[str]) -> None:
    """The path between two sizes is the published one, and it proves."""
    found = merkle.consistency_path(make_tree(hash_leaves(LEAVES)), old, new)
    assert [step.hex() for step in found] == path
    assert merkle.is_consistent(old, new, bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]), found)


@given(st.integers(1, 70), st.data())
def test_every_leaf_is_proved_and_nothing_else(size: int, data: st.DataObject) -> None:
    """A true path proves; a changed leaf, place, size, path or root does not."""
    hashes = hash_leaves([bytes([n]) for n in range(size)])
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion_path(make_tree(hashes), index, size)
    root = plain_root(hashes)
    assert merkle.is_included(hashes[index], index, size, path, root)
    assert not merkle.is_included(b"x" * 32, index, size, path, root)
    assert not merkle.is_included(hashes[index], size, size, path, root)
    assert not merkle.is_included(hashes[index], index, size, [*path, b"x" * 32], root)
    assert not merkle.is_included(hashes[index], index, size, path, b"x" * 32)
    for place in range(len(path)):
        assert not merkle.is_included(hashes[index], index, size, path[:place] + path[place + 1 :], root)
        assert not merkle.is_included(hashes[index], index, size, [*path[:place], b"x" * 32, *path[place + 1 :]], root)


@given(st.integers(0, 70), st.integers(0, 70))
def test_every_continuation_is_proved_and_nothing_else(one: int, other: int) -> None:
    """A true path proves that the longer tree continues the shorter; a changed root or path does not."""
    old, new = sorted((one, other))
    hashes = hash_leaves([bytes([n]) for n in range(new)])
    tree = make_tree(hashes)
    path = merkle.consistency_path(tree, old, new)
    roots = plain_root(hashes[:old]), plain_root(hashes)
    assert merkle.root_of(tree, new) == roots[1]
    assert merkle.is_consistent(old, new, *roots, path)
    assert not merkle.is_consistent(old, new, b"x" * 32, roots[1], path)
    assert not merkle.is_consistent(old, new, *roots, [*path, b"x" * 32])
    if 0 < old < new:
        assert not merkle.is_consistent(old, new, roots[0], b"x" * 32, path)
        assert not merkle.is_consistent(old, new, *roots, path[:-1])
        assert not merkle.is_consistent(new, old, roots[1], roots[0], path)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_leaf_outside_the_tree_has_no_path(index: int, size: int) -> None:
    """Asking for the path of a leaf that is not there is an error."""
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_path(make_tree(hash_leaves(LEAVES)), index, size)


@pytest.mark.parametrize(("old", "new"), [(4, 3), (-1, 3)])
def test_a_shorter_tree_continues_nothing(old: int, new: int) -> None:
    """Asking for the path from a longer tree to a shorter one is an error."""
    with pytest.raises(ValueError, match="does not continue"):
        merkle.consistency_path(make_tree(hash_leaves(LEAVES)), old, new)

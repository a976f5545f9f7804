"""Every hostile file gets a verdict; nothing hangs, leaks, connects or dies but the child that read it."""

import os
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hostile_corpus import make_corpus

from intake.reading.reader import ResumeReader
from intake.reading.sandbox.layers import probe
from intake.reading.verdicts import SENTENCES, code_for
from storage.profile import Reading, Verdict

_SOUND = {"pdf_sound.pdf", "docx_sound.docx", "odt_sound.odt", "rtf_sound.rtf", "text_sound.txt"}
_REFUSED_AT_THE_GATE = {
    "docx_spaces.docx": "too_large",
    "docx_media.docx": "too_large",
    "docx_entries.docx": "too_large",
    "docx_overlap.docx": "too_large",
    "docx_lzma.docx": "malformed",
    "docx_symlink.docx": "malformed",
    "docx_slip.docx": "malformed",
    "docx_doubled.docx": "ambiguous",
    "docx_appended.docx": "ambiguous",
    "both.odt": "ambiguous",
    "docx_encrypted_flag.docx": "encrypted",
    "ole_encrypted.docx": "encrypted",
    "ole_word.doc": "legacy_word",
    "png_flood.png": "too_many_pixels",
    "jpeg_flood.jpg": "too_many_pixels",
}


@pytest.fixture(scope="module")
def listener() -> Iterator[list[int]]:
    """Ears on the port that every link of the corpus points at."""
    heard: list[int] = []
    ears = socket.socket()
    ears.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    ears.bind(("127.0.0.1", 47009))
    ears.listen()

    def listen() -> None:
        while True:
            try:
                heard.append(ears.accept()[1][1])
            except OSError:
                return

    threading.Thread(target=listen, daemon=True).start()
    yield heard
    ears.shutdown(socket.SHUT_RDWR)
    ears.close()


@pytest.fixture(scope="module")
def readings(listener: list[int]) -> Iterator[dict[str, Reading]]:
    """The whole corpus, read once with short limits."""
    reader = ResumeReader("require" if probe().is_complete else "best-effort", cpu_seconds=2, memory_mib=384)
    reader.start()
    parent, before = os.getpid(), set(os.listdir("/tmp"))  # noqa: PTH208
    with ThreadPoolExecutor(2) as pool:
        found = dict(pool.map(lambda item: (item[0], reader.read(item[1], timeout=6)), make_corpus()))
    assert os.getpid() == parent
    others = ("vitavault-pg-", "vitavault-demo-")  # folders of other tests that run beside this one
    left = {name for name in set(os.listdir("/tmp")) - before if "vitavault" in name}  # noqa: PTH208
    assert not {name for name in left if not name.startswith(others)}
    yield found
    reader.close()


def test_every_hostile_file_gets_a_verdict_with_a_sentence(readings: dict[str, Reading]) -> None:
    """More than 150 files, and for each one either text or a plain sentence."""
    assert len(readings) > 150
    for name, reading in readings.items():
        assert reading.verdict is Verdict.OK or code_for(reading) in SENTENCES, name


def test_sound_files_among_them_are_read(readings: dict[str, Reading]) -> None:
    """The same path that refuses the others reads these."""
    for name in _SOUND:
        assert readings[name].verdict is Verdict.OK, name
        assert "jane@example.org" in readings[name].text, name


@pytest.mark.asvs("5.2.3")
def test_containers_are_refused_at_the_gate(readings: dict[str, Reading]) -> None:
    """Bombs, tricks and wrong types do not reach a parser, and say why."""
    assert {name: code_for(readings[name]) for name in _REFUSED_AT_THE_GATE} == _REFUSED_AT_THE_GATE


@pytest.mark.asvs("1.5.1")
def test_no_entity_is_ever_opened(readings: dict[str, Reading]) -> None:
    """Documents with entities of their own are refused; no system file's text appears anywhere."""
    for name, reading in readings.items():
        assert "root:" not in reading.text, name
        if "entity" in name and name != "docx_entity_core.docx":
            assert reading.verdict is Verdict.MALFORMED, name


@pytest.mark.asvs("1.3.6")
def test_no_connection_is_ever_tried(readings: dict[str, Reading], listener: list[int]) -> None:
    """Nobody knocked at the port that links, entities, actions and templates point at."""
    assert readings
    assert listener == []


def test_the_corpus_is_the_same_every_time() -> None:
    """What failed once can be made again."""
    from hostile_others import make_others

    assert list(make_others()) == list(make_others())


def test_no_file_of_the_corpus_is_written(readings: dict[str, Reading]) -> None:
    """Names that climb out of an archive made no file."""
    assert readings
    assert not Path("/tmp/vitavault-slip").exists()
    assert not Path("/etc/vitavault-slip").exists()

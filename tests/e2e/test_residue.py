"""Nothing that a person gave lies in clear in any file, before the purge or after it; on both databases.

Planted words go in through every field of every form, by a real server process, and are then looked for in every byte
that it, its database and its temporary folder hold.
"""

import base64
import gzip
import io
import json
import os
import shutil
import subprocess
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from installations import apply_by_page, find_candidates, open_own_page, sign_up
from plain_browser import PlainBrowser, fields_of, find_form
from residue import encodings_of, find_traces
from server_process import VITAVAULT, Server, environment, serving, wait_for
from sqlalchemy import create_engine, text

pytestmark = pytest.mark.enable_socket

MARK = "zqwyxkorbel"
"""Begins every planted word; stemming and lower case leave it as it is."""
PHONE = "2025550143"
WORDS = (MARK, PHONE)

LETTER = f"""\
Jana {MARK}aname
{MARK}bmail@example.org
+1 202 555 0143
{MARK}cplace, Germany
https://example.org/{MARK}dlink

Summary
A {MARK}esummary engineer.

Experience

{MARK}ftitle Engineer, {MARK}gemployer GmbH
Jan 2019 - Present
Built {MARK}hwork pipelines in Python.

Education
BSc {MARK}idegree, University of {MARK}jschool
2012 - 2016

Skills
Python, {MARK}kskill
"""


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory for the open word index alone."""
    folder = Path(f"/dev/shm/vitavault-test-{os.getpid()}")
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


def flush_postgres(url: str) -> list[Path]:
    """The server's data folder with everything written out; nothing for SQLite, or for a server that was given."""
    if not url:
        return []
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CHECKPOINT"))
        folder = Path(str(connection.execute(text("SHOW data_directory")).scalar_one()))
    engine.dispose()
    is_readable = folder.is_dir() and os.access(folder, os.R_OK)
    assert is_readable or "TEST_DATABASE_URL" in os.environ
    return [folder] if is_readable else []


def places(folder: Path, url: str) -> list[Path]:
    """Everything that may not hold a planted word."""
    names = ("data", "keys", "temp", "server.log")
    return [path for name in names if (path := folder / name).exists()] + flush_postgres(url)


def sealed_files(folder: Path) -> list[Path]:
    """Files that hold nothing but sealed bytes: documents and the index at rest."""
    found = [path for part in ("blobs", "index") for path in (folder / "data" / part).rglob("*") if path.is_file()]
    assert found
    return [path for path in found if path.suffix != ".json"]


def is_patterned(path: Path) -> bool:
    """Whether bytes repeat as words and structures do and ciphertext never does: words may hide in an encoding."""
    content = path.read_bytes()
    return len(content) > 500 and len(zlib.compress(content, 9)) < len(content) * 0.97


def plant_by_page(server: Server) -> PlainBrowser:
    """Apply with planted words in every input; the person's own page afterwards."""
    details = {
        "name": f"Jana {MARK}lname", "emails": f"{MARK}mmail@example.org", "phones": "+12025550143",
        "location": f"{MARK}nplace", "links": f"https://example.org/{MARK}olink", "summary": f"{MARK}psummary",
        "work-0-employer": f"{MARK}qemployer", "work-0-title": f"{MARK}rtitle", "work-0-summary": f"{MARK}swork",
        "education-0-institution": f"{MARK}tschool", "education-0-degree": f"{MARK}udegree",
        "skills": f"{MARK}vskill", "languages": f"{MARK}wtongue",
    }  # fmt: skip
    browser = server.browser()
    done = apply_by_page(browser, LETTER, name=f"{MARK}xfile.txt", details=details, pool="on")
    return open_own_page(browser, done)


def plant_by_call(server: Server) -> None:
    """Apply by API, with planted words in headers, key, detail and file name; then send what is refused."""
    start = find_form(server.browser().open("/apply/pool"), "/apply/pool")
    said = json.dumps(
        {
            "source": "employer", "channel": "api", "country": "DE", "language": "en", "purposes": ["pool"],
            "notice_version": fields_of(start)["notice_version"][0], "age_confirmed": True,
            "source_detail": f"{MARK}ydetail",
        }
    )  # fmt: skip
    files: dict[str, Any] = {
        "file": (f"{MARK}zfile.txt", LETTER.encode()),
        "application": (None, said, "application/json"),
    }
    headers = {"Idempotency-Key": f"{MARK}key", "User-Agent": f"{MARK}agent", "Referer": f"https://{MARK}.example.org"}
    client = server.client()
    taken = client.post("/api/v1/applications", files=files, headers=headers)
    assert taken.status_code == 201, taken.text
    client.get(f"/apply/{MARK}opening", params={MARK: MARK}, headers=headers)
    client.post("/api/v1/applications", files=files | {"application": (None, f'{{"source": "{MARK}"}}')})
    client.post("/api/v1/applications", content=MARK.encode() * 500, headers={"Content-Type": f"x/{MARK}"})
    client.post("/sign-in", data={"email": f"{MARK}@example.org", "password": MARK})
    client.post("/me/link", data={"email": f"{MARK}mmail@example.org"})


def look_as_staff(server: Server) -> None:
    """Search, reveal, note and decide with planted words in every input."""
    staff = sign_up(server.browser(), server.first_link)
    wait_for("the keeper to index what was planted", lambda: len(find_candidates(staff, f"{MARK}vskill")) == 1)
    (found,) = find_candidates(staff, f"{MARK}vskill")
    page = staff.submit(staff.open(found), "/reveal", {"purpose": "recruitment"})
    assert MARK in page.text, "the reveal shows who it is"
    page = staff.submit(page, "/notes", {"note": f"{MARK}note of a call"})
    staff.submit(page, "/stage", {"stage": "interview", "reason": f"{MARK}reason"})
    hold = {"reference": "VV-none", "reason": f"{MARK}claim", "owner": f"{MARK}owner", "until": "2090-01-01"}
    staff.submit(staff.open("/privacy/holds"), "/privacy/holds", hold)


def run_a_night(folder: Path, url: str, as_of: str) -> None:
    """The nightly job by its command, long after everybody's end, with nothing else running."""
    command = [*VITAVAULT, "retention", "run", "--as-of", as_of, "--yes"]
    done = subprocess.run(
        command, check=False, env=environment(folder, url), cwd=folder, capture_output=True, timeout=300
    )
    with (folder / "server.log").open("ab") as log:
        log.write(done.stdout + done.stderr)
    assert done.returncode == 0, done.stderr.decode()


def test_no_planted_word_lies_in_clear_before_or_after_the_purge(tmp_path: Path, address: str, memory: Path) -> None:
    """Data, key and temporary folders, logs and the database server's folder hold no trace at any time."""
    with serving(tmp_path, address, memory_folder=str(memory)) as server:
        plant_by_call(server)
        me = plant_by_page(server)
        look_as_staff(server)
        assert find_traces(places(tmp_path, address), WORDS) == []
        assert [path for path in sealed_files(tmp_path) if is_patterned(path)] == []

        erased = me.submit(me.open("/me"), "/me/erase", {"confirm": "ERASE"})
        assert erased.status == 200
        wait_for("key, rows and file to be gone", lambda: len(list((tmp_path / "data/blobs").rglob("*/*"))) == 1)
        assert find_traces(places(tmp_path, address), WORDS) == []
        assert server.stop() == 0
    assert find_traces(places(tmp_path, address), WORDS) == []
    assert list(memory.iterdir()) == []

    run_a_night(tmp_path, address, as_of="2039-01-01")
    assert list((tmp_path / "data/blobs").rglob("*/*")) == []
    assert find_traces(places(tmp_path, address), WORDS) == []


def test_a_killed_server_leaves_its_index_to_be_swept_by_the_next(tmp_path: Path, memory: Path) -> None:
    """What a power cut of the process leaves in memory goes when the product starts again."""
    with serving(tmp_path, memory_folder=str(memory)) as server:
        plant_by_page(server)
        wait_for("the open index to be in memory", lambda: len(list(memory.rglob("*/*/*"))) > 2)
        server.kill()
    left = {path.name for path in memory.iterdir()}
    assert left
    with serving(tmp_path, memory_folder=str(memory)) as server:
        assert left.isdisjoint(path.name for path in memory.iterdir())
        assert server.stop() == 0
    assert find_traces(places(tmp_path, ""), WORDS) == []


def zipped(content: bytes) -> bytes:
    """One compressed entry of a ZIP file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", content)
    return packed.getvalue()


PLANTED = f"somebody wrote {MARK} here, twice: {MARK}".encode()
HIDDEN = {
    "as it is": PLANTED,
    "capitals": PLANTED.upper(),
    "utf-16": PLANTED.decode().encode("utf-16-be"),
    "base64 at 0": base64.b64encode(MARK.encode() + b"..."),
    "base64 at 1": base64.b64encode(b"." + MARK.encode() + b".."),
    "base64 at 2": base64.urlsafe_b64encode(b".." + MARK.encode()),
    "hex": PLANTED.hex().encode(),
    "zlib": b"\0\1\2" + zlib.compress(PLANTED) + b"tail",
    "gzip": gzip.compress(PLANTED),
    "zip": zipped(PLANTED),
    "pdf": b"1 0 obj <</Filter /FlateDecode>>\nstream\n" + zlib.compress(PLANTED) + b"\nendstream",
}


@pytest.mark.parametrize("way", HIDDEN)
def test_the_search_for_traces_finds_a_word_however_it_was_left(way: str, tmp_path: Path) -> None:
    """A search that found nothing would prove nothing: each encoding is found where it is planted."""
    (tmp_path / "page").write_bytes(os.urandom(1001) + HIDDEN[way] + os.urandom(1000))
    assert {trace.word for trace in find_traces([tmp_path], [MARK])} == {MARK}


def test_a_word_in_a_file_name_is_a_trace(tmp_path: Path) -> None:
    """Names are searched too."""
    (tmp_path / f"{MARK}.pdf").touch()
    assert len(find_traces([tmp_path], [MARK])) >= 1
    assert encodings_of(MARK)["utf-8"] == MARK.encode()

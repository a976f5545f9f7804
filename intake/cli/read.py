"""`vitavault read FILE…`: show what would be read from documents. Stores nothing and asks no network."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from intake.cli.reading_report import report_of, table_of
from intake.reading.reader import MAX_BYTES, PDF_READERS, ResumeReader
from intake.reading.sandbox.layers import Mode, SandboxUnavailableError
from intake.reading.sniff import KINDS, sniff
from intake.reading.verdicts import refused_reading
from storage.profile import Reading, Verdict

_FEW = 4
_PATIENCE = 30.0
_Result = tuple[Path, Reading]


def run(arguments: list[str]) -> int:
    """Run the command; return its exit code: 0 all read, 1 some not, 2 not started."""
    options = _parse(arguments)
    flaw = _find_flaw(options.files, options.out)
    if flaw:
        return _complain(flaw)
    workers = _count_processors() + 1
    try:
        reader = ResumeReader(
            options.sandbox,
            workers=workers,
            wall_seconds=_PATIENCE,
            kinds=_kinds_of(options.files),
            pdf_reader=options.pdf_reader,
        )
        reader.start()
    except SandboxUnavailableError as error:
        return _complain(str(error))
    try:
        write = _writer(options.out, as_json=options.json, only=len(options.files) == 1)
        return 0 if _read_all(reader, options.files, workers, write) else 1
    finally:
        reader.close()


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("vitavault read", description="Read documents and show what was found.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="documents to read")
    parser.add_argument(
        "--pdf-reader",
        choices=PDF_READERS,
        default=os.environ.get("VITAVAULT_PDF_READER") or PDF_READERS[0],
        help="which PDF reader is asked first; the other stands in where it fails (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON, one object for each file")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write <file name>.json for each file into this folder")
    parser.add_argument(
        "--sandbox",
        choices=[mode.value for mode in Mode],
        default=os.environ.get("VITAVAULT_SANDBOX") or ("require" if sys.platform == "linux" else "best-effort"),
        help="how much protection is demanded (default: %(default)s)",
    )
    return parser.parse_args(arguments)


def _complain(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


def _find_flaw(files: list[Path], out: Path | None) -> str:
    missing = [path for path in files if not path.is_file()]
    if missing:
        return f"There is no file {missing[0]}."
    if out is None:
        return ""
    if len({path.name for path in files}) != len(files):
        return "Two of the files have the same name; their results would overwrite each other."
    out.mkdir(parents=True, exist_ok=True)
    return ""


def _count_processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _kinds_of(files: list[Path]) -> tuple[str, ...]:
    """For a few files only their own readers are warmed up; for many, all."""
    if len(files) > _FEW:
        return ()
    kinds = {sniff(_bytes_of(path)).kind for path in files}
    return tuple(sorted(kinds & set(KINDS))) or ("txt",)


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _read_all(reader: ResumeReader, files: list[Path], workers: int, write: Callable[[_Result], None]) -> bool:
    def read_one(path: Path) -> _Result:
        data = _bytes_of(path)
        if len(data) > MAX_BYTES:
            return path, refused_reading(Verdict.TOO_LARGE, "too_large")
        return path, reader.read(data, timeout=_PATIENCE)

    if len(files) == 1:
        return _write_all(map(read_one, files), write)
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(workers) as pool, _progress() as track:
        return _write_all(track(pool.map(read_one, files), len(files)), write)


def _write_all(results: Iterable[_Result], write: Callable[[_Result], None]) -> bool:
    """Write each result as it comes; tell whether every file was read."""
    is_whole = True
    for path, reading in results:
        write((path, reading))
        is_whole = is_whole and reading.verdict is Verdict.OK
    return is_whole


_Track = Callable[[Iterable[_Result], int], Iterable[_Result]]


def _progress() -> AbstractContextManager[_Track]:
    return _bar() if sys.stderr.isatty() else nullcontext(lambda results, _total: results)


@contextmanager
def _bar() -> Iterator[_Track]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("Reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield progress.track


def _writer(out: Path | None, *, as_json: bool, only: bool) -> Callable[[_Result], None]:
    def write(result: _Result) -> None:
        path, reading = result
        if out is not None:
            text = json.dumps(report_of(reading), ensure_ascii=False, indent=1)
            (out / f"{path.name}.json").write_text(text + "\n", encoding="utf-8")
        elif as_json:
            print(json.dumps({"file": path.name} | report_of(reading), ensure_ascii=False, indent=1 if only else None))
        else:
            print(table_of(path.name, reading))

    return write

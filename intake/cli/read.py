"""`vitavault read FILE…`: show what would be read from documents. Stores nothing and asks no network."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from intake.cli.reading_report import report_of, table_of
from intake.reading.reader import MAX_BYTES, ResumeReader
from intake.reading.sandbox.layers import SandboxUnavailableError
from intake.reading.sniff import KINDS, sniff
from intake.reading.verdicts import refused_reading
from storage.profile import Reading, Verdict

app = typer.Typer(pretty_exceptions_enable=False)
_FEW = 4
_PATIENCE = 30.0
_Result = tuple[Path, Reading]


@app.command()
def read(
    files: Annotated[list[Path], typer.Argument(help="Documents to read.", exists=True, dir_okay=False, readable=True)],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one object for each file.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write <file name>.json for each file into this folder.")] = None,
    sandbox: Annotated[str, typer.Option(envvar="VITAVAULT_SANDBOX", help="require, best-effort or off.")] = "require"
    if sys.platform == "linux"
    else "best-effort",
) -> None:
    """Read documents and show what was found. Nothing is stored."""
    _refuse_same_names(files, out)
    workers = _count_processors() + 1
    try:
        reader = ResumeReader(sandbox, workers=workers, wall_seconds=_PATIENCE, kinds=_kinds_of(files))
        reader.start()
    except (SandboxUnavailableError, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    try:
        is_whole = _read_all(reader, files, workers, _writer(out, as_json=as_json, only=len(files) == 1))
    finally:
        reader.close()
    raise typer.Exit(0 if is_whole else 1)


def _refuse_same_names(files: list[Path], out: Path | None) -> None:
    if out is None:
        return
    if len({path.name for path in files}) != len(files):
        typer.echo("Two of the files have the same name; their results would overwrite each other.", err=True)
        raise typer.Exit(2)
    out.mkdir(parents=True, exist_ok=True)


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

    is_whole = True
    with ThreadPoolExecutor(workers) as pool, _progress(len(files)) as track:
        for path, reading in track(pool.map(read_one, files)):
            write((path, reading))
            is_whole = is_whole and reading.verdict is Verdict.OK
    return is_whole


_Track = Callable[[Iterable[_Result]], Iterator[_Result]]


def _progress(total: int) -> AbstractContextManager[_Track]:
    return _bar(total) if total > 1 and sys.stderr.isatty() else _no_bar()


@contextmanager
def _no_bar() -> Iterator[_Track]:
    yield iter


@contextmanager
def _bar(total: int) -> Iterator[_Track]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("Reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("Reading", total=total)

        def track(results: Iterable[_Result]) -> Iterator[_Result]:
            for result in results:
                yield result
                progress.advance(task)

        yield track


def _writer(out: Path | None, *, as_json: bool, only: bool) -> Callable[[_Result], None]:
    def write(result: _Result) -> None:
        path, reading = result
        if out is not None:
            text = json.dumps(report_of(reading), ensure_ascii=False, indent=1)
            (out / f"{path.name}.json").write_text(text + "\n", encoding="utf-8")
        elif as_json:
            typer.echo(
                json.dumps({"file": path.name} | report_of(reading), ensure_ascii=False, indent=1 if only else None)
            )
        else:
            typer.echo(table_of(path.name, reading))

    return write

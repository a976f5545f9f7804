"""How well and how fast resumes are read: accuracy, what confidence is worth, the commonest errors, time against peers.

    python -m benchmarks.reading [--corpus DIR ...] [--own] [--speed] [--peers]

``--corpus DIR`` (repeatable) holds ``files/``, ``labels/<file>.json`` and ``manifest.csv`` (file, family, format, and
optionally split and language). ``--own`` writes the generated corpus to a temporary folder first. Every document is
read in the sandbox, scans by OCR where it is installed. Peers (pdfminer.six, pdftotext,
PyMuPDF) are timed only where present.
"""

import argparse
import csv
import json
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from benchmarks.reading_evidence import Judged, judge_values, name_errors, reliability, total
from benchmarks.reading_score import FIELDS, MACRO, Counts, balance, mean, score_document
from intake.reading.reader import TASKS, ResumeReader
from intake.reading.sandbox.client import Plan, Sandbox
from intake.reading.sandbox.layers import Mode
from intake.reading.sandbox.limits import Limits

SCRIPTS = ("zh", "ja", "ar", "ru")
"""Languages for which only the text is promised."""
KEPT_OUT = "kept-out"
"""The half whose families are never told apart: who knows the worst of them has begun to tune on it."""


@dataclass(slots=True)
class Result:
    """What came of one corpus."""

    name: str
    scores: dict[str, dict[str, Counts]] = field(default_factory=dict)
    families: dict[str, str] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    judged: Judged = field(default_factory=list)
    errors: list[Counter[str]] = field(default_factory=list)
    text_found: list[float] = field(default_factory=list)
    scans: set[str] = field(default_factory=set)


def read_manifest(folder: Path) -> list[dict[str, str]]:
    """The rows of a corpus' manifest that have a label."""
    with (folder / "manifest.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    return [row for row in rows if (folder / "labels" / f"{Path(row['file']).name}.json").exists()]


def measure_corpus(name: str, folder: Path, rows: Iterable[dict[str, str]], reader: ResumeReader) -> Result:
    """Read every document of the rows and compare it with its label."""
    result = Result(name)
    for row in rows:
        file = Path(row["file"]).name
        reading = reader.read((folder / "files" / file).read_bytes(), timeout=30.0)
        gold = json.loads((folder / "labels" / f"{file}.json").read_text("utf-8"))
        if row.get("language") in SCRIPTS:
            result.text_found.append(_share_found(gold, reading.text))
            continue
        found = asdict(reading.profile)
        result.scores[file] = score_document(gold, found)
        result.scans |= {file} if "read_by_ocr" in reading.warnings else set()
        result.families[file] = row["family"]
        result.formats[file] = row.get("format", "")
        result.judged += judge_values(gold, found, {p: e.confidence for p, e in reading.evidence.items()})
        result.errors.append(name_errors(gold, found))
    return result


def _share_found(gold: dict[str, Any], text: str) -> float:
    """The share of labelled strings that stand in the text, spaces aside."""
    packed = "".join(text.split()).casefold()
    strings = [gold.get("name"), *(gold.get("emails") or [])]
    for entry in [*(gold.get("work") or []), *(gold.get("education") or [])]:
        strings += [entry.get(key) for key in ("employer", "title", "institution", "degree")]
    wanted = ["".join(s.split()).casefold() for s in strings if s]
    return mean(float(s in packed) for s in wanted)


def print_accuracy(results: list[Result]) -> None:
    """Family-balanced F1 by field, one column a corpus; then what leaving one family out changes."""
    columns = [balance(result.scores, result.families) for result in results]
    print(f"{'balanced F1':<14}" + "".join(f"{result.name:>16}" for result in results))
    for key in (*FIELDS, "macro"):
        print(f"{key:<14}" + "".join(f"{column[key]:16.3f}" for column in columns))
    for result in results:
        print(f"{result.name}: {len(result.scores)} documents, {len(set(result.families.values()))} families", end="")
        print(f"; other scripts: {mean(result.text_found):.3f} of strings found" if result.text_found else "")
        low, high = leave_one_out(result)
        print(f"  leaving one family out: macro from {low:.3f} to {high:.3f}")


def leave_one_out(result: Result) -> tuple[float, float]:
    """The lowest and highest macro over all families but one."""
    macros = []
    for left in set(result.families.values()):
        kept = {f: s for f, s in result.scores.items() if result.families[f] != left}
        if kept:
            macros.append(balance(kept, result.families)["macro"])
    return min(macros, default=0.0), max(macros, default=0.0)


def macro_of(result: Result, files: Iterable[str]) -> float:
    """Mean balanced F1 over the fields that these documents' labels or readings have at all."""
    kept = {file: result.scores[file] for file in files}
    present = [key for key in MACRO if any(s.get(key, (0, 0, 0))[1:] != (0, 0) for s in kept.values())]
    balanced = balance(kept, result.families)
    return mean(balanced[key] for key in present)


def print_families(result: Result) -> None:
    """Macro F1 of each family, worst first: where the rules do not reach. Scans that OCR read are told apart."""
    families = set(result.families.values())
    macros = [(macro_of(result, [f for f in result.scores if result.families[f] == name]), name) for name in families]
    print(f"\n{result.name}: mean F1 of the fields present, by family, worst first")
    print("  " + ", ".join(f"{family} {macro:.2f}" for macro, family in sorted(macros)))
    if result.scans:
        print(f"  scans by OCR alone: {len(result.scans)} documents, {macro_of(result, result.scans):.3f}")


def print_evidence(result: Result) -> None:
    """The reliability table and the ten commonest kinds of error."""
    print(f"\n{result.name}: confidence{'values':>16}{'said':>8}{'right':>8}")
    for label, count, said, right in reliability(result.judged):
        print(f"  {label:<24}{count:>8}{said:8.3f}{right:8.3f}")
    print(f"{result.name}: ten commonest errors")
    for name, count in total(result.errors).most_common(10):
        print(f"  {count:5d}  {name}")


def _cpu(work: Callable[[], object]) -> float:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    start = time.process_time()
    work()
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before[1]
    return time.process_time() - start + children


def _peers(path: Path, data: bytes) -> dict[str, Callable[[], object]]:
    """What others take to get at the text of a PDF alone, in this process or in one of their own."""
    from pdfminer.high_level import extract_text

    peers: dict[str, Callable[[], object]] = {"pdfminer.six text": lambda: extract_text(BytesIO(data))}
    if shutil.which("pdftotext"):
        command = ["pdftotext", "-layout", str(path), "-"]
        peers["pdftotext"] = lambda: subprocess.run(command, capture_output=True, check=False)
    try:
        import pymupdf  # type: ignore[import-not-found]

        peers["PyMuPDF"] = lambda: [page.get_text(sort=True) for page in pymupdf.open(stream=data)]
    except ImportError:
        pass
    return peers


def measure_speed(folder: Path, rows: Iterable[dict[str, str]], *, peers: bool) -> None:
    """CPU of a whole reading, child included, median and 95th percentile by format; peers on the same text PDFs."""
    sandbox = Sandbox(Plan(tasks=TASKS, mode=Mode("best-effort"), preload=()))
    sandbox.start()
    times: dict[str, list[float]] = {}
    memory = 0
    try:
        for row in rows:
            path = folder / "files" / Path(row["file"]).name
            data = path.read_bytes()
            outcomes = [sandbox.run("read", {}, data, wall=30.0, limits=Limits()) for _ in range(3)]
            best = min(outcomes, key=lambda outcome: outcome.cpu_seconds)
            if b"needs_ocr" in best.output[:4000]:
                continue
            memory = max(memory, best.peak_kib)
            times.setdefault(f"ours, {row.get('format', '')}", []).append(best.cpu_seconds)
            if peers and row.get("format") == "pdf":
                for name, work in _peers(path, data).items():
                    times.setdefault(name, []).append(min(_cpu(work) for _ in range(2)))
    finally:
        sandbox.close()
    print(f"\nCPU, ms{'median':>22}{'p95':>8}{'n':>6}   (peak memory of a child: {memory / 1024:.0f} MiB)")
    for name, values in sorted(times.items()):
        p95 = statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]
        print(f"{name:<20}{1000 * statistics.median(values):9.1f}{1000 * p95:8.1f}{len(values):6d}")
    ours, theirs = times.get("ours, pdf"), times.get("pdfminer.six text")
    if ours and theirs:
        ratios = sorted(a / b for a, b in zip(ours, theirs, strict=True))
        p95 = ratios[min(len(ratios) - 1, int(0.95 * len(ratios)))]
        print(f"ours / pdfminer.six: median {statistics.median(ratios):.2f}, p95 {p95:.2f}")


def _own_corpus(folder: Path) -> None:
    from tests.resumes.generate import write_corpus

    write_corpus(folder, ("tuning", "kept-out"))


def _parts(folder: Path) -> list[tuple[str, list[dict[str, str]]]]:
    rows = read_manifest(folder)
    splits = dict.fromkeys(row.get("split", "") for row in rows)
    if len(splits) < 2:
        return [(folder.name, rows)]
    return [(split, [row for row in rows if row["split"] == split]) for split in splits]


def main() -> None:
    """Print the tables asked for."""
    parser = argparse.ArgumentParser(description="Measure the reading of resumes.")
    parser.add_argument("--corpus", type=Path, action="append", default=[])
    parser.add_argument("--own", action="store_true", help="generate and measure our own corpus too")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--peers", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        corpora = list(given.corpus)
        if given.own or not corpora:
            _own_corpus(Path(scratch))
            corpora.append(Path(scratch))
        parts = [(name, folder, rows) for folder in corpora for name, rows in _parts(folder)]
        reader = ResumeReader("best-effort")
        reader.start()
        try:
            results = [measure_corpus(name, folder, rows, reader) for name, folder, rows in parts]
        finally:
            reader.close()
        print_accuracy(results)
        for result in results:
            if result.name != KEPT_OUT:
                print_families(result)
            print_evidence(result)
        if given.speed or given.peers:
            measure_speed(parts[0][1], parts[0][2], peers=given.peers)


if __name__ == "__main__":
    main()

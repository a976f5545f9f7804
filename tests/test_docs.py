"""The pages of docs/ that repeat the code are current."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_generated_pages_are_current() -> None:
    """Settings, commands and permissions stand in the docs as they stand in the code."""
    done = subprocess.run(
        [sys.executable, "script/docs.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout

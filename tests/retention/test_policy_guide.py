"""The guide to policies says what is so."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from retention.policy.load import bundled_names, load_policy, parse_policy, read_bundled
from retention.policy.policy import Policy
from retention.policy.problems import PolicyError

GUIDE = (Path(__file__).parents[2] / "docs" / "policy.md").read_text("utf-8")


def test_every_key_is_explained() -> None:
    """The table of keys names each field of a policy, and nothing else."""
    section = GUIDE[GUIDE.index("| key | what it says |") : GUIDE.index("A period is written like this")]
    cells = [line.split("|")[1] for line in section.splitlines()[2:] if line.startswith("|")]
    named = {name.strip("[]") for cell in cells for name in re.findall(r"`([^`]+)`", cell)}
    assert named == {field.name for field in fields(Policy)}


def test_every_shipped_profile_is_listed_with_its_age() -> None:
    """The table of profiles agrees with the profiles."""
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| .* \| (–|\d+) \| [^|]+ \|$", GUIDE, re.MULTILINE))
    assert set(rows) == set(bundled_names())
    for name, age in rows.items():
        assert (load_policy(name).minimum_age or "–") == (int(age) if age.isdigit() else "–")


def test_the_example_of_a_refusal_is_a_real_one() -> None:
    """What the guide prints is what the command prints."""
    with pytest.raises(PolicyError) as refused:
        parse_policy(read_bundled("default").replace('"4 weeks"', '"for ever"'), "mine.toml")
    assert str(refused.value) in GUIDE


def test_the_example_of_a_period_is_a_real_one() -> None:
    """The period that is shown stands in the default policy."""
    example = GUIDE.split("```toml\n")[1].split("```")[0]
    assert example in read_bundled("default")

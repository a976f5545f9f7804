"""Every live figure that the promise check asks for, by the names under which controls know them."""

import importlib
from collections.abc import Mapping
from dataclasses import replace

from fastapi import FastAPI

from intake.evidence.aftermath import aftermath_probes
from intake.evidence.pages import page_probes
from intake.evidence.practices import practice_probes
from intake.evidence.records import record_probes
from intake.installation import Installation
from retention.policy.check import Probe
from retention.policy.policy import Policy


def live_probes(house: Installation, app: FastAPI) -> Mapping[str, Probe]:
    """The figures of one running installation. Call them where no event loop runs."""
    return {
        **record_probes(house),
        **aftermath_probes(house),
        **practice_probes(house),
        **page_probes(house, app),
    }


def under_policy(house: Installation, policy: Policy) -> Installation:
    """The same installation as it would be under another policy: what a check of a profile not yet in force asks."""
    return house if policy == house.policy else replace(house, find_policy=lambda: policy)


def is_there(name: str) -> bool:
    """Whether what a control names as its enforcement exists in the code that runs."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            found = getattr(found, part, None)
        return found is not None
    return False

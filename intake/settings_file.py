"""Describes every setting, and writes the commented settings file of ``vitavault init``; both from the code.

Must never write a secret: what is secret is named, to be set in the environment.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from intake.settings import Settings

HEAD = """\
# Settings of Vitavault. Written by `vitavault init`; every setting stands here with its default, commented out.
# Start with this file:  VITAVAULT_CONFIG={path} vitavault serve
# An environment variable of the same name, in capitals after VITAVAULT_, wins over the line here.
"""
_BOUNDS = (("ge", "at least {}"), ("gt", "more than {}"), ("le", "at most {}"), ("lt", "less than {}"))


@dataclass(frozen=True, slots=True)
class SettingInWords:
    """One setting: its names, its default as TOML, what it means, and what values it takes."""

    name: str
    variable: str
    default: str
    meaning: str
    takes: str


def describe_settings() -> tuple[SettingInWords, ...]:
    """Every setting, in the order of the code."""
    return tuple(
        SettingInWords(name, f"VITAVAULT_{name.upper()}", to_toml(info.default), info.description or "", _takes(info))
        for name, info in Settings.model_fields.items()
    )


def _takes(info: Any) -> str:
    choices = [json.dumps(choice) for choice in get_args(info.annotation) if isinstance(choice, str)]
    bounds = [text.format(value) for name, text in _BOUNDS if (value := _find_bound(info.metadata, name)) is not None]
    return ", ".join(choices or bounds)


def _find_bound(metadata: list[Any], name: str) -> Any:
    return next((found for item in metadata if (found := getattr(item, name, None)) is not None), None)


def to_toml(value: object) -> str:
    """A setting's value as it stands in a TOML file."""
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    return json.dumps(str(value), ensure_ascii=False)


def write_settings(path: Path, given: Mapping[str, object]) -> str:
    """The text of a settings file in which ``given`` is set and everything else is commented out."""
    lines = [HEAD.format(path=path)]
    for setting in describe_settings():
        lines.append(f"# {setting.meaning}{f' ({setting.takes})' if setting.takes else ''}")
        if setting.name.endswith("password"):
            lines.append(f"# Rather set {setting.variable} than write it here.")
        is_given = setting.name in given
        lines.append(f"{setting.name} = {to_toml(given[setting.name])}" if is_given else _comment_out(setting))
        lines.append("")
    return "\n".join(lines)


def _comment_out(setting: SettingInWords) -> str:
    return f"# {setting.name} = {setting.default}"

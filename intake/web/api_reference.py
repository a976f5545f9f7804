"""The API's description as a page, drawn from its own OpenAPI document: no script, nothing from elsewhere."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Field:
    """One member of what a call takes."""

    name: str
    kind: str
    needed: bool
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call."""

    method: str
    path: str
    summary: str
    fields: tuple[Field, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApiView:
    """Every call of the API."""

    calls: tuple[Call, ...]


def describe_api(document: dict[str, Any]) -> ApiView:
    """The page's view of an OpenAPI document."""
    schemas = document.get("components", {}).get("schemas", {})
    return ApiView(
        tuple(
            Call(method.upper(), path, said.get("description", ""), _fields(said, schemas), tuple(said["responses"]))
            for path, methods in document["paths"].items()
            for method, said in methods.items()
        )
    )


def _fields(said: dict[str, Any], schemas: dict[str, Any]) -> tuple[Field, ...]:
    found = [
        Field(p["name"], _kind(p.get("schema", {})), bool(p.get("required")), p.get("description", ""))
        for p in said.get("parameters", [])
    ]
    for body in said.get("requestBody", {}).get("content", {}).values():
        found += _members(_follow(body.get("schema", {}), schemas), schemas, "")
    return tuple(found)


def _members(schema: dict[str, Any], schemas: dict[str, Any], prefix: str) -> list[Field]:
    needed, found = set(schema.get("required", [])), []
    for name, part in schema.get("properties", {}).items():
        inner = _follow(part, schemas)
        found.append(Field(prefix + name, _kind(inner), name in needed, part.get("description", "")))
        if inner.get("properties") and not prefix:
            found += _members(inner, schemas, f"{name}.")
    return found


def _follow(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    followed: dict[str, Any] = schemas.get(name, schema)
    return followed


def _kind(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "anyOf" in schema:
        return " | ".join(_kind(option) for option in schema["anyOf"])
    return str(schema.get("format") or schema.get("type", "object"))

"""The API's published description: OpenAPI 3.1 with every body, every refusal and how callers prove themselves.

Made once from the routes; it must name nothing that is not defined in it.
"""

from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from intake.api.problems import MEDIA_TYPE, TITLES
from intake.api.shapes import ApplicationRequest, ProblemAnswer

_REF = "#/components/schemas/{model}"
_TOKEN = {"type": "http", "scheme": "bearer", "description": "A token made by an administrator, with its scopes."}
_UNUSED = ("HTTPValidationError", "ValidationError")


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route declares about the problem documents it may answer with."""
    schema = {"$ref": _REF.format(model=ProblemAnswer.__name__)}
    return {status: {"description": TITLES[status], "content": {MEDIA_TYPE: {"schema": schema}}} for status in statuses}


def describe_openapi(app: FastAPI) -> dict[str, Any]:
    """The description of an application's API, whole."""
    document = app.openapi()
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    _, defined = models_json_schema(
        [(ApplicationRequest, "validation"), (ProblemAnswer, "serialization")], ref_template=_REF
    )
    schemas |= defined["$defs"]
    for name in _UNUSED:
        schemas.pop(name, None)
    components["securitySchemes"] = {"token": _TOKEN}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            if "401" in operation["responses"]:
                operation["security"] = [{"token": []}, {}] if "applications" in path else [{"token": []}]
    return document

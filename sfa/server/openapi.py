"""``/openapi.json``: what can be asked and what comes back, from the table of routes and the messages themselves."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from sfa import __version__
from sfa.server.routes import JSON, ROUTES, Route
from sfa.sync import messages

REFERENCE = "#/components/schemas/{name}"
PLACES: dict[str, dict[str, Any]] = {
    "stream": {"type": "integer", "minimum": 1, "maximum": 2**31},
    "feed": {"type": "string", "pattern": r"^[A-Za-z0-9_-]{43}\.ics$"},
}
"""What paths name."""


@cache
def page() -> bytes:
    """The description as JSON."""
    return messages.encode(description())


def description() -> dict[str, Any]:
    """The description in the form of OpenAPI 3.1."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "sfa head office", "version": __version__},
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {"Problem": _content("Why the request was refused", JSON, messages.Problem)},
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    refused = {"$ref": "#/components/responses/Problem"}
    answers: dict[str, Any] = {str(status): _answer(route, status) for status in route.statuses}
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "parameters": _parameters(route),
        "responses": {**answers, "4XX": refused, "503": refused},
    }
    if not route.open:
        operation["security"] = [{"token": []}]
    if route.takes:
        operation["requestBody"] = _content(route.takes.__name__, JSON, route.takes) | {"required": True}
    return operation


def _parameters(route: Route) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}
        for name, text in route.query.items()
    ]
    for name, schema in PLACES.items():
        if f"{{{name}}}" in route.path:
            found.append({"name": name, "in": "path", "required": True, "schema": schema})
    return found


def _answer(route: Route, status: int) -> dict[str, Any]:
    if status in (204, 304):
        return {"description": "Nothing to say" if status == 204 else "Nothing new"}
    return _content("Part of it" if status == 206 else "Done", route.media, route.gives)


def _content(text: str, media: str, form: type[msgspec.Struct] | None) -> dict[str, Any]:
    """Content of one kind: ``form`` where it has one, else text, or a file."""
    schema: dict[str, Any] = {}
    if form:
        schema = {"$ref": REFERENCE.format(name=form.__name__)}
    elif media.startswith("text/"):
        schema = {"type": "string"}
    elif media == JSON:
        schema = {"type": "object"}
    return {"description": text, "content": {media.partition(";")[0]: {"schema": schema}}}


def _schemas() -> dict[str, Any]:
    forms = [form for route in ROUTES for form in (route.takes, route.gives) if form]
    _references, schemas = msgspec.json.schema_components(
        [*forms, messages.Action, messages.Problem], ref_template=REFERENCE
    )
    schemas["Push"]["properties"]["actions"]["items"] = {
        "$ref": REFERENCE.format(name="Action")
    }  # kept raw for the chain
    return {name: _translated(schema) for name, schema in sorted(schemas.items())}


def _translated(schema: Any) -> Any:
    """Regular expressions as JavaScript writes them."""
    if isinstance(schema, dict):
        return {
            key: value.replace(r"\A", "^").replace(r"\Z", "$") if key == "pattern" else _translated(value)
            for key, value in schema.items()
        }
    return [_translated(item) for item in schema] if isinstance(schema, list) else schema

"""Head office against its own description, with whatever may come: answered as described, nothing stored by half."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import zstandard
from argon2 import PasswordHasher
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, openapi
from schemathesis.checks import CHECKS, load_all_checks

from sfa.server import passwords
from sfa.server.app import App
from sfa.server.database import connect
from sfa.server.limits import STANDARD
from sfa.server.office import Office
from sfa.server.openapi import description
from sfa.server.people import enrolment
from sfa.server.routes import ROUTES, Route
from sfa.sync.messages import Welcome
from tests.server.offices import asking, enrolled, everything, founded, opened

FREELY = STANDARD._replace(rate=1e9, burst=1e9)
TRIED = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
load_all_checks()
PROMISED = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "response_headers_conformance",
    ]
)
ENDING = [pytest.param(route, id=route.name) for route in ROUTES if route.name != "events"]  # test_events listens


@dataclass
class Desk:
    """An office under test, and a laptop that may ask."""

    office: Office
    app: App
    welcome: Welcome
    described: Any

    @property
    def headers(self) -> dict[str, str]:
        """Of the laptop; of a new one where it has logged out."""
        known = asking(self.app)("GET", "/v1/pull", token=self.welcome.token).status == 200
        if not known:
            self.welcome = enrolled(self.office.database, "rita")
        return {"Authorization": f"Bearer {self.welcome.token}"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("described")
    database = connect(str(folder / "office.db"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        patch.setattr(enrolment, "MOST", 1_000_000)
        office = founded(database, folder)
        with opened(office, FREELY) as app:
            described = openapi.from_asgi("/openapi.json", app)
            yield Desk(office, app, enrolled(database, "rita"), described)
    database.close()


def judged(desk: Desk, case: Any) -> None:
    """The answer keeps what the description promises, and a refusal has changed nothing."""
    headers = desk.headers
    before = everything(desk.office.database)
    response = case.call(headers=headers)
    case.validate_response(response, checks=PROMISED)
    if response.status_code >= 400:
        assert everything(desk.office.database) == before


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: str(mode.value))
@pytest.mark.parametrize("route", ENDING)
def test_answers_are_as_described(desk: Desk, route: Route, mode: GenerationMode) -> None:
    operation = desk.described[route.path][route.method]
    if mode == GenerationMode.NEGATIVE and not (route.takes or route.query or "{" in route.path):
        return  # there is nothing in it that could be wrong

    @TRIED
    @given(operation.as_strategy(generation_mode=mode))
    def run(case: Any) -> None:
        if isinstance(case.body, dict) and "server" in case.body:
            case.body["server"] = desk.welcome.server  # any other is refused at the door
        judged(desk, case)

    run()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
BODIES = st.one_of(st.binary(), JSON.map(lambda value: json.dumps(value).encode()))
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "": lambda body: body,
    "gzip": gzip.compress,
    "zstd": zstandard.compress,
    "wrongly": lambda body: body,
}


@pytest.mark.parametrize("route", ENDING)
def test_any_bytes_are_answered(desk: Desk, route: Route) -> None:
    ask = asking(desk.app)

    @TRIED
    @given(BODIES, st.sampled_from(sorted(PACKED)), st.text(max_size=30), st.text(max_size=30), st.booleans())
    def run(body: bytes, packing: str, last: str, query: str, known: bool) -> None:
        headers = {"content-encoding": "gzip" if packing == "wrongly" else packing, **(desk.headers if known else {})}
        before = everything(desk.office.database)
        path = route.path.replace("{stream}", last).replace("{feed}", last)
        target = f"{path}?{query.encode('ascii', 'replace').decode()}"
        reply = ask(route.method, target, PACKED[packing](body), headers={k.lower(): v for k, v in headers.items()})
        assert reply.status < 500
        if reply.status >= 400:
            assert {"code", "reason"} <= reply.data.keys()
            assert everything(desk.office.database) == before

    run()


def test_the_description_holds_every_route_and_every_message() -> None:
    page = description()
    operations = {(method.upper(), path) for path, entry in page["paths"].items() for method in entry}
    assert operations == {(route.method, route.path) for route in ROUTES}
    schemas = page["components"]["schemas"]
    assert schemas["Push"]["properties"]["actions"]["items"] == {"$ref": "#/components/schemas/Action"}
    for form in ("Login", "Welcome", "Push", "Action", "Entry", "Pushed", "Page", "LogRow", "Digest", "Problem"):
        assert form in schemas
    assert "\\\\A" not in json.dumps(schemas)
    secured = {path for path, entry in page["paths"].items() for one in entry.values() if "security" in one}
    assert secured == {route.path for route in ROUTES if not route.open}

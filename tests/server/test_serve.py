"""``sfa serve`` as it is installed: a process of its own, asked over the network, ended by signals."""

from __future__ import annotations

import json
import signal
import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import pytest

from tests.acceptance.conftest import COMMAND, Desk
from tests.server.offices import PASSWORD, credentials, pushed
from tests.server.postgresql import PASSWORD as POSTGRES_PASSWORD
from tests.server.test_connection import CERTIFICATE, KEY


class Served(NamedTuple):
    """A running ``sfa serve``."""

    process: subprocess.Popen[str]
    url: str
    said: list[str]

    def ask(self, path: str, body: bytes | None = None, token: str = "") -> tuple[int, Any]:
        """Status and document of a reply."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        request = urllib.request.Request(f"{self.url}{path}", body, headers)
        context = ssl.create_default_context(cafile=str(CERTIFICATE)) if self.url.startswith("https") else None
        try:
            with urllib.request.urlopen(request, timeout=20, context=context) as reply:
                content = reply.read()
                return reply.status, json.loads(content) if content.startswith(b"{") else content
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def end(self, how: int) -> int:
        self.process.send_signal(how)
        self.said.extend(self.process.stderr or ())
        return self.process.wait(30)


@contextmanager
def serving(desk: Desk, *words: str) -> Iterator[Served]:
    """``sfa serve`` on a free port."""
    process = subprocess.Popen(
        [str(COMMAND), "serve", "--listen", "127.0.0.1:0", *words],
        env=desk.environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    assert process.stderr
    try:
        said: list[str] = []
        while not said or "listens on" not in said[-1]:
            line = process.stderr.readline()
            assert line, said
            said.append(line)
        yield Served(process, said[-1].partition("listens on ")[2].split()[0], said)
    finally:
        process.kill()
        process.communicate()


END: int = getattr(signal, "CTRL_BREAK_EVENT", signal.SIGTERM)
INTERRUPT: int = getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT)


@pytest.fixture
def desk(tmp_path: Path, address: str) -> Desk:
    return Desk(tmp_path, {"SFA_DATABASE": address})


def add_user(desk: Desk, *words: str) -> None:
    subprocess.run(
        [str(COMMAND), "admin", "user", "add", *words, "--password-stdin"],
        env=desk.environment, input=PASSWORD, text=True, encoding="utf-8", check=True, capture_output=True,
    )  # fmt: skip


@pytest.mark.parametrize("how", [END, INTERRUPT])
def test_head_office_starts_serves_and_ends_in_good_order(desk: Desk, how: int) -> None:
    with serving(desk) as served:
        assert served.ask("/readyz") == (200, b"ok\n")
        add_user(desk, "rita")  # while it runs
        rita = served.ask("/v1/login", credentials("rita"))[1]
        assert served.ask("/v1/push", pushed(rita["server"], "Acme"), rita["token"])[0] == 200
        command_line = " ".join(psutil.Process(served.process.pid).cmdline())
        assert served.end(how) == 0
        everything = "".join(served.said)
        assert "Nobody can log in yet. Make the first user: sfa admin user add NAME\n" in everything
        assert "Head office has ended." in everything
        assert not any(secret in everything + command_line for secret in (POSTGRES_PASSWORD, rita["token"], "Acme"))
        assert json.loads(next(line for line in served.said if '"/v1/push"' in line))["status"] == 200
    with serving(desk) as again:
        assert again.ask("/v1/pull", token=rita["token"])[0] == 200
        assert again.end(END) == 0
        assert "Nobody can log in" not in "".join(again.said)


def test_a_killed_head_office_comes_back_with_all_that_it_said(desk: Desk) -> None:
    with serving(desk) as served:
        add_user(desk, "rita")
        rita = served.ask("/v1/login", credentials("rita"))[1]
        body = pushed(rita["server"], "Acme")
        answer = served.ask("/v1/push", body, rita["token"])[1]
        served.process.kill()
        served.process.wait()
    with serving(desk) as again:
        assert again.ask("/v1/push", body, rita["token"])[1]["answers"] == answer["answers"]
        own = rita["streams"][-1]["number"]
        assert again.ask(f"/v1/digest/{own}", token=rita["token"])[1]["records"] == 1


def test_the_line_is_encrypted_where_a_certificate_is_given(tmp_path: Path) -> None:
    with serving(Desk(tmp_path), "--certificate", str(CERTIFICATE), "--key", str(KEY)) as served:
        assert served.url.startswith("https://127.0.0.1:")
        assert served.ask("/healthz") == (200, b"ok\n")
        assert served.end(END) == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--listen", "0.0.0.0:0"], "in the clear"),
        (["--certificate", str(CERTIFICATE)], "go together"),
        (["--listen", "nowhere"], "in the clear"),
        (["--database", "postgresql://a:b@c/d"], "SFA_DATABASE"),
    ],
)
def test_what_cannot_be_served_is_one_line(tmp_path: Path, words: list[str], said: str) -> None:
    done = Desk(tmp_path).run("serve", *words)
    assert (done.returncode, said in done.stderr, done.stderr.count("\n")) == (1, True, 1)

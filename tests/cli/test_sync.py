"""Head office from a rep's shell: come in, sync, decide what met, hand over, leave, be locked out."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sfa.cli import main
from sfa.cli.command import PARTLY
from sfa.server import people
from sfa.sync import secrets
from tests.cli.conftest import Result
from tests.server.offices import PASSWORD
from tests.server.test_connection import Running

pytest_plugins = ("tests.sync.served",)


TYPED = False


class Stdin(io.StringIO):
    """What a person types, or a program gives."""

    def isatty(self) -> bool:
        return TYPED


class Rep:
    """Somebody at a laptop of their own."""

    def __init__(self, book: Path, user: str, run: Callable[..., Result]) -> None:
        self.book, self.user, self._run = book, user, run

    def __call__(self, *words: str, code: int = 0, said: str = "") -> Result:
        done = self._run(*words, "--book", str(self.book), stdin=said)
        assert done.code == code, done
        assert "Traceback" not in done.err
        return done

    def login(self, url: str, *words: str, code: int = 0) -> Result:
        options = ("--user", self.user, "--password-stdin", "--token", "file", *words)
        return self("login", url, *options, code=code, said=f"{PASSWORD}\n")


@pytest.fixture
def rep(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Rep]:
    def run(*words: str, stdin: str) -> Result:
        monkeypatch.setattr(sys, "stdin", Stdin(stdin))
        code = main(words)
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return lambda user: Rep(tmp_path / user / "book.sfa", user, run)


@pytest.fixture
def url(head_office: Running) -> str:
    return head_office.service.url


@pytest.fixture
def rita(rep: Callable[[str], Rep], url: str) -> Rep:
    """Rita in the North, logged in, with a deal that head office has."""
    rita = rep("rita")
    rita.login(url)
    rita("new", "account", "name=Acme")
    rita("new", "deal", "name=Big deal", "account=Acme", "amount=1000", "currency=EUR")
    rita("sync")
    return rita


@pytest.fixture
def max_(rep: Callable[[str], Rep], rita: Rep, url: str) -> Rep:
    """Max, the manager of the North, logged in."""
    max_ = rep("max")
    max_.login(url)
    return max_


def amount(rep: Rep) -> Any:
    return rep("show", "deal", "Big deal", "--json").data["amount"]


def clash(rita: Rep, max_: Rep) -> str:
    """Both change the same; Rita's comes second. The conflict's id."""
    max_("set", "deal", "Big deal", "amount=2000")
    rita("set", "deal", "Big deal", "amount=3000")
    max_("sync")
    synced = rita("sync", "--json", code=PARTLY).data
    assert synced["sent"] == {"conflict": 1}
    (conflict,) = synced["conflicts"]
    return str(conflict)


# Coming in


def test_login_fills_a_book_and_says_where_the_token_is(rep: Callable[[str], Rep], url: str) -> None:
    rita = rep("rita")
    done = rita.login(url, "--device", "Rita's laptop")
    assert f"Rita Rep is logged in at {url}." in done.err
    (token,) = secrets.tokens().iterdir()
    assert str(token) in done.err
    assert token.read_text() not in done.out + done.err
    info = rita("info", "--json").data["head_office"]
    assert (info["server"], info["unsent"], info["problem"], info["token"]) == (url, 0, None, "file")
    assert url in rita("info").out
    assert any(check["name"] == "head office" and check["ok"] for check in rita("doctor", "--json").data)


def test_the_token_can_be_shown_instead_of_kept(
    rep: Callable[[str], Rep], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rita = rep("rita")
    shown = rita.login(url, "--token", "environment").out.strip()
    assert not secrets.tokens().exists()
    assert "not logged in" in rita("sync", code=1).err
    name, _equals, token = shown.partition("=")
    monkeypatch.setenv(name, token)
    rita("sync")


def test_without_keyring_terminal_and_choice_nobody_comes_in(
    rep: Callable[[str], Rep], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "has_keyring", lambda: False)
    rita = rep("rita")
    done = rita("login", url, "--user", "rita", "--password-stdin", code=1, said=f"{PASSWORD}\n")
    assert "--token file" in done.err
    assert not rita.book.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("http://office.example",), "in the clear"),
        (("ftp://office",), "no head office's address"),
        (("http://127.0.0.1:1",), "out of reach"),
        (("https://127.0.0.1:1", "--ca", "nowhere.pem"), "nowhere.pem"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_in_one_line(
    rep: Callable[[str], Rep], words: tuple[str, ...], said: str
) -> None:
    rita = rep("rita")
    done = rita.login(words[0], *words[1:], code=1)
    assert said in done.err
    assert (done.out, done.err.count("\n")) == ("", 1)
    assert not rita.book.exists()


def test_a_wrong_password_is_told_and_nothing_is_made(rep: Callable[[str], Rep], url: str) -> None:
    rita = rep("rita")
    done = rita("login", url, "--user", "rita", "--token", "file", "--password-stdin", code=1, said="battery\n")
    assert done.err == "sfa: Head office: Name or password is wrong.\n"
    done = rita("login", url, "--user", "rita", "--token", "file", "--password-stdin", code=1)
    assert done.err == "sfa: Nobody comes in without a password.\n"
    assert not rita.book.exists()


def test_on_a_terminal_it_asks(rep: Callable[[str], Rep], url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "has_keyring", lambda: False)
    monkeypatch.setattr("getpass.getpass", lambda _question: PASSWORD)
    monkeypatch.setattr("tests.cli.test_sync.TYPED", True)
    rita = rep("rita")
    assert "no place for the token" in rita("login", url, code=1, said="n\nrita\n").err
    done = rita("login", url, said="y\nrita\n")
    assert "Keep it there? [y/N] User: " in done.err
    assert "Rita Rep is logged in" in done.err


# In step


def test_sync_says_what_went_and_what_came(rita: Rep, max_: Rep) -> None:
    assert rita("sync").err == "Nothing was to be done.\n"
    max_("new", "contact", "last_name=Schmidt", "account=Acme")
    assert "Sent: 1 taken over." in max_("sync").err
    assert "Received 1 changed record." in rita("sync").err
    assert rita("sync", "--json").data == {"sent": {}, "received": 0, "conflicts": [], "rejected": []}
    assert rita("list", "contacts", "--json").data[0]["last_name"] == "Schmidt"


def test_without_a_line_it_ends_with_one_and_says_why(rita: Rep, head_office: Running) -> None:
    head_office.end()
    done = rita("sync", code=1)
    assert (done.out, done.err) == ("", "sfa: Head office is out of reach: connection refused.\n")
    assert rita("info", "--json").data["head_office"]["problem"] == "offline: connection refused"
    assert rita("doctor", code=1).out.count("FAILED") == 1


def test_a_book_that_belongs_to_nobody_cannot_sync(rep: Callable[[str], Rep]) -> None:
    alone = rep("alone")
    alone("new", "account", "name=Acme")
    assert "sfa login URL" in alone("sync", code=1).err
    assert alone("info", "--json").data["head_office"] is None
    assert alone("conflicts", "--json").data == alone("rejected", "--json").data == []


def test_logging_out_keeps_the_book(rita: Rep, url: str) -> None:
    rita("new", "account", "name=Other")
    assert "--force" in rita("logout", code=1).err
    rita("logout", "--force")
    assert len(rita("list", "accounts", "--json").data) == 2
    assert url in rita("sync", code=1).err
    assert "taken over" in rita.login(url).err
    assert rita("info", "--json").data["head_office"]["unsent"] == 0


# Conflicts


def test_a_conflict_is_shown_side_by_side_and_theirs_stands(rita: Rep, max_: Rep) -> None:
    conflict = clash(rita, max_)
    assert amount(rita) == 2000
    listed = rita("conflicts").out
    short = listed.splitlines()[1].split()[0]
    assert conflict.startswith(short)
    assert "Big deal" in listed
    shown = rita("conflicts", short).out
    row = next(line for line in shown.splitlines() if line.startswith("Amount"))
    assert row.index("1,000") < row.index("3,000") < row.index("2,000")
    assert "Rita Rep" in shown
    data = rita("conflicts", conflict, "--json").data
    assert (data["base"]["amount"], data["mine"]["amount"], data["theirs"]["amount"]) == (
        1000,
        3000,
        2000,
    )
    assert max_("conflicts", "--json").data == []
    max_("sync")
    assert max_("conflicts", "--json").data == []
    assert len(max_("conflicts", "--all", "--json").data) == 1


@pytest.mark.parametrize(
    ("words", "kept"),
    [(("--take", "mine"), 3000), (("--take", "theirs"), 2000), (("--set", "amount=2500"), 2500)],
)
def test_a_conflict_is_decided_and_the_decision_undone(rita: Rep, max_: Rep, words: tuple[str, ...], kept: str) -> None:
    conflict = clash(rita, max_)
    rita("conflicts", conflict, *words)
    assert (amount(rita), rita("conflicts", "--json").data) == (kept, [])
    rita("undo")
    assert (amount(rita), len(rita("conflicts", "--json").data)) == (2000, 1)
    rita("conflicts", conflict, *words)
    rita("sync")
    max_("sync")
    assert (amount(max_), max_("conflicts", "--all", "--json").data) == (kept, [])
    assert "no open conflict" in rita("conflicts", conflict, "--take", "mine", code=1).err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--take", "mine"), 2),
        (("ID", "--take", "mine", "--set", "amount=1"), 2),
        (("ID", "--set", "amount=much"), 1),
        (("nothing",), 1),
    ],
)
def test_what_cannot_be_decided_is_told(rita: Rep, max_: Rep, words: tuple[str, ...], code: int) -> None:
    conflict = clash(rita, max_)
    done = rita("conflicts", *(conflict if word == "ID" else word for word in words), code=code)
    assert done.err.startswith("sfa: ")
    assert len(rita("conflicts", "--json").data) == 1


# Refused


@pytest.fixture
def refused(rita: Rep, max_: Rep, head_office: Running) -> int:
    """The number of an action of Rita's that head office refused: she may only read there now."""
    people.set_member(head_office.office.database, "rita", "North", "reader")
    rita("set", "deal", "Big deal", "amount=5000")
    done = rita("sync", code=PARTLY)
    assert "Big deal" in done.out
    assert "You may read this, but not change it." in done.out
    assert amount(rita) == 1000
    return int(rita("rejected", "--json").data[0]["action"])


def test_what_was_refused_is_corrected_and_sent_again(rita: Rep, max_: Rep, refused: int, head_office: Running) -> None:
    shown = rita("rejected", str(refused)).out
    assert "5,000" in shown
    assert "forbidden" in shown
    people.set_member(head_office.office.database, "rita", "North", "writer")
    rita("rejected", str(refused), "--set", "amount=6000")
    assert rita("rejected", "--json").data == []
    rita("sync")
    max_("sync")
    assert amount(max_) == amount(rita) == 6000


def test_what_was_refused_is_sent_again_as_it_was_or_forgotten(rita: Rep, refused: int) -> None:
    rita("rejected", str(refused), "--again")
    assert amount(rita) == 5000
    rita("sync", code=PARTLY)
    (again,) = rita("rejected", "--json").data
    rita("rejected", str(again["action"]), "--discard")
    assert (amount(rita), rita("rejected", "--json").data) == (1000, [])
    assert rita("rejected", str(again["action"]), code=1).err
    assert rita("rejected", str(again["action"]), "--again", "--discard", code=2).err


# Handing over, and being locked out


def test_an_account_is_handed_over_with_all_under_it(rita: Rep, max_: Rep, rep: Callable[[str], Rep], url: str) -> None:
    sam = rep("sam")
    sam.login(url)
    max_("sync")
    done = max_("handover", "Acme", "South")
    assert "North" in done.err
    assert "they leave this laptop" in done.err
    max_("sync")
    for other in (rita, sam):
        other("sync")
    assert rita("list", "deals", "--json").data == max_("list", "accounts", "--json").data == []
    assert amount(sam) == 1000
    assert max_("handover", "South", code=2).err
    assert max_("handover", "Acme", "Nowhere", code=1).err
    sam("new", "account", "name=Southern")
    assert "may not give" in sam("handover", "Southern", "North", code=1).err


def test_a_locked_book_opens_with_the_key_of_head_office(rita: Rep, head_office: Running) -> None:
    database = head_office.office.database
    device = rita("info", "--json").data["device"]
    rita("new", "account", "name=Unsent")
    people.revoke_device(database, device)
    assert "locked this laptop out" in rita("sync", code=1).err
    for words in (("list", "accounts"), ("sync",), ("info",)):
        done = rita(*words, code=1)
        assert "was locked by head office" in done.err
        assert done.err.count("\n") == 1
    assert "does not open" in rita("unlock", code=1, said="0" * 64).err
    rita("unlock", said=people.lock_key(database, device) + "\n")
    assert len(rita("list", "accounts", "--json").data) == 2
    assert "taken over" in rita.login(head_office.service.url).err

"""Folders and the configuration file."""

import sys
from pathlib import Path

import pytest

from sfa import settings
from sfa.errors import UserError

PURPOSES = ("data", "config", "cache", "log")


def refused(path: Path, content: str | bytes) -> str:
    """What is said about a configuration file with this content."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(UserError) as caught:
        settings.load(path)
    return str(caught.value)


@pytest.mark.parametrize("environment", [{}, {"XDG_CACHE_HOME": "/x", "XDG_DATA_HOME": "/x", "XDG_STATE_HOME": "rel"}])
def test_folders_are_those_of_the_platform(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SFA_HOME", raising=False)
    for variable, _default, _name in settings.XDG.values():
        monkeypatch.delenv(variable, raising=False)
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    for purpose in PURPOSES:
        assert settings.folder(purpose) == settings.platform_folder(purpose)
        assert "sfa" in Path(settings.folder(purpose)).parts


def test_one_variable_moves_them_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SFA_HOME", str(tmp_path))
    assert [Path(settings.folder(purpose)) for purpose in PURPOSES] == [tmp_path / purpose for purpose in PURPOSES]
    assert settings.config_path() == tmp_path / "config" / "sfa.toml"


def test_the_book_lies_in_the_data_folder_or_where_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SFA_HOME", str(tmp_path))
    monkeypatch.delenv("SFA_BOOK", raising=False)
    assert settings.book_path() == tmp_path / "data" / "book.sfa"
    monkeypatch.setenv("SFA_BOOK", str(tmp_path / "other.sfa"))
    assert settings.book_path() == tmp_path / "other.sfa"


def test_without_a_file_all_is_as_described(tmp_path: Path) -> None:
    found = settings.load(tmp_path / "none.toml")
    assert (found.theme, found.locale, found.currency, found.user, found.keys) == ("", "", "", "", {})
    rows = settings.describe(found)
    assert [row["name"] for row in rows] == [
        "theme",
        "locale",
        "currency",
        "user",
        "year_starts",
        "day_begins",
        "working_hours",
        "reminders",
        "dial",
        "keys",
    ]
    assert all(row["value"] == row["default"] and row["help"] and row["form"] for row in rows)


def test_the_file_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SFA_HOME", str(tmp_path))
    settings.config_path().parent.mkdir()
    settings.config_path().write_text(
        '\ufefftheme = "nord"\nlocale = "de_DE"\ncurrency = "CHF"\nuser = " Rita "\n'
        '[keys]\nundo = ["u", "ctrl+z"]\nboard.left = ["H"]\n"board.right" = ["L"]\n',
        encoding="utf-8",
    )
    found = settings.load()
    assert (found.theme, found.locale, found.currency, found.user) == ("nord", "de_DE", "CHF", "Rita")
    assert found.keys == {"undo": ["u", "ctrl+z"], "board.left": ["H"], "board.right": ["L"]}
    assert [row["value"] for row in settings.describe(found)][:3] == ["nord", "de_DE", "CHF"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('currancy = "EUR"', "there is no setting currancy. Did you mean currency?"),
        (
            "zzz = 1",
            "there is no setting zzz. There are theme, locale, currency, user, year_starts, day_begins, working_hours, "
            "reminders, dial, keys.",
        ),
        ("theme = 1", "theme must be text in quotes, not 1"),
        ("locale = true", "locale must be text in quotes, not True"),
        ('locale = "de DE/x"', "locale must be a locale such as de_DE, not de DE/x"),
        ('currency = "euro"', "currency must be a currency code such as EUR, not euro"),
        ("keys = 1", "keys must be a table of actions"),
        ('[keys]\nundo = "u"', 'keys must give undo a list such as ["u", "ctrl+z"]'),
        ('working_hours = "9-5"', "working_hours must be hours such as 08:00-18:00, not 9-5"),
        ('working_hours = "18:00-08:00"', "working_hours must be hours such as 08:00-18:00"),
        ("year_starts = 13", "year_starts must be a month from 1 to 12, not 13"),
        ("[keys]\nundo = [1]", "keys must give undo a list"),
        ('[keys]\nundo = [""]', "keys must give undo a list"),
        ("[keys.board]\nleft = 3", "keys must give board.left a list"),
        ("theme = ", "is not valid TOML"),
        ('theme = "a"\ntheme = "b"', "is not valid TOML"),
        (b"\xff", "is not valid TOML"),
    ],
)
def test_a_wrong_file_is_refused_by_name_key_and_reason(content: str | bytes, reason: str, tmp_path: Path) -> None:
    said = refused(tmp_path / "sfa.toml", content)
    assert said.startswith(str(tmp_path / "sfa.toml"))
    assert reason in said


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"cannot be read|is not valid"):
        settings.load(tmp_path)


def test_settings_do_not_share_their_defaults(tmp_path: Path) -> None:
    settings.load(tmp_path / "none").keys["undo"] = ["u"]
    assert settings.load(tmp_path / "none").keys == {}


def test_platform_folders_exist_as_names_everywhere() -> None:
    assert all(Path(settings.platform_folder(purpose)).is_absolute() for purpose in PURPOSES), sys.platform

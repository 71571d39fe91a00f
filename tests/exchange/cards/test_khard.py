"""khard, an address book of the terminal, shows our cards as they are meant."""

from __future__ import annotations

import subprocess
from pathlib import Path

from sfa.exchange.cards.importing import run_card_import
from sfa.store.book import Book
from tests.counterparts import program
from tests.exchange.cards.conftest import exported
from tests.sales.makers import make
from tests.shared import real


def khard(folder: Path, *words: str) -> str:
    """What khard says about the cards in ``folder/cards``."""
    settings = folder / "khard.conf"
    settings.write_text(
        f"[addressbooks]\n[[people]]\npath = {folder / 'cards'}\n[general]\neditor = true\nmerge_editor = true\n"
    )
    command = [program("khard"), "-c", str(settings), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8").stdout


def write(book: Book, folder: Path) -> int:
    """A file for each card, as address books keep them."""
    cards = exported(book).split("BEGIN:VCARD\r\n")[1:]
    (folder / "cards").mkdir()
    for place, card in enumerate(cards):
        (folder / "cards" / f"{place}.vcf").write_text("BEGIN:VCARD\r\n" + card, "utf-8", newline="")
    return len(cards)


def test_khard_shows_a_contact(book: Book, tmp_path: Path) -> None:
    account = make(book, "account", name="Größe, Söhne; & Co")
    phones = [{"label": "mobile", "value": "+49 170 1234567"}, {"label": "zentrale", "value": "+49 30 5"}]
    make(
        book, "contact", first_name="Jörg", last_name="Müller", account=account, title="Leiter", phones=phones,
        mailing_street="Allee 1\nHof 2", mailing_city="Berlin", mailing_country="Germany", birthday="1980-05-17",
        description="erste Zeile\nzweite; Zeile, mit Zeichen",
    )  # fmt: skip
    write(book, tmp_path)
    shown = khard(tmp_path, "show", "--format=yaml", "Jörg")
    for part in (
        "Jörg",
        "Müller",
        "Größe, Söhne; & Co",
        "+49 170 1234567",
        "+49 30 5",
        "Berlin",
        "zweite; Zeile, mit Zeichen",
    ):
        assert part in shown
    assert "1980-05-17" in shown or "19800517" in shown


def test_khard_lists_everybody_of_the_real_files(book: Book, tmp_path: Path) -> None:
    run_card_import(book, [path for path in sorted(real("vcard").rglob("*.vcf")) if path.name != "user-cal.vcf"])
    count = write(book, tmp_path)
    listed = khard(tmp_path, "list", "--parsable").splitlines()
    assert len(listed) == count > 50

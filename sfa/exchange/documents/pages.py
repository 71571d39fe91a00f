"""PDF pages of text, tables and charts, in a font that has the letters of Latin, Greek and Cyrillic scripts."""

from __future__ import annotations

import logging
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sfa import locales
from sfa.exchange.documents import needed
from sfa.printable import clean

FONT, SIZE, LINE = "DejaVu", 9, 5  # points, millimetres
FILES = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf"}


class Document:
    """A PDF in the making, on A4 (Letter where that is usual); ``write`` it to a file."""

    def __init__(self, title: str, subtitle: str = "", *, landscape: bool = False) -> None:
        fpdf = needed("fpdf")
        logging.getLogger("fpdf").setLevel(logging.ERROR)  # a sign that the font has not is a box, and no news
        folder = Path(needed("matplotlib").get_data_path()) / "fonts" / "ttf"
        paper = "Letter" if locales.current().territory in ("US", "CA", "MX", "PH") else "A4"
        self.pdf: Any = fpdf.FPDF("L" if landscape else "P", "mm", paper)
        self.pdf.set_title(title)
        self.pdf.set_creator("sfa")
        for style, file in FILES.items():
            self.pdf.add_font(FONT, style, str(folder / file))
        self.pdf.add_page()
        self._say(title, 14, "B", 8)
        if subtitle:
            self.text(subtitle)

    @property
    def width(self) -> float:
        """Millimetres between the margins."""
        return float(self.pdf.epw)

    def _say(self, text: str, size: float, style: str, line: float) -> None:
        self.pdf.set_font(FONT, style, size)
        self.pdf.multi_cell(0, line, clean(text), new_x="LMARGIN", new_y="NEXT", align="L")

    def heading(self, text: str) -> None:
        self.pdf.ln(3)
        self._say(text, 11, "B", 6)

    def text(self, text: str) -> None:
        """A paragraph."""
        self._say(text, SIZE, "", LINE)

    def table(
        self, titles: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool], last: bool = False
    ) -> None:
        """Rows under titles, columns as wide as they need; ``right`` for numbers; with ``last`` the last is bold."""
        self.pdf.ln(2)
        size, widths = self._fitted([titles, *rows])
        for place, row in enumerate([titles, *rows]):
            if self.pdf.will_page_break(LINE):
                self.pdf.add_page()
            self.pdf.set_font(FONT, "B" if place == 0 or (last and place == len(rows)) else "", size)
            for text, width, numeric in zip(row, widths, right, strict=True):
                self.pdf.cell(
                    width,
                    LINE,
                    self._cut(clean(text), width),
                    align="R" if numeric else "L",
                    border="B" if not place else 0,
                )
            self.pdf.ln(LINE)

    def _fitted(self, rows: Sequence[Sequence[str]]) -> tuple[float, list[float]]:
        """A font size and widths in millimetres that fit on the page; the first column gives way."""
        size = float(SIZE)
        while True:
            self.pdf.set_font(FONT, "B", size)
            widths = [
                max(self.pdf.get_string_width(clean(cell)) for cell in column) + 3 for column in zip(*rows, strict=True)
            ]
            rest = sum(widths[1:])
            if sum(widths) <= self.width or size <= 5:
                return size, [max(min(widths[0], self.width - rest), 20), *widths[1:]]
            if self.width - rest >= 40:
                return size, [self.width - rest, *widths[1:]]
            size -= 0.5

    def _cut(self, text: str, width: float) -> str:
        if self.pdf.get_string_width(text) <= width - 1:
            return text
        while text and self.pdf.get_string_width(text + "…") > width - 1:
            text = text[:-1]
        return text + "…"

    def picture(self, png: bytes, rows: int) -> None:
        """A picture as wide as the page, or as small as half of that if a table of ``rows`` then fits under it."""
        from io import BytesIO

        self.pdf.ln(2)
        wide, high = struct.unpack(">2I", png[16:24])  # a PNG begins with its size
        room = self.pdf.h - self.pdf.b_margin - self.pdf.get_y() - 3
        widths = [min(self.width, height * wide / high) for height in (room - LINE * (rows + 1), room)]
        self.pdf.image(BytesIO(png), w=next((width for width in widths if width >= self.width / 2), self.width / 2))

    def write(self, path: Path) -> None:
        """Writes the file. Raises ``OSError``."""
        path.write_bytes(bytes(self.pdf.output()))

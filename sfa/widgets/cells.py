"""Text from records as terminal cells: literal, without control characters, measured as the terminal will draw it."""

from __future__ import annotations

from rich.cells import cell_len, chop_cells, set_cell_size

from sfa.printable import clean

Align = str
"""``left`` or ``right``."""


def fit(text: str, width: int, align: Align = "left") -> str:
    """``text``, cleaned, in exactly ``width`` cells; cut text ends in an ellipsis."""
    if width <= 0:
        return ""
    text = clean(text)
    length = len(text) if text.isascii() else cell_len(text)
    if length > width:
        return set_cell_size(text, width - 1) + "…"
    pad = " " * (width - length)
    return pad + text if align == "right" else text + pad


def wrap(text: str, width: int) -> list[str]:
    """``text``, cleaned, as lines of at most ``width`` cells; its own line breaks are kept."""
    width = max(width, 1)
    return [line for paragraph in text.splitlines() for line in _wrap_paragraph(clean(paragraph), width)]


def _wrap_paragraph(text: str, width: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if cell_len(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        *full, line = chop_cells(word, width) or [""]
        lines.extend(full)
    return [*lines, line]

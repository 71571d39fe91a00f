"""What every subject of the benchmarks gives, and the tables made of it."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple


class Setup(NamedTuple):
    """How much is measured: ``rounds`` of fresh processes, on large books kept in ``books``; ``peers`` from npm too."""

    rounds: int
    books: Path
    peers: bool = False


class Row(NamedTuple):
    """One line of a table: ``ours`` and ``limit`` (in ``unit``), ``ratios`` the medians over paired rounds.

    There is one of each, or one for the median and one for the 95th percentile. ``goals`` says what the ratios may be
    at most, None for anything; empty where there is no goal.
    """

    what: str
    against: str
    unit: str
    ours: tuple[float, ...]
    limit: tuple[float, ...]
    ratios: tuple[float, ...]
    goals: tuple[float | None, ...] = ()

    @property
    def met(self) -> bool:
        return all(goal is None or ratio <= goal for ratio, goal in zip(self.ratios, self.goals, strict=False))


def paired(
    what: str,
    against: str,
    unit: str,
    pairs: Sequence[tuple[Sequence[float], Sequence[float]]],
    goals: tuple[float | None, ...] = (),
) -> Row:
    """A row of rounds, each (ours, limit): the figures are medians, the ratios medians of the rounds' ratios."""
    ours, limit = (tuple(map(statistics.median, zip(*side, strict=True))) for side in zip(*pairs, strict=True))
    ratios = zip(*([mine / unit for mine, unit in zip(*pair, strict=True)] for pair in pairs), strict=True)
    return Row(what, against, unit, ours, limit, tuple(map(statistics.median, ratios)), goals)


def table(subject: str, rows: Iterable[Row]) -> str:
    """The rows under a heading, in Markdown."""
    lines = [
        f"## {subject}",
        "",
        "| what | against | at most | measured | ours | limit | met |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        goals, ratios = _joined(row.goals, "{:g}x"), _joined(row.ratios, "{:.2f}x")
        ours, limit = (f"{' / '.join(map(_digits, figures))} {row.unit}" for figures in (row.ours, row.limit))
        met = "" if not row.goals else "yes" if row.met else "**no**"
        lines.append(f"| {row.what} | {row.against} | {goals} | {ratios} | {ours} | {limit} | {met} |")
    return "\n".join([*lines, ""])


def _joined(figures: Iterable[float | None], form: str) -> str:
    return " / ".join("–" if figure is None else form.format(figure) for figure in figures)


def _digits(figure: float) -> str:
    """Three digits of it, and all before the point."""
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"


def machine() -> str:
    """What it ran on: nothing that tells whose machine it is."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB"


def versions() -> str:
    """Versions of everything that the figures depend on."""
    from sqlcipher3 import dbapi2

    packages = ", ".join(f"{name} {version(name)}" for name in ("textual", "sqlalchemy"))
    return (
        f"Python {platform.python_version()}, {packages}, SQLite {dbapi2.sqlite_version}"
        f" (the limit of imports: {sqlite3.sqlite_version}), sfa {version('sfa-client')}"
    )

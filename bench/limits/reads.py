"""The least that the hot reads can be: SQL written by hand for this one question, on the bare driver."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver

from sfa.store.book import PRAGMAS

PAGE = """SELECT c.id, c.last_name, c.first_name, a.name, c.title, c.mailing_city
    FROM contact AS c LEFT JOIN account AS a ON a.id = c.account
    WHERE c.n IN (SELECT n FROM contact WHERE deleted_at IS NULL ORDER BY sort_key, n LIMIT ? OFFSET ?)
    ORDER BY c.sort_key, c.n"""
COUNT = "SELECT count(*) FROM contact WHERE deleted_at IS NULL"
ACTIVITIES = """SELECT x.n, x.id, x.start, x.type, x.subject, x.body, u.name, c.first_name, c.last_name, o.name, r.name
    FROM activity AS x LEFT JOIN user AS u ON u.id = x.owner LEFT JOIN contact AS c ON c.id = x.contact
    LEFT JOIN opportunity AS o ON o.id = x.opportunity LEFT JOIN call_outcome AS r ON r.id = x.outcome
    WHERE x.deleted_at IS NULL AND x.account = ? ORDER BY x.start DESC, x.n DESC LIMIT ?"""
CHANGES = """SELECT e.n, e.op, e.fields, a.n, a.at, a.title, u.name
    FROM entry AS e JOIN action AS a ON a.n = e.action LEFT JOIN user AS u ON u.id = a.user
    WHERE e.record = ? ORDER BY e.n DESC LIMIT ?"""
SUMS = """SELECT stage, currency, count(*), sum(amount), sum(amount * probability)
    FROM opportunity WHERE deleted_at IS NULL AND pipeline = ? GROUP BY stage, currency"""

Rows = list[tuple[Any, ...]]


class Hand:
    """The reads on a connection of their own, set up as the book's are."""

    def __init__(self, path: Path) -> None:
        self.connection = driver.connect(str(path), isolation_level=None, cached_statements=256)
        for pragma in PRAGMAS:
            self.connection.execute(pragma)

    def _rows(self, sql: str, *parameters: object) -> Rows:
        return self.connection.execute(sql, parameters).fetchall()  # type: ignore[no-any-return]

    def page(self, start: int, size: int) -> Rows:
        return self._rows(PAGE, size, start)

    def count(self) -> int:
        return int(self._rows(COUNT)[0][0])

    def timeline(self, account: str, limit: int) -> Rows:
        return self._rows(ACTIVITIES, account, limit) + self._rows(CHANGES, account, limit)

    def sums(self, pipeline: str) -> Rows:
        return self._rows(SUMS, pipeline)

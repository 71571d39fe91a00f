"""One record under another id: what two books have each for itself, until they meet, becomes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfa.models import KINDS, Link, Links

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

    from sfa.store.book import Book


def rename(book: Book, connection: Connection, kind: str, old: str, new: str) -> None:
    """Gives the record ``old`` the id ``new`` everywhere: in its row, in all that links to it, and in the journal.

    Only for records that no other book has seen under the old id; within the caller's transaction.
    """
    connection.execute(f'UPDATE "{kind}" SET id = ? WHERE id = ?', (new, old))
    for other in KINDS:
        for name, field in book.fields(other).items():
            if isinstance(field, (Link, Links)) and field.to == kind:
                column = "custom" if field.custom else name
                connection.execute(
                    f'UPDATE "{other}" SET "{column}" = replace("{column}", ?, ?) WHERE "{column}" LIKE ?',
                    (old, new, f"%{old}%"),
                )
    connection.execute("UPDATE entry SET record = ? WHERE record = ?", (new, old))
    quoted = (f'"{old}"', f'"{new}"', f'%"{old}"%')
    connection.execute("UPDATE entry SET fields = replace(fields, ?, ?) WHERE fields LIKE ?", quoted)
    if kind == "user":
        connection.execute("UPDATE action SET user = ? WHERE user = ?", (new, old))
        connection.execute("UPDATE meta SET value = ? WHERE key = 'user' AND value = ?", (new, old))

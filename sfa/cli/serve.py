"""The command that runs head office."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sfa.cli.command import Answer, Argument, Command, files
from sfa.cli.headoffice import DATABASE, address, beside, opened, require, shown
from sfa.cli.output import narrate
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.session import Session


def serve(session: Session) -> Answer:
    require("argon2", "httptools", "msgspec", "prometheus_client", "starlette", "uvicorn")
    from sfa.server import people, service
    from sfa.server.office import Office

    arguments, place = session.arguments, address(session)
    certificate, key = (Path(name).expanduser() if name else None for name in (arguments.certificate, arguments.key))
    how = service.prepare(arguments.listen or "127.0.0.1", certificate, key, behind_proxy=arguments.behind_proxy)
    with how.socket, opened(session) as database:
        office = Office(database, beside(place))
        narrate(_("Head office listens on {url} (database: {place}).").format(url=how.url, place=shown(place)))
        if not people.users(database):
            narrate(
                _("Nobody can log in yet. Make the first user: {command}").format(command=_first(arguments.database))
            )
        service.serve(office, how)
    return Answer({"url": how.url, "database": shown(place)}, (), _("Head office has ended."))


def _first(database: str | None) -> str:
    import shlex

    return "sfa admin user add NAME" + (f" --database {shlex.quote(database)}" if database else "")


COMMANDS = (
    Command(
        "serve",
        N_("Run head office, with which laptops reconcile"),
        serve,
        (
            DATABASE,
            Argument("--listen", N_("Where to listen, by default 127.0.0.1:8470"), "HOST:PORT"),
            Argument("--certificate", N_("A certificate (PEM) to speak TLS with"), "FILE", values=files),
            Argument("--key", N_("The certificate's key (PEM)"), "FILE", values=files),
            Argument("--behind-proxy", N_("A proxy speaks TLS and says in X-Forwarded-For who asks")),
        ),
        (
            "sfa serve",
            "sfa serve --listen 0.0.0.0:8470 --certificate office.pem --key office.key",
            "sfa serve --database postgresql://sfa@db/sfa --behind-proxy",
        ),
        N_(
            "Needs pip install 'sfa-client[server]'. A password for PostgreSQL stands in ~/.pgpass, in PGPASSWORD or in"
            " the URL in SFA_DATABASE. The log goes to stderr, a JSON object a line, and holds nothing of customers."
            " Ends after the requests in hand when it is interrupted or told to (SIGTERM)."
        ),
        makes_book=True,
    ),
)

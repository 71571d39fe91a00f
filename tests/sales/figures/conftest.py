"""Books with the real data that the figures are known of."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sfa import locales
from sfa.exchange.importing import run_import
from sfa.exchange.profile import ImportPlan
from sfa.sales.figures import engine, period
from sfa.sales.figures.catalogue import find
from sfa.sales.figures.report import Ask, Figures
from sfa.store.book import Book
from tests.shared import real

NOW = "2026-11-27T09:00:00Z"
Read = Callable[..., Figures]
DISCOUNTS = {
    "0.01": 1,
    "0.02": 2,
    "0.03": 3,
    "0.04": 4,
    "0.05": 5,
    "0.06": 6,
    "0.1": 10,
    "0.15": 15,
    "0.2": 20,
    "0.25": 25,
}
plan = ImportPlan.of_options


def figures(book: Book, name: str, by: str = "", when: str = "", where: tuple[str, ...] = ()) -> Figures:
    """What the shipped report ``name`` says."""
    return engine.read(book, find(name), Ask(by, period.read(when), where))


def column(found: Figures, name: str) -> dict[str, object]:
    """A column's values by what their rows are called; the total's is ``Total``."""
    place = [column.name for column in found.columns].index(name)
    values = {row.label: row.values[place] for row in found.rows}
    return values | ({"Total": found.total[place]} if found.total else {})


@pytest.fixture(scope="session")
def data() -> Path:
    return real("sales").parent


@pytest.fixture(scope="module")
def in_time() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"SFA_NOW": NOW, "SFA_TZ": "Europe/Berlin", "SFA_LANGUAGE": "en"}.items():
            patch.setenv(name, value)
        locales.use("en_US")
        yield


@pytest.fixture(scope="module")
def maven(data: Path, in_time: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """A CRM's whole export: 8,800 deals, 6,711 of them closed. Only for reading."""
    folder, by_name = data / "sales" / "maven_crm", ImportPlan(match="name")
    files = {"sales_teams": "user", "products": "product", "accounts": "account", "sales_pipeline": "opportunity"}
    deals = plan(values=["product:GTXPro=GTX Pro", "stage:Engaging=Qualification"], match="external_id")
    plans = {"user": by_name, "product": by_name, "account": by_name, "opportunity": deals}
    book = Book.create(tmp_path_factory.mktemp("maven") / "book.sfa", "Rita Rep")
    run_import(book, [(folder / f"{name}.csv", kind) for name, kind in files.items()], plans)
    yield book
    book.close()


def table(source: Path, query: str, target: Path) -> Path:
    """A CSV file of what ``query`` finds in a database, as its owner would export it."""
    with closing(sqlite3.connect(source)) as connection, target.open("w", newline="", encoding="utf-8") as file:
        rows = connection.execute(query)
        writer = csv.writer(file)
        writer.writerow([entry[0] for entry in rows.description])
        writer.writerows(rows)
    return target


@pytest.fixture(scope="module")
def northwind(data: Path, in_time: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """A trader's customers, products, orders and lines. Only for reading."""
    home, source = tmp_path_factory.mktemp("northwind"), data / "sales" / "northwind"
    database = source / "northwind.sqlite"
    customers = table(database, "SELECT customer_id, company_name, country FROM customers", home / "customers.csv")
    products = table(database, "SELECT product_id, product_name FROM products", home / "products.csv")
    orders = table(database, "SELECT order_id, customer_id, order_date FROM orders", home / "orders.csv")
    files = [
        (customers, "account"), (products, "product"), (orders, "sales_order"),
        (source / "csv" / "order-details.csv", "order_line"),
    ]  # fmt: skip
    plans = {
        "account": plan(["customer_id=external_id"]),
        "product": plan(["product_id=external_id"]),
        "sales_order": plan(["order_id=number"]),
        "order_line": plan(values=[f"discount:{part}={percent}" for part, percent in DISCOUNTS.items()]),
    }
    book = Book.create(home / "book.sfa", "Rita Rep")
    run_import(book, files, plans)
    yield book
    book.close()


@pytest.fixture(scope="module")
def chinook(data: Path, in_time: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """A shop's invoices and their lines. Only for reading."""
    home, database = tmp_path_factory.mktemp("chinook"), data / "sales" / "chinook" / "Chinook_Sqlite.sqlite"
    customers = "SELECT CustomerId, FirstName || ' ' || LastName AS name, Country FROM Customer"
    queries = {
        "account": customers,
        "product": "SELECT TrackId, Name || ' ' || TrackId AS name FROM Track",
        "sales_order": "SELECT InvoiceId, CustomerId, InvoiceDate FROM Invoice",
        "order_line": "SELECT InvoiceId, TrackId, UnitPrice, Quantity FROM InvoiceLine",
    }
    files = [(table(database, query, home / f"{kind}.csv"), kind) for kind, query in queries.items()]
    plans = {
        "account": plan(["CustomerId=external_id"]),
        "product": plan(["TrackId=external_id"]),
        "sales_order": plan(["InvoiceId=number"]),
        "order_line": plan(["InvoiceId=sales_order", "TrackId=product"]),
    }
    book = Book.create(home / "book.sfa", "Rita Rep")
    run_import(book, files, plans)
    yield book
    book.close()


@pytest.fixture(scope="module")
def orders(data: Path, in_time: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """The 4,906 orders of 995 customers that the segments are known of. Only for reading."""
    home, source = tmp_path_factory.mktemp("rfm"), data / "sales" / "rfm_orders" / "rfm_data_orders.csv"
    with source.open(encoding="utf-8") as given, (home / "orders.csv").open("w", newline="", encoding="utf-8") as taken:
        writer = csv.writer(taken)
        writer.writerow(["Number", "customer_id", "order_date", "revenue"])
        for number, row in enumerate(csv.DictReader(given), 1):
            writer.writerow([number, row["customer_id"], row["order_date"], row["revenue"]])
    book = Book.create(home / "book.sfa", "Rita Rep")
    run_import(book, [(home / "orders.csv", "sales_order")], {"sales_order": plan(unresolved=["account=create"])})
    yield book
    book.close()

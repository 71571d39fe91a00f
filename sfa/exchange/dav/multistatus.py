"""The XML of WebDAV: what is asked, and what is answered, read without believing it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

DAV, CALDAV, CARDDAV = "DAV:", "urn:ietf:params:xml:ns:caldav", "urn:ietf:params:xml:ns:carddav"
CALENDARSERVER, APPLE = "http://calendarserver.org/ns/", "http://apple.com/ns/ical/"
SPACES = {"d": DAV, "c": CALDAV, "a": CARDDAV, "s": CALENDARSERVER, "i": APPLE}
DEEPEST = 100
"""Elements within each other; a reply needs about ten."""


class Unreadable(ValueError):
    """What was answered is no XML, or such as nobody needs who means well."""


class Answered(NamedTuple):
    """What a reply says of one thing. ``status`` is its own, or 200; ``props`` are those that it has."""

    href: str
    status: int
    props: dict[str, Element]

    def text(self, name: str) -> str:
        """What the property ``name`` (as in ``d:getetag``) holds; empty where it has none."""
        found = self.props.get(tag(name))
        return (found.text or "").strip() if found is not None else ""

    def href_in(self, name: str) -> str:
        """The address that the property ``name`` holds."""
        found = self.props.get(tag(name))
        inner = found.find(tag("d:href")) if found is not None else None
        return (inner.text or "").strip() if inner is not None else ""


class _Builder(ET.TreeBuilder):
    """Builds what has no document type: with one, a few lines could unfold into gigabytes, or name files of ours."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def doctype(self, *_names: str | None) -> None:
        raise Unreadable("a document type")

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Unreadable("elements without end")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def tag(name: str) -> str:
    """``d:href`` as ElementTree spells it."""
    prefix, _colon, local = name.partition(":")
    return f"{{{SPACES[prefix]}}}{local}"


def parse(body: bytes) -> Element:
    """The root of a document. Raises ``Unreadable``."""
    parser = ET.XMLParser(target=_Builder())
    try:
        parser.feed(body)
        root: Element = parser.close()
    except (ET.ParseError, ValueError, LookupError) as error:
        raise Unreadable(str(error)) from None
    return root


def read(body: bytes) -> tuple[list[Answered], str]:
    """The answers in a multistatus, and its sync token, if it has one. Raises ``Unreadable``."""
    root = parse(body)
    if root.tag != tag("d:multistatus"):
        raise Unreadable("no multistatus")
    found = [_answered(element) for element in root.iterfind(tag("d:response"))]
    return found, (root.findtext(tag("d:sync-token")) or "").strip()


def _answered(element: Element) -> Answered:
    href = (element.findtext(tag("d:href")) or "").strip()
    status = _status(element.findtext(tag("d:status")) or "")
    props: dict[str, Element] = {}
    for group in element.iterfind(tag("d:propstat")):
        if _status(group.findtext(tag("d:status")) or "") == 200:
            props.update({found.tag: found for held in group.iterfind(tag("d:prop")) for found in held})
    return Answered(href, status, props)


def _status(line: str) -> int:
    """The number in ``HTTP/1.1 404 Not Found``; 200 where there is none."""
    parts = line.split()
    return int(parts[1]) if len(parts) > 1 and parts[1].isdecimal() else 200


def names_error(body: bytes, name: str) -> bool:
    """Whether an error's body names the condition ``name`` (as in ``d:valid-sync-token``)."""
    try:
        root = parse(body)
    except Unreadable:
        return False
    return root.tag == tag("d:error") and root.find(tag(name)) is not None


# What is asked

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_DECLARED = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in SPACES.items())


def propfind(names: Iterable[str]) -> bytes:
    """Asks for the properties ``names``."""
    return f"{_HEAD}<d:propfind {_DECLARED}>{_prop(names)}</d:propfind>".encode()


def sync_collection(token: str) -> bytes:
    """Asks for what has changed since ``token``; for all where it is empty."""
    inner = f"<d:sync-token>{escape(token)}</d:sync-token><d:sync-level>1</d:sync-level>{_prop(['d:getetag'])}"
    return f"{_HEAD}<d:sync-collection {_DECLARED}>{inner}</d:sync-collection>".encode()


def multiget(report: str, data: str, hrefs: Sequence[str]) -> bytes:
    """Asks for several things whole: ``report`` like ``c:calendar-multiget``, ``data`` the property that holds them."""
    listed = "".join(f"<d:href>{escape(href)}</d:href>" for href in hrefs)
    return f"{_HEAD}<{report} {_DECLARED}>{_prop(['d:getetag', data])}{listed}</{report}>".encode()


def _prop(names: Iterable[str]) -> str:
    return f"<d:prop>{''.join(f'<{name}/>' for name in names)}</d:prop>"

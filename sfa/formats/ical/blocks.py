"""The text of a calendar as blocks within blocks, however its lines are broken."""

from __future__ import annotations

from collections.abc import Iterator

from sfa.formats.contentlines import Line, parse, unfold

LARGEST = 900_000  # characters of an entry that are kept; what is longer holds files


class Block:
    """What stands between BEGIN and END: lines, as text and taken apart, and blocks within."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.whole: list[str] = []
        self.lines: dict[str, list[Line]] = {}
        self.blocks: list[Block] = []

    def add(self, whole: str, line: Line) -> None:
        self.whole.append(whole)
        self.lines.setdefault(line.name, []).append(line)

    def line(self, name: str) -> Line | None:
        """The first property of that name."""
        found = self.lines.get(name)
        return found[0] if found else None

    def value(self, name: str) -> str:
        """Its value, empty where there is none."""
        found = self.lines.get(name)
        return found[0].value.strip() if found else ""

    def all(self, name: str) -> list[Line]:
        return self.lines.get(name, [])

    def within(self, *names: str) -> Iterator[Block]:
        """The blocks of these names, at any depth, in order."""
        for block in self.blocks:
            if block.name in names:
                yield block
            yield from block.within(*names)

    def written(self) -> Iterator[str]:
        """The block as whole lines; line breaks that do not belong there are escaped."""
        yield f"BEGIN:{self.name}"
        yield from (whole.replace("\n", "\\n") for whole in self.whole)
        for block in self.blocks:
            yield from block.written()
        yield f"END:{self.name}"

    @property
    def text(self) -> str:
        """The block as lines that are not folded, without the largest where that would be too much."""
        lines = list(self.written())
        while sum(map(len, lines)) + len(lines) > LARGEST:
            lines.remove(max(lines, key=len))
        return "\n".join(lines)


def blocks(text: str) -> Block:
    """All blocks of a text, in one without a name. What has no end ends with what it is in."""
    stack = [Block("")]
    for whole in unfold(text):
        try:
            line = parse(whole)
        except ValueError:
            continue
        name = line.value.strip().upper()
        if line.name == "BEGIN":
            block = Block(name)
            stack[-1].blocks.append(block)
            stack.append(block)
        elif line.name != "END":
            stack[-1].add(whole, line)
        elif name in [block.name for block in stack[1:]]:
            while stack.pop().name != name:
                pass
    return stack[0]

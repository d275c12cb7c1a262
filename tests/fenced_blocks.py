"""The fenced blocks of a page in Markdown, and whether a command's output is what a block shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```(\w*)[ ]*\n(.*?)^```[ ]*$", re.DOTALL | re.MULTILINE)
_ANYTHING = "..."
"""A line of a block that stands for any number of lines."""


@dataclass(frozen=True)
class Block:
    """A fenced block: the tag behind its fence, its text, and the line where the text begins."""

    tag: str
    text: str
    line: int


@dataclass(frozen=True)
class Step:
    """One command of a ``console`` block and what it prints; ``output`` is empty where the block does not show it."""

    command: str
    output: tuple[str, ...]


def read_blocks(path: Path) -> list[Block]:
    """The fenced blocks of a page.

    Raises:
        ValueError: if a fence is not closed.
    """
    text = path.read_text(encoding="utf-8")
    blocks = [Block(found[1], found[2], text.count("\n", 0, found.start(2)) + 1) for found in _FENCE.finditer(text)]
    if len(re.findall(r"^```", text, re.MULTILINE)) != 2 * len(blocks):
        raise ValueError(f"{path.name}: a fence is not closed")
    return blocks


def read_steps(block: Block) -> list[Step]:
    r"""The commands of a ``console`` block: lines that begin with ``$ ``, each with the lines below it.

    Raises:
        ValueError: if something stands before the first command.

    >>> read_steps(Block("console", "$ echo 1\n1\n$ true\n", 1))
    [Step(command='echo 1', output=('1',)), Step(command='true', output=())]
    """
    before, *parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
    if before.strip():
        raise ValueError(f"line {block.line}: a console block begins with `$ ` and a command")
    steps = []
    for part in parts:
        command, *output = part.rstrip("\n").split("\n")
        steps.append(Step(command, tuple(line.rstrip() for line in output)))
    return steps


def is_shown(output: str, expected: tuple[str, ...]) -> bool:
    r"""Whether an output is what a block shows; a line ``...`` there stands for any number of lines.

    >>> is_shown("a\nb\nc\n", ("a", "...", "c")), is_shown("a\nb\n", ("a",)), is_shown("b\n", ("...",))
    (True, False, True)
    """
    lines = "".join(f"{line.rstrip()}\n" for line in output.splitlines())
    pattern = "".join(r"(?:.*\n)*" if line == _ANYTHING else re.escape(line) + r"\n" for line in expected)
    return re.fullmatch(pattern, lines) is not None

"""The VGA text screen as a test sees it: characters and attributes of 80x25 cells."""

from __future__ import annotations

import re
from dataclasses import dataclass

COLUMNS = 80
ROWS = 25
TEXT_BASE = 0xB8000
CELLS = COLUMNS * ROWS

_LOW_GLYPHS = " ☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼"


def glyph(code: int) -> str:
    """What code page 437, the character set of the VGA ROM, shows for a byte."""
    return _LOW_GLYPHS[code] if code < 32 else bytes([code]).decode("cp437")


@dataclass(frozen=True)
class Screen:
    """cells: COLUMNS x ROWS words, low byte the character, high byte the attribute."""

    cells: tuple[int, ...]

    @property
    def rows(self) -> list[str]:
        characters = "".join(glyph(cell & 0xFF) for cell in self.cells)
        return [characters[start:start + COLUMNS] for start in range(0, CELLS, COLUMNS)]

    @property
    def text(self) -> str:
        """The rows without trailing blanks, joined by newlines."""
        return "\n".join(row.rstrip() for row in self.rows)

    def attribute(self, row: int, column: int) -> int:
        return self.cells[row * COLUMNS + column] >> 8

    def foreground(self, row: int, column: int) -> int:
        return self.attribute(row, column) & 0x0F

    def background(self, row: int, column: int) -> int:
        return self.attribute(row, column) >> 4 & 0x07

    def find(self, text: str) -> tuple[int, int] | None:
        """Row and column where a text begins, None if it is not on the screen."""
        for row, line in enumerate(self.rows):
            column = line.find(text)
            if column >= 0:
                return row, column
        return None


def parse_memory_dump(dump: str) -> Screen:
    """Screen from what the monitors of QEMU and Bochs print for `xp /2000hx 0xb8000`."""
    cells: list[int] = []
    for line in dump.splitlines():
        _, colon, words = line.rpartition(":")
        if colon:
            cells += [int(word, 16) for word in re.findall(r"\b0x([0-9a-f]{4})\b", words)]
    if len(cells) != CELLS:
        raise ValueError(f"memory dump has {len(cells)} cells of text, expected {CELLS}")
    return Screen(tuple(cells))

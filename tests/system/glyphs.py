"""Text as pixels: what the text screen must look like, and what a screen in graphics mode says."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from adapters import Adapter
from bochs import SHARE
from picture import Picture
from screen import COLUMNS, ROWS, Screen, glyph

HEIGHT = 16
WIDTH = 8
CELL_WIDTH = 9                              # on the text screen: a column more, blank but for line drawing characters
LINE_DRAWING = range(0xC0, 0xE0)

_A = {16: bytes.fromhex("000010386cc6c6fec6c6c6c600000000"), 8: bytes.fromhex("3078ccccfccccc00")}
_BIOS = SHARE / "VGABIOS-lgpl-latest"

# Red, green, blue of the 16 colours as the VGA BIOS sets them, 6 bits each: IBM VGA, default palette of mode 3.
_COLOURS = [(0, 0, 0), (0, 0, 42), (0, 42, 0), (0, 42, 42), (42, 0, 0), (42, 0, 42), (42, 21, 0), (42, 42, 42),
            (21, 21, 21), (21, 21, 63), (21, 63, 21), (21, 63, 63), (63, 21, 21), (63, 21, 63), (63, 63, 21), (63, 63, 63)]


@cache
def font(height: int = HEIGHT, path: Path = _BIOS) -> list[bytes]:
    """The VGA's 256 characters of 8 x 16 or 8 x 8, a byte a line, as they lie in a video BIOS: all of them have the same."""
    image = path.read_bytes()
    start = image.find(_A[height]) - ord("A") * height
    if start < 0:
        raise ValueError(f"{path} has no VGA font")
    return [image[at:at + height] for at in range(start, start + 256 * height, height)]


def text_picture(adapter: Adapter, screen: Screen, is_white: bool = False) -> Picture:
    """What a text screen with these characters looks like, but for its cursor. is_white: what usually is light grey is white."""
    colours = [bytes(adapter.dac(value) for value in colour) for colour in _COLOURS]
    if is_white:
        colours[7] = b"\xff" * 3
    lines: list[bytes] = []
    for row in range(ROWS):
        cells = screen.cells[row * COLUMNS:(row + 1) * COLUMNS]
        lines += [b"".join(_cell_line(cell, y, colours) for cell in cells) for y in range(HEIGHT)]
    return Picture(COLUMNS * CELL_WIDTH, ROWS * HEIGHT, b"".join(lines))


def _cell_line(cell: int, y: int, colours: list[bytes]) -> bytes:
    code, attribute = cell & 0xFF, cell >> 8
    bits = font()[code][y] << 1
    if code in LINE_DRAWING:
        bits |= bits >> 1 & 1
    ink, paper = colours[attribute & 15], colours[attribute >> 4 & 7]
    return b"".join(ink if bits >> 8 - x & 1 else paper for x in range(CELL_WIDTH))


def wrong_cells(seen: Picture, expected: Picture) -> list[tuple[int, int]]:
    """Row and column of each character of a text screen that does not look as it should."""
    if (seen.width, seen.height) != (expected.width, expected.height):
        raise ValueError(f"the screen is {seen.width} x {seen.height}: no text")
    wrong: set[tuple[int, int]] = set()
    for y in range(seen.height):
        a, b = seen.line(y), expected.line(y)
        if a != b:
            size = CELL_WIDTH * 3
            wrong |= {(y // HEIGHT, column) for column in range(COLUMNS)
                      if a[column * size:(column + 1) * size] != b[column * size:(column + 1) * size]}
    return sorted(wrong)


@cache
def _characters(height: int) -> dict[bytes, str]:
    """A character for each shape; of several that look alike the one of ASCII."""
    found: dict[bytes, str] = {}
    for code in [*range(32, 127), *range(256)]:
        found.setdefault(font(height)[code], glyph(code))
    return found


def recognise(picture: Picture, height: int = HEIGHT, unknown: str = "\ufffd") -> list[str]:
    """The rows of text on a screen in graphics mode, characters 8 pixels wide from the upper left corner on.

    In a cell, what is of the colour of its upper left pixel is paper, or else ink.
    """
    rows: list[str] = []
    for top in range(0, picture.height - height + 1, height):
        lines = [picture.line(top + y) for y in range(height)]
        cells = []
        for left in range(0, picture.width - WIDTH + 1, WIDTH):
            shape = bytes(_bits(line[left * 3:(left + WIDTH) * 3], lines[0][left * 3:left * 3 + 3]) for line in lines)
            cells.append(_characters(height).get(shape) or _characters(height).get(bytes(~bits & 0xFF for bits in shape), unknown))
        rows.append("".join(cells).rstrip())
    return rows


def _bits(pixels: bytes, paper: bytes) -> int:
    value = 0
    for at in range(0, len(pixels), 3):
        value = value << 1 | (pixels[at:at + 3] != paper)
    return value

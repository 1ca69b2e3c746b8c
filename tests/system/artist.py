"""What the guest's artist draws (tests/guest/artist), and what must be seen of it on each adapter."""

from __future__ import annotations

import re
from dataclasses import dataclass

from adapters import Adapter
from machine import Machine
from picture import Picture

PALETTE = 0x02                              # flags of a mode, as in ternion/display.h
DIRECT = 0x01
FALLBACK = 0x08
BANKED = 0x10
START = 0x20

STEP_SECONDS = 60.0

_MODE = re.compile(r"(MODE|SET) 0x([0-9A-F]+) (\d+)x(\d+)x(\d+) bytes=(\d+) flags=0x([0-9A-F]+) pitch=(\d+) lines=(\d+) "
                   r"rgb=(\d+):(\d+),(\d+):(\d+),(\d+):(\d+)")


@dataclass(frozen=True)
class Mode:
    number: int
    width: int
    height: int
    bits: int
    bytes: int
    flags: int
    pitch: int
    lines: int
    channels: tuple[tuple[int, int], ...]   # (bits, shift) of red, green, blue

    def __str__(self) -> str:
        return f"mode {self.number:#x}, {self.width}x{self.height}x{self.bits}"


def modes_told(text: str, what: str) -> list[Mode]:
    """The modes in lines of the artist's: all of them (MODE), or those that it has set (SET)."""
    found: list[Mode] = []
    for match in _MODE.finditer(text):
        if match[1] == what:
            numbers = [int(group) for group in match.groups()[2:6]] + [int(match[7], 16)]
            rgb = [int(group) for group in match.groups()[9:]]
            found.append(Mode(int(match[2], 16), *numbers, int(match[8]), int(match[9]), tuple(zip(rgb[::2], rgb[1::2]))))
    return found


# ---- The pattern -------------------------------------------------------------------------------------

PERIOD = 256                                # columns that are so far apart are alike


def _sequence(step: int, start: int) -> bytes:
    """(start + step * i) modulo 256, for a period."""
    return bytes((start + step * i) & 0xFF for i in range(PERIOD))


def pattern_line(y: int, x: int, seed: int) -> tuple[bytes, bytes, bytes]:
    """Red, green and blue of a period of a line's pixels from x on, 8 bits each, in a mode without a palette."""
    green_key = (y ^ seed) & 0xFF
    green = bytes(i & 0xFF ^ green_key for i in range(x, x + PERIOD))
    return _sequence(7, 7 * x + 3 * y + seed), green, _sequence(1, x + 5 * y + 11 * seed)


def pattern_indices(mode: Mode, y: int, x: int, seed: int) -> bytes:
    line = _sequence(1, x + 5 * y + y // 37 + seed)
    mask = (1 << mode.bits) - 1
    return line if mask == 0xFF else bytes(index & mask for index in line)


def palette_colour(index: int, seed: int) -> tuple[int, int, int]:
    return (5 * index + seed) & 0xFF, (index ^ 0x5A ^ seed) & 0xFF, (255 - 3 * index) & 0xFF


def seen_palette(adapter: Adapter, mode: Mode, seeds: list[int]) -> list[bytes]:
    """The three tables of a palette whose colours have these seeds: what is seen of each."""
    colours = [palette_colour(index, seed) for index, seed in enumerate(seeds)]
    is_wide = adapter.wide_dac and mode.bits == 8 and not mode.flags & FALLBACK
    tables = [bytes(colour[channel] if is_wide else adapter.dac(colour[channel] >> 2) for colour in colours) for channel in range(3)]
    return [table.ljust(256, b"\0") for table in tables]


def _expansion(adapter: Adapter, mode: Mode, bits: int) -> bytes:
    """What is seen of each value of a colour of which a mode has so many bits."""
    expand = adapter.expand.get(mode.bits, lambda value, _: value)
    return bytes(expand(value >> 8 - bits, bits) for value in range(256))


def _row(mode: Mode, tables: list[bytes], y: int, x: int, width: int, seed: int) -> bytes:
    channels = (pattern_indices(mode, y, x, seed),) * 3 if mode.flags & PALETTE else pattern_line(y, x, seed)
    period = bytearray(PERIOD * 3)
    for channel in range(3):
        period[channel::3] = channels[channel].translate(tables[channel])
    return (bytes(period) * (width // PERIOD + 1))[:width * 3]


def expected_lines(adapter: Adapter, mode: Mode, seed: int, palette: list[bytes] | None = None, x: int = 0, y: int = 0,
                   width: int | None = None, height: int | None = None) -> list[bytes]:
    """What is seen of a rectangle, line by line. palette: of seen_palette; that of `every` if not said."""
    width, height = width or mode.width, height or mode.height
    if mode.flags & PALETTE:
        tables = palette or seen_palette(adapter, mode, [7] * (1 << mode.bits))
    else:
        tables = [_expansion(adapter, mode, bits) for bits, _ in mode.channels]
    made: dict[int, bytes] = {}
    lines: list[bytes] = []
    for row in range(y, y + height):
        alike = (5 * row + row // 37 if mode.flags & PALETTE else row) & 0xFF       # rows with the same are
        if alike not in made:
            made[alike] = _row(mode, tables, row, x, width, seed)
        lines.append(made[alike])
    return lines


def expected_picture(adapter: Adapter, mode: Mode, seed: int, palette: list[bytes] | None = None) -> Picture:
    return Picture(mode.width, mode.height, b"".join(expected_lines(adapter, mode, seed, palette)))


def with_rectangle(picture: Picture, lines: list[bytes], x: int, y: int) -> Picture:
    """A picture with these lines in it, the first at that place."""
    pixels = bytearray(picture.pixels)
    for row, line in enumerate(lines):
        at = ((y + row) * picture.width + x) * 3
        pixels[at:at + len(line)] = line
    return Picture(picture.width, picture.height, bytes(pixels))


# ---- Steps -------------------------------------------------------------------------------------------

class Artist:
    """A artist in a machine that was started, whose steps the test goes along with."""

    def __init__(self, machine: Machine, name: str = r"a\artist") -> None:
        self.machine = machine
        self.name = name
        self._seen = 0
        self.text = ""                      # what the log had since the step before

    def step(self, word: str, seconds: float = STEP_SECONDS) -> str:
        """Waits until it is at this step; the log since the step before."""
        return self.until(f"{self.name}: step {word}\n", seconds)

    def until(self, text: str, seconds: float = STEP_SECONDS) -> str:
        found = self.machine.wait_for(re.compile(re.escape(text)), seconds, after=self._seen)
        self.text = self.machine.serial_text()[self._seen:found.end()]
        self._seen = found.end()
        return self.text

    def go_on(self) -> None:
        self.machine.send_serial(b"\n")

    def mode(self) -> Mode:
        """The mode that it has set between its last two steps."""
        (mode,) = modes_told(self.text, "SET")
        return mode

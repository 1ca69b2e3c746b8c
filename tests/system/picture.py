"""Pictures of a screen, pixel by pixel, and what adapters make of pixels of fewer bits."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_PPM = re.compile(rb"P6\s+(?:#.*\n)*(\d+)\s+(\d+)\s+255\s")


@dataclass(frozen=True)
class Picture:
    """pixels: red, green, blue of each, line by line."""

    width: int
    height: int
    pixels: bytes

    def __post_init__(self) -> None:
        if len(self.pixels) != self.width * self.height * 3:
            raise ValueError(f"{len(self.pixels)} bytes are no picture of {self.width} x {self.height}")

    def pixel(self, x: int, y: int) -> tuple[int, int, int]:
        at = (y * self.width + x) * 3
        return self.pixels[at], self.pixels[at + 1], self.pixels[at + 2]

    def line(self, y: int) -> bytes:
        return self.pixels[y * self.width * 3:(y + 1) * self.width * 3]

    def shrunk_to(self, width: int, height: int) -> Picture:
        """This picture where each pixel and line was shown several times, as with modes of few lines; itself if it was not."""
        across, down = self.width // width, self.height // height
        if (across, down) == (1, 1) or (across * width, down * height) != (self.width, self.height):
            return self
        lines = [self._line_once(y * down, across) for y in range(height)]
        for y in range(self.height):
            if self.line(y) != self.line(y - y % down):
                raise ValueError(f"line {y} is not like the one above it")
        return Picture(width, height, b"".join(lines))

    def shows(self, other: Picture) -> bool:
        """Is it that picture, each pixel once or several times?"""
        try:
            return self.shrunk_to(other.width, other.height) == other
        except ValueError:
            return False

    def _line_once(self, y: int, across: int) -> bytes:
        line = self.line(y)
        once = bytearray(len(line) // across)
        for channel in range(3):
            values = line[channel::3]
            once[channel::3] = values[::across]
            for shift in range(1, across):
                if values[shift::across] != values[::across]:
                    raise ValueError(f"line {y}: a pixel is not like the one left of it")
        return bytes(once)


def read_ppm(path: Path) -> Picture:
    data = path.read_bytes()
    head = _PPM.match(data)
    if head is None:
        raise ValueError(f"{path} is no picture of 8 bits a colour: {data[:20]!r}")
    return Picture(int(head[1]), int(head[2]), data[head.end():])


def write_ppm(picture: Picture, path: Path) -> None:
    path.write_bytes(b"P6\n%d %d\n255\n" % (picture.width, picture.height) + picture.pixels)


def difference(seen: Picture, expected: Picture) -> str:
    """"" if they are the same in each pixel; else how many are not, and the first."""
    if (seen.width, seen.height) != (expected.width, expected.height):
        return f"the screen is {seen.width} x {seen.height}, not {expected.width} x {expected.height}"
    if seen.pixels == expected.pixels:
        return ""
    wrong = [(x, y) for y in range(seen.height) if seen.line(y) != expected.line(y)
             for x in range(seen.width) if seen.pixel(x, y) != expected.pixel(x, y)]
    first = wrong[0]
    return (f"{len(wrong)} pixels of {seen.width} x {seen.height} are wrong, the first at {first}: "
            f"{seen.pixel(*first)}, not {expected.pixel(*first)}; the last at {wrong[-1]}")


# ---- Colours of fewer bits ---------------------------------------------------------------------------

def replicated(value: int, bits: int) -> int:
    """A colour of 1 to 8 bits in 8: its bits again and again from the top, as a monitor would show the most as white."""
    result, filled = 0, 0
    while filled < 8:
        result = result << bits | value
        filled += bits
    return result >> filled - 8


def shifted(value: int, bits: int) -> int:
    """The same with zeroes below: the most is not quite white."""
    return value << 8 - bits


def dac_of_qemu(value: int) -> int:
    """What QEMU shows for 6 bits of the palette: the lowest fills the two below (hw/display/vga.c, c6_to_8)."""
    return value << 2 | (value & 1) * 3


@dataclass(frozen=True)
class Format:
    """Where red, green and blue are in a pixel, as (bits, shift)."""

    bytes: int
    red: tuple[int, int]
    green: tuple[int, int]
    blue: tuple[int, int]

    def decoder(self, expand: Callable[[int, int], int]) -> Callable[[bytes], bytes]:
        """Makes a function from little-endian pixels to what is seen of them. expand: value and bits to 8 bits."""
        if self.bytes > 2:
            return self._of_whole_bytes
        table = [bytes(expand(pixel >> shift & (1 << bits) - 1, bits) for bits, shift in (self.red, self.green, self.blue))
                 for pixel in range(1 << 16)]
        return lambda line: b"".join(table[low | high << 8] for low, high in zip(line[::2], line[1::2]))

    def _of_whole_bytes(self, line: bytes) -> bytes:
        seen = bytearray(len(line) // self.bytes * 3)
        for channel, (_, shift) in enumerate((self.red, self.green, self.blue)):
            seen[channel::3] = line[shift // 8::self.bytes]
        return bytes(seen)


FORMATS = {
    15: Format(2, (5, 10), (5, 5), (5, 0)),
    16: Format(2, (5, 11), (6, 5), (5, 0)),
    24: Format(3, (8, 16), (8, 8), (8, 0)),
    32: Format(4, (8, 16), (8, 8), (8, 0)),
}

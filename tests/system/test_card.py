"""The test card of a\\modes: computed once more here, and compared with what a display was given."""

from __future__ import annotations

import functools
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from boot import boot, program, texts, with_list, with_policy
from lab import Lab, system_test

FRAMES = 8
WHITE, BLACK = 0xFFFFFF, 0x000000
BARS = [0xFFFFFF, 0xFFFF00, 0x00FFFF, 0x00FF00, 0xFF00FF, 0xFF0000, 0x0000FF, 0x000000]
TEXT_COLOURS = [0x000000, 0x0000AA, 0x00AA00, 0x00AAAA, 0xAA0000, 0xAA00AA, 0xAA5500, 0xAAAAAA,
                0x555555, 0x5555FF, 0x55FF55, 0x55FFFF, 0xFF5555, 0xFF55FF, 0xFFFF55, 0xFFFFFF]


def card_pixel(x: int, y: int, width: int, height: int) -> int:
    """The colour 00RRGGBBh of a pixel of the card, as apps/modes/card.c has it."""
    distance = min(x, y, width - 1 - x, height - 1 - y)
    if distance < FRAMES:
        return WHITE if distance % 2 == 0 else BLACK
    radius = 4 * min(width, height) // 5
    if abs((2 * x - (width - 1)) ** 2 + (2 * y - (height - 1)) ** 2 - radius * radius) < 4 * radius:
        return WHITE
    return _field_pixel(x - FRAMES, y - FRAMES, width - 2 * FRAMES, height - 2 * FRAMES)


def _field_pixel(x: int, y: int, width: int, height: int) -> int:
    """What is within the frames; x and y count from there."""
    ramp = 0 if width == 1 else x * 255 // (width - 1)
    eighth = y * 8 // height
    if eighth < 2:
        return BARS[x * 8 // width]
    if eighth == 2:
        return ramp * 0x010101
    if eighth == 3:
        return x * 16 // width * 255 // 15 * 0x010101
    if eighth < 7:
        return ramp << (16, 8, 0)[eighth - 4]
    return WHITE if (x if x < width // 2 else x ^ y) & 1 else BLACK


def card_rows(width: int, height: int) -> Iterator[list[int]]:
    """The card, line by line."""
    return ([card_pixel(x, y, width, height) for x in range(width)] for y in range(height))


# ---- Colours as a mode has them: libos/display_pixel.c ----

@dataclass(frozen=True)
class Format:
    """How a mode keeps colours: bytes of a pixel, and bits and shift of red, green and blue; no channels: by display_palette."""

    bits: int
    size: int
    channels: tuple[tuple[int, int], ...] = ()


PALETTE_16, PALETTE_256 = Format(4, 1), Format(8, 1)
RGB555, RGB565 = Format(15, 2, ((5, 10), (5, 5), (5, 0))), Format(16, 2, ((5, 11), (6, 5), (5, 0)))
RGB888, RGB888X = Format(24, 3, ((8, 16), (8, 8), (8, 0))), Format(32, 4, ((8, 16), (8, 8), (8, 0)))
BGR888X = Format(32, 4, ((8, 0), (8, 8), (8, 16)))


def _parts(colour: int) -> tuple[int, int, int]:
    return colour >> 16 & 0xFF, colour >> 8 & 0xFF, colour & 0xFF


def _widen(value: int, bits: int) -> int:
    most = (1 << bits) - 1
    return (value * 255 + most // 2) // most


@functools.cache
def palette_of(form: Format) -> list[int]:
    """The palette for pictures of a mode; none: it has no palette."""
    if form.channels:
        return []
    if form.bits == 4:
        return TEXT_COLOURS
    return [_widen(index >> 5, 3) << 16 | _widen(index >> 2 & 7, 3) << 8 | _widen(index & 3, 2) for index in range(256)]


def _nearest_text_colour(colour: int) -> int:
    def distance(index: int) -> int:
        pairs = zip((3, 4, 2), _parts(colour), _parts(TEXT_COLOURS[index]), strict=True)
        return sum(weight * (one - other) ** 2 for weight, one, other in pairs)
    return min(range(16), key=distance)


@functools.cache
def pixel_of(form: Format, colour: int) -> int:
    """The pixel of a colour."""
    red, green, blue = _parts(colour)
    if form.channels:
        return sum(value >> (8 - bits) << shift for value, (bits, shift) in zip((red, green, blue), form.channels, strict=True))
    if form.bits == 4:
        return _nearest_text_colour(colour)
    return (red * 7 + 127) // 255 << 5 | (green * 7 + 127) // 255 << 2 | (blue * 3 + 127) // 255


@functools.cache
def colour_of(form: Format, pixel: int) -> int:
    """The colour that a pixel shows where the adapter has eight bits of each."""
    if not form.channels:
        return palette_of(form)[pixel]
    red, green, blue = (_widen(pixel >> shift & (1 << bits) - 1, bits) for bits, shift in form.channels)
    return red << 16 | green << 8 | blue


def card_checksum(width: int, height: int, form: Format) -> str:
    """What d\\virtual_display says of the card: CRC-32 of pixels and palette."""
    pixels: dict[int, bytes] = {}
    checksum = 0
    for row in card_rows(width, height):
        for colour in row:
            if colour not in pixels:
                pixels[colour] = pixel_of(form, colour).to_bytes(form.size, "little")
        checksum = zlib.crc32(b"".join(map(pixels.__getitem__, row)), checksum)
    palette = b"".join(colour.to_bytes(4, "little") for colour in palette_of(form))
    return f"{zlib.crc32(palette, checksum):08x}"


# By d\virtual_display's number: one of each format, and of each way in which lines lie in memory.
MODES: dict[str, tuple[int, int, Format]] = {
    "0x013": (320, 200, PALETTE_256), "0x012": (640, 480, PALETTE_16), "0x10E": (320, 200, RGB565), "0x10F": (320, 200, BGR888X),
    "0x110": (640, 480, RGB555), "0x112": (640, 480, RGB888), "0x129": (640, 480, RGB888X), "0x114": (800, 600, RGB565),
}


@system_test(seconds=90)
def test_card_is_the_same_in_each_mode(lab: Lab) -> None:
    """a\\modes draws the same card in palettes, 15, 16, 24 and 32 bits as this test does."""
    lines = "d\\virtual_display virtual_display.elf -- screens\\display\\0 log\na\\modes modes.elf restart=never -- each\n"
    modules = [*with_policy(lab, with_list(lab, lines), "* manifest\n"),
               program(lab, "virtual_display", "file:virtual_display.elf"), program(lab, "modes", "file:modes.elf")]
    with boot(lab, modules) as machine:
        machine.wait_for(r"a\modes: 11 modes shown, 0 failed", 60)
        machine.wait_for(r"d\init: a\modes ended: exit code 0", 10)
        said = texts(machine.serial_text(), r"d\virtual_display")
    seen = {match[1]: match[2] for text in said if (match := re.match(r"mode (0x\w+) .* shows checksum (\w+)", text))}
    assert len(seen) == 11, said
    wanted = {number: card_checksum(*mode) for number, mode in MODES.items()}
    wrong = [number for number in wanted if seen[number] != wanted[number]]
    assert not wrong, f"another card in the modes {', '.join(wrong)}"

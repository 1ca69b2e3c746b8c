"""The test of the tests of screens: what adapters show of pixels is known without any kernel, and one wrong pixel is found."""

from __future__ import annotations

import re
from collections.abc import Callable

from adapters import ADAPTERS, Adapter
from displays import expect_shown
from glyphs import font, recognise
from lab import Lab, system_test
from machine import Machine
from picture import FORMATS, Picture, difference
from stub import stub_screen

MODES = {0x101: 8, 0x110: 15, 0x111: 16, 0x112: 24, 0x142: 32}      # 640 x 480, and bits of a pixel
WIDTH, HEIGHT = 640, 480
BOOT_SECONDS = 40.0


def stub_line(bits: int, y: int, decode: Callable[[bytes], bytes]) -> bytes:
    """What is seen of a line that stub_screen.asm has drawn."""
    size = (bits + 7) // 8
    line = bytes((7 * x + 13 * y) & 0xFF for x in range(WIDTH * size))
    return decode(line)


def decoder(adapter: Adapter, bits: int) -> Callable[[bytes], bytes]:
    """What is seen of a line's bytes."""
    if bits > 8:
        return FORMATS[bits].decoder(adapter.expand.get(bits, lambda value, _: value))
    colours = [bytes(map(adapter.dac, (i & 63, i >> 1 & 63, 63 - (i & 63)))) for i in range(256)]
    return lambda line: b"".join(colours[index] for index in line)


def expect_stub(adapter: Adapter, machine: Machine, bits: int) -> None:
    decode = decoder(adapter, bits)
    lines = [stub_line(bits, y, decode) for y in range(256)]
    with machine:
        assert machine.wait_for(re.compile("drawn|failed"), BOOT_SECONDS)[0] == "drawn"
        expect_shown(machine, Picture(WIDTH, HEIGHT, b"".join(lines[y & 0xFF] for y in range(HEIGHT))), f"{adapter.name}, {bits} bits")


@system_test(seconds=90)
def test_pixels_are_seen_as_adapters_show_them(lab: Lab) -> None:
    """Pixels of 8, 15, 16, 24 and 32 bits that a boot sector draws are seen as is expected of QEMU's and of Bochs' adapter."""
    for mode, bits in MODES.items():
        expect_stub(ADAPTERS["std"], lab.qemu(floppy=stub_screen(lab, mode)), bits)
    for mode in (0x101, 0x111):
        expect_stub(ADAPTERS["bochs"], lab.bochs(floppy=stub_screen(lab, mode), window=True, pci_display=True), MODES[mode])


@system_test(seconds=10)
def test_one_wrong_pixel_is_found(lab: Lab) -> None:
    """A picture with one other pixel is another one; lines that were shown twice are one line each."""
    picture = Picture(4, 3, bytes(range(36)))
    other = Picture(4, 3, bytes([*range(20), 99, *range(21, 36)]))
    assert difference(picture, picture) == "" and "1 pixels" in difference(other, picture) and "(2, 1)" in difference(other, picture)
    assert "not 3 x 3" in difference(picture, Picture(3, 3, bytes(27)))
    lines = [picture.line(y) for y in range(3) for _ in range(2)]
    assert Picture(4, 6, b"".join(lines)).shrunk_to(4, 3) == picture
    try:
        Picture(4, 6, b"".join([*lines[:5], lines[0]])).shrunk_to(4, 3)
    except ValueError as error:
        assert "line 5" in str(error)
    else:
        raise AssertionError("a line that is not like the one above was taken for it")


@system_test(seconds=10)
def test_text_is_recognised_in_pixels(lab: Lab) -> None:
    """Text drawn with the VGA's characters is read again, whatever its two colours; a damaged character is not."""
    ink, paper = b"\xFF\xFF\xFF", b"\x00\x00\x80"
    for height in (16, 8):
        text = "KERNEL PANIC: 0123 (abc)"
        rows = [b"".join(ink if font(height)[ord(c)][y] >> 7 - x & 1 else paper for c in text for x in range(8)) for y in range(height)]
        assert recognise(Picture(8 * len(text), height, b"".join(rows)), height) == [text]
        rows[3] = bytes(len(rows[3]) - 12) + ink * 4
        assert recognise(Picture(8 * len(text), height, b"".join(rows)), height) != [text]

"""a\\picture: pictures of each kind, in each way to keep colours, as this test decodes, scales and dithers them."""

from __future__ import annotations

import re
import struct
import zlib

from boot import BOOT_SECONDS, boot, file_module, program, records, texts, with_list, with_policy
from boot_entry import read_boot_entry
from lab import Lab, system_test
from machine import Machine
from test_card import BGR888X, PALETTE_256, RGB565, Format, colour_of, palette_of, pixel_of

WIDTH, HEIGHT = 320, 200                    # of the screen

Rows = list[list[int]]                      # colours 00RRGGBBh


def sample(width: int, height: int) -> Rows:
    """A picture in which no two neighbours are alike."""
    return [[(x * 255 // (width - 1)) << 16 | (y * 255 // (height - 1)) << 8 | (37 * x + 101 * y & 0xFF) for x in range(width)]
            for y in range(height)]


def _rgb(rows: Rows) -> list[bytes]:
    return [b"".join(colour.to_bytes(3, "big") for colour in row) for row in rows]


def png(rows: Rows) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + line for line in _rgb(rows)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def bmp(rows: Rows) -> bytes:
    """24 bits, the lowest line first, each padded to four bytes."""
    lines = [line + bytes(-len(line) % 4) for line in
             (b"".join(colour.to_bytes(3, "little") for colour in row) for row in reversed(rows))]
    data = b"".join(lines)
    return (b"BM" + struct.pack("<IHHI", 54 + len(data), 0, 0, 54)
            + struct.pack("<IiiHHIIiiII", 40, len(rows[0]), len(rows), 1, 24, 0, len(data), 0, 0, 0, 0) + data)


def tga(rows: Rows) -> bytes:
    """24 bits, not compressed, the highest line first."""
    header = struct.pack("<BBBHHBHHHHBB", 0, 0, 2, 0, 0, 0, 0, 0, len(rows[0]), len(rows), 24, 0x20)
    return header + b"".join(colour.to_bytes(3, "little") for row in rows for colour in row)


def packed(codes: list[tuple[int, int]], lowest_first: bool) -> bytes:
    """Codes, each with its bits, one behind the other from the lowest bit of each byte on, or from the highest."""
    result, have, count = bytearray(), 0, 0
    for code, bits in codes:
        have = have | code << count if lowest_first else have << bits | code
        count += bits
        while count >= 8:
            count -= 8
            result.append(have & 0xFF if lowest_first else have >> count & 0xFF)
            have = have >> 8 if lowest_first else have & (1 << count) - 1
    if count:
        result.append(have & 0xFF if lowest_first else have << 8 - count & 0xFF | 0xFF >> count)
    return bytes(result)


def gif(rows: Rows) -> bytes:
    """Codes of nine bits, and the decoder's table is cleared before it would need ten."""
    colours = sorted({colour for row in rows for colour in row})
    index = {colour: number for number, colour in enumerate(colours)}
    codes = []
    for number, colour in enumerate(colour for row in rows for colour in row):
        codes += ([256] if number % 200 == 0 else []) + [index[colour]]
    data = packed([(code, 9) for code in [*codes, 257]], lowest_first=True)
    blocks = b"".join(bytes([len(part)]) + part for part in (data[at:at + 255] for at in range(0, len(data), 255)))
    table = b"".join(colour.to_bytes(3, "big") for colour in colours).ljust(768, b"\0")
    size = struct.pack("<HH", len(rows[0]), len(rows))
    return b"GIF89a" + size + b"\xf7\0\0" + table + b"," + bytes(4) + size + b"\0\x08" + blocks + b"\0;"


def jpeg(greys: list[list[int]]) -> bytes:
    """Each grey a block of eight by eight pixels: with all quantisers 1 and nothing but first coefficients nothing is lost."""
    def segment(marker: int, data: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data
    codes, before = [], 0
    for grey in (grey for row in greys for grey in row):
        difference, before = 8 * (grey - 128) - before, 8 * (grey - 128)
        bits = abs(difference).bit_length()
        codes += [(bits, 4), (difference if difference >= 0 else difference + (1 << bits) - 1, bits), (0, 1)]
    tables = bytes([0x00, 0, 0, 0, 12, *[0] * 12, *range(12)]), bytes([0x10, 1, *[0] * 15, 0])
    return (b"\xff\xd8" + segment(0xDB, b"\0" + b"\1" * 64)
            + segment(0xC0, struct.pack(">BHHB", 8, 8 * len(greys), 8 * len(greys[0]), 1) + b"\1\x11\0")
            + b"".join(segment(0xC4, table) for table in tables) + segment(0xDA, b"\1\1\0\0\x3f\0")
            + packed(codes, lowest_first=False).replace(b"\xff", b"\xff\0") + b"\xff\xd9")


def centred(rows: Rows) -> Rows:
    """In the middle of the screen, black around it."""
    left, top = (WIDTH - len(rows[0])) // 2, (HEIGHT - len(rows)) // 2
    black = [0] * WIDTH
    return [[0] * left + rows[y - top] + [0] * (WIDTH - left - len(rows[0])) if 0 <= y - top < len(rows) else black
            for y in range(HEIGHT)]


def smaller(rows: Rows, width: int, height: int) -> Rows:
    """Each pixel the mean of what it covers, where that is whole pixels."""
    across, down = len(rows[0]) // width, len(rows) // height
    assert (across * width, down * height) == (len(rows[0]), len(rows))
    area = across * down

    def mean(x: int, y: int, shift: int) -> int:
        total = sum(rows[down * y + j][across * x + i] >> shift & 0xFF for j in range(down) for i in range(across))
        return (total + area // 2) // area
    return [[mean(x, y, 16) << 16 | mean(x, y, 8) << 8 | mean(x, y, 0) for x in range(width)] for y in range(height)]


def larger(rows: Rows, width: int, height: int) -> Rows:
    """Each pixel between the four nearest, in steps of a 256th; as apps/picture/scale.c has it."""
    def place(index: int, length: int, source: int) -> tuple[int, int, int]:
        way = max(0, (2 * index + 1) * source * 128 // length - 128)
        return way // 256, min(way // 256 + 1, source - 1), way % 256
    columns = [place(x, width, len(rows[0])) for x in range(width)]
    result = []
    for y in range(height):
        upper, lower, down = place(y, height, len(rows))
        line = []
        for left, right, across in columns:
            colour = 0
            for shift in (16, 8, 0):
                corners = [rows[at_y][at_x] >> shift & 0xFF for at_y in (upper, lower) for at_x in (left, right)]
                above, below = (corners[i] * (256 - across) + corners[i + 1] * across for i in (0, 2))
                colour = colour << 8 | (above * (256 - down) + below * down + 32768) // 65536
            line.append(colour)
        result.append(line)
    return result


def dithered(rows: Rows, form: Format) -> Rows:
    """Colours that a mode has, by Floyd and Steinberg, every second line to the left; as apps/picture/dither.c has it."""
    width = len(rows[0])
    here = [[0, 0, 0] for _ in range(width + 2)]
    result: Rows = []
    for y, row in enumerate(rows):
        below = [[0, 0, 0] for _ in range(width + 2)]
        ahead = -1 if y % 2 else 1
        line = [0] * width
        for x in range(width)[::ahead]:
            parts = []
            for channel, shift in enumerate((16, 8, 0)):
                left_over = here[x + 1][channel]
                more = (abs(left_over) + 8) // 16 * (-1 if left_over < 0 else 1)
                parts.append(min(255, max(0, (row[x] >> shift & 0xFF) + more)))
            line[x] = colour_of(form, pixel_of(form, parts[0] << 16 | parts[1] << 8 | parts[2]))
            for channel, shift in enumerate((16, 8, 0)):
                error = parts[channel] - (line[x] >> shift & 0xFF)
                here[x + 1 + ahead][channel] += 7 * error
                below[x + 1 - ahead][channel] += 3 * error
                below[x + 1][channel] += 5 * error
                below[x + 1 + ahead][channel] += error
        result.append(line)
        here = below
    return result


def checksum(rows: Rows, form: Format = BGR888X) -> str:
    pixels = b"".join(pixel_of(form, colour).to_bytes(form.size, "little") for row in rows for colour in row)
    palette = b"".join(colour.to_bytes(4, "little") for colour in palette_of(form))
    return f"{zlib.crc32(palette, zlib.crc32(pixels)):08x}"


def show(lab: Lab, files: dict[str, bytes], arguments: str, ending: str) -> tuple[list[str], str]:
    """Checksums of what the display showed when each mode ended, and the log."""
    lines = ("d\\virtual virtual.elf -- ram=0\n"
             "d\\virtual_display virtual_display.elf -- screens\\display\\0 log\n"
             f"a\\picture picture.elf restart=never needs=d\\virtual,screens\\display\\0 -- seconds=0 {arguments}\n")
    modules = [*with_policy(lab, with_list(lab, lines), "* manifest\n"),
               *(program(lab, name, f"file:{name}.elf") for name in ("virtual", "virtual_display", "picture")),
               *(file_module(lab, f"disks/{name}", data) for name, data in files.items())]
    with boot(lab, modules) as machine:
        wait_for_end(machine, ending)
        serial = machine.serial_text()
    found = [re.search(r"checksum (\w+)", text) for text in texts(serial, r"d\virtual_display")]
    return [match[1] for match in found if match], serial


def wait_for_end(machine: Machine, ending: str) -> None:
    machine.wait_for(r"d\init: a\picture ended: " + ending, 60)


@system_test(seconds=90)
def test_pictures_of_each_kind_are_shown(lab: Lab) -> None:
    """PNG, BMP, TGA, GIF and JPEG are shown as they are, one after the other; what is damaged or none is told of, and the rest goes on."""
    whole = sample(WIDTH, HEIGHT)
    few = [[colour & 0xE0E0C0 for colour in row] for row in whole]
    greys = [[(7 * x + 11 * y) & 0xFF for x in range(WIDTH // 8)] for y in range(HEIGHT // 8)]
    files = {"a.png": png(whole), "b.bmp": bmp(whole), "c.tga": tga(whole), "d.gif": gif(few), "e.jpg": jpeg(greys),
             "f.png": png(whole)[:2000], "g.txt": b"no picture at all", "h.png": png(centred(sample(20, 20)))}
    seen, serial = show(lab, files, "0x10F", "exit code 1")
    blocks = [[greys[y // 8][x // 8] * 0x010101 for x in range(WIDTH)] for y in range(HEIGHT)]
    assert seen == [checksum(rows) for rows in (whole, whole, whole, few, blocks, centred(sample(20, 20)))], serial[-3000:]
    errors = [record.text for record in records(serial) if record.name == r"a\picture" and record.level == "error"]
    assert [text.split(":")[0] for text in errors] == ["disks\\image\\f.png", "disks\\image\\g.txt", "6 pictures shown, 2 failed"]


@system_test(seconds=60)
def test_pictures_are_scaled(lab: Lab) -> None:
    """A larger picture is shown by the means of what is covered, a smaller one with what lies between; their sides stay in proportion."""
    large, small, tall = sample(2 * WIDTH, 2 * HEIGHT), sample(32, 20), sample(4, 400)
    seen, serial = show(lab, {"a": png(large), "b": png(small), "c": png(tall)}, "320x200x32", "exit code 0")
    wanted = [smaller(large, WIDTH, HEIGHT), larger(small, WIDTH, HEIGHT), centred(smaller(tall, 2, 200))]
    assert seen == [checksum(rows) for rows in wanted], serial[-3000:]


@system_test(seconds=60)
def test_pictures_are_dithered(lab: Lab) -> None:
    """Where a mode has fewer colours, what is too dark or too bright goes to the neighbours."""
    rows = sample(WIDTH, HEIGHT)
    for mode, form in (("0x013", PALETTE_256), ("0x10E", RGB565)):
        seen, serial = show(lab, {"a": png(rows)}, mode, "exit code 0")
        assert seen == [checksum(dithered(rows, form), form)], f"{mode}: {serial[-3000:]}"


@system_test(seconds=60)
def test_menu_shows_a_picture_until_a_key(lab: Lab) -> None:
    """The boot menu's entry `graphics` boots the standard system and shows a picture; where there is no display it says so and goes on."""
    entry = read_boot_entry("graphics", lab.build)
    extra = [program(lab, "virtual_display", r"d\virtual_display", "screens\\display\\0 log")]
    with boot(lab, [module for module in entry.modules if module.name != "file:vesa.elf"] + extra, entry.options) as machine:
        machine.wait_for(r"a\picture: disks\image\demo: 640x480, shown in mode", BOOT_SECONDS)
        machine.wait_for(r"a\modes: 11 modes", BOOT_SECONDS)
        machine.send_key("spc")
        machine.wait_for(r"a\picture: 1 pictures shown, 0 failed", BOOT_SECONDS)

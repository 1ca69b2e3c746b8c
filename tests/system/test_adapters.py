"""The display on each adapter: every pixel of what is drawn is seen."""

from __future__ import annotations

import re
import struct
import zlib

from adapters import ADAPTERS, Adapter
from artist import PALETTE, START, Artist, Mode, expected_lines, expected_picture, modes_told, seen_palette
from artist import with_rectangle
from boot import BOOT_SECONDS, expect_in, program
from boot_entry import Module
from displays import DRIVERS, display_modules, expect_shown, expect_text, painted
from lab import Lab, SystemTest, system_test
from machine import Machine
from picture import Picture
from test_card import card_rows

BOCHS_SCREEN = (2560, 1600)                 # larger windows would not fit the hidden screen
SEED = 3

# Depths of which each adapter must have modes; the Cirrus has none with 32 bits.
DEPTHS = {name: {8, 15, 16, 24} if "cirrus" in name else {8, 15, 16, 24, 32} for name in ADAPTERS}


def can_be_seen(adapter: Adapter, mode: Mode) -> bool:
    return adapter.qemu is not None or (mode.width <= BOCHS_SCREEN[0] and mode.height <= BOCHS_SCREEN[1])


def look_at(adapter: Adapter, machine: Machine, artist: Artist, mode: Mode, seed: int) -> str:
    """What is wrong with a mode that the artist has been told to set; "" if nothing is."""
    artist.step("mode")
    if modes_told(artist.text, "SET") != [mode]:
        return f"{mode} is not set: {artist.text.splitlines()[0]}"
    try:
        expect_shown(machine, expected_picture(adapter, mode, seed), f"{mode}")
    except AssertionError as error:
        return str(error)
    return ""


def look_at_modes(lab: Lab, adapter: Adapter, only: frozenset[int] | None = None) -> tuple[list[Mode], dict[int, str]]:
    """Sets each mode, or those with these numbers, and looks at it; which they were, and what is wrong with which."""
    wrong: dict[int, str] = {}
    seen: list[Mode] = []
    machine, artist = painted(lab, adapter, f"modes each={SEED} release say=text stay")
    with machine:
        modes = modes_told(artist.until(r"a\artist: MODES"), "MODE")
        for seed, mode in enumerate(modes, SEED):
            if not can_be_seen(adapter, mode) or only is not None and mode.number not in only:
                machine.send_serial(b"-")
                continue
            seen.append(mode)
            machine.send_serial(b"+")
            if why := look_at(adapter, machine, artist, mode, seed):
                wrong[mode.number] = why
            artist.go_on()
        artist.until("says text")
    return seen, wrong


def _mode_test(name: str, what: str, seconds: float) -> SystemTest:
    def look(lab: Lab) -> None:
        seen, wrong = look_at_modes(lab, ADAPTERS[name])
        if wrong and ADAPTERS[name].qemu is None:
            # Bochs' window misses what was drawn, now and then, until more is: a mode is wrong that is so twice.
            _, wrong = look_at_modes(lab, ADAPTERS[name], frozenset(wrong))
        assert not wrong, f"{len(wrong)} of {len(seen)} modes: " + "; ".join(wrong.values())
        print(f"{name}: {len(seen)} modes: {', '.join(map(str, seen))}")
        depths = {mode.bits for mode in seen}
        assert depths >= DEPTHS[name], f"only modes of {sorted(depths)} bits were seen"

    look.__name__ = f"test_modes_of_{name.replace('-', '_')}"
    look.__doc__ = f"{what}: each mode that is set shows what is drawn, in each pixel."
    return system_test(seconds=seconds)(look)


test_modes_of_std = _mode_test("std", "QEMU's standard adapter", 120)
test_modes_of_cirrus = _mode_test("cirrus", "QEMU's Cirrus adapter", 60)
test_modes_of_vmware = _mode_test("vmware", "QEMU's VMware adapter", 120)
test_modes_of_qxl = _mode_test("qxl", "QEMU's QXL adapter", 120)
test_modes_of_ati = _mode_test("ati", "QEMU's ATI adapter", 120)
test_modes_of_isa_std = _mode_test("isa-std", "QEMU's standard adapter on an ISA bus, with a 486", 120)
test_modes_of_isa_cirrus = _mode_test("isa-cirrus", "QEMU's Cirrus adapter on an ISA bus, through its window", 60)
test_modes_of_bochs = _mode_test("bochs", "Bochs with its own BIOS", 240)
test_modes_of_bochs_banked = _mode_test("bochs-banked", "Bochs with its own BIOS, through its window", 240)


# ---- What is drawn step by step ----------------------------------------------------------------------

RECTANGLES = ((13, 17, 200, 100, 50), (0, 0, 1, 1, 51), (301, 99, 9, 1, 52), (0, 101, 640, 3, 53))


def draws(lab: Lab, adapter: Adapter, size: str) -> None:
    """Rectangles, colours and what lies below the screen, in one mode: looked at after each step."""
    boxes = " ".join("box=" + ",".join(map(str, rectangle)) for rectangle in RECTANGLES)
    verbs = (f"set={size} colours=0,256,7 draw=1 step=drawn {boxes} step=boxes colours=16,32,90 step=colours "
             "below=9 show=480 step=flipped show=3,1 step=scrolled show=0 step=back stay")
    machine, artist = painted(lab, adapter, verbs)
    with machine:
        artist.step("drawn")
        mode = artist.mode()
        seeds = [7] * 256
        expect_shown(machine, expected_picture(adapter, mode, 1), f"{mode}")
        artist.go_on()
        artist.step("boxes")
        expect_shown(machine, _first_page(adapter, mode, seeds), "rectangles")
        artist.go_on()

        artist.step("colours")
        expect_in("palette: OK" if mode.flags & PALETTE else "palette: BAD_OPERATION", artist.text)
        seeds[16:48] = [90] * 32
        first = _first_page(adapter, mode, seeds)
        expect_shown(machine, first, "other colours")
        artist.go_on()
        if mode.flags & START:
            _expect_flips(adapter, machine, artist, mode, first, seeds)
        else:
            artist.step("flipped")
            expect_in("show: BAD_", artist.text)
            expect_shown(machine, first, "a screen that cannot be flipped")


def _first_page(adapter: Adapter, mode: Mode, seeds: list[int]) -> Picture:
    palette = seen_palette(adapter, mode, seeds)
    picture = expected_picture(adapter, mode, 1, palette)
    for x, y, width, height, seed in RECTANGLES:
        picture = with_rectangle(picture, expected_lines(adapter, mode, seed, palette, x, y, width, height), x, y)
    return picture


def _expect_flips(adapter: Adapter, machine: Machine, artist: Artist, mode: Mode, first: Picture, seeds: list[int]) -> None:
    second = expected_picture(adapter, mode, 9, seen_palette(adapter, mode, seeds))
    cut = 3 * mode.width * 3
    scrolled = Picture(mode.width, mode.height, first.pixels[cut:] + second.pixels[:cut])
    for word, picture in (("flipped", second), ("scrolled", scrolled), ("back", first)):
        artist.step(word)
        expect_in("show: OK", artist.text)
        expect_shown(machine, picture, word)
        artist.go_on()


@system_test(seconds=60)
def test_pages_colours_and_rectangles_are_seen(lab: Lab) -> None:
    """With a linear framebuffer rectangles, colours, the second page, and any line as the first are seen, in each pixel."""
    for size in ("640x480x8", "640x480x16", "640x480x32"):
        draws(lab, ADAPTERS["std"], size)


@system_test(seconds=60)
def test_rectangles_go_through_the_window(lab: Lab) -> None:
    """Through a window rectangles that are flushed are seen, in each pixel, also where they span banks."""
    for size in ("640x480x8", "640x480x16", "640x480x24"):
        draws(lab, ADAPTERS["isa-cirrus"], size)


# ---- The test card -----------------------------------------------------------------------------------

@system_test(seconds=60)
def test_card_of_modes_is_seen(lab: Lab) -> None:
    """a\\modes shows its test card on an adapter, in each pixel, and text again when its time is over."""
    adapter = ADAPTERS["std"]
    lines = DRIVERS + "a\\modes modes.elf restart=never -- 640x480x32 seconds=6\n"
    modules = [*display_modules(lab, "stay", drivers=lines, log="screen serial"), program(lab, "modes", "file:modes.elf")]
    with adapter.machine(lab, modules) as machine:
        rows = [bytes(part for colour in row for part in colour.to_bytes(3, "big")) for row in card_rows(640, 480)]
        machine.wait_for(r"d\init: started a\modes", BOOT_SECONDS)
        expect_shown(machine, Picture(640, 480, b"".join(rows)), "the card")
        machine.wait_for(r"d\init: a\modes ended: exit code 0", BOOT_SECONDS)
        expect_text(adapter, machine, r"a\modes ended")


# ---- Pictures ----------------------------------------------------------------------------------------

def png(width: int, height: int, rows: list[bytes]) -> bytes:
    """A picture of 8 bits for each of red, green and blue (PNG specification, sections 5, 7.2, 11.2.2)."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows))) + chunk(b"IEND", b"")


def painted_rows(width: int, height: int, times: int) -> list[bytes]:
    """A pattern in which no two neighbours are alike; each pixel `times` by `times` large."""
    rows = [b"".join(bytes(((7 * x + 3 * y) & 0xFF, (x ^ y) & 0xFF, (x + 5 * y) & 0xFF)) * times for x in range(width)) for y in range(height)]
    return [row for row in rows for _ in range(times)]


@system_test(seconds=60)
def test_pictures_are_seen(lab: Lab) -> None:
    """a\\picture shows a picture of the screen's size, and one that it makes half as large, on an adapter: each pixel is as it was."""
    adapter = ADAPTERS["std"]
    for times in (1, 2):
        path = lab.directory / f"{times}.png"
        path.write_bytes(png(640 * times, 480 * times, painted_rows(640, 480, times)))
        lines = DRIVERS + "d\\virtual virtual.elf restart=always\na\\picture picture.elf restart=never -- 640x480x32 seconds=20\n"
        modules = [*display_modules(lab, "stay", drivers=lines), program(lab, "virtual", "file:virtual.elf"), program(lab, "picture", "file:picture.elf"),
                   Module(path, "file:disks/picture")]
        with adapter.machine(lab, modules) as machine:
            machine.wait_for(re.compile("shown in mode 0x[0-9a-fA-F]+ 640x480x32"), BOOT_SECONDS)
            expect_shown(machine, Picture(640, 480, b"".join(painted_rows(640, 480, 1))), f"{times} by {times}")

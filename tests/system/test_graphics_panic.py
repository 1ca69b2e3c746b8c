"""Panics on a screen in graphics mode: what is said can be read there."""

from __future__ import annotations

import time

from adapters import ADAPTERS, Adapter
from artist import BANKED, FALLBACK, Mode
from boot import BOOT_SECONDS
from displays import LOOK_SECONDS, LOOKS, expect_text, painted
from glyphs import recognise
from lab import Lab, system_test
from machine import Machine
from picture import write_ppm

LINES_FOR_HIGH_CHARACTERS = 350             # with fewer lines d\vesa has the kernel write characters of 8 lines
WINDOW_BYTES = 65536                        # of a framebuffer that can be reached without moving the window: the kernel cannot
TEXT_ROWS = 25
REASON = "KERNEL PANIC: "


def characters(mode: Mode) -> int:
    """Lines of a character."""
    return 16 if mode.height >= LINES_FOR_HIGH_CHARACTERS else 8


def said(machine: Machine) -> list[str]:
    """A panic's lines as the serial line has them."""
    return ["", *(REASON + machine.serial_text().partition("\n" + REASON)[2]).splitlines()]


def becomes_text(mode: Mode) -> bool:
    """Is it a mode in which the kernel cannot reach all of the screen?"""
    return bool(mode.flags & BANKED and not mode.flags & FALLBACK) and mode.height // characters(mode) * characters(mode) * mode.pitch > WINDOW_BYTES


def expect_panic(machine: Machine, adapter: Adapter, mode: Mode, what: str) -> None:
    """The screen, in this mode or in text mode, says what the panic said on the serial line."""
    if becomes_text(mode):
        expect_panic_in_text(machine, adapter, mode)
        return
    wanted = [line[:mode.width // 8].rstrip() for line in said(machine)[:mode.height // characters(mode)]]
    assert len(wanted) > 2 and wanted[1].startswith(REASON), str(wanted)
    rows: list[str] = []
    for _ in range(LOOKS):
        seen = machine.picture()
        rows = recognise(seen.shrunk_to(mode.width, mode.height), characters(mode))[:len(wanted)]
        if rows == wanted:
            return
        time.sleep(LOOK_SECONDS)
    write_ppm(seen, machine.directory / "panic.ppm")
    wrong = [f"{row!r}, not {line!r}" for row, line in zip(rows, wanted) if row != line]
    raise AssertionError(f"{what}: {len(wrong)} of {len(wanted)} lines are not as they were said: {wrong[0]}")


def expect_panic_in_text(machine: Machine, adapter: Adapter, mode: Mode) -> None:
    """All that was said stands there, its last rows if it is more than the screen holds; characters look as they should if the mode had such."""
    wanted = [line[at:at + 80].rstrip() for line in said(machine) for at in range(0, max(len(line), 1), 80)][-TEXT_ROWS + 1:]
    assert wanted[-1] == "halted" and len(wanted) > 10, str(wanted)
    if characters(mode) == 16:
        expect_text(adapter, machine, *wanted, is_white=True)
        return
    rows = [row.rstrip() for row in machine.screen_text().rows]
    assert [row for row in rows if row] == [row for row in wanted if row], str(rows)


def panics_in(lab: Lab, adapter: Adapter, mode: str, verbs: str = "") -> None:
    """Sets a mode, draws, and lets a non-maskable interrupt come."""
    machine, artist = painted(lab, adapter, f"set={mode} draw=1 {verbs} step=drawn", options="panic=halt")
    with machine:
        artist.step("drawn")
        machine.qmp.execute("inject-nmi")
        machine.wait_for("\nhalted", BOOT_SECONDS)
        expect_panic(machine, adapter, artist.mode(), f"{adapter.name}, {artist.mode()}")


@system_test(seconds=120)
def test_panic_is_read_on_linear_framebuffers(lab: Lab) -> None:
    """QEMU's standard adapter: a panic is read in modes with 8, 15, 16, 24 and 32 bits, also where the second page is shown."""
    for mode in ("640x480x8", "800x600x15", "640x480x16", "640x480x24", "800x600x32", "320x200x32"):
        panics_in(lab, ADAPTERS["std"], mode)
    panics_in(lab, ADAPTERS["std"], "640x480x32", "below=2 show=480")
    panics_in(lab, ADAPTERS["std"], "640x480x16", "below=2 show=77")


@system_test(seconds=60)
def test_panic_is_read_in_modes_of_every_vga(lab: Lab) -> None:
    """A panic is read in mode 12h, with planes, and in mode 13h."""
    for mode in ("0x12", "0x13"):
        panics_in(lab, ADAPTERS["std"], mode)


@system_test(seconds=60)
def test_panic_is_read_through_a_window(lab: Lab) -> None:
    """A panic is read where the framebuffer is seen through a window alone: the screen is in text mode then."""
    for mode in ("640x480x8", "800x600x24"):
        panics_in(lab, ADAPTERS["isa-cirrus"], mode)
    panics_in(lab, ADAPTERS["isa-std"], "1024x768x16")


@system_test(seconds=60)
def test_panic_is_read_though_the_palette_was_dark(lab: Lab) -> None:
    """A panic is read where all colours were black: with 256 on a linear framebuffer and in mode 13h, and with 16 in planes."""
    for mode in ("640x480x8", "0x12", "0x13"):
        panics_in(lab, ADAPTERS["std"], mode, "dark")


@system_test(seconds=60)
def test_panic_is_read_on_other_adapters(lab: Lab) -> None:
    """A panic is read on QEMU's Cirrus, ATI, QXL and VMware adapters."""
    for name in ("cirrus", "ati", "qxl", "vmware"):
        panics_in(lab, ADAPTERS[name], "640x480x16")


def panics_in_bochs(lab: Lab, name: str, mode: str) -> None:
    """As panics_in; the kernel panics by itself, a second after the boot."""
    machine, artist = painted(lab, ADAPTERS[name], f"set={mode} draw=1 say=drawn stay", options="plant=panic panic=halt")
    with machine:
        artist.until("says drawn")
        mode_set = artist.mode()
        machine.wait_for("\nhalted", BOOT_SECONDS)
        expect_panic(machine, ADAPTERS[name], mode_set, f"{name}, {mode_set}")


@system_test(seconds=120)
def test_panic_is_read_in_bochs(lab: Lab) -> None:
    """Bochs: a panic is read on a linear framebuffer, through a window, and in mode 12h."""
    for name, mode in (("bochs", "640x480x16"), ("bochs-banked", "320x200x32"), ("bochs", "0x12")):
        panics_in_bochs(lab, name, mode)

"""The text screen behind a mode: what it was, and what was written meanwhile, whoever has died."""

from __future__ import annotations

from adapters import ADAPTERS, Adapter
from artist import Artist, Mode, expected_picture, modes_told
from boot import BOOT_SECONDS, witness
from displays import display_modules, expect_shown, expect_text, painted
from lab import Lab, system_test
from machine import Machine
from screen import ROWS
from test_screen import wrapped

LOG = "screen serial"


def expect_log(adapter: Adapter, machine: Machine, last: str) -> None:
    """The text screen is the end of the log, to the character, and looks as it should."""
    expect_text(adapter, machine, last)
    shown = [row.rstrip() for row in machine.screen_text().rows]
    expected = [row.rstrip() for row in wrapped(machine.serial_text().splitlines())]
    assert shown == [*expected[-(ROWS - 1):], ""], "\n".join(["the screen shows", *shown])


def modes_and_text(lab: Lab, adapter: Adapter, modes: str) -> None:
    """Sets modes, writes to the log meanwhile, and releases each."""
    verbs = "".join(f"say=before{mode} set={mode} draw=1 say=meanwhile{mode} step=drawn release step=text " for mode in modes.split())
    machine, artist = painted(lab, adapter, verbs + "stay", log=LOG)
    with machine:
        for _ in modes.split():
            artist.step("drawn")
            mode = artist.mode()
            expect_shown(machine, expected_picture(adapter, mode, 1, _own_palette(mode)), f"{mode}") if not _own_palette(mode) else None
            artist.go_on()
            artist.step("text")
            expect_log(adapter, machine, "step text")
            artist.go_on()

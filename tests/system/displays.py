"""Boots with a display and the artist, for tests of what is on the screen."""

from __future__ import annotations

import time

from adapters import Adapter
from boot import file_module, program, standard, without
from boot_entry import Module
from glyphs import text_picture, wrong_cells
from lab import Lab
from machine import Machine
from artist import Artist
from picture import Picture, difference, write_ppm

LOOKS = 100                                # Bochs draws its window some time after the guest drew
LOOK_SECONDS = 0.05
ARGUMENTS_MAX = 248                         # the kernel's 255, with the name

DRIVERS = ("d\\pci pci.elf restart=on-failure\n"
           "d\\vesa.isa vesa.elf restart=on-failure\n")


def display_modules(lab: Lab, verbs: str, name: str = r"a\artist", log: str = "serial", drivers: str = DRIVERS) -> list[Module]:
    """The standard system with the drivers of a display and the artist. name: the artist's; drivers: their lines in init.list."""
    assert len(verbs) < ARGUMENTS_MAX, f"{len(verbs)} characters of verbs are too many"
    modules = standard(lab, log)
    watched = modules[-1].path.read_text()
    return [*without(modules, "file:init.list", r"d\serial"), program(lab, "serial", r"d\serial", "ports=3F8,2F8"), file_module(lab, "init.list", watched + drivers),
            program(lab, "pci", "file:pci.elf"), program(lab, "vesa", "file:vesa.elf"),
            program(lab, "artist", name, verbs)]


def painted(lab: Lab, adapter: Adapter, verbs: str, name: str = r"a\artist", log: str = "serial", options: str = "",
            **setup: object) -> tuple[Machine, Artist]:
    """A machine, not yet started, with the artist in it."""
    modules = display_modules(lab, f"line={adapter.line} {verbs}", name, log)
    machine = adapter.machine(lab, modules, options, **setup)
    return machine, Artist(machine, name)


def expect_shown(machine: Machine, expected: Picture, what: str) -> None:
    """The screen shows this picture, each pixel of it; pictures of a failure are kept beside the machine's logs."""
    for _ in range(LOOKS):
        seen = machine.picture()
        if seen.shows(expected):
            return
        time.sleep(LOOK_SECONDS)
    write_ppm(expected, machine.directory / "expected.ppm")
    try:
        why = difference(seen.shrunk_to(expected.width, expected.height), expected)
    except ValueError as error:
        why = str(error)
    raise AssertionError(f"{what}: {why}")


def expect_text(adapter: Adapter, machine: Machine, *wanted: str, is_white: bool = False) -> None:
    """The screen is a text screen that looks as it should in each pixel but its cursor's, and these texts stand there."""
    missing: list[str] = []
    wrong: object = None
    for _ in range(LOOKS):
        screen = machine.screen_text()
        missing = [text for text in wanted if text not in "".join(screen.rows)]
        try:
            wrong = wrong_cells(machine.picture(), text_picture(adapter, screen, is_white))
        except ValueError as error:
            wrong = error
        if isinstance(wrong, list) and len(wrong) <= 1 and not missing:
            return
        time.sleep(LOOK_SECONDS)
    assert not missing, f"{missing[0]!r} is not on the text screen:\n{machine.screen_text().text}"
    raise AssertionError(f"the text screen does not look as its characters say: {wrong}")

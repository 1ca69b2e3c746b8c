"""Displays and their clients: what a client has drawn stays when its driver dies, or when its name leads to another display."""

from __future__ import annotations

import re

from boot import boot, program, texts, whole_entry, with_list, with_policy
from boot_entry import Module
from displays import display_modules
from lab import Lab, system_test

DISPLAY = "screens\\display\\virtual"


def displays(lab: Lab, *lines: str) -> list[Module]:
    """The standard programs with virtual displays, which come back, and what else these lines of init.list start."""
    text = "d\\virtual_display virtual_display.elf restart=always\n" + "".join(f"{line}\n" for line in lines)
    return [*with_policy(lab, with_list(lab, text), "* manifest\n"), program(lab, "virtual_display", "file:virtual_display.elf")]


def told(lab: Lab, modules: list[Module], mode: str, what: str) -> list[str]:
    """What d\\painter says."""
    painter = program(lab, "painter", "d\\painter", f"{DISPLAY} {mode} {what}")
    with boot(lab, [*modules, painter]) as machine:
        machine.wait_for(r"d\painter: done", 60)
        return texts(machine.serial_text(), r"d\painter")


def picture(line: str) -> str:
    """The mode, the line that is seen first, and the checksum."""
    found = re.search(r": as it was; virtual display: mode (0x\w+) .*, line (\d+); .* checksum (\w+)", line)
    assert found, f"no picture: {line}"
    return " ".join(found.groups())


@system_test(seconds=120)
def test_picture_outlives_its_driver(lab: Lab) -> None:
    """A client goes on when its display's driver is ended three times: mode, palette, start and picture are as they were."""
    for mode in ("0x101", "0x10E", "0x114"):
        drawn, *died, done = told(lab, displays(lab), mode, "kill")
        assert len(died) == 3 and done == "done", died
        assert {picture(line) for line in died} == {picture(drawn)}, f"{drawn} {died}"
        assert picture(drawn).startswith(f"{mode} {0 if mode == '0x114' else 3} ")


@system_test(seconds=60)
def test_display_is_redirected_under_its_client(lab: Lab) -> None:
    """A client goes on on another display when the name of its own is bound to that, and on its own when it is bound no more."""
    modules = displays(lab, "d\\second virtual_display.elf restart=always -- screens\\second log")
    drawn, bound, bound_no_more, done = told(lab, modules, "0x101", "bind=screens\\second")
    assert picture(drawn) == picture(bound) == picture(bound_no_more) and done == "done"
    assert "2 sets" in bound_no_more and "1 sets" in bound, f"{bound} {bound_no_more}"


FLIPS = 60


def flips(lab: Lab, retrace: str) -> tuple[float, float, float]:
    """What page flips of a client take, in milliseconds, each: all in all, of it in the driver; and the slowest answer to another client meanwhile."""
    modules = [*display_modules(lab, f"sleep=20 set=0x115 flips={FLIPS} stay"), program(lab, "artist", r"a\other", "asks=2000 stay")]
    with boot(lab, modules, vga=f"std,retrace={retrace}", icount=0) as machine:
        flipped = machine.wait_for(re.compile(rf"FLIPS {FLIPS} us=(\d+) driver_us=(\d+)"), 30)
        asked = machine.wait_for(re.compile(r"ASKS \d+ longest_us=(\d+)"), 30)
    return int(flipped[1]) / 1000 / FLIPS, int(flipped[2]) / 1000 / FLIPS, int(asked[1]) / 1000


@system_test(seconds=60)
def test_driver_sleeps_until_the_retrace(lab: Lab) -> None:
    """A page flip that waits takes a picture's time, for a fraction of which the driver runs; others are served meanwhile."""
    each, driver, longest = flips(lab, "precise")
    assert 8 < each < 25 and driver < each / 3 and longest < 6, f"{each} {driver} {longest}"


@system_test(seconds=60)
def test_flips_do_not_wait_for_a_screen_that_keeps_no_time(lab: Lab) -> None:
    """An adapter of an emulator, whose retrace is one at every other look, holds no page flip up."""
    each, _, _ = flips(lab, "dumb")
    assert each < 1, f"{each}"


@system_test(seconds=60)
def test_picture_outlives_the_driver_of_the_adapter(lab: Lab) -> None:
    """The same with the machine's own adapter, whose memory keeps the picture: with a linear framebuffer, and in planes behind a window."""
    for mode in ("0x101", "0x012"):
        painter = program(lab, "painter", "d\\painter", f"screens\\display\\0 {mode} kill")
        with boot(lab, [*whole_entry(lab), painter]) as machine:
            machine.wait_for(r"d\painter: done", 50)
            told_here = texts(machine.serial_text(), r"d\painter")
        assert [line.split(";")[0] for line in told_here] == ["drawn: as it was", *["the driver died: as it was"] * 3, "done"], told_here

"""What a person sees on the text screen."""

from __future__ import annotations

import re

from boot import BOOT_SECONDS, LIST_DONE, boot, records, standard, texts, wait_for_screen, whole_entry, witness
from lab import Lab, system_test
from screen import COLUMNS, ROWS, Screen

# Foreground and background of each level, as apps/log colours them.
COLOURS = {"emerg": (15, 4), "error": (12, 0), "warn": (14, 0), "info": (7, 0), "debug": (8, 0)}


def wrapped(lines: list[str]) -> list[str]:
    """Lines as rows of the screen."""
    return [line[at:at + COLUMNS] for line in lines for at in range(0, max(len(line), 1), COLUMNS)]


@system_test(seconds=40)
def test_screen_shows_the_log(lab: Lab) -> None:
    """The screen shows the last lines of the log, to the byte what comes over the serial line."""
    with boot(lab, whole_entry(lab)) as machine:
        machine.wait_for(LIST_DONE, BOOT_SECONDS)
        wait_for_screen(machine, LIST_DONE)
        shown = [row.rstrip() for row in machine.screen_text().rows]
    expected = [row.rstrip() for row in wrapped(machine.serial_text().splitlines())]
    assert len(expected) >= ROWS, "the log is too short to fill the screen"
    assert shown == [*expected[-(ROWS - 1):], ""], "\n".join(["the screen shows", *shown])


def line_colours(screen: Screen, text: str) -> set[tuple[int, int]]:
    """The colours of all characters of a line."""
    place = screen.find(text)
    assert place is not None, f"{text!r} is not on the screen"
    row = screen.rows[place[0]].rstrip()
    return {(screen.foreground(place[0], column), screen.background(place[0], column)) for column in range(len(row))}


@system_test(seconds=40)
def test_levels_have_colours(lab: Lab) -> None:
    """Each level has its colour, from its first character to its last, and what follows has its own again."""
    with boot(lab, [*standard(lab, "screen serial"), witness(lab, r"a\w", "levels sleep=50 say=1 stay")]) as machine:
        wait_for_screen(machine, "line 1")
        screen = machine.screen_text()
    for level, colours in COLOURS.items():
        assert line_colours(screen, f"level {level}") == {colours}, f"{level}: {line_colours(screen, f'level {level}')}"
    assert line_colours(screen, "line 1") == {COLOURS["info"]}


@system_test(seconds=60)
def test_absent_screen_holds_up_nobody(lab: Lab) -> None:
    """Who waits until a\\log has printed everything does not wait for a screen that has been absent for longer than a driver's restart takes."""
    modules = [*standard(lab, "screen serial"), witness(lab, r"a\w", "sleep=100 flush sleep=6000 flush stay")]
    with boot(lab, modules, vga="none", icount=0) as machine:
        machine.wait_for(re.compile(r"flushed(.*\n)*.*flushed"), BOOT_SECONDS)
    first, second = (text.split()[1:4:2] for text in texts(machine.serial_text(), r"a\w"))
    assert first[0] == "TIMED_OUT" and int(first[1]) >= 1000, "it waits for a screen that may still come"
    assert second[0] == "OK" and int(second[1]) < 100, str(second)


@system_test(seconds=40)
def test_level_argument_bounds_what_is_printed(lab: Lab) -> None:
    """a\\log level=warn prints warnings and worse alone."""
    with boot(lab, [*standard(lab, "screen serial level=warn"), witness(lab, r"a\w", "levels stay")]) as machine:
        wait_for_screen(machine, "level emerg")
        wait_for_screen(machine, "level warn")
        machine.wait_for("level warn", BOOT_SECONDS)
    printed = {record.level for record in records(machine.serial_text())}
    assert printed == {"emerg", "error", "warn"}, str(printed)

"""Honest programs beside an attack (tests/guest/bystander), of which each byte that they write is known; and the keeper, who starts the attackers
and looks whether they leave anything behind (tests/guest/keeper)."""

from __future__ import annotations

import functools
import itertools
import time
from collections.abc import Iterator
from pathlib import Path

from boot import program
from boot_entry import Module
from lab import Lab
from machine import POLL_SECONDS, Machine, read_text

STEPS = 100_000                             # of a sequence between two lines
WORD = 0xFFFFFFFF
MORE_SECONDS = 20.0
LEDGER_SAME = r"d\keeper: LEDGER same"


def bystanders(lab: Lab) -> list[Module]:
    """A driver with 16-bit code in VM86 mode, an application that computes, a server and its client. They write to COM2."""
    arguments = {"d\\real": "real", "a\\counts": "counts", "s\\answers": "answers", "a\\asks": "asks=s\\answers"}
    return [program(lab, "bystander", name, words) for name, words in arguments.items()]


def keeper(lab: Lab, *programs: str) -> Module:
    """Starts these in turn, each `NAME IMAGE ARGUMENTS…`; says LEDGER_SAME, or what is left, when the last has ended by itself."""
    return program(lab, "keeper", r"d\keeper", " + ".join(programs))


@functools.cache
def _steps() -> tuple[int, int]:
    """All the steps between two lines as one: factor and summand."""
    factor, summand = 1, 0
    for _ in range(STEPS):
        factor, summand = factor * 1664525 & WORD, (summand * 1664525 + 1013904223) & WORD
    return factor, summand


def _sequence(number: int) -> Iterator[int]:
    """Each STEPS-th number of tests/guest/bystander/sequence.h behind this one."""
    factor, summand = _steps()
    while True:
        number = (number * factor + summand) & WORD
        yield number


def _answers() -> Iterator[int]:
    for question in itertools.count(1):
        yield (question * 2654435761 + question * 37 % 300) & WORD


class Bystanders:
    """What they have written, byte by byte as it must be."""

    def __init__(self, path: Path) -> None:
        """path: where the bytes of COM2 go."""
        self.path = path
        self._seen = 0
        self._values = {r"d\real": _sequence(2), r"a\counts": _sequence(1), r"s\answers": _answers(), r"a\asks": _answers()}
        self.lines = dict.fromkeys(self._values, 0)

    @property
    def qemu_arguments(self) -> tuple[str, ...]:
        return "-serial", f"file:{self.path}"

    def look(self) -> None:
        """Each line that has come is the next of its program's."""
        text = read_text(self.path)
        whole = text.rfind("\n") + 1
        for line in text[self._seen:whole].splitlines():
            name = line.partition(" ")[0]
            assert name in self.lines, f"a bystander wrote {line!r}"
            self.lines[name] += 1
            expected = f"{name} {self.lines[name]} {next(self._values[name]):08x}"
            assert line == expected, f"a bystander wrote {line!r}, not {expected!r}"
        self._seen = whole

    def expect_more(self, machine: Machine, lines: int = 2) -> None:
        """Each goes on by so many lines, all of which are right."""
        self.look()
        wanted = {name: count + lines for name, count in self.lines.items()}
        deadline = time.monotonic() + MORE_SECONDS
        while any(self.lines[name] < count for name, count in wanted.items()):
            assert time.monotonic() < deadline, f"bystanders stand still: {self.lines}, not {wanted}"
            assert not machine.ended(), f"the machine ended: {machine.ending}"
            time.sleep(POLL_SECONDS)
            self.look()

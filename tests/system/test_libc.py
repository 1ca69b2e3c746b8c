"""The C library: ISO C against another system's library, and what stands below it."""

from __future__ import annotations

import re

from boot import BOOT_SECONDS, boot, expect_in, texts, with_list
from boot_entry import TREE
from buses import image
from lab import Lab, system_test
from machine import require_tool
from shell import succeed

PORTABLE, CHECKING = r"a\portable", r"s\libc"
SOURCES = sorted((TREE / "tests" / "guest" / "libc").glob("portable*.c"))
COMPILER_FLAGS = ["-m32", "-std=gnu2x", "-O1", "-D_GNU_SOURCE", "-idirafter", "/usr/include/x86_64-linux-gnu"]
TEXT = "first line\nsecond line\nthe third\n"
THREADS, LINES = 4, 25

# What the machine says of the end of a process, by its exit code in the log of d\init or the kernel.
_CHECKS = re.compile(r"libc: (\d+) checks, (\d+) failed")


def other_library(lab: Lab) -> list[str]:
    """What the same program says, compiled for this machine and its library."""
    path = lab.directory / "portable"
    succeed([require_tool("gcc", "gcc"), *COMPILER_FLAGS, *SOURCES, "-lm", "-o", path])
    return succeed([path]).splitlines()


def joined(lines: list[str]) -> list[str]:
    """Lines as they were written: the log cuts those that are longer than a record."""
    whole: list[str] = []
    cut = False
    for line in lines:
        if cut:
            whole[-1] += line
        else:
            whole.append(line)
        cut = len(line) == 200
    return whole


@system_test(seconds=60)
def test_portable_functions_do_what_they_do_elsewhere(lab: Lab) -> None:
    """Printing, scanning, numbers, mathematics, sorting, strings, patterns, dates: the same text as another C library's, on a 486 too."""
    wanted = other_library(lab)
    for cpu in (None, "486"):
        modules = with_list(lab, rf"{PORTABLE} libc_portable.elf restart=never" + "\n", "serial history=1000")
        with boot(lab, [*modules, image(lab, "libc_portable")], cpu=cpu) as machine:
            machine.wait_for(rf"{PORTABLE} ended", BOOT_SECONDS)
        said = joined(texts(machine.serial_text(), PORTABLE))
        for line, other in zip(said, wanted):
            assert line == other, f"{cpu or 'usual CPU'}: {line!r} should be {other!r}"
        assert len(said) == len(wanted), f"{cpu or 'usual CPU'}: {len(said)} lines instead of {len(wanted)}: {said[-3:]}"
        expect_in(rf"{PORTABLE} ended: exit code 0", machine.serial_text())

"""Boots of the standard system with a test's own programs, and the records that come out of them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from boot_entry import TREE, Module, read_boot_entry
from lab import Lab
from machine import Machine
from qemu import Qemu

# The last thing that the standard init.list brings about.
LIST_DONE = r"d\init: a\hello ended: exit code 0"
BOOT_SECONDS = 30.0
LOOK_SECONDS = 0.1

_RECORD = re.compile(r"^\[ *(\d+\.\d{6})\] (emerg|error|warn|info|debug) (\S+): (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Record:
    """A line of the log: `[   0.123456] <level> name: text`."""

    seconds: float
    level: str
    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.level} {self.name}: {self.text}"


def records(serial: str) -> list[Record]:
    return [Record(float(time), level, name, text) for time, level, name, text in _RECORD.findall(serial)]


def texts(serial: str, name: str) -> list[str]:
    """What one process said."""
    return [record.text for record in records(serial) if record.name == name]


def program(lab: Lab, name: str, process: str, arguments: str = "") -> Module:
    return Module(lab.build / "modules" / f"{name}.elf", process, arguments)


def witness(lab: Lab, process: str, arguments: str = "stay") -> Module:
    """tests/guest/witness under a name, with what it is to do."""
    return program(lab, "witness", process, arguments)


def file_module(lab: Lab, path: str, contents: bytes | str) -> Module:
    """A module that is a file, with these contents."""
    host = lab.directory / path.replace("/", "_")
    host.write_bytes(contents if isinstance(contents, bytes) else contents.encode("latin-1"))
    return Module(host, f"file:{path}")


def standard(lab: Lab, log: str = "serial") -> list[Module]:
    """The standard system's programs without the examples: console, serial line, log, supervisor.

    log: a\\log's arguments.
    """
    watched = [r"d\console", r"d\serial", r"a\log"]
    return [program(lab, "console", r"d\console"), program(lab, "serial", r"d\serial"),
            program(lab, "log", r"a\log", log), program(lab, "init", r"d\init"),
            Module(TREE / "iso" / "init.policy", "file:init.policy"),
            file_module(lab, "init.list", "".join(f"{name} {name}\n" for name in watched))]


def without(modules: list[Module], *names: str) -> list[Module]:
    return [module for module in modules if module.name not in names]


def with_list(lab: Lab, lines: str, log: str = "serial") -> list[Module]:
    """The standard programs with these lines behind init.list's own."""
    modules = standard(lab, log)
    start = modules[-1].path.read_text()
    return [*modules[:-1], file_module(lab, "init.list", start + lines)]


def with_policy(lab: Lab, modules: list[Module], lines: str) -> list[Module]:
    """These modules with a policy of these lines alone."""
    policy = file_module(lab, "init.policy", lines)
    return [policy if module.name == policy.name else module for module in modules]


def whole_entry(lab: Lab) -> list[Module]:
    """What the first entry of the boot menu boots."""
    return read_boot_entry("text", lab.build).modules


def boot(lab: Lab, modules: list[Module], options: str = "", **setup: Any) -> Qemu:
    """A machine that boots the kernel without a boot loader, not yet started."""
    return lab.qemu(kernel=lab.build / "kernel.elf", options=options, modules=modules, **setup)


def expect_in(wanted: str, text: str) -> None:
    shown = repr(text) if len(text) < 2000 else f"the {len(text)} bytes that end in {text[-300:]!r}"
    assert wanted in text, f"{wanted!r} is not in {shown}"


def expect_order(serial: str, *wanted: str) -> None:
    """Each text stands in the log, behind the one before it."""
    at = 0
    for text in wanted:
        found = serial.find(text, at)
        assert found >= 0, f"{text!r} is not behind what should precede it"
        at = found + len(text)


def wait_until(look: Callable[[], str], text: str, what: str, seconds: float) -> str:
    """Looks again and again until a text is there; all that is there then."""
    deadline = time.monotonic() + seconds
    while text not in (seen := look()):
        assert time.monotonic() < deadline, f"{text!r} is not {what} after {seconds:g} s: {seen[-2000:]}"
        time.sleep(LOOK_SECONDS)
    return seen


def screen_line(machine: Machine) -> str:
    """The screen as one line, so that a long line of the log is in it entire."""
    return "".join(machine.screen_text().rows)


def wait_for_screen(machine: Machine, text: str, seconds: float = BOOT_SECONDS) -> str:
    """Waits until a text stands on the screen, wrapped or not; the screen as one line."""
    return wait_until(lambda: screen_line(machine), text, "on the screen", seconds)


def wait_for_debug(machine: Machine, text: str, seconds: float = BOOT_SECONDS) -> str:
    """Waits until a text came out of port 0xE9; all that did."""
    return wait_until(machine.debug_text, text, "at port 0xE9", seconds)

"""What a system test is given: the build, a directory of its own, and machines that end with it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bochs import Bochs, BochsSetup
from machine import Machine
from qemu import Qemu, QemuSetup

TestFunction = Callable[["Lab"], None]

LAST_LINES = 30


@dataclass(frozen=True)
class SystemTest:
    """A test function with its sentence and its limit, as the runner sees it."""

    name: str
    sentence: str
    seconds: float
    function: TestFunction

    def __call__(self, lab: Lab) -> None:
        self.function(lab)


def system_test(seconds: float) -> Callable[[TestFunction], SystemTest]:
    """Makes `test_…(lab)` a system test; its docstring is the sentence that it proves."""

    def declare(function: TestFunction) -> SystemTest:
        sentence = " ".join((function.__doc__ or "").split())
        if not sentence or not function.__name__.startswith("test_"):
            raise TypeError(f"{function.__name__}: a system test is named test_… and has a docstring")
        return SystemTest(function.__name__.removeprefix("test_"), sentence, seconds, function)

    return declare


class Lab:
    """One test's machines and files. Used as a context: leaving it stops every machine."""

    def __init__(self, build: Path, directory: Path, seconds: float) -> None:
        """directory: emptied first; kept by close() only after a failure."""
        self.build = build
        self.directory = directory
        self.seconds = seconds
        self.machines: list[Machine] = []
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)

    def qemu(self, lifetime: float | None = None, **setup: Any) -> Qemu:
        """A QEMU machine, not yet started; setup: the fields of QemuSetup."""
        machine = Qemu(self._machine_directory(), QemuSetup(**setup), lifetime or self.seconds)
        self.machines.append(machine)
        return machine

    def bochs(self, lifetime: float | None = None, **setup: Any) -> Bochs:
        """A Bochs machine, not yet started; setup: the fields of BochsSetup."""
        machine = Bochs(self._machine_directory(), BochsSetup(**setup), lifetime or self.seconds)
        self.machines.append(machine)
        return machine

    def _machine_directory(self) -> Path:
        return self.directory / f"machine{len(self.machines)}"

    def stop(self) -> None:
        for machine in self.machines:
            machine.stop()

    def close(self, keep: bool) -> None:
        """Stops every machine; keep: leave the logs for reading."""
        self.stop()
        if not keep:
            shutil.rmtree(self.directory, ignore_errors=True)

    def last_lines(self) -> list[str]:
        """The end of each machine's serial log, for the report of a failure."""
        lines: list[str] = []
        for machine in self.machines:
            log = machine.serial_text().splitlines()[-LAST_LINES:]
            ending = machine.ending or "running"
            lines += [f"{machine.kind} ({ending}), last lines of {machine.serial_path}:"]
            lines += [f"    {line}" for line in log] or ["    (nothing)"]
        return lines

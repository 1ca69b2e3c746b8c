"""Guest tests: processes of the real system, told of by d\\test or s\\conformance over the serial line.

`[   1.234567] info d\\test: PASS name`, `FAIL name: why`, and at last `DONE passed=N failed=N`.
Silence, a reset, a triple fault, a missing DONE or wrong numbers are failures of the run itself.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from boot_entry import TREE, BootEntry, ImageError, read_boot_entry, read_list
from disks import judge_deaths, judge_disks, make_disks
from lab import LAST_LINES, Lab
from machine import POLL_SECONDS, Machine, MachineError
from unit import Outcome, Unit

BOOT_ENTRY = "self-test"
AFTER_DONE_SECONDS = 1.0

_LINE = re.compile(r"\[ *(\d+\.\d{6})\] (?:emerg|error|warn|info|debug) (?:d\\test|s\\conformance): (PASS|FAIL|DONE) (.*)$", re.MULTILINE)
_DONE = re.compile(r"passed=(\d+) failed=(\d+)$")


@dataclass(frozen=True)
class GuestPatience:
    """How long a guest may be silent, and how long it may take in all, in seconds."""

    silence: float
    total: float


def judge_guest(unit: str, serial: str, problem: str) -> list[Outcome]:
    """Outcomes of a run from its serial log; problem: how the machine failed, empty if it did not."""
    outcomes: list[Outcome] = []
    done: list[str] = []
    before = 0.0
    for stamp, verdict, rest in _LINE.findall(serial):
        if verdict == "DONE":
            done.append(rest.strip())
            continue
        name, _, why = rest.strip().partition(":")
        outcomes.append(Outcome(f"{unit}:{name}", verdict == "PASS", max(0.0, float(stamp) - before), why.strip()))
        before = float(stamp)
    problems = [text for text in (problem, _wrong_numbers(outcomes, done)) if text]
    if problems:
        last_lines = serial.splitlines()[-LAST_LINES:]
        outcomes.append(Outcome(f"{unit}:completes", False, 0.0, "; ".join(problems), last_lines))
    return outcomes


def _wrong_numbers(outcomes: list[Outcome], done: list[str]) -> str:
    """What the counts tell against a run, empty if nothing."""
    if len(done) != 1:
        return "DONE is missing" if not done else f"DONE came {len(done)} times"
    numbers = _DONE.match(done[0])
    if numbers is None:
        return f"DONE has no numbers: {done[0]!r}"
    passed = sum(outcome.passed for outcome in outcomes)
    failed = len(outcomes) - passed
    if (int(numbers[1]), int(numbers[2])) != (passed, failed):
        return f"DONE told {done[0]!r}, the log has passed={passed} failed={failed}"
    if not outcomes:
        return "no test ran"
    names = [outcome.name for outcome in outcomes]
    twice = sorted({name for name in names if names.count(name) > 1})
    return f"told of twice: {', '.join(twice)}" if twice else ""


def watch_guest(machine: Machine, patience: GuestPatience) -> str:
    """Lets a started machine run to its DONE; how it failed, empty if it did not."""
    started = quiet_since = time.monotonic()
    length = 0
    while True:
        ended = machine.ended()
        serial = machine.serial_text()
        now = time.monotonic()
        if len(serial) != length:
            length, quiet_since = len(serial), now
        if any(verdict == "DONE" for _, verdict, _ in _LINE.findall(serial)):
            return _after_done(machine)
        if ended:
            return f"the machine ended: {machine.ending}"
        if now - quiet_since > patience.silence:
            return f"silent for {patience.silence:.0f} s"
        if now - started > patience.total:
            return f"not done within {patience.total:.0f} s"
        time.sleep(POLL_SECONDS)


def _after_done(machine: Machine) -> str:
    """Nothing but a power-off may follow DONE: gives what follows the time to show."""
    deadline = time.monotonic() + AFTER_DONE_SECONDS
    while time.monotonic() < deadline and not machine.ended():
        time.sleep(POLL_SECONDS)
    return f"{machine.ending} after DONE" if machine.ending in ("reset", "triple fault") else ""


Afterwards = Callable[[str, Lab, Machine], list[Outcome]]


def run_guest(unit: str, lab: Lab, machine: Machine, patience: GuestPatience, afterwards: Afterwards | None = None) -> list[Outcome]:
    """Boots a machine and judges what it says; afterwards: what more there is to judge when it has stopped."""
    try:
        machine.start()
        problem = watch_guest(machine, patience)
    except MachineError as error:
        problem = str(error)
    machine.stop()
    outcomes = judge_guest(unit, machine.serial_text(), problem)
    if afterwards is not None:
        outcomes += afterwards(unit, lab, machine)
    lab.close(keep=not all(outcome.passed for outcome in outcomes))
    return outcomes


def make_image(lab: Lab, arguments: tuple[str, ...] = ("--default", BOOT_ENTRY)) -> Path:
    """A CD image whose menu boots the self-test at once, or what mkimage's arguments say, for machines that know no -kernel."""
    image = lab.directory / "guest.iso"
    command = [sys.executable, str(TREE / "tools" / "mkimage"), "iso", "--build", str(lab.build), "-o", str(image),
               "--menu-timeout", "0", *arguments]
    made = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    if made.returncode != 0:
        raise MachineError(f"tools/mkimage failed: {(made.stderr or made.stdout).strip()}")
    return image


MachineMaker = Callable[[Lab, BootEntry], Machine]


# 62 million instructions a second, by the emulated clock: how much runs in a tick does not depend on the host.
OLD_PC = 4


def _on_pc(lab: Lab, entry: BootEntry) -> Machine:
    return lab.qemu(kernel=lab.build / "kernel.elf", options=entry.options, modules=entry.modules, icount=OLD_PC)


def _on_isapc_486(lab: Lab, entry: BootEntry) -> Machine:
    return lab.qemu(machine="isapc", cpu="486", megabytes=32, icount=OLD_PC,
                    kernel=lab.build / "kernel.elf", options=entry.options, modules=entry.modules)


def _on_bochs(lab: Lab, entry: BootEntry) -> Machine:
    return lab.bochs(cdrom=make_image(lab))


# What drivers promise, of all devices that the standard system finds in a machine.
CONFORMANCE_LIST = TREE / "tests" / "guest" / "conformance.list"
CONFORMANCE = r"conformance.elf s\conformance all"
NO_INPUT_SERVER = "hello_server.elf file:input.elf"      # as in that list


def _conformance_entry(build: Path) -> BootEntry:
    return BootEntry(SOAK_OPTIONS, read_list(CONFORMANCE_LIST, build))


def _conformance_on_bochs(lab: Lab, entry: BootEntry) -> Machine:
    # With a window: Bochs' RFB display writes past its own buffer, now and then, when small graphics modes come and go.
    return lab.bochs(cdrom=make_image(lab, ("--kernel", SOAK_OPTIONS, "--module", NO_INPUT_SERVER, "--module", CONFORMANCE)), window=True, megabytes=64)


# At the host's own speed: that they take long is all that these tests are for.
SOAK_LIST = TREE / "tests" / "guest" / "soak_pipes.list"
SOAK_OPTIONS = "early=serial exit=qemu"


def _soak_entry(build: Path) -> BootEntry:
    return BootEntry(SOAK_OPTIONS, read_list(SOAK_LIST, build))


def _at_full_speed(lab: Lab, entry: BootEntry) -> Machine:
    return lab.qemu(kernel=lab.build / "kernel.elf", options=entry.options, modules=entry.modules)


# Disks of all kinds for the file server.
FILES_LIST = TREE / "tests" / "guest" / "files.list"


def _files_entry(build: Path) -> BootEntry:
    return BootEntry(SOAK_OPTIONS, read_list(FILES_LIST, build))


FILE_SERVER_LIST = TREE / "tests" / "guest" / "file_server.list"


def _file_server_entry(build: Path) -> BootEntry:
    return BootEntry(SOAK_OPTIONS, read_list(FILE_SERVER_LIST, build))


def _with_disks(lab: Lab, entry: BootEntry) -> Machine:
    return lab.qemu(kernel=lab.build / "kernel.elf", options=entry.options, modules=[*entry.modules, *make_disks(lab)],
                    megabytes=128, icount=OLD_PC)


@dataclass(frozen=True)
class GuestRun:
    """A boot of guest tests: what it boots, in which machine, and how long that may take."""

    entry: Callable[[Path], BootEntry]
    machine: MachineMaker
    patience: GuestPatience
    sentence: str = "The self-test list passes."
    afterwards: Afterwards | None = None


def _self_test_entry(build: Path) -> BootEntry:
    return read_boot_entry(BOOT_ENTRY, build)


PROMISES = "Every driver does what the types of its devices promise."

GUEST_RUNS: dict[str, GuestRun] = {
    "guest[qemu]": GuestRun(_self_test_entry, _on_pc, GuestPatience(silence=30, total=180)),
    "guest[isapc-486]": GuestRun(_self_test_entry, _on_isapc_486, GuestPatience(silence=30, total=180)),
    "guest[bochs]": GuestRun(_self_test_entry, _on_bochs, GuestPatience(silence=60, total=300)),
    "soak[pipes]": GuestRun(_soak_entry, _at_full_speed, GuestPatience(silence=70, total=180),
                            "What takes long, pipes and locks, passes."),
    "files[qemu]": GuestRun(_files_entry, _with_disks, GuestPatience(silence=60, total=200),
                            "The file server keeps its promises on disks that other tools made, and these find them sound.", judge_disks),
    "file_server[qemu]": GuestRun(_file_server_entry, _with_disks, GuestPatience(silence=90, total=200),
                                  "Whoever reads does not notice that the file server dies, and who writes is told the truth.", judge_deaths),
    "conformance[qemu]": GuestRun(_conformance_entry, _on_pc, GuestPatience(silence=60, total=240), PROMISES),
    "conformance[isapc-486]": GuestRun(_conformance_entry, _on_isapc_486, GuestPatience(silence=60, total=240), PROMISES),
    "conformance[bochs]": GuestRun(_conformance_entry, _conformance_on_bochs, GuestPatience(silence=60, total=300), PROMISES),
}


def guest_units(build: Path) -> list[Unit]:
    """A unit for each run of guest tests."""
    return [_guest_unit(build, name) for name in GUEST_RUNS]


def _programs(build: Path, name: str) -> list[Path]:
    try:
        return [module.path for module in GUEST_RUNS[name].entry(build).modules]
    except ImageError:
        return []                   # the unit itself fails with the reason


def _guest_unit(build: Path, name: str) -> Unit:
    guest = GUEST_RUNS[name]

    def run(directory: Path) -> list[Outcome]:
        lab = Lab(build, directory, guest.patience.total + 20)
        try:
            machine = guest.machine(lab, guest.entry(build))
        except (MachineError, ImageError, AssertionError) as error:
            return [Outcome(f"{name}:completes", False, 0.0, str(error))]
        return run_guest(name, lab, machine, guest.patience, guest.afterwards)

    return Unit(name, guest.sentence, guest.patience.total + 30, run, _programs(build, name))

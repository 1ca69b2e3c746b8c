"""Linux beside Ternion: boots Debian's kernel with our measuring program as its only one, and reads what it measured.

The program (tests/linux) says

    LINUX release
    SAMPLES name operations unit instructions instructions …
    FAILED what: error number
    DONE
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from benchmark import MEGABYTES, PEERS_FILE, Figure, Number, aligned, watch_benchmark
from boot_entry import TREE
from lab import Lab
from machine import Machine, MachineError

COMMAND_LINE = "console=ttyS0,115200 quiet panic=-1"
WHO = "Linux's measuring program"
FETCH_SECONDS = 600
TIMED_OUT = 124                 # the exit code of `timeout`
FEWEST_SAMPLES = 31

PROGRAMS = {"bench": "init", "exit": "exit"}        # in build/tests/linux, and their names in the file system

_RELEASE = re.compile(r"^LINUX (\S+)$", re.MULTILINE)
_SAMPLES = re.compile(r"^SAMPLES (linux_\w+) (\d+) (\S+)((?: \d+)+)$", re.MULTILINE)
_FAILED = re.compile(r"^FAILED .*$", re.MULTILINE)
_PANIC = re.compile(r"Kernel panic.*")
_DONE = re.compile(r"^DONE$", re.MULTILINE)


class LinuxAbsent(Exception):
    """There is no kernel to boot; says why, and what to do."""


@dataclass(frozen=True)
class Measurement:
    """Of one operation, or byte: the median of the samples, the least and the most of them."""

    value: Number
    least: Number
    most: Number
    unit: str


@dataclass(frozen=True)
class LinuxRun:
    release: str
    measurements: dict[str, Measurement]

    @property
    def values(self) -> dict[str, Number]:
        return {name: measurement.value for name, measurement in self.measurements.items()}


def fetch_kernel() -> Path:
    """The kernel of Debian's package, downloaded unless it was before."""
    bounded = ["timeout", "--kill-after=2", str(FETCH_SECONDS), str(TREE / "tools" / "install-packages"), "linux"]
    result = subprocess.run(bounded, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
    if result.returncode == TIMED_OUT:
        raise LinuxAbsent(f"the download took longer than {FETCH_SECONDS} s: try tools/install-packages linux")
    if result.returncode != 0:
        said = result.stderr.strip().splitlines() or ["it failed without a word"]
        raise LinuxAbsent(said[-1].removeprefix("install-packages: "))
    return find_kernel()


def cache_folder() -> Path:
    """Where tools/install-packages unpacks what is not installed."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path(os.environ.get("HOME") or "/root") / ".cache")
    return home / "ternion"


def find_kernel() -> Path:
    kernels = sorted((cache_folder() / "linux-image-686" / "boot").glob("vmlinuz-*"))
    if not kernels:
        raise LinuxAbsent("no Linux kernel is there: run tools/install-packages linux")
    return kernels[-1]


def file_system(files: dict[str, bytes]) -> bytes:
    """An archive that Linux unpacks as its first file system (cpio, "newc"); the files are programs."""
    entries = [(name, 0o100755, data) for name, data in files.items()] + [("TRAILER!!!", 0, b"")]
    archive = b""
    for number, (name, mode, data) in enumerate(entries, 1):
        fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
        archive += b"070701" + b"".join(b"%08X" % field for field in fields)
        archive = _padded(archive + name.encode("ascii") + b"\0")
        archive = _padded(archive + data)
    return archive


def _padded(archive: bytes) -> bytes:
    return archive + bytes(-len(archive) % 4)


def parse_linux(serial: str) -> LinuxRun:
    """What a whole serial log says; anything that is missing or strange in it is an error."""
    failed = _FAILED.search(serial)
    if failed is not None:
        raise MachineError(f"{WHO}: {failed[0]}")
    release = _RELEASE.search(serial)
    if release is None:
        raise MachineError(f"{WHO} did not say which Linux it runs on")
    if not _DONE.search(serial):
        raise MachineError(f"{WHO} did not say DONE")
    told = sum(line.startswith("SAMPLES") for line in serial.splitlines())
    measurements: dict[str, Measurement] = {}
    for name, operations, unit, samples in _SAMPLES.findall(serial):
        if name in measurements:
            raise MachineError(f"{WHO} told of {name} twice")
        measurements[name] = _measurement(name, int(operations), unit, list(map(int, samples.split())))
    if not measurements:
        raise MachineError(f"{WHO} measured nothing")
    if told != len(measurements):
        raise MachineError(f"{WHO} said {told - len(measurements)} lines of samples that cannot be read")
    return LinuxRun(release[1], measurements)


def _measurement(name: str, operations: int, unit: str, samples: list[int]) -> Measurement:
    if len(samples) < FEWEST_SAMPLES or operations == 0:
        raise MachineError(f"{name}: {len(samples)} samples of {operations} operations are too few")
    digits = 3 if "/" in unit else None             # a figure by the byte is a small one
    value, least, most = (round(sample / operations, digits)
                          for sample in (statistics.median_low(samples), min(samples), max(samples)))
    return Measurement(value, least, most, unit)


def watch_linux(machine: Machine) -> LinuxRun:
    """Lets a started machine run until Linux's measuring program is done, and reads what it said."""
    try:
        watch_benchmark(machine, WHO, _DONE)
    except MachineError as error:
        panic = _PANIC.search(machine.serial_text())
        raise MachineError(f"{panic[0]}; {error}" if panic else str(error)) from None
    try:
        return parse_linux(machine.serial_text())
    except MachineError as error:
        raise MachineError(f"{error}; {machine.last_words()}") from None


def measure_linux(lab: Lab, kernel: Path) -> LinuxRun:
    """Boots once, on the machine that Ternion is measured on."""
    folder = lab.build / "tests" / "linux"
    try:
        files = {name: (folder / program).read_bytes() for program, name in PROGRAMS.items()}
    except FileNotFoundError as error:
        raise MachineError(f"{error.filename} does not exist: build it first (make linux-programs)") from None
    archive = lab.directory / "linux-files.cpio"
    archive.write_bytes(file_system(files))
    machine = lab.qemu(cpu="max", megabytes=MEGABYTES, icount=0, kernel=kernel, options=COMMAND_LINE,
                       arguments=("-smp", "1", "-initrd", str(archive)))
    with machine:
        return watch_linux(machine)


def with_linux(figures: dict[str, Figure], values: dict[str, Number], units: dict[str, str], run: LinuxRun,
               path: Path = PEERS_FILE) -> dict[str, Figure]:
    """The figures with what this run's Linux needs in place of what any Linux was said to need."""
    comparable: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))["linux"]
    result = dict(figures)
    for name, ways in comparable.items():
        measured = {way: run.values[linux_name] for way, linux_name in ways.items() if linux_name in run.values}
        figure = figures.get(name) or (Figure(name, units[name], None, {}) if name in values else None)
        if figure is None or not measured:
            continue
        peers = {peer: number for peer, number in figure.peers.items() if not peer.startswith("Linux")}
        peers |= {f"Linux {run.release} ({way + '; ' if way else ''}this run)": number for way, number in measured.items()}
        result[name] = replace(figure, peers=peers)
    return result


def linux_table(run: LinuxRun) -> list[str]:
    """Lines of the table of Linux alone: name, value, the least and the most of the samples."""
    rows = [("name", "value", "least sample", "most")]
    for name, measurement in run.measurements.items():
        rows.append((name, f"{measurement.value:,} {measurement.unit}", f"{measurement.least:,}", f"{measurement.most:,}"))
    return [f"Linux {run.release}, booted in this run on the same machine with: {COMMAND_LINE}", *aligned(rows)]

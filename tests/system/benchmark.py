"""The benchmarks: boots d\\bench where the clock counts instructions, and reads what it measured.

Lines are `[   1.234567] info d\\bench: BENCH name value unit`, at last `DONE` or the machine's own end.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from boot_entry import TREE, Module, read_boot_entry
from lab import Lab
from machine import POLL_SECONDS, Machine, MachineError, require_tool

BOOT_ENTRY = "benchmark"
PEERS_FILE = TREE / "tests" / "peers.json"
MEGABYTES = 512
TOTAL_SECONDS = 300.0
SILENCE_SECONDS = 60.0
TEXT_SIZE = "kernel_text_bytes"
SESSION_ENTRY = "session"
SESSION_MEGABYTES = 8
SHELLS = (r"a\shell", r"a\shell.serial")
BOOT_TO_PROMPT = "boot_to_prompt"
PROMPT = "\x1b[?2004h"              # the shell's editor is ready for a line

_BENCH = re.compile(r"\[ *\d+\.\d{6}\] \w+ \w\\bench\w*: BENCH (\w+) (-?\d+(?:\.\d+)?) (\S+)$", re.MULTILINE)
_ASKS = re.compile(r"^\[ *(\d+\.\d{6})\] \w+ a\\shell\S*: asks for commands", re.MULTILINE)
_SESSION_DONE = re.compile(r"\[ *\d+\.\d{6}\] \w+ a\\bench_session: DONE\b")
_DONE = re.compile(r"\[ *\d+\.\d{6}\] \w+ d\\bench: DONE\b")

Number = int | float


@dataclass(frozen=True)
class Figure:
    """One thing that is measured: its target (None: stated only) and what others need for it."""

    name: str
    unit: str
    target: Number | None
    peers: dict[str, Number]

    def verdict(self, value: Number | None) -> str:
        if value is None:
            return "not measured"
        if self.target is None:
            return ""
        return "met" if value <= self.target else "missed"


def read_figures(path: Path = PEERS_FILE) -> dict[str, Figure]:
    entries = json.loads(path.read_text(encoding="utf-8"))["figures"]
    return {name: Figure(name, entry["unit"], entry["target"], entry["peers"]) for name, entry in entries.items()}


def parse_measurements(serial: str) -> tuple[dict[str, Number], dict[str, str]]:
    """Values and units by name. A name told of twice is an error: which of the two would count?"""
    values: dict[str, Number] = {}
    units: dict[str, str] = {}
    for name, value, unit in _BENCH.findall(serial):
        if name in values:
            raise MachineError(f"d\\bench told of {name} twice")
        values[name] = float(value) if "." in value else int(value)
        units[name] = unit
    return values, units


def watch_benchmark(machine: Machine, who: str = "d\\bench", done: re.Pattern[str] = _DONE) -> None:
    """Lets a started machine run until the program that measures there is done."""
    deadline = time.monotonic() + TOTAL_SECONDS
    quiet_since = time.monotonic()
    length = 0
    while True:
        ended = machine.ended()
        serial = machine.serial_text()
        if done.search(serial) or (ended and (machine.ending or "").startswith(("debug exit", "powered off"))):
            return
        if ended:
            raise MachineError(f"the machine ended: {machine.ending}; {machine.last_words()}")
        now = time.monotonic()
        if len(serial) != length:
            length, quiet_since = len(serial), now
        if now - quiet_since > SILENCE_SECONDS or now > deadline:
            raise MachineError(f"{who} did not say DONE, nor did it power off; {machine.last_words()}")
        time.sleep(POLL_SECONDS)


def measure(lab: Lab) -> tuple[dict[str, Number], dict[str, str]]:
    """Boots once; values and units by name."""
    entry = read_boot_entry(BOOT_ENTRY, lab.build)
    machine = lab.qemu(cpu="max", megabytes=MEGABYTES, icount=0, arguments=("-smp", "1"),
                       kernel=lab.build / "kernel.elf", options=entry.options, modules=entry.modules)
    with machine:
        watch_benchmark(machine)
    values, units = parse_measurements(machine.serial_text())
    if not values:
        raise MachineError("d\\bench measured nothing")
    return values | {TEXT_SIZE: kernel_text_bytes(lab.build / "kernel.elf")}, units | {TEXT_SIZE: "bytes"}


def measure_session(lab: Lab) -> tuple[dict[str, Number], dict[str, str]]:
    """Boots the session in the least memory that it is promised for, and types bench_session at its first prompt."""
    entry = read_boot_entry(SESSION_ENTRY, lab.build)
    program = Module(lab.build / "modules" / "bench_session.elf", "file:bin/bench_session")
    machine = lab.qemu(cpu="max", megabytes=SESSION_MEGABYTES, icount=0, arguments=("-smp", "1"),
                       kernel=lab.build / "kernel.elf", options=entry.options, modules=[*entry.modules, program])
    with machine:
        machine.wait_for(PROMPT, TOTAL_SECONDS)
        for shell in SHELLS:
            machine.wait_for(rf"{shell}: asks for commands", TOTAL_SECONDS)
        machine.send_serial(b"bench_session\r")
        watch_benchmark(machine, "bench_session", _SESSION_DONE)
    values, units = parse_measurements(machine.serial_text())
    return values | {BOOT_TO_PROMPT: boot_to_prompt(machine.serial_text())}, units | {BOOT_TO_PROMPT: "instructions"}


def boot_to_prompt(serial: str) -> int:
    """At most this many, from the kernel's first instruction to the last shell's prompt: an instruction is a nanosecond, and the clock that
    records have so soon after the boot counts milliseconds."""
    times = [float(time) for time in _ASKS.findall(serial)]
    if len(times) != len(SHELLS):
        raise MachineError(f"{len(times)} shells asked for commands instead of {len(SHELLS)}")
    return int(max(times) * 1000 + 1.01) * 1000000


def kernel_text_bytes(kernel: Path) -> int:
    command = [require_tool("size", "binutils"), "-A", str(kernel)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=20)
    sizes = re.findall(r"^\.text(?:\.\S+)?\s+(\d+)\s", result.stdout, re.MULTILINE)
    if not sizes:
        raise MachineError(f"{kernel} has no section .text: {result.stderr.strip() or 'build it again (make)'}")
    return sum(map(int, sizes))


def summarise(runs: list[dict[str, Number]]) -> dict[str, Number]:
    """The median of each name over the runs: of an odd number, or of equal ones, itself a measured value."""
    names = dict.fromkeys(name for run in runs for name in run)
    return {name: statistics.median_low([run[name] for run in runs if name in run]) for name in names}


def against(peer: str, number: Number, value: Number | None) -> str:
    """A peer's figure, and what part of it ours is."""
    return f"{peer} {number:,}" + ("" if value is None or not number else f" (× {value / number:.2g})")


def table(runs: list[dict[str, Number]], units: dict[str, str], figures: dict[str, Figure]) -> list[str]:
    """Lines of the table: name, value, target, verdict, spread over the runs, what peers need and our part of that."""
    values = summarise(runs)
    rows = [("name", "value", "target", "", "spread" if len(runs) > 1 else "", "peers")]
    for name in [*figures, *(name for name in values if name not in figures)]:
        figure = figures.get(name) or Figure(name, units[name], None, {})
        measured = [run[name] for run in runs if name in run]
        value = values.get(name)
        rows.append((
            name,
            "–" if value is None else f"{value:,} {units.get(name, figure.unit)}",
            "" if figure.target is None else f"≤ {figure.target:,}",
            figure.verdict(value),
            f"{max(measured) - min(measured):,}" if len(runs) > 1 and measured else "",
            ", ".join(against(peer, number, value) for peer, number in figure.peers.items()),
        ))
    return aligned(rows)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows as lines with columns of one width; empty columns are left out."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths) if width).rstrip() for row in rows]

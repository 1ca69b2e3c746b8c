"""Other people's tests, run inside the system: a folder becomes a CD's file system in memory, and s\\suite runs what its list says.

A port's `expected.list` says of tests that do not pass why: `fail NAME reason`, of such as are run and fail, and `skip NAME reason`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from boot import boot, texts, with_list
from boot_entry import TREE, Module
from buses import image
from lab import Lab
from machine import require_tool
from shell import succeed

RUNNER = r"s\suite"
MOUNTED = "/suite"
SILENCE_SECONDS = 60.0

_VERDICT = re.compile(r"^(PASS|FAIL) (\S+?)(?:: (.*))?$")
_DONE = re.compile(r"DONE passed=(\d+) failed=(\d+)")


@dataclass(frozen=True)
class Result:
    """failures: by name, why, and the end of what the test wrote."""

    passed: list[str]
    failures: dict[str, str]
    seconds: float

    def __str__(self) -> str:
        return f"{len(self.passed)} passed, {len(self.failures)} failed, {self.seconds:.0f} s of the machine's time"


def expected(port: str, kind: str) -> dict[str, str]:
    """The tests of a port that fail, or are skipped, with the reason."""
    path = TREE / "ports" / port / "expected.list"
    lines = [line.split(None, 2) for line in path.read_text().splitlines() if line and not line.startswith("#")] if path.exists() else []
    assert all(len(words) == 3 for words in lines), f"{path}: a line is: fail or skip, a test's name, why"
    return {name: why for word, name, why in lines if word == kind}


def run_suite(lab: Lab, folder: Path, *names: str, seconds: float, megabytes: int = 128, disks: dict[str, Path] = {}) -> Result:
    """Runs the tests of a folder's list whose names begin so; disks: more images, by the name of the directory where each is to be."""
    disk = lab.directory / "suite.iso"
    succeed([require_tool("xorriso", "xorriso"), "-as", "mkisofs", "-quiet", "-R", "-o", disk, folder])
    images = {MOUNTED[1:]: disk, **disks}
    needs = ",".join(rf"disks\image\{name}" for name in images)
    mounts = " ".join(rf"mount=disks\image\{name}:/{name}" for name in images)
    starts = (r"d\rtc rtc.elf restart=on-failure" "\n"
              rf"s\vfs vfs.elf restart=always needs={needs},d\rtc -- {mounts} tmp=32768" "\n"
              rf"{RUNNER} suite.elf restart=never needs=s\vfs -- {MOUNTED}/suite.list {' '.join(names)}" "\n")
    modules = with_list(lab, "d\\virtual virtual.elf restart=always\n" + starts, "serial history=200")
    modules += [image(lab, "virtual"), image(lab, "rtc"), image(lab, "vfs"), image(lab, "suite"), *(Module(path, f"file:disks/{name}") for name, path in images.items())]
    modules += [Module(path, f"file:{path.name}") for path in sorted(folder.glob("boot/*"))]
    with boot(lab, modules, megabytes=megabytes, arguments=["-rtc", "base=2024-02-29T00:00:00,clock=vm"]) as machine:
        machine.wait_for(re.compile(re.escape(RUNNER) + r" ended: .*"), seconds)
    return result_of(machine.serial_text())


def result_of(serial: str) -> Result:
    passed: list[str] = []
    failures: dict[str, str] = {}
    last, done = "", None
    for text in texts(serial, RUNNER):
        verdict = _VERDICT.match(text)
        done = _DONE.fullmatch(text) or done
        if verdict is not None and verdict[1] == "PASS":
            passed.append(verdict[2])
        elif verdict is not None:
            last = verdict[2]
            failures[last] = verdict[3] or "?"
        elif text.startswith("| ") and last:
            failures[last] += "\n    " + text
    assert done is not None, "the suite did not come to its end: " + "\n".join(serial.splitlines()[-20:])
    assert (len(passed), len(failures)) == (int(done[1]), int(done[2])), f"{done[0]}, but the log has {len(passed)} and {len(failures)}"
    times = re.findall(r"^\[ *(\d+\.\d+)\]", serial, re.MULTILINE)
    return Result(passed, failures, float(times[-1]))


def judge(port: str, result: Result, least: int) -> None:
    """Fails unless exactly those tests failed that are expected to, and enough passed."""
    known = expected(port, "fail")
    said = [f"{name}: {why}" for name, why in result.failures.items() if name not in known]
    said += [f"{name} passes, and ports/{port}/expected.list says that it fails" for name in result.passed if name in known]
    assert not said, f"{result}:\n" + "\n".join(said)
    assert len(result.passed) >= least, f"{result}: there should be {least}"

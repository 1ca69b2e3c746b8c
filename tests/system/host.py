"""Host tests: programs that compile portable parts of the system with sanitizers and test them.

Each prints `PASS sentence` or `FAIL sentence: why` a line; its exit code counts too.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from pathlib import Path

from unit import Outcome, Unit

HOST_SECONDS = 300.0
LAST_LINES = 30

_VERDICT = re.compile(r"^(PASS|FAIL) (.+)$", re.MULTILINE)
_SANITIZER = re.compile(r"^.*(?:ERROR: \w+Sanitizer|WARNING: \w+Sanitizer|: runtime error: ).*$", re.MULTILINE)


def judge_host(name: str, output: str, exit_code: int | None, seconds: float) -> list[Outcome]:
    """Outcomes of one program; exit_code None: it had to be ended."""
    outcomes = []
    for verdict, rest in _VERDICT.findall(output):
        sentence, _, why = rest.partition(": ") if verdict == "FAIL" else (rest, "", "")
        outcomes.append(Outcome(f"{name}:{sentence}", verdict == "PASS", 0.0, why))
    problem = _problem(outcomes, output, exit_code, seconds)
    if problem:
        outcomes.append(Outcome(f"{name}:completes", False, seconds, problem, output.splitlines()[-LAST_LINES:]))
    return outcomes


def _problem(outcomes: list[Outcome], output: str, exit_code: int | None, seconds: float) -> str:
    """What is wrong with the run beside the failures it told of, empty if nothing."""
    report = _SANITIZER.search(output)
    if report is not None:
        return report.group().strip()
    if exit_code is None:
        return f"did not end within {seconds:.0f} s"
    if not outcomes:
        return f"printed neither PASS nor FAIL, exit code {exit_code}"
    failed = any(not outcome.passed for outcome in outcomes)
    if exit_code < 0 or (exit_code != 0) != failed:
        return f"exit code {exit_code} with {sum(not outcome.passed for outcome in outcomes)} failures told"
    return ""


def run_host(program: Path, name: str, directory: Path) -> list[Outcome]:
    environment = dict(os.environ, UBSAN_OPTIONS="print_stacktrace=1", ASAN_OPTIONS="detect_leaks=1")
    started = time.monotonic()
    exit_code: int | None = None
    log = directory / "output.txt"
    with log.open("wb") as output:
        try:
            exit_code = subprocess.run([program.absolute()], stdin=subprocess.DEVNULL, stdout=output, cwd=directory,
                                       stderr=subprocess.STDOUT, timeout=HOST_SECONDS, env=environment).returncode
        except subprocess.TimeoutExpired:
            pass
    return judge_host(name, log.read_text(errors="backslashreplace"), exit_code, time.monotonic() - started)


def host_units(build: Path) -> list[Unit]:
    """A unit for each program in build/tests/host."""
    folder = build / "tests" / "host"
    files = sorted(path for path in folder.glob("*") if path.is_file() and not path.suffix)
    return [_host_unit(path) for path in files if os.access(path, os.X_OK)]


def _host_unit(program: Path) -> Unit:
    name = f"host:{program.name}"
    return Unit(name, "", HOST_SECONDS + 10, lambda directory: run_host(program, name, directory), [program])

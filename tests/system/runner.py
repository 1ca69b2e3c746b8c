"""Runs units, each in a process and process group of its own, and tells of them line by line."""

from __future__ import annotations

import concurrent.futures
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from unit import Outcome, Unit, outcomes_from_json, outcomes_to_json

KILL_SECONDS = 15.0


@dataclass
class Runner:
    """script: the program that runs one unit when called with --unit; only: tells of these tests alone."""

    script: Path
    build: Path
    jobs: int
    only: str = ""
    passed: int = 0
    failed: int = 0
    _running: set[int] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stopping: bool = False

    def run(self, units: list[Unit], repeat: int) -> None:
        if not self.only:
            shutil.rmtree(self.build / "test-logs", ignore_errors=True)
        rounds = [(unit, number) for number in range(1, repeat + 1) for unit in units]
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            futures = [pool.submit(self._run_unit, unit, number) for unit, number in rounds]
            try:
                for future in concurrent.futures.as_completed(futures):
                    future.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self._stop_all()
                raise

    def _run_unit(self, unit: Unit, number: int) -> None:
        folder = log_folder(self.build, unit.name, number)
        folder.mkdir(parents=True, exist_ok=True)
        started = time.monotonic()
        outcomes = self._in_process(unit, folder)
        seconds = time.monotonic() - started
        if self._stopping:
            return
        wanted = [outcome for outcome in outcomes if self._is_wanted(unit, outcome)]
        if all(outcome.passed for outcome in wanted) or not any(folder.iterdir()):
            shutil.rmtree(folder, ignore_errors=True)
        with self._lock:
            for outcome in wanted:
                self._tell(outcome, folder)
            if len(outcomes) > 1 or unit.name not in (outcome.name for outcome in outcomes):
                print(f"      {seconds:7.2f} s  {unit.name}: {len(wanted)} tests of {len(outcomes)}", flush=True)

    def _is_wanted(self, unit: Unit, outcome: Outcome) -> bool:
        """A failure of the unit itself is never filtered away."""
        run_failed = not outcome.passed and outcome.name in (unit.name, f"{unit.name}:completes")
        return run_failed or self.only in outcome.name or self.only in unit.name or self.only in unit.sentence

    def _in_process(self, unit: Unit, folder: Path) -> list[Outcome]:
        command = [sys.executable, str(self.script), "--build", str(self.build), "--unit", unit.name,
                   "--logs", str(folder)]
        with self._lock:
            if self._stopping:
                return []
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True)
            self._running.add(process.pid)
        try:
            output, words = process.communicate(timeout=unit.seconds + KILL_SECONDS)
            return outcomes_from_json(output) or [Outcome(unit.name, False, 0.0, "told of no test")]
        except subprocess.TimeoutExpired:
            _kill_group(process.pid)
            _, words = process.communicate()
            why = f"had to be killed after {unit.seconds + KILL_SECONDS:.0f} s"
        except (ValueError, TypeError):
            why = f"its process ended with exit code {process.returncode} and no outcome"
        finally:
            _kill_group(process.pid)
            self._running.discard(process.pid)
        return [Outcome(unit.name, False, 0.0, why, words.splitlines()[-30:])]

    def _tell(self, outcome: Outcome, folder: Path) -> None:
        self.passed += outcome.passed
        self.failed += not outcome.passed
        verdict = "PASS" if outcome.passed else "FAIL"
        why = f": {outcome.why}" if outcome.why else ""
        print(f"{verdict}  {outcome.seconds:7.2f} s  {outcome.name}{why}", flush=True)
        if not outcome.passed:
            for line in outcome.details:
                print(f"        {line}")
            if folder.is_dir():
                print(f"        logs: {folder}", flush=True)

    def _stop_all(self) -> None:
        with self._lock:
            self._stopping = True
            for pid in list(self._running):
                _kill_group(pid)


def _kill_group(pid: int) -> None:
    """Ends what is left of a process group that we started: emulators live in it too."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def log_folder(build: Path, unit_name: str, number: int) -> Path:
    name = unit_name.replace(":", ".").replace("/", "_")
    return build / "test-logs" / (name if number == 1 else f"{name}.{number}")


def run_one(unit: Unit, folder: Path) -> int:
    """The process of one unit: runs it under an alarm and prints its outcomes as JSON."""
    folder.mkdir(parents=True, exist_ok=True)

    def too_late(*_: object) -> None:
        raise TimeoutError(f"took longer than its limit of {unit.seconds:.0f} s")

    signal.signal(signal.SIGALRM, too_late)
    signal.setitimer(signal.ITIMER_REAL, unit.seconds)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            outcomes = unit.run(folder)
    except TimeoutError as error:
        outcomes = [Outcome(unit.name, False, unit.seconds, str(error))]
    signal.setitimer(signal.ITIMER_REAL, 0)
    print(outcomes_to_json(outcomes))
    return 0

"""System tests as units: discovers the functions in test_*.py and runs one of them."""

from __future__ import annotations

import importlib
import time
import traceback
from pathlib import Path

from boot_entry import ImageError
from lab import Lab, SystemTest
from machine import MachineError
from unit import Outcome, Unit

FOLDER = Path(__file__).resolve().parent


def system_units(build: Path) -> list[Unit]:
    """A unit for each system test; a module that cannot be imported is a unit that fails."""
    units: list[Unit] = []
    for path in sorted(FOLDER.glob("test_*.py")):
        try:
            module = importlib.import_module(path.stem)
        except Exception:
            units.append(_broken(path.stem, traceback.format_exc().splitlines()))
            continue
        tests = [value for value in vars(module).values() if isinstance(value, SystemTest)]
        undeclared = [name for name, value in vars(module).items()
                      if name.startswith("test_") and not isinstance(value, SystemTest)]
        units += [_system_unit(build, f"system:{path.stem.removeprefix('test_')}.{test.name}", test) for test in tests]
        if undeclared or not tests:
            what = ", ".join(undeclared) or "no function"
            units.append(_broken(path.stem, [f"{path.name}: {what} is declared with @system_test(seconds=…)"]))
    return units


def _broken(module: str, details: list[str]) -> Unit:
    name = f"system:{module.removeprefix('test_')}"
    return Unit(name, "can be imported", 10, lambda _: [Outcome(name, False, 0.0, "cannot be used", details)])


def _system_unit(build: Path, name: str, test: SystemTest) -> Unit:
    return Unit(name, test.sentence, test.seconds,
                lambda directory: [run_system_test(build, name, test, directory)])


def run_system_test(build: Path, name: str, test: SystemTest, directory: Path) -> Outcome:
    lab = Lab(build, directory, test.seconds)
    started = time.monotonic()
    why = ""
    details: list[str] = []
    try:
        test(lab)
    except (AssertionError, MachineError, ImageError, TimeoutError) as error:
        lab.stop()
        place = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in place if Path(frame.filename).name.startswith("test_")] or place[-1:]
        why = str(error) or f"assertion failed: {ours[-1].line}"
        details = [f"at {Path(ours[-1].filename).name}:{ours[-1].lineno}: {ours[-1].line}", *lab.last_lines()]
    except Exception as error:
        lab.stop()
        why = f"{type(error).__name__}: {error}"
        details = [*traceback.format_exc().splitlines(), *lab.last_lines()]
    lab.close(keep=bool(why))
    return Outcome(name, not why, time.monotonic() - started, why, details)

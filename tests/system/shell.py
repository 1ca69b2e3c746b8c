"""Commands that people give outside the machine: run as they would run them, with an end in sight."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from boot_entry import TREE

COMMAND_SECONDS = 60.0
MAKE_VARIABLES = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")


def environment() -> dict[str, str]:
    """Ours without what a make above us left there for makes below it."""
    return {name: value for name, value in os.environ.items() if name not in MAKE_VARIABLES}


def run(command: Sequence[str | Path], folder: Path = TREE,
        seconds: float = COMMAND_SECONDS) -> subprocess.CompletedProcess[str]:
    return subprocess.run(list(map(str, command)), cwd=folder, env=environment(), stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, errors="replace", timeout=seconds)


def succeed(command: Sequence[str | Path], folder: Path = TREE, seconds: float = COMMAND_SECONDS) -> str:
    """What a command that must succeed says on its output."""
    result = run(command, folder, seconds)
    words = " ".join(map(str, command))
    assert result.returncode == 0, f"{words}: exit code {result.returncode}: {result.stderr or result.stdout}"
    return result.stdout


def fail(command: Sequence[str | Path], folder: Path = TREE) -> str:
    """What a command that must fail says, without a traceback."""
    result = run(command, folder)
    said = result.stderr + result.stdout
    assert result.returncode != 0, f"{' '.join(map(str, command))}: succeeded, saying {said!r}"
    assert "Traceback" not in said, said
    return said


def mkimage(*arguments: str | Path) -> list[str | Path]:
    return [TREE / "tools" / "mkimage", *arguments]

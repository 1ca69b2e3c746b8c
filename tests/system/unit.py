"""A unit is what the runner starts as one process: a host test, a guest run or a system test.

It yields outcomes, one a test. They cross the process boundary as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """What became of one test."""

    name: str
    passed: bool
    seconds: float
    why: str = ""
    details: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Unit:
    """name: what --only and --list know it by; sentence: what it proves, if it is one test alone.

    run: makes the outcomes, given a directory for logs; seconds: its limit.
    programs: files that hold the names of tests that only a run can list.
    """

    name: str
    sentence: str
    seconds: float
    run: Callable[[Path], list[Outcome]]
    programs: list[Path] = field(default_factory=list)

    def concerns(self, substring: str) -> bool:
        """True if a test whose name or sentence holds the substring may be in this unit."""
        if substring in self.name or substring in self.sentence:
            return True
        wanted = substring.removeprefix(self.name + ":").encode()
        return any(wanted in program.read_bytes() for program in self.programs if program.is_file())


def outcomes_to_json(outcomes: list[Outcome]) -> str:
    return json.dumps([asdict(outcome) for outcome in outcomes])


def outcomes_from_json(text: str) -> list[Outcome]:
    return [Outcome(**values) for values in json.loads(text)]

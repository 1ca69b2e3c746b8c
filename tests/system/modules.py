"""Boot lists: which files the boot loader gives to the kernel, and under which names.

A list has a line `FILE NAME ARGUMENTS…` a module; `#` begins a comment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


class ModuleListError(Exception):
    """A boot list that cannot be used, with file, line and reason."""


@dataclass(frozen=True)
class Module:
    path: Path
    command: str                        # NAME and arguments, or file:PATH


def read_module_list(list_path: Path, folders: Sequence[Path]) -> list[Module]:
    """Modules of a boot list; each FILE is looked for in the folders, in order."""
    try:
        lines = list_path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ModuleListError(f"{list_path}: cannot be read ({error.strerror})") from error
    modules = []
    for number, line in enumerate(lines, start=1):
        words = line.partition("#")[0].split(None, 1)
        if not words:
            continue
        if len(words) < 2:
            raise ModuleListError(f"{list_path}:{number}: {words[0]!r} has no name: write FILE NAME ARGUMENTS")
        modules.append(Module(_find(words[0], folders, f"{list_path}:{number}"), words[1].strip()))
    return modules


def _find(name: str, folders: Iterable[Path], where: str) -> Path:
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    searched = ", ".join(map(str, folders))
    raise ModuleListError(f"{where}: {name} is in none of {searched}: build it first (make), or correct the list")


def initrd_argument(modules: Iterable[Module]) -> str:
    """QEMU's -initrd value: `FILE NAME ARGUMENTS` joined by commas, commas of their own doubled."""
    parts = []
    for module in modules:
        path = str(module.path.absolute())
        if " " in path:
            raise ModuleListError(f"{path}: QEMU takes the first space of a module for the end of its path: move the tree")
        parts.append(f"{path} {module.command}".rstrip().replace(",", ",,"))
    return ",".join(parts)

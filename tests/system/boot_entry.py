"""What an entry of the boot menu boots, for machines that start it without a boot loader.

The lists are read by the same code that makes the images, so both boot the same system.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TREE / "tools"))

from boot_image import ImageError
from boot_image.boot_list import Module, add_libraries, library_name, read_list
from boot_image.menu import read_menu

__all__ = ["TREE", "BootEntry", "ImageError", "Module", "add_libraries", "initrd_argument", "library_name", "read_boot_entry", "read_list"]


@dataclass(frozen=True)
class BootEntry:
    """options: the kernel's command line."""

    options: str
    modules: list[Module]


def read_boot_entry(key: str, build: Path) -> BootEntry:
    """An entry of iso/menu.list by its first word, with the modules of this build."""
    menu = TREE / "iso" / "menu.list"
    if not menu.is_file():
        raise ImageError(f"{menu}: no such file: this is no whole tree")
    for line in read_menu(menu):
        if line.key == key:
            return BootEntry(line.options, read_list(menu.parent / line.list_name, build))
    raise ImageError(f"{menu}: has no entry {key}: add one")


def initrd_argument(modules: Iterable[Module]) -> str:
    """QEMU's -initrd value: `FILE NAME ARGUMENTS` joined by commas, commas of their own doubled."""
    parts = []
    for module in modules:
        path = str(module.path.absolute())
        if " " in path:
            raise ImageError(f"{path}: QEMU takes the first space of a module for the end of its path: move the tree")
        parts.append(f"{path} {module.command}".replace(",", ",,"))
    return ",".join(parts)

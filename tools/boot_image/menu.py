"""The boot menu, as GRUB Legacy (menu.lst) and GRUB 2 (grub.cfg) want it.

iso/menu.list has a line for each entry: ENTRY | TITLE | BOOT LIST | KERNEL OPTIONS
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from . import ImageError
from .boot_list import Module

KERNEL = "/boot/kernel.elf"
LINE_BYTES_MAX = 1400           # GRUB Legacy reads menu lines into a buffer of 1500 bytes
KERNEL_LINE_BYTES_MAX = 1023    # what the kernel reads of a line: kernel/multiboot.h
LEGACY_MODULES_MAX = 99         # GRUB Legacy's multiboot module table
TERMINAL_SECONDS = 2            # how long GRUB Legacy asks both terminals for a key


@dataclass(frozen=True)
class Entry:
    key: str
    title: str
    options: str
    modules: list[Module]


@dataclass(frozen=True)
class EntryLine:
    """An entry as its line in menu.list says it, the boot list not yet read."""
    key: str
    title: str
    list_name: str
    options: str


def read_menu(path: Path) -> list[EntryLine]:
    entries: list[EntryLine] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        fields = [field.strip() for field in line.split("|")]
        if len(fields) != 4 or not all(fields[:3]):
            raise ImageError(f"{path}:{number}: needs ENTRY | TITLE | BOOT LIST | KERNEL OPTIONS")
        entries.append(EntryLine(*fields))
    if not entries:
        raise ImageError(f"{path}: has no entry")
    return entries


def kernel_line(entry: Entry) -> str:
    return f"{KERNEL} {entry.options}".rstrip()


def check_line(line: str, handed_on: str) -> str:
    """Refuses a line of the menu that the loader, or of which the kernel, would see the beginning only."""
    if (length := len(handed_on.encode())) > KERNEL_LINE_BYTES_MAX:
        raise ImageError(f"the line '{handed_on[:60]}…' is {length} bytes long: the kernel takes "
                         f"{KERNEL_LINE_BYTES_MAX}; shorten it")
    if (length := len(line.encode())) > LINE_BYTES_MAX:
        raise ImageError(f"the boot loader's line '{line[:60]}…' is {length} bytes long: at most "
                         f"{LINE_BYTES_MAX} are possible; shorten the arguments")
    return line


def legacy_menu(entries: list[Entry], names: dict[Path, str], default: int, timeout: int) -> str:
    """menu.lst. With a timeout the menu appears where a key is pressed: screen or serial line."""
    lines = [f"default {default}", f"timeout {timeout}"]
    if timeout and len(entries) > 1:
        lines += ["serial --unit=0 --speed=115200",
                  f"terminal --dumb --timeout={TERMINAL_SECONDS} console serial"]
    for entry in entries:
        if len(entry.modules) > LEGACY_MODULES_MAX:
            raise ImageError(f"{len(entry.modules)} modules: GRUB Legacy can load {LEGACY_MODULES_MAX}: "
                             "leave some out or use --grub2")
        lines += ["", f"title {entry.title}", check_line(f"kernel {kernel_line(entry)}", kernel_line(entry))]
        for module in entry.modules:
            line = f"/boot/{names[module.path]} {module.command}"
            lines.append(check_line(f"module {line}", line))
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """The text so quoted that GRUB 2's shell takes it literally, as one word."""
    return "'" + text.replace("'", "'\\''") + "'"


def quoted_words(text: str) -> str:
    return " ".join(quoted(word) for word in text.split())


def grub2_menu(entries: list[Entry], names: dict[Path, str], default: int, timeout: int) -> str:
    """grub.cfg. The file's path is given twice: GRUB 2 does not pass it on, GRUB Legacy does.

    GRUB 2 doubles backslashes, which the kernel undoes, and puts one before each quotation mark.
    """
    for text in (text for entry in entries for text in (entry.options, *(m.command for m in entry.modules))):
        if "'" in text or '"' in text:
            raise ImageError(f"'{text}': GRUB 2 changes quotation marks: leave them out, or use GRUB Legacy")
    lines = [f"set default={default}", f"set timeout={timeout}"]
    if timeout and len(entries) > 1:
        lines += ["serial --unit=0 --speed=115200", "terminal_input console serial",
                  "terminal_output console serial"]
    for entry in entries:
        lines += ["", f"menuentry {quoted(entry.title)} {{",
                  check_line(f"    multiboot {KERNEL} {quoted_words(kernel_line(entry))}", kernel_line(entry))]
        for module in entry.modules:
            file = f"/boot/{names[module.path]}"
            handed_on = f"{file} {module.command}".replace("\\", "\\\\")
            lines.append(check_line(f"    module {file} {file} {quoted_words(module.command)}", handed_on))
        lines.append("}")
    return "\n".join(lines) + "\n"

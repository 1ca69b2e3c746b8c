"""Boot lists: which modules the boot loader hands to the kernel, in which order.

A list is a text file. A line is

    FILE NAME ARGS…          a process: NAME is d\\x, s\\x, a\\x, or has no prefix and starts as a driver
    FILE file:PATH           no process, but a file
    include LIST             the lines of another list, beside this one

`#` starts a comment line. A name that was there before replaces the earlier module in its place.
The library that programs share (lib/libc) is not in the lists: whoever boots one of those programs gets it too.
"""

from __future__ import annotations

import os
import re
import struct
from dataclasses import dataclass
from pathlib import Path

from . import ImageError

# What the kernel takes: kernel/module.c and kernel/name.c.
NAME_BYTES_MAX = 63             # of a process, prefix included; of a file's PATH
ARGUMENTS_BYTES_MAX = 255       # each word with the NUL behind it
CLASS_PREFIXES = ("d\\", "s\\", "a\\")
FILE_PREFIX = "file:"
INTERPRETER = 3                 # PT_INTERP
ISO = Path(__file__).resolve().parents[2] / "iso"


@dataclass(frozen=True)
class Module:
    path: Path                  # on this machine
    name: str                   # of the process, or file:PATH
    arguments: str = ""
    standard: bool = False      # from a standard list: may be stripped of its debug information

    @property
    def command(self) -> str:
        return f"{self.name} {self.arguments}".rstrip()


def check_name(name: str, where: str) -> None:
    """Refuses a name that the kernel would refuse."""
    about, plain, limit = f"{where}: module name {name}", name, NAME_BYTES_MAX
    if name.startswith(FILE_PREFIX):
        plain = name.removeprefix(FILE_PREFIX)
    elif name.startswith(CLASS_PREFIXES):
        plain, limit = name[2:], NAME_BYTES_MAX - 2
    elif "\\" in name or "/" in name:
        raise ImageError(f"{about}: begins with no class: name it d\\… (driver), s\\… "
                         "(server), a\\… (application) or file:PATH, or leave the prefix out to start "
                         "it as a driver")
    else:
        limit = NAME_BYTES_MAX - 2
    if re.search(r"[\s\x00-\x1f\x7f]", name):
        raise ImageError(f"{about}: contains a space or a control character: rename it")
    if not plain:
        raise ImageError(f"{about}: nothing follows the prefix: add a name")
    if not name.startswith(FILE_PREFIX) and (bad := re.search(r"[^!-~]|\\", plain)):
        raise ImageError(f"{about}: contains {bad[0]}, which no name can have: use printable ASCII without backslashes")
    if (length := len(plain.encode())) > limit:
        raise ImageError(f"{about}: {length} bytes long behind its prefix: at most {limit} are allowed")


def check_arguments(arguments: str, where: str) -> None:
    if (length := sum(len(word.encode()) + 1 for word in arguments.split(" ") if word)) > ARGUMENTS_BYTES_MAX:
        raise ImageError(f"{where}: the arguments '{arguments[:40]}…' take {length} bytes, with one behind each: at most "
                         f"{ARGUMENTS_BYTES_MAX} are possible; put them into a file (--file)")


def parse_module(line: str, where: str, folders: list[Path], standard: bool = False) -> Module:
    """A module from 'FILE NAME ARGS…'; FILE is looked for in the folders, in their order."""
    if re.search(r"[\x00-\x1f\x7f]", line):
        raise ImageError(f"{where}: {line!r}: contains a control character: use spaces between words")
    words = line.split(None, 2)
    if len(words) < 2:
        raise ImageError(f"{where}: '{line}': needs a file and a name: 'FILE NAME ARGS…'")
    check_name(words[1], where)
    if words[1].startswith(FILE_PREFIX) and len(words) > 2:
        raise ImageError(f"{where}: '{line}': a file takes no arguments: remove '{words[2]}'")
    if len(words) > 2:
        check_arguments(words[2], where)
    path = find_file(words[0], where, folders)
    if not words[1].startswith(FILE_PREFIX) and beginning(path, 4) != b"\x7fELF":
        raise ImageError(f"{where}: {path}: is no ELF program, and '{words[1]}' is the name of a process: build it, or bring it as a file ({FILE_PREFIX}PATH)")
    return Module(path, words[1], words[2].strip() if len(words) > 2 else "", standard)


def find_file(name: str, where: str, folders: list[Path]) -> Path:
    for folder in folders:
        path = folder / name
        if path.is_file():
            check_contents(path, where)
            return path
        if path.is_dir():
            raise ImageError(f"{where}: {path}: is a folder: name a file")
    places = " or ".join(dict.fromkeys(str(folder / name) for folder in folders))
    raise ImageError(f"{where}: {places}: no such file: check the name; `make` builds the standard ones")


def beginning(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        return file.read(size)


def check_contents(path: Path, where: str) -> None:
    try:
        is_empty = not beginning(path, 1)
    except OSError as error:
        raise ImageError(f"{where}: {path}: {error.strerror}: make it readable") from None
    if is_empty:
        raise ImageError(f"{where}: {path}: is empty, and the kernel takes no empty module: leave it out")


def read_list(path: Path, build: Path) -> list[Module]:
    """The modules of a standard list; programs come from BUILD/modules, other files from beside the list or iso/."""
    path = Path(os.path.normpath(path))
    modules: list[Module] = []
    folders = [build / "modules", path.parent, ISO]
    for where, line in list_lines(path, []):
        modules = replace(modules, parse_module(line, where, folders, standard=True))
    return modules


def list_lines(path: Path, outer: list[Path]) -> list[tuple[str, str]]:
    """The lines of a list with those of the lists it includes; each with its place."""
    if path in outer:
        raise ImageError(f"{path}: includes itself through {outer[-1]}: remove one include")
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ImageError(f"{outer[-1] if outer else path}: boot list {path}: {error.strerror}") from None
    lines: list[tuple[str, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("include "):
            lines += list_lines(Path(os.path.normpath(path.parent / line.split(None, 1)[1])), [*outer, path])
        else:
            lines.append((f"{path}:{number}", line))
    return lines


def replace(modules: list[Module], module: Module) -> list[Module]:
    """The modules with this one added, or in the place of the one that has its name."""
    if any(other.name == module.name for other in modules):
        return [module if other.name == module.name else other for other in modules]
    return [*modules, module]


def add_libraries(modules: list[Module], folders: list[Path]) -> list[Module]:
    """The modules with the libraries that programs among them were linked to; each lies beside its program, or in the folders."""
    for module in modules:
        name = library_name(module.path)
        if name and not any(other.name == FILE_PREFIX + name for other in modules):
            where = f"{module.path}: it was linked to the library {name}"
            library = find_file(f"{Path(name).name}.elf", where, [module.path.parent, *folders])
            modules = [*modules, Module(library, FILE_PREFIX + name, standard=True)]
    return modules


def library_name(path: Path) -> str:
    """The boot module that a program's PT_INTERP segment names (System V ABI, figure 5-1); empty: it is complete, or another system's."""
    with path.open("rb") as file:
        header = file.read(52)
        if len(header) < 52 or not header.startswith(b"\x7fELF\x01\x01"):
            return ""
        offset, size, count = (*struct.unpack_from("<I", header, 28), *struct.unpack_from("<HH", header, 42))
        file.seek(offset)
        table = file.read(size * count)
        for place in range(0, len(table) - 31, max(size, 32)):
            kind, offset, _, _, length = struct.unpack_from("<5I", table, place)
            if kind == INTERPRETER:
                file.seek(offset)
                name = file.read(min(length, NAME_BYTES_MAX)).split(b"\0")[0].decode(errors="replace")
                return name if re.fullmatch(r"[!-.0-~][!-~]*", name) else ""
    return ""


def check_unique(modules: list[Module], where: str) -> None:
    seen: dict[str, Module] = {}
    for module in modules:
        if module.name in seen:
            raise ImageError(f"{where}: the name {module.name} is given twice, for {seen[module.name].path} "
                             f"and for {module.path}: names are unique; change one")
        seen[module.name] = module

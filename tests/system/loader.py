"""A boot loader that tells the kernel whatever a test makes up.

Structures and offsets: Multiboot Specification 0.6.96, section 3.3.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from boot_entry import Module
from lab import Lab
from qemu import Qemu
from stub import stub_loader

MAGIC = 0x2BADB002
HAS_MEMORY, HAS_COMMAND_LINE, HAS_MODULES, HAS_MAP = 0x01, 0x04, 0x08, 0x40

MB = 1 << 20
MEGABYTES = 64
RAM, RESERVED = 1, 2

# Where the made-up things lie: the structures in low memory, module images from 16 MB on.
INFORMATION, MAP, MODULE_LIST, LINES = 0x10000, 0x11000, 0x20000, 0x30000
IMAGES = 16 * MB
GOOD_MAP = [(0, 0x9F000, RAM), (0xF0000, 0x10000, RESERVED), (MB, (MEGABYTES - 1) * MB, RAM)]


@dataclass(frozen=True)
class ModuleEntry:
    """An entry of the module list: physical addresses."""

    begin: int
    end: int
    line: int


@dataclass
class MadeUp:
    """What the kernel is told: each field can be something that no honest loader says."""

    magic: int = MAGIC
    information: int = INFORMATION
    flags: int = HAS_MEMORY | HAS_COMMAND_LINE | HAS_MODULES | HAS_MAP
    lower_kb: int = 636
    upper_kb: int = (MEGABYTES - 1) * 1024
    command_line: int = 0
    module_count: int | None = None             # None: as many as there are
    module_list: int = MODULE_LIST
    modules: list[ModuleEntry] = field(default_factory=list)
    map: bytes = b""
    map_size: int | None = None
    map_address: int = MAP
    pieces: list[tuple[int, bytes]] = field(default_factory=list)
    _next_image: int = IMAGES
    _next_line: int = LINES

    def put(self, address: int, data: bytes) -> int:
        self.pieces.append((address, data))
        return address

    def text(self, text: str) -> int:
        """Puts a text and its NUL somewhere; its address."""
        address = self.put(self._next_line, text.encode("latin-1") + b"\0")
        self._next_line += len(text) + 1
        return address

    def add(self, image: bytes, line: str, at: int | None = None) -> ModuleEntry:
        """Adds an honest module."""
        begin = self._next_image if at is None else at
        if at is None:
            self._next_image += -(-len(image) // 4096) * 4096
        self.put(begin, image)
        entry = ModuleEntry(begin, begin + len(image), self.text(line))
        self.modules.append(entry)
        return entry

    def add_all(self, modules: Sequence[Module]) -> None:
        for module in modules:
            self.add(module.path.read_bytes(), f"/boot/{module.path.name} {module.command}")

    def plan(self) -> bytes:
        """What stub_loader.asm works off."""
        count = len(self.modules) if self.module_count is None else self.module_count
        map_size = len(self.map) if self.map_size is None else self.map_size
        information = struct.pack("<7I4I2I", self.flags, self.lower_kb, self.upper_kb, 0, self.command_line, count,
                                  self.module_list, 0, 0, 0, 0, map_size, self.map_address)
        entries = b"".join(struct.pack("<4I", entry.begin, entry.end, entry.line, 0) for entry in self.modules)
        own = [(INFORMATION, information), (MODULE_LIST, entries), (MAP, self.map)]
        plan = struct.pack("<2I", self.magic, self.information)
        for address, data in [*own, *self.pieces]:
            if data:
                plan += struct.pack("<2I", address, len(data)) + data + bytes(-len(data) % 4)
        return plan + struct.pack("<2I", 0, 0)


def memory_map(ranges: Sequence[tuple[int, int, int]] = GOOD_MAP) -> bytes:
    """A memory map from begins, lengths and types."""
    return b"".join(struct.pack("<IQQI", 20, begin, length, kind) for begin, length, kind in ranges)


def boot_made_up(lab: Lab, told: MadeUp, **setup: Any) -> Qemu:
    """A machine whose kernel is told this, not yet started."""
    plan = lab.directory / f"plan{len(lab.machines)}"
    plan.write_bytes(told.plan())
    return lab.qemu(kernel=stub_loader(lab), modules=[Module(lab.build / "kernel.elf", "kernel"), Module(plan, "plan")],
                    **{"megabytes": MEGABYTES} | setup)

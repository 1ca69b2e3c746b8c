"""The display adapters of the emulators, and what each shows of a pixel: where bits are missing they differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from boot import boot
from boot_entry import Module
from images import make_image
from lab import Lab
from machine import Machine
from picture import dac_of_qemu, replicated, shifted

Expansion = Callable[[int, int], int]


@dataclass(frozen=True)
class Adapter:
    """expand: value and bits of a colour of a mode with 15, or with 16 bits, to what is seen. wide_dac: the BIOS lets palettes
    of 256 colours have 8 bits of each."""

    name: str
    qemu: dict[str, Any] | None             # fields of QemuSetup; None: it is in Bochs
    bochs: dict[str, Any] = field(default_factory=dict)     # fields of BochsSetup
    wide_dac: bool = True
    expand: dict[int, Expansion] = field(default_factory=lambda: {15: shifted, 16: replicated})

    def dac(self, value: int) -> int:
        """What is seen of 6 bits of a palette."""
        return value << 2 if self.qemu is None else dac_of_qemu(value)

    @property
    def line(self) -> int:
        """The serial line that steps are waited for at: 0 is COM1."""
        return 0 if self.qemu is not None else 1

    def machine(self, lab: Lab, modules: list[Module], options: str = "", **setup: Any) -> Machine:
        """A machine with this adapter, not yet started."""
        if self.qemu is not None:
            return boot(lab, modules, options, **(self.qemu | setup))
        image = lab.directory / f"{len(lab.machines)}.iso"
        make_image(lab, image, modules, options)
        return lab.bochs(cdrom=image, window=True, com2_typed=True, **(self.bochs | setup))


_ALL_SHIFTED: dict[int, Expansion] = {15: shifted, 16: shifted}

ADAPTERS = {adapter.name: adapter for adapter in (
    Adapter("std", {"vga": "std"}),
    Adapter("cirrus", {"vga": "cirrus"}, wide_dac=False),
    Adapter("vmware", {"vga": "vmware"}),
    Adapter("qxl", {"vga": "qxl"}, expand=_ALL_SHIFTED),
    Adapter("ati", {"vga": "none", "arguments": ("-device", "ati-vga")}, wide_dac=False),
    Adapter("isa-std", {"machine": "isapc", "cpu": "486", "vga": "std"}),
    Adapter("isa-cirrus", {"machine": "isapc", "vga": "cirrus"}, wide_dac=False),
    Adapter("bochs", None, {"pci_display": True}, expand=_ALL_SHIFTED),
    Adapter("bochs-banked", None, {"megabytes": 64}, expand=_ALL_SHIFTED),   # driver and client have up to 16 MB together, each pays for all
)}

"""Video BIOSes that are hostile on purpose: QEMU's own, with evil in some of its functions (hostile_bios.asm)."""

from __future__ import annotations

import subprocess
from pathlib import Path

from lab import Lab
from machine import MachineError, require_tool

BIOS = Path("/usr/share/seabios/vgabios-stdvga.bin")
SOURCE = Path(__file__).resolve().parent / "hostile_bios.asm"
BLOCK = 512                                 # the size of an option ROM is told in blocks
JUMP = 0xE9


def hostile_bios(lab: Lab, evil: str) -> Path:
    """An option ROM for `-device VGA,romfile=…`; evil: a name of hostile_bios.asm."""
    if not BIOS.is_file():
        raise MachineError(f"{BIOS} does not exist: apt-get install seabios")
    real = BIOS.read_bytes()
    if real[3] != JUMP:
        raise MachineError(f"{BIOS} does not begin with a jump")
    start = 6 + int.from_bytes(real[4:6], "little", signed=True)
    image = bytearray(real + _assemble(lab, evil, len(real), start))
    image += bytes(-len(image) % BLOCK)
    image[2] = len(image) // BLOCK
    image[4:6] = (len(real) - 6).to_bytes(2, "little")
    pci = int.from_bytes(image[0x18:0x1A], "little")
    image[pci + 0x10:pci + 0x12] = (len(image) // BLOCK).to_bytes(2, "little")     # PCI 2.1, section 6.3.1.2
    image[6] = (image[6] - sum(image)) & 0xFF
    path = lab.directory / f"{evil}.rom"
    path.write_bytes(image)
    return path


def _assemble(lab: Lab, evil: str, origin: int, start: int) -> bytes:
    output = lab.directory / f"{evil}.bin"
    subprocess.run([require_tool("nasm", "nasm"), "-f", "bin", f"-DEVIL={evil}", f"-DORG={origin}", f"-DREAL_INIT={start}",
                    "-o", str(output), str(SOURCE)], check=True, timeout=20)
    return output.read_bytes()

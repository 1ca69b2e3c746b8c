"""Stub kernels and floppies with a known behaviour, assembled at test time."""

from __future__ import annotations

import subprocess
from pathlib import Path

from lab import Lab
from machine import require_tool

FOLDER = Path(__file__).resolve().parent


def stub_kernel(lab: Lab, ending: str, text: str = "") -> Path:
    """A Multiboot kernel that says the text and ends as stub_kernel.asm describes."""
    return _assemble(lab, "stub_kernel.asm", ending, text)


def stub_floppy(lab: Lab, ending: str, text: str = "") -> Path:
    """A bootable floppy image that says the text and ends as stub_floppy.asm describes."""
    return _assemble(lab, "stub_floppy.asm", ending, text)


def stub_screen(lab: Lab, mode: int) -> Path:
    """A bootable floppy image that draws in a mode of VBE as stub_screen.asm describes."""
    return _assemble(lab, "stub_screen.asm", f"{mode:#x}", "")


def stub_loader(lab: Lab) -> Path:
    """The boot loader of stub_loader.asm."""
    return _assemble(lab, "stub_loader.asm", "LOAD", "")


def _assemble(lab: Lab, source: str, ending: str, text: str) -> Path:
    said = lab.directory / f"{source}.{ending}.txt"
    said.write_text(text, encoding="latin-1")
    output = lab.directory / f"{source}.{ending}.bin"
    subprocess.run([require_tool("nasm", "nasm"), "-f", "bin", f"-DENDING={ending}", f'-DTEXT="{said}"',
                    "-o", str(output), str(FOLDER / source)], check=True, timeout=20)
    return output

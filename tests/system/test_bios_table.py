r"""The table of BIOSes in docs/vm86.md: traps and instructions of mode sets, counted again."""

from __future__ import annotations

import re

from adapters import ADAPTERS, Adapter
from boot import BOOT_SECONDS, program, standard, texts
from boot_entry import TREE
from lab import Lab, system_test

TO_GRAPHICS, TO_TEXT = r"a\to-graphics", r"a\to-text"
COLUMNS = ("traps", "ports", "instructions")            # of each of the two mode sets: with the ports of the grant open, with all trapped, the BIOS's own

_ROW = re.compile(r"^\| ([^|]*(?:BIOS)[^|]*) \| " + r" \| ".join([r"([\d,]+)"] * 6) + r" \|$", re.MULTILINE)


def table() -> dict[str, list[int]]:
    """Six numbers of each row."""
    rows = _ROW.findall((TREE / "docs" / "vm86.md").read_text())
    return {row[0]: [int(value.replace(",", "")) for value in row[1:]] for row in rows}


def row_of(words: str) -> list[int]:
    (row,) = [numbers for name, numbers in table().items() if words in name]
    return row


def count(lab: Lab, adapter: Adapter, arguments: str, wanted: str) -> tuple[int, int]:
    """What both mode sets take, in an emulator that counts instructions for time, so that it is the same each time."""
    modules = [*standard(lab, "serial history=2000"), program(lab, "pci", r"d\pci"),
               program(lab, "bios", r"d\bios", f"clients={TO_GRAPHICS},{TO_TEXT}"),
               program(lab, "biostrace", TO_GRAPHICS, f"10 4f02 bx=4118 quiet {arguments}"),
               program(lab, "biostrace", TO_TEXT, f"10 3 quiet {arguments}")]
    with adapter.machine(lab, modules, **({"icount": 0} if adapter.qemu else {})) as machine:
        for name in (TO_GRAPHICS, TO_TEXT):
            machine.wait_for(f"{name}: time", 4 * BOOT_SECONDS)
    serial = machine.serial_text()
    found = [re.search(rf"{wanted}: (\d+)", "\n".join(texts(serial, name))) for name in (TO_GRAPHICS, TO_TEXT)]
    assert all(found), serial[-2000:]
    return int(found[0][1]), int(found[1][1])           # type: ignore[index]


def is_near(counted: int, told: int) -> bool:
    """The BIOS waits for the screen and for ports, here and there: how often it looks depends on how long all else takes."""
    return abs(counted - told) <= max(2, told // 50)


def compare(lab: Lab, name: str, words: str, *kinds: str) -> None:
    row = row_of(words)
    for kind in kinds:
        arguments, wanted = {"traps": ("", "traps"), "ports": ("ports", "traps"), "instructions": ("steps ms=60000", "instructions")}[kind]
        counted = count(lab, ADAPTERS[name], arguments, wanted)
        told = row[COLUMNS.index(kind)::len(COLUMNS)]
        assert all(map(is_near, counted, told)), f"{name}, {kind}: {counted} were counted, docs/vm86.md has {told}"


@system_test(seconds=120)
def test_numbers_of_seavgabios_are_those_of_the_table(lab: Lab) -> None:
    """docs/vm86.md: what mode sets of SeaVGABIOS trap, and how many instructions they have."""
    compare(lab, "std", "-vga std", *COLUMNS)
    for name in ("vmware", "qxl", "isa-std"):
        compare(lab, name, "-vga std", "traps")
    compare(lab, "cirrus", "-vga cirrus", *COLUMNS)
    compare(lab, "ati", "ati-vga", *COLUMNS)


@system_test(seconds=120)
def test_traps_of_bochs_bios_are_those_of_the_table(lab: Lab) -> None:
    """The same of Bochs' LGPL VGABIOS, with the ports of the grant open."""
    compare(lab, "bochs", "Bochs", "traps")

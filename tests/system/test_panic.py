"""The end of a kernel: what a panic tells, and what is left of it afterwards."""

from __future__ import annotations

import re
import subprocess

from boot import BOOT_SECONDS, boot, expect_in, expect_order, file_module, screen_line, standard, wait_for_screen, witness
from lab import Lab, system_test
from loader import HAS_MAP, MadeUp, boot_made_up
from machine import Machine, require_tool

REASON = "KERNEL PANIC: invalid instruction in the kernel"
LAST_WORDS = "warn kernel: plant=panic: now"
MARK = "(previous boot) "

_PLACE = re.compile(r"^  ([0-9a-f]{8})  (\w+)\+0x([0-9a-f]+)$", re.MULTILINE)


def functions_of(lab: Lab) -> list[tuple[int, str]]:
    """Addresses and names of the kernel's functions, by rising address."""
    command = [require_tool("nm", "binutils"), "-n", str(lab.build / "kernel.elf")]
    lines = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout.splitlines()
    return [(int(fields[0], 16), fields[2]) for fields in map(str.split, lines) if len(fields) == 3 and fields[1] in "tT"]


def expect_symbols(lab: Lab, text: str) -> list[str]:
    """Each line of the backtrace names an address's function as nm does; the names, innermost first."""
    places = [(int(address, 16), name, int(offset, 16)) for address, name, offset in _PLACE.findall(text)]
    begins: dict[str, set[int]] = {}
    for begin, symbol in functions_of(lab):
        begins.setdefault(symbol, set()).add(begin)
        begins.setdefault(symbol.partition(".")[0], set()).add(begin)
    for address, name, offset in places:
        assert address - offset in begins.get(name, set()), f"{address:08x} is not {name}+{offset:#x}"
    assert all(offset for _, _, offset in places[1:]), "a function before its first instruction called nobody"
    return [name for _, name, _ in places]


def panics(lab: Lab, machine: Machine) -> str:
    """Waits for the panic's end with panic=halt; what it said on the serial line. The screen must say it too."""
    machine.wait_for("\nhalted", BOOT_SECONDS)
    panic = machine.serial_text().partition("\nKERNEL PANIC")[2]
    wait_for_screen(machine, "halted")
    shown = screen_line(machine)
    for line in panic.splitlines()[1:]:
        expect_in(line, shown)
    expect_in("KERNEL PANIC" + panic.splitlines()[0], shown)
    assert not machine.ended()
    return panic


@system_test(seconds=40)
def test_panic_tells_all(lab: Lab) -> None:
    """A panic tells reason, process, registers, a backtrace with the right names and the last records, on screen and line."""
    modules = [*standard(lab, "screen serial"), witness(lab, r"a\busy", "levels spin=5000 stay")]
    with boot(lab, modules, "plant=panic panic=halt") as machine:
        panic = panics(lab, machine)
        serial = machine.serial_text()
    expect_in(REASON, serial)
    expect_order(panic, r"process: a\busy (ID ", "eip 8", "vector 6 (invalid instruction)", "eax ", "esi ", "backtrace:",
                 "last lines of the log:", r"emerg a\busy: level emerg", r"debug a\busy: level debug", LAST_WORDS, "halted")
    names = expect_symbols(lab, panic)
    assert names[:2] == ["plant_panic", "plant_tick"] and "clock_tick" in names, str(names)
    (eip,) = re.findall(r"^eip ([0-9a-f]{8})", panic, re.MULTILINE)
    expect_in(f"  {eip}  plant_panic+", panic)


@system_test(seconds=40)
def test_panic_of_an_idle_kernel_is_told(lab: Lab) -> None:
    """A panic while nothing runs says so; its backtrace leads through the timer's interrupt."""
    with boot(lab, standard(lab, "screen serial"), "plant=panic panic=halt") as machine:
        panic = panics(lab, machine)
    expect_in("process: none", panic)
    assert "clock_tick" in expect_symbols(lab, panic)


@system_test(seconds=40)
def test_panic_at_boot_names_its_callers(lab: Lab) -> None:
    """A panic while booting leads back to the kernel's start, with the function that gave up."""
    filling = file_module(lab, "filling", bytes(480_000))
    with boot(lab, [*standard(lab), filling], megabytes=2) as machine:
        panic = panics(lab, machine)
    assert expect_symbols(lab, panic)[-2:] == ["kernel_main", "start"], panic
    with boot_made_up(lab, MadeUp(flags=HAS_MAP, map_size=0)) as machine:
        names = expect_symbols(lab, panics(lab, machine))
    assert names[0] == "boot_memory_take" and names[-2:] == ["kernel_main", "start"], str(names)


@system_test(seconds=40)
def test_nmi_panics(lab: Lab) -> None:
    """A non-maskable interrupt panics, with the registers of what it interrupted."""
    modules = [*standard(lab, "screen serial"), witness(lab, r"a\busy", "say=1 spin=9000 stay")]
    with boot(lab, modules, "panic=halt") as machine:
        machine.wait_for("line 1", BOOT_SECONDS)
        machine.qmp.execute("inject-nmi")
        panic = panics(lab, machine)
    expect_in("non-maskable interrupt: failing hardware, or somebody pushed the button", panic)
    expect_in(r"process: a\busy", panic)
    (eip,) = re.findall(r"^eip ([0-9a-f]{8})  cs 001b", panic, re.MULTILINE)
    assert 0x200000 <= int(eip, 16) < 0x300000 or 0x1FE000 <= int(eip, 16) < 0x1FF000, f"eip {eip} is not in the process"


@system_test(seconds=40)
def test_panic_without_log_is_told(lab: Lab) -> None:
    """A panic is told although no early console was asked for and there is no a\\log."""
    with boot(lab, [witness(lab, r"a\w")], "plant=panic panic=halt") as machine:
        panic = panics(lab, machine)
    expect_in(LAST_WORDS, panic)


@system_test(seconds=40)
def test_panic_reboots_and_is_told_of(lab: Lab) -> None:
    """A panic reboots the machine; the next a\\log gets the log of the boot that panicked, to its last record."""
    with boot(lab, standard(lab), "plant=panic", reboot=True) as machine:
        machine.wait_for("\nrebooting", BOOT_SECONDS)
        rebooted = len(machine.serial_text())
        machine.wait_for(f"warn kernel: {MARK}plant=panic: now", BOOT_SECONDS, after=rebooted)
        machine.wait_for("info kernel: Ternion", BOOT_SECONDS, after=rebooted)
        expect_order(machine.serial_text(), REASON, LAST_WORDS, "rebooting", f"kernel: {MARK}Ternion", f"{MARK}plant=panic: now",
                     "info kernel: Ternion")


@system_test(seconds=40)
def test_panic_ends_in_an_ordinary_reset(lab: Lab) -> None:
    """The reboot of a panic is a reset by the keyboard controller, not a triple fault."""
    with boot(lab, standard(lab), "plant=panic") as machine:
        machine.wait_for_exit(BOOT_SECONDS)
        assert machine.ending == "reset", machine.ending

"""Video BIOSes that are hostile: a mode set costs its caller, and nobody else."""

from __future__ import annotations

import re

from adapters import ADAPTERS
from artist import Artist
from boot import expect_in, program, standard, without
from boot_entry import Module
from bystanders import LEDGER_SAME, Bystanders, bystanders, keeper
from displays import expect_text
from hostile_bios import hostile_bios
from lab import Lab, system_test

STD = ADAPTERS["std"]
LOG = "screen serial"
END_SECONDS = 30.0

# What becomes of a try to set a mode with each: OK is told where the evil is beside it, or cannot be seen.
SETS = {
    "SET_LOOPS": "FAULT", "SET_LOOPS_CLI": "FAULT", "SET_HALTS": "FAULT", "SET_FAILS": "FAULT", "SET_RECURSES": "FAULT",
    "SET_JUMPS_HIGH": "FAULT", "SET_LOSES_STACK": "FAULT", "SET_FLAGS": "FAULT", "SET_SYSTEM": "FAULT", "SET_DEBUG_FLOOD": "FAULT",
    "SET_PORT_FLOOD": "FAULT", "SET_TIMER_FLOOD": "FAULT",
    "SET_PORTS": "FAULT", "SET_DISK": "FAULT", "SET_WIPES": "", "SET_DOES_NOTHING": "", "SET_INTERRUPTS": "",
}
ANSWERS = ("MODE_GARBAGE", "MODE_ZEROES", "MODE_ONES", "MODE_KERNEL", "MODE_LOOPS", "LIST_ENDLESS", "LIST_NOWHERE",
           "CONTROLLER_LOOPS", "CONTROLLER_GARBAGE")


def suffer(lab: Lab, evil: str, verbs: str) -> str:
    """Boots with a hostile BIOS and lets the artist try; the serial log. At the end there is a sound text screen, each byte of those who stand by is as it should be, and
    nothing is left of driver and artist."""
    rom = hostile_bios(lab, evil)
    witnesses = Bystanders(lab.directory / f"{evil}.com2")
    arguments = ("-device", f"VGA,romfile={rom}", *witnesses.qemu_arguments)
    with STD.machine(lab, attack(lab, verbs), vga="none", arguments=arguments) as machine:
        artist = Artist(machine)
        artist.step("begin", END_SECONDS)
        witnesses.expect_more(machine)
        artist.go_on()
        artist.step("end", END_SECONDS)
        expect_text(STD, machine, "says alive", "step end")
        witnesses.expect_more(machine)
        artist.go_on()
        machine.wait_for(re.compile(r"d\\keeper: LEDGER .*\n"), END_SECONDS)
        witnesses.expect_more(machine)
        assert not machine.ended(), f"{evil}: {machine.ending}"
        serial = machine.serial_text()
    expect_in(LEDGER_SAME, serial)
    assert "has ended: " not in serial, f"{evil}: a program has ended:\n{serial[-2000:]}"
    return serial


def attack(lab: Lab, verbs: str) -> list[Module]:
    """The standard system, who stands by, and a keeper that starts the display's driver and the artist."""
    files = [program(lab, name, f"file:{name}.elf") for name in ("vesa", "artist")]
    attackers = keeper(lab, r"d\vesa.isa vesa.elf ms=100", rf"a\artist artist.elf step=begin {verbs} release say=alive step=end")
    modules = without(standard(lab, LOG), r"d\serial")
    return [*modules, program(lab, "serial", r"d\serial", "ports=3F8,2F8"), *bystanders(lab), *files, attackers]


@system_test(seconds=240)
def test_hostile_mode_set_costs_its_caller_alone(lab: Lab) -> None:
    """A BIOS that hangs, halts, recurses, wipes memory, resets or takes over the machine in a mode set: text is there again, and the log says why."""
    for evil, status in SETS.items():
        serial = suffer(lab, evil, "try=0x115")
        assert f"try 0x115: {status}" in serial, f"{evil}: {serial[-1500:]}"
        if status:
            expect_in("mode 115h cannot be set: ", serial)
        if evil == "SET_LOOPS":
            expect_in("where the code is eb fe 00 00 00 00 00 00\n", serial)          # the line is whole
        if evil in ("SET_PORT_FLOOD", "SET_TIMER_FLOOD"):
            expect_in("4F02: it takes more than 400 ms by the clock, 4 times its budget", serial)
        if evil == "SET_PORTS":
            assert serial.count("the BIOS was refused port 0xb2,") == 1, serial[-1500:]


@system_test(seconds=120)
def test_hostile_answers_are_seen_through(lab: Lab) -> None:
    """A BIOS whose answers are garbage, never come, or lie: there is no mode but what every VGA has, and those work."""
    for evil in ANSWERS:
        serial = suffer(lab, evil, "modes try=0x115 try=0x12")
        assert "try 0x12: OK" in serial, f"{evil}: {serial[-1500:]}"


@system_test(seconds=60)
def test_text_comes_back_behind_vbe_without_the_bios(lab: Lab) -> None:
    """A BIOS that hangs when the text mode is set behind a VBE mode: the text is seen, and the next mode and the text behind it are, too."""
    serial = suffer(lab, "TEXT_LOOPS", "try=0x115 release try=0x101")
    expect_in("try 0x115: OK", serial)
    expect_in("try 0x101: OK", serial)
    expect_in("text mode is set by registers", serial)
    assert "is not taken back" not in serial, serial[-1500:]


@system_test(seconds=60)
def test_text_comes_back_without_the_bios(lab: Lab) -> None:
    """A BIOS that hangs when the text mode is set behind a mode of every VGA: it is set by registers, and looks as it should."""
    serial = suffer(lab, "TEXT_LOOPS", "try=0x12")
    expect_in("try 0x12: OK", serial)
    expect_in("text mode is set by registers", serial)

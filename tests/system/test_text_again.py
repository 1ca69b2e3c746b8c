"""The text screen behind a mode: what it was, and what was written meanwhile, whoever has died."""

from __future__ import annotations

import time

from adapters import ADAPTERS, Adapter
from artist import Artist, expected_picture
from boot import BOOT_SECONDS, boot, expect_in, expect_order, program, standard, texts, witness
from displays import DRIVERS, LOOK_SECONDS, LOOKS, display_modules, expect_shown, expect_text, painted
from lab import Lab, system_test
from machine import Machine
from screen import ROWS
from test_screen import wrapped

LOG = "screen serial"
DRIVER = r"d\artist"                        # a driver may end another one


def expect_log(adapter: Adapter, machine: Machine, last: str) -> None:
    """The text screen is the end of the log, to the character, and each pixel is as it should be."""
    expect_text(adapter, machine, last)
    shown = [row.rstrip() for row in machine.screen_text().rows]
    expected = [row.rstrip() for row in wrapped(machine.serial_text().splitlines())]
    assert shown == [*expected[-(ROWS - 1):], ""], "\n".join(["the screen shows", *shown])


def modes_and_text(lab: Lab, adapter: Adapter, *modes: str) -> None:
    """Sets each mode, writes to the log meanwhile, and releases it."""
    verbs = "".join(f"set={mode} draw=1 say=this step=on release step=off " for mode in modes)
    machine, artist = painted(lab, adapter, verbs + "stay", log=LOG)
    with machine:
        for mode in modes:
            artist.step("on")
            assert artist.mode().bits, mode
            artist.go_on()
            artist.step("off")
            expect_log(adapter, machine, "step off")
            artist.go_on()


@system_test(seconds=60)
def test_text_is_again_what_it_was(lab: Lab) -> None:
    """QEMU's standard adapter: behind modes with 32 and 8 bits, with planes, and 13h the text screen is the end of the log, to the pixel."""
    modes_and_text(lab, ADAPTERS["std"], "800x600x32", "640x480x8", "0x12", "0x13")


@system_test(seconds=60)
def test_text_is_again_what_it_was_on_an_isa_bus(lab: Lab) -> None:
    """QEMU's Cirrus adapter on an ISA bus: behind modes through windows the text screen is the end of the log, to the pixel."""
    modes_and_text(lab, ADAPTERS["isa-cirrus"], "640x480x16", "640x480x8", "0x12", "0x13")


@system_test(seconds=60)
def test_text_is_again_what_it_was_on_others(lab: Lab) -> None:
    """QEMU's ATI, QXL and VMware adapters: the text screen is the end of the log behind a mode, to the pixel."""
    for name in ("ati", "qxl", "vmware"):
        modes_and_text(lab, ADAPTERS[name], "640x480x16", "0x12")


@system_test(seconds=90)
def test_text_is_again_what_it_was_in_bochs(lab: Lab) -> None:
    """Bochs with its own BIOS: the text screen is the end of the log behind a mode, to the pixel."""
    modes_and_text(lab, ADAPTERS["bochs"], "640x480x32", "0x12")


@system_test(seconds=60)
def test_text_is_there_behind_the_death_of_a_client(lab: Lab) -> None:
    """A client that ends without giving the display back, by itself or killed, leaves the text screen."""
    adapter = ADAPTERS["std"]
    machine, artist = painted(lab, adapter, "set=800x600x32 draw=1 step=drawn exit", log=LOG)
    with machine:
        artist.step("drawn")
        expect_shown(machine, expected_picture(adapter, artist.mode(), 1), "the picture")
        artist.go_on()
        expect_log(adapter, machine, "step drawn")
    modules = [*display_modules(lab, "set=0x12 draw=1 step=drawn stay", log=LOG), witness(lab, r"d\w", r"sleep=2000 kill=a\artist say=1 stay")]
    with adapter.machine(lab, modules) as machine:
        machine.wait_for("step drawn", BOOT_SECONDS)
        machine.wait_for(r"d\w: line 1", BOOT_SECONDS)
        expect_log(adapter, machine, r"d\w: line 1")


@system_test(seconds=90)
def test_picture_is_there_behind_the_death_of_the_driver(lab: Lab) -> None:
    """The display's driver ends: mode, palette, first line and picture are there again for its client, and text when that gives it back."""
    for name, mode in (("std", "800x600x32"), ("std", "640x480x8"), ("isa-cirrus", "640x480x16"), ("std", "0x12"), ("cirrus", "0x13")):
        adapter = ADAPTERS[name]
        verbs = f"set={mode} colours=0,{16 if mode == '0x12' else 256},7 draw=1 step=drawn kill flush step=again release step=text stay"
        machine, artist = painted(lab, adapter, verbs, name=DRIVER, log=LOG)
        with machine:
            artist.step("drawn")
            picture = expected_picture(adapter, artist.mode(), 1)
            expect_shown(machine, picture, f"{name}, {mode}")
            artist.go_on()
            artist.step("again")
            expect_shown(machine, picture, f"{name}, {mode}, behind a death")
            artist.go_on()
            artist.step("text")
            expect_log(adapter, machine, "step text")


@system_test(seconds=60)
def test_text_is_there_behind_the_deaths_of_driver_and_client(lab: Lab) -> None:
    """The display's driver ends in a mode, and its client too: the driver's next life shows the text screen, and a panic is read there."""
    for name, mode in (("std", "800x600x32"), ("isa-cirrus", "640x480x16"), ("cirrus", "0x12")):
        adapter = ADAPTERS[name]
        machine, artist = painted(lab, adapter, f"set={mode} draw=1 step=drawn kill exit", name=DRIVER, log=LOG, options="panic=halt")
        with machine:
            artist.step("drawn")
            artist.go_on()
            artist.until("restarted")
            expect_text(adapter, machine, "restarted")
            expect_panic_as_text(machine)


def expect_panic_as_text(machine: Machine) -> None:
    """A panic that comes now is read on the text screen, to its last line."""
    machine.qmp.execute("inject-nmi")
    machine.wait_for("\nhalted", BOOT_SECONDS)
    for _ in range(LOOKS):
        rows = [row.rstrip() for row in machine.screen_text().rows]
        if "halted" in rows and any("vector 2 (non-maskable interrupt)" in row for row in rows):
            return
        time.sleep(LOOK_SECONDS)
    raise AssertionError("\n".join(["the panic is not on the screen, which shows", *rows]))


def dead_driver(lab: Lab, adapter: Adapter, mode: str, deaths: str, restart: str = "never", options: str = "", **setup: object) -> tuple[Machine, Artist]:
    """A machine with the adapter that no PCI bus is known of; the artist has set a mode, and the driver dies."""
    modules = display_modules(lab, f"line={adapter.line} set={mode} draw=1 step=drawn {deaths} stay", name=DRIVER, log=LOG,
                              drivers=f"d\\vesa.isa vesa.elf restart={restart}\n")
    machine = adapter.machine(lab, modules, options, **setup)
    return machine, Artist(machine, DRIVER)


@system_test(seconds=90)
def test_text_is_set_by_registers_where_the_driver_ends_for_good(lab: Lab) -> None:
    """The display's driver has ended in a mode and is not started again: d\\console sets text by registers, and each pixel of it is as before."""
    for name, mode in (("std", "800x600x32"), ("std", "0x12"), ("cirrus", "640x480x16"), ("isa-cirrus", "640x480x8"), ("vmware", "640x480x16"),
                       ("qxl", "640x480x16"), ("ati", "0x13"), ("bochs-banked", "640x480x16")):
        adapter = ADAPTERS[name]
        machine, artist = dead_driver(lab, adapter, mode, "kill")
        with machine:
            artist.step("drawn")
            assert artist.mode().bits, mode
            artist.go_on()
            artist.until("d\\vesa.isa is dead, and not started again: text mode was set by the registers")
            expect_log(adapter, machine, "not started again")


@system_test(seconds=60)
def test_panic_is_read_behind_text_that_was_set_by_registers(lab: Lab) -> None:
    """The display's driver has ended in a mode for good, and d\\console has set text by registers: a panic is read on the text screen."""
    for name, mode in (("std", "640x480x8"), ("isa-cirrus", "640x480x16"), ("ati", "0x13")):
        adapter = ADAPTERS[name]
        machine, artist = dead_driver(lab, adapter, mode, "kill", options="panic=halt")
        with machine:
            artist.step("drawn")
            artist.go_on()
            artist.until("not started again: text mode was set by the registers")
            expect_text(adapter, machine, "not started again")
            expect_panic_as_text(machine)


@system_test(seconds=60)
def test_text_is_set_by_registers_where_the_driver_is_given_up(lab: Lab) -> None:
    """The display's driver dies in a mode as often as it is started: when d\\init gives it up, d\\console sets text by registers."""
    adapter = ADAPTERS["std"]
    machine, artist = dead_driver(lab, adapter, "800x600x32", "doom step=doomed", restart="always", icount=0)
    with machine:
        artist.step("drawn")
        artist.go_on()
        given_up = artist.until("gave up d\\vesa.isa: ")
        assert "text mode" not in given_up, given_up[-1500:]
        artist.until("d\\vesa.isa is dead, and not started again: text mode was set by the registers")
        artist.step("doomed")
        expect_in("DOOM after 8 deaths", artist.text)
        expect_log(adapter, machine, "step doomed")


@system_test(seconds=60)
def test_text_is_set_by_registers_with_the_font_of_the_rom(lab: Lab) -> None:
    """The display's driver and the text screen's have died in a mode: who comes back of them waits, and then sets text with the font of the ROM."""
    for name, mode in (("std", "800x600x32"), ("cirrus", "640x480x16")):
        adapter = ADAPTERS[name]
        machine, artist = dead_driver(lab, adapter, mode, r"kill end=d\console", icount=0)
        with machine:
            artist.step("drawn")
            artist.go_on()
            artist.until("is dead, and not back in time: text mode was set by the registers")
            expect_text(adapter, machine, "not back in time")


def borrowed(lab: Lab, borrower: str, verbs: str) -> tuple[Machine, Artist]:
    """A machine with another driver of the adapter, which begins before the display's."""
    modules = [*display_modules(lab, verbs, name=DRIVER, log=LOG, drivers="d\\vesa.isa vesa.elf restart=always\n"),
               program(lab, "borrower", r"d\borrower", borrower)]
    machine = ADAPTERS["std"].machine(lab, modules, icount=0)
    return machine, Artist(machine, DRIVER)


@system_test(seconds=60)
def test_adapter_of_another_driver_is_left_alone(lab: Lab) -> None:
    """While another driver shows graphics, the display's driver that starts touches nothing; when the adapter is given back it sets modes."""
    machine, artist = borrowed(lab, "borrow graphics sleep check text give-back stay", "try=0x115 release step=end stay")
    with machine:
        artist.step("end")
        expect_order(artist.text, "borrow: OK", r"d\vesa.isa: another driver has the adapter: this one waits", "the picture is there", "give back: OK",
                     "try 0x115: OK", "release: OK")
        expect_text(ADAPTERS["std"], machine, "step end")


@system_test(seconds=60)
def test_mode_is_refused_while_another_driver_has_the_adapter(lab: Lab) -> None:
    """While another driver has the adapter a mode is BUSY; when that driver has ended the mode is set."""
    machine, artist = borrowed(lab, "device=screens\\display\\0 borrow stay",
                               r"modes step=ready try=0x115 end=d\borrower try=0x115 release step=tried stay")
    with machine:
        artist.step("ready")
        machine.wait_for(r"d\borrower: borrow: OK", BOOT_SECONDS)
        artist.go_on()
        artist.step("tried")
        expect_order(artist.text, "mode 115h is not set: another driver has the adapter", "try 0x115: BUSY", "try 0x115: OK")
        expect_text(ADAPTERS["std"], machine, "step tried")


@system_test(seconds=60)
def test_text_screen_is_lent_to_displays_alone(lab: Lab) -> None:
    """A driver that is no display's, and an application, ask to have the text screen lent: they are refused, the log says so once of each."""
    with boot(lab, [*standard(lab, LOG), witness(lab, r"d\w", "borrow borrow say=1"), witness(lab, r"a\w", "borrow borrow say=1")]) as machine:
        for name in (r"d\w", r"a\w"):
            machine.wait_for(f"{name}: line 1", BOOT_SECONDS)
        serial = machine.serial_text()
        for name in (r"d\w", r"a\w"):
            assert texts(serial, name)[:2] == ["borrowing the text screen: NOT_ALLOWED"] * 2, serial[-1500:]
            assert serial.count(f"{name} (no_role) wants to have the screen lent: that is refused to all but drivers whose role is display") == 1
        expect_text(ADAPTERS["std"], machine, r"a\w: line 1")


@system_test(seconds=60)
def test_text_stays_behind_the_death_of_an_idle_driver(lab: Lab) -> None:
    """The display's driver ends in text mode: the text screen stays, and modes can be set by its next life."""
    adapter = ADAPTERS["std"]
    verbs = "set=640x480x16 release kill step=killed set=800x600x32 draw=1 step=drawn release step=text stay"
    machine, artist = painted(lab, adapter, verbs, name=DRIVER, log=LOG)
    with machine:
        artist.step("killed")
        expect_text(adapter, machine, "step killed")
        artist.go_on()
        artist.step("drawn")
        expect_shown(machine, expected_picture(adapter, artist.mode(), 1), "the picture")
        artist.go_on()
        artist.step("text")
        expect_log(adapter, machine, "step text")


DATA_MODE = 0x449                           # of the BIOS data area: the mode that is set

def mode_byte(machine: Machine) -> int:
    """What the machine's own data area says."""
    return int(machine.qmp.monitor(f"xp /1xb {DATA_MODE:#x}").split(":")[1], 16)


# What is in the machine's own page 0 while mode 12h is set: the BIOS's work, or what the firmware left there.
ARGUMENTS = {"": 0x03, "shared-data": 0x12, "save-state": 0x03, "shared-data save-state": 0x12}


@system_test(seconds=90)
def test_arguments_change_where_the_bios_works_and_nothing_else(lab: Lab) -> None:
    """With shared-data the BIOS writes to the machine's own data area, else to a copy; text is again what it was, also with save-state."""
    adapter = ADAPTERS["std"]
    for arguments, mode in ARGUMENTS.items():
        drivers = DRIVERS.replace("d\\vesa.isa vesa.elf restart=on-failure\n", f"d\\vesa.isa vesa.elf restart=on-failure -- {arguments} report\n")
        assert drivers != DRIVERS
        modules = display_modules(lab, "set=0x12 colours=0,16,7 draw=1 step=on set=640x480x32 draw=2 step=other release step=off stay", log=LOG, drivers=drivers)
        machine = adapter.machine(lab, modules)
        artist = Artist(machine)
        with machine:
            artist.step("on")
            assert mode_byte(machine) == mode, f"{arguments}: {mode_byte(machine):#x}"
            expect_shown(machine, expected_picture(adapter, artist.mode(), 1), arguments)
            artist.go_on()
            artist.step("other")
            expect_shown(machine, expected_picture(adapter, artist.mode(), 2), arguments)
            artist.go_on()
            artist.step("off")
            expect_log(adapter, machine, "step off")
            assert "does not save its state" not in machine.serial_text(), "4F04 failed"
            assert mode_byte(machine) == 0x03

"""d\\init: starts what its list says, starts it again when it dies, and ends the machine's work in order."""

from __future__ import annotations

import re
import struct

from boot import BOOT_SECONDS, Record, boot, expect_in, expect_order, file_module, program, records, standard, texts
from boot import wait_for_screen, wait_until, with_list, without, witness
from boot_entry import Module
from lab import Lab, system_test
from machine import require_tool
from qemu import Qemu
from shell import mkimage, succeed

INIT = r"d\init"
LAST = r"a\last"
INTERRUPT_FLAG = 0x200


def run_list(lab: Lab, lines: str, *modules: Module, done: str = f"{LAST}: line 1") -> str:
    """Boots the standard programs with these lines in init.list, and the witness as file:w, until a text comes.

    Time is counted in instructions, so that a busy host delays nothing. Gives the serial log.
    """
    image = Module(lab.build / "modules" / "witness.elf", "file:w")
    with boot(lab, [*with_list(lab, lines, "serial history=1000"), image, *modules], icount=0) as machine:
        machine.wait_for(done, BOOT_SECONDS)
    return machine.serial_text()


def about(serial: str, name: str) -> list[Record]:
    """What d\\init said of a program."""
    return [record for record in records(serial) if record.name == INIT and name in record.text]


def halted_for_good(machine: Qemu) -> str:
    """`yes` if the CPU is halted with interrupts off, else its registers."""
    registers = machine.qmp.monitor("info registers")
    flags = re.search(r"EFL=([0-9a-f]{8})", registers)
    halted = "HLT=1" in registers and flags is not None and not int(flags[1], 16) & INTERRUPT_FLAG
    return "yes" if halted else registers


@system_test(seconds=60)
def test_dead_program_is_restarted_and_given_up(lab: Lab) -> None:
    """A program that dies is back within 100 ms, then after pauses that double, and is given up after 8 deaths."""
    serial = run_list(lab, "a\\mortal w -- say=1 exit=3\n", done=r"gave up a\mortal")
    said = about(serial, r"a\mortal")
    ends = [record.seconds for record in said if record.text.endswith("ended: exit code 3")]
    starts = [record.seconds for record in said if record.text in (r"started a\mortal", r"restarted a\mortal")]
    assert len(ends) == len(starts) == 8, f"{len(starts)} starts, {len(ends)} ends"
    pauses = [start - end for end, start in zip(ends, starts[1:])]
    for pause, ms in zip(pauses, (0, 100, 200, 400, 800, 1600, 3200)):
        assert ms / 1000 - 0.002 <= pause <= ms / 1000 + 0.1, f"pauses: {pauses}"
    assert [record.text for record in said if record.text.startswith("restarting")] == \
        [rf"restarting a\mortal in {ms} ms" for ms in (100, 200, 400, 800, 1600, 3200)]
    last = said[-1]
    assert (last.level, last.text) == ("error", r"gave up a\mortal: it died 8 times within 60 s"), str(last)


@system_test(seconds=40)
def test_restart_follows_the_list(lab: Lab) -> None:
    """restart=never and on-failure hold: who ends by himself, fails, faults or is ended is restarted as his line says."""
    lines = ("a\\never w restart=never -- exit=1\n"
             "a\\good w restart=on-failure -- exit=0\n"
             "a\\bad w restart=on-failure -- sleep=20 exit=5\n"
             "a\\fault w restart=on-failure -- sleep=20 fault\n"
             "a\\always w -- sleep=400 exit=0\n"
             "a\\last w restart=never -- sleep=250 say=1 stay\n")
    serial = run_list(lab, lines, done=r"restarted a\always")
    for name, ended, restarted in (("never", "exit code 1", False), ("good", "exit code 0", False), ("bad", "exit code 5", True),
                                   ("fault", "ended by a fault (exception 14)", True), ("always", "exit code 0", True)):
        said = [record.text for record in about(serial, f"a\\{name}")]
        assert said[:2] == [f"started a\\{name}", f"a\\{name} ended: {ended}"], str(said)
        assert (f"restarted a\\{name}" in said) == restarted, f"{name}: {said}"
    levels = {record.level for record in about(serial, "ended: exit code 0")}
    assert levels == {"info"}, str(levels)
    assert {record.level for record in about(serial, "ended: exit code 5")} == {"warn"}
    expect_in(r"a\fault has ended: page fault writing to 0x00000000", "\n".join(texts(serial, "kernel")))


@system_test(seconds=40)
def test_killed_drivers_come_back(lab: Lab) -> None:
    """d\\console and d\\serial, ended by another driver, come back, and the log goes on on screen and line without a gap."""
    killer = witness(lab, r"d\killer", "wait=a\\log say=20 sleep=200 replace=d\\serial say=20 sleep=50 replace=d\\console "
                                       "say=20 sleep=50 levels stay")
    with boot(lab, [*standard(lab, "screen serial history=1000"), killer], icount=0) as machine:
        machine.wait_for(r"d\killer: level debug", BOOT_SECONDS)
        wait_for_screen(machine, r"d\killer: level debug")
        serial = machine.serial_text()
    said = [int(text.split()[1]) for text in texts(serial, r"d\killer") if text.startswith("line ")]
    assert sorted(set(said)) == list(range(1, 61)), f"lines {said}"
    back = [int(text.split()[-2]) for text in texts(serial, r"d\killer") if "is back after" in text]
    assert len(back) == 2 and max(back) <= 100, f"back after {back} ms"
    expect_in(r"d\serial ended: terminated by another process (code 7)", serial)


@system_test(seconds=40)
def test_bad_list_lines_are_told(lab: Lab) -> None:
    """Each mistake in init.list is told with the number of its line; the other lines count."""
    skipped = "; this line is skipped"
    wrong = [
        ("x", '"x" is no name: it must begin with d\\, s\\ or a\\' + skipped),
        ("a\\ w", '"a\\" is no name: nothing follows the prefix' + skipped),
        ("a\\" + "n" * 62 + " w", "a name has at most 63 bytes, this one 64" + skipped),
        ("a\\x", r"a\x has no image: the name of a boot module must follow" + skipped),
        ("a\\x " + "m" * 64, "the name of a boot module has at most 63 bytes, this one 64" + skipped),
        ("a\\x absent", r'no boot module "absent" for a\x: mkimage adds one with --file HOST-FILE:absent' + skipped),
        ("a\\x file:w", '"file:w" is no image: write it without file:, as "w"' + skipped),
        ("a\\x w limit", "limit: at least one of frames=, processes=, threads=, message_bytes= and objects= must follow" + skipped),
        ("a\\x w limit -- x", "limit: at least one of frames=, processes=, threads=, message_bytes= and objects= must follow" + skipped),
        ("a\\x w limit restart=never", "limit: at least one of frames=, processes=, threads=, message_bytes= and objects= must follow" + skipped),
        ("a\\x w restart=never limit frames=9 restart=never", "restart=never: restart= stands in this line already" + skipped),
        ("a\\x w restart=often", "restart=often: it must be always, never or on-failure" + skipped),
        ("a\\x w often", '"often" is not known: restart=, needs=, limit or -- may stand here' + skipped),
        ("a\\x w needs=", "needs=: a name is missing at a comma or behind the =" + skipped),
        ("a\\x w needs=d\\y,,d\\z", "needs=: a name is missing at a comma or behind the =" + skipped),
        ("a\\x w needs=d\\y needs=d\\z", "needs=d\\z: needs= stands in this line already" + skipped),
        ("a\\x w needs=a\\x", "needs=a\\x: no program can wait for itself" + skipped),
        ("a\\x w needs=" + "n" * 64, "needs=: a name has at most 63 bytes, this one 64" + skipped),
        ("a\\x w needs=1,2,3,4,5,6,7,8,9", "needs=: at most 8 names may stand here" + skipped),
        ("a\\x w limit needs=d\\y", "limit: at least one of frames=, processes=, threads=, message_bytes= and objects= must follow" + skipped),
        ("a\\x w \x01", "it has a byte that is no text" + skipped),
        ("a\\x w limit frames=many", "frames=many: a number up to 4294967295 must follow the =" + skipped),
        ("a\\x w limit frames=4294967296", "frames=4294967296: a number up to 4294967295 must follow the =" + skipped),
        ("a\\x w limit hands=2", '"hands=2" is no limit: there are frames=, processes=, threads=, message_bytes= and objects=' + skipped),
        ("d\\serial w", r"d\serial stands in line 2 already" + skipped),
        ("a\\x w " + "-- " + "y" * 600, "it is longer than 511 bytes" + skipped),
    ]
    first = 6                       # behind the three standard lines, a comment and an empty line
    lines = ["# a comment", "", *(line for line, _ in wrong), "# another", "  \t\r", "a\\last w restart=never -- say=1 stay"]
    serial = run_list(lab, "\n".join(lines))
    told = [record.text for record in records(serial) if record.name == INIT and record.level == "error"]
    expected = [f"init.list:{first + index}: {why}" for index, (_, why) in enumerate(wrong)]
    assert told == expected, "\n".join(["told:", *told, "expected:", *expected])


@system_test(seconds=40)
def test_bad_images_in_the_list_are_told(lab: Lab) -> None:
    """A program in the list whose image is damaged is given up at once, with what is wrong with it."""
    bad = file_module(lab, "bad.elf", b"#!/bin/sh\n" * 100)
    serial = run_list(lab, "a\\bad bad.elf\na\\bad.name\\x w\na\\last w restart=never -- say=1 stay\n", bad)
    said = [record.text for record in records(serial) if record.name == INIT and record.level == "error"]
    assert said[:2] == [r"cannot start a\bad: it does not begin with the ELF magic number",
                        r"gave up a\bad: trying again would not help"], str(said)
    expect_in(r"cannot start a\bad.name\x: the name is empty, too long, or has characters that names cannot have", "\n".join(said))


@system_test(seconds=40)
def test_start_that_cannot_succeed_is_not_repeated(lab: Lab) -> None:
    """A program that its own limit keeps from starting is given up at once; so is one with restart=never."""
    lines = "a\\small w limit frames=1\na\\never w restart=never limit frames=1\na\\last w restart=never -- sleep=300 say=1 stay\n"
    serial = run_list(lab, lines)
    for name, why in (("small", "limits it"), ("never", "says restart=never")):
        said = [record.text for record in about(serial, f"a\\{name}")]
        assert said[0].startswith(f"cannot start a\\{name}: "), str(said)
        assert said[1:] == [f"gave up a\\{name}: its line in init.list {why}"], str(said)


@system_test(seconds=40)
def test_absent_list_is_told(lab: Lab) -> None:
    """Without init.list d\\init says that there is nothing to start."""
    with boot(lab, [*without(standard(lab), "file:init.list"), witness(lab, LAST, "sleep=50 say=1 stay")]) as machine:
        machine.wait_for(f"{LAST}: line 1", BOOT_SECONDS)
    expect_in(r"warn d\init: no boot module file:init.list: there is nothing to start or to watch", machine.serial_text())


@system_test(seconds=40)
def test_limits_and_arguments_reach_the_program(lab: Lab) -> None:
    """Limits and arguments of a line hold; without arguments of its own a program module keeps those of its boot line."""
    hello = Module(lab.build / "modules" / "hello_application.elf", "file:hello")
    kept = witness(lab, r"a\kept", "say=2 sleep=100 exit=1")
    lines = ("a\\hello hello restart=never limit frames=64 threads=2 -- you there\n"
             "a\\kept a\\kept\n"
             "a\\last w restart=never -- sleep=300 say=1 stay\n")
    serial = run_list(lab, lines, hello, kept)
    said = texts(serial, r"a\hello")
    expect_in("hello, you, from an application", said[0])
    assert any(re.fullmatch(r"frames: \d+ used of 64", text) for text in said), str(said)
    assert "threads: 1 used of 2" in said, str(said)
    assert texts(serial, r"a\kept")[:4] == ["line 1", "line 2", "line 1", "line 2"], str(texts(serial, r"a\kept"))
    expect_in(r"watching a\kept", serial)
    expect_in(r"restarted a\kept", serial)


@system_test(seconds=40)
def test_list_can_be_asked_for(lab: Lab) -> None:
    """Any process can ask d\\init how its programs are."""
    lines = ("a\\over w restart=never -- exit=0\na\\again w -- sleep=10000\na\\bad bad\n"
             "a\\last w restart=never -- sleep=100 supervised say=1 stay\n")
    serial = run_list(lab, lines, file_module(lab, "bad", "text"))
    assert texts(serial, LAST)[:-1] == [
        r"d\console is running, restarts 0", r"d\serial is running, restarts 0", r"a\log is running, restarts 0",
        r"a\over is ended, restarts 0", r"a\again is running, restarts 0", r"a\bad is given up, restarts 0",
        r"a\last is running, restarts 0"], str(texts(serial, LAST))


@system_test(seconds=40)
def test_absent_hardware_ends_a_driver_for_good(lab: Lab) -> None:
    """A driver that ends with ABSENT (19) is not started again, and that is told once; a server that does so is."""
    lines = "d\\gone w -- exit=19\ns\\gone w -- sleep=50 exit=19\na\\last w restart=never -- sleep=300 supervised say=1 stay\n"
    serial = run_list(lab, lines)
    assert [(record.level, record.text) for record in about(serial, r"d\gone")] == [
        ("info", r"started d\gone"), ("info", r"d\gone ended: its hardware is not in this machine")]
    expect_in(r"d\gone is absent, restarts 0", "\n".join(texts(serial, LAST)))
    expect_in(r"restarted s\gone", serial)


@system_test(seconds=40)
def test_driver_with_strikes_is_told_and_given_up_early(lab: Lab) -> None:
    """A driver that is unloaded for strikes is started again twice, told as such, and given up the third time."""
    serial = run_list(lab, "d\\wild w -- strike=20 stay\n", done=r"gave up d\wild")
    said = [record.text for record in about(serial, r"d\wild")]
    assert said == [r"started d\wild", r"d\wild ended: unloaded: too many strikes", r"restarted d\wild",
                    r"d\wild ended: unloaded: too many strikes", r"restarting d\wild in 100 ms", r"restarted d\wild",
                    r"d\wild ended: unloaded: too many strikes",
                    r"gave up d\wild: it was unloaded 3 times for what it does outside its grant"], str(said)


@system_test(seconds=40)
def test_changes_are_told_to_who_waits(lab: Lab) -> None:
    """Who asks d\\init for changes learns that a program is started again, and that it is given up, without asking again and again."""
    lines = "a\\mortal w -- sleep=20 exit=3\na\\last w restart=never -- follow=a\\mortal say=1 stay\n"
    followed = texts(run_list(lab, lines), LAST)
    assert set(followed[:-2]) == {r"a\mortal is running", r"a\mortal is restarting"}, str(followed)
    assert followed[-2:] == [r"a\mortal is given up", "line 1"] and len(followed) > 10, str(followed)


@system_test(seconds=40)
def test_crowds_that_wait_for_changes_shut_nobody_out(lab: Lab) -> None:
    """Fifty calls that wait for changes, some of them of the dead, and a process that wants more of them than it may, shut nobody out."""
    crowds = [witness(lab, rf"a\crowd{index}", "crowd=4" if index else "crowd=6") for index in range(13)]
    killer = witness(lab, r"d\killer", " ".join(rf"kill=a\crowd{index}" for index in range(1, 8)) + " stay")
    lines = "a\\mortal w -- sleep=50 exit=3\na\\last w restart=never -- wait=d\\killer sleep=20 follow=a\\mortal say=1 stay\n"
    serial = run_list(lab, lines, *crowds, killer)
    followed = texts(serial, LAST)
    assert followed[-2:] == [r"a\mortal is given up", "line 1"] and len(followed) > 8, str(followed)
    assert len([text for text in texts(serial, r"d\killer") if text.endswith(": OK")]) == 7, serial
    assert {name: texts(serial, name) for name in (rf"a\crowd{index}" for index in range(13)) if texts(serial, name)} == \
        {r"a\crowd0": [r"waiting at d\init: BUSY"] * 2}, serial


def init_that_dies_when_asked(lab: Lab) -> Module:
    """d\\init, with an instruction in its handler of `entry` that no processor knows."""
    image = bytearray((lab.build / "modules" / "init.elf").read_bytes())
    symbols = succeed([require_tool("nm", "binutils"), lab.build / "modules" / "init.elf"])
    (handler,) = [int(line.split()[0], 16) for line in symbols.splitlines() if line.endswith(" T supervisor_entry")]
    segments, size, count = (struct.unpack_from("<IHH", image, 28)[0], *struct.unpack_from("<HH", image, 42))
    for index in range(count):
        kind, offset, address, _, length = struct.unpack_from("<5I", image, segments + index * size)
        if kind == 1 and address <= handler < address + length:
            image[offset + handler - address:offset + handler - address + 2] = b"\x0F\x0B"
    host = lab.directory / "init.elf"
    host.write_bytes(image)
    return Module(host, INIT)


@system_test(seconds=40)
def test_supervisor_that_died_goes_on_with_what_lives(lab: Lab) -> None:
    """A d\\init that dies is back; it watches what it had started, starts nothing twice, and starts again what dies."""
    dying = init_that_dies_when_asked(lab)
    standard_list = with_list(lab, "d\\virtual virtual.elf\na\\lives w -- say=1 sleep=500 exit=5\na\\once w restart=never -- exit=0\n"
                                   "a\\dead w -- sleep=90 exit=4\n", "serial history=1000")
    modules = [dying if module.name == INIT else module for module in standard_list]
    modules += [Module(lab.build / "modules" / "witness.elf", "file:w"), program(lab, "virtual", "file:virtual.elf"),
                witness(lab, r"d\killer", "wait=a\\log sleep=50 replace=d\\serial sleep=150 supervised sleep=100 kill=d\\serial stay")]
    with boot(lab, modules, icount=0) as machine:
        machine.wait_for(r"restarted a\lives", BOOT_SECONDS)
    serial = machine.serial_text()
    expect_in(r"d\init has ended: invalid instruction", serial)
    expect_in(r"d\init has ended: it begins anew", serial)
    said = [record.text for record in records(serial.partition("it begins anew")[2]) if record.name == INIT]
    for name in (r"d\serial", r"d\virtual", r"a\lives"):
        assert rf"watching {name}, which was started before" in said, f"{name}: {said}"
    assert r"a\once is not there: an earlier d\init had started it, and it has ended" in said, str(said)
    started = [text for text in said if text.startswith("started")]
    assert started == [r"started a\dead"], str(started)       # it was to be started again when d\init died
    expect_order(serial, "begins anew", r"d\serial ended: terminated by another process (code 7)", r"restarted d\serial",
                 r"a\lives ended: exit code 5", r"restarted a\lives")
    assert not [record for record in records(serial) if record.name == INIT and record.level == "error"]


@system_test(seconds=40)
def test_supervisor_cannot_be_ended(lab: Lab) -> None:
    """d\\init cannot be ended by a driver, a server or an application, and works on."""
    killers = [witness(lab, rf"{letter}\killer", "kill=d\\init stay") for letter in "dsa"]
    serial = run_list(lab, "a\\last w restart=never -- sleep=100 supervised say=1 stay\n", *killers)
    for letter in "dsa":
        assert texts(serial, rf"{letter}\killer") == [r"ending d\init: NOT_ALLOWED"], letter
    expect_in(r"a\log is running", "\n".join(texts(serial, LAST)))


@system_test(seconds=40)
def test_power_is_not_for_applications(lab: Lab) -> None:
    """An application may neither switch the machine off itself nor ask d\\init to."""
    serial = run_list(lab, "", witness(lab, LAST, "power=off power=reboot power-now=off power-now=reboot say=1 stay"))
    assert texts(serial, LAST) == [r"asking d\init for off: NOT_ALLOWED", r"asking d\init for reboot: NOT_ALLOWED",
                                   "doing off: NOT_ALLOWED", "doing reboot: NOT_ALLOWED", "line 1"]


@system_test(seconds=40)
def test_power_off_ends_qemu_if_told_to(lab: Lab) -> None:
    """With exit=qemu a power-off ends QEMU, after the last record is on the line."""
    modules = [*standard(lab), witness(lab, r"s\w", "say=200 power=off stay")]
    with boot(lab, modules, "exit=qemu") as machine:
        machine.wait_for_exit(BOOT_SECONDS)
    assert machine.ending == "debug exit, code 0", machine.ending
    expect_in(r"s\w: line 200", machine.serial_text())
    expect_in(r"the machine goes off: asked for by server process", machine.serial_text())


@system_test(seconds=60)
def test_power_off_ends_bochs_if_told_to(lab: Lab) -> None:
    """With exit=qemu a power-off ends Bochs, too."""
    image = lab.directory / "off.img"
    modules = [*standard(lab), witness(lab, r"s\w", "say=20 power=off stay")]
    programs = [module for module in modules if not module.name.startswith("file:")]
    words = [word for module in programs for word in ("--module", f"{module.path} {module.command}")]
    succeed(mkimage("floppy", "--build", lab.build, "--bare", "--kernel", "exit=qemu", "-o", image, *words))
    with lab.bochs(floppy=image) as machine:
        machine.wait_for_exit(BOOT_SECONDS)
    assert machine.ending == "powered off", machine.ending
    expect_in(r"s\w: line 20", machine.serial_text())


@system_test(seconds=40)
def test_power_off_says_that_it_is_safe(lab: Lab) -> None:
    """Without exit=qemu a power-off says on screen and line that the computer can be switched off, and halts."""
    modules = [*standard(lab, "screen serial"), witness(lab, r"s\w", "power=off stay")]
    with boot(lab, modules) as machine:
        machine.wait_for("It is now safe to switch off the computer.", BOOT_SECONDS)
        wait_for_screen(machine, "It is now safe to switch off the computer.")
        wait_until(lambda: halted_for_good(machine), "yes", "what the registers say", BOOT_SECONDS)


@system_test(seconds=40)
def test_power_reboots_and_halts(lab: Lab) -> None:
    """A reboot resets the machine; a halt stops it."""
    with boot(lab, [*standard(lab), witness(lab, r"s\w", "power=reboot stay")]) as machine:
        machine.wait_for_exit(BOOT_SECONDS)
    assert machine.ending == "reset", machine.ending
    expect_in("the machine reboots", machine.serial_text())
    with boot(lab, [*standard(lab), witness(lab, r"s\w", "power=halt stay")]) as machine:
        machine.wait_for("the machine halts", BOOT_SECONDS)
        wait_until(lambda: halted_for_good(machine), "yes", "what the registers say", BOOT_SECONDS)


@system_test(seconds=40)
def test_power_off_waits_for_a_hung_log_no_longer_than_needed(lab: Lab) -> None:
    """A power-off waits for a log that hangs for a few seconds only."""
    modules = [*standard(lab), witness(lab, r"d\w", "wait=a\\log sleep=50 hold=a\\log power=off stay")]
    with boot(lab, modules, "exit=qemu", icount=0) as machine:
        machine.wait_for_exit(30.0)
    assert machine.ending == "debug exit, code 0", machine.ending

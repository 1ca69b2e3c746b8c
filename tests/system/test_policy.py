r"""init.policy: what programs get of what they ask for."""

from __future__ import annotations

import re

from boot import BOOT_SECONDS, LIST_DONE, boot, expect_in, file_module, program, records, standard, texts, whole_entry, with_list
from boot import with_policy, without, witness
from boot_entry import TREE, Module
from lab import Lab, system_test
from machine import Machine

INIT = r"d\init"
LAST = r"a\last"
LAST_LINE = f"{LAST} w restart=never -- sleep=300 grants say=1 stay\n"

# What the standard programs need, and a\last, which tells what all are given.
BASE = "d\\console manifest\nd\\serial manifest\na\\log manifest\na\\last partners=all\n"
BASE_LINES = BASE.count("\n")


def run_policy(lab: Lab, lines: str, policy: str, *modules: Module) -> str:
    """Boots the standard programs with these lines in init.list, and this policy behind BASE, until a\\last is done."""
    image = Module(lab.build / "modules" / "witness.elf", "file:w")
    hello = Module(lab.build / "modules" / "hello_driver.elf", "file:hello")
    standard_modules = with_policy(lab, with_list(lab, lines + LAST_LINE, "serial history=1000"), BASE + policy)
    with boot(lab, [*standard_modules, image, hello, *modules], icount=0) as machine:
        machine.wait_for(f"{LAST}: line 1", BOOT_SECONDS)
    return machine.serial_text()


def complaints(serial: str) -> list[str]:
    """Warnings and errors of d\\init."""
    return [f"{record.level}: {record.text}" for record in records(serial) if record.name == INIT and record.level in ("warn", "error")]


def given(serial: str, name: str) -> str:
    """What d\\init says that a program is given."""
    found = re.findall(rf"{re.escape(name)} is given (.*)", "\n".join(texts(serial, LAST)))
    assert len(found) == 1, f"{name}: {found}"
    return str(found[0])


@system_test(seconds=40)
def test_driver_runs_without_what_the_policy_denies(lab: Lab) -> None:
    """A driver whose manifest asks for more than the policy gives runs without it, and the log says so once."""
    serial = run_policy(lab, "d\\hello hello restart=never\n", "d\\hello partners=all irqs=7 ports=80 memory=C0000-C3FFF\n")
    assert complaints(serial) == [rf"warn: init.policy:{BASE_LINES + 1} denies d\hello ports=ED memory=C4000-C7FFF,100000-100FFF"]
    said = texts(serial, r"d\hello")
    expect_in("mapping the video BIOS: allowed", "\n".join(said))
    expect_in("listening to the printer's interrupt: allowed", "\n".join(said))
    expect_in("reading port 0xed: 0xff", "\n".join(said))
    expect_in(r"d\hello: strike 1 of 16: read of port 0xed", serial)
    expect_in(r"d\hello ended: exit code 0", serial)
    assert given(serial, r"d\hello") == "partners=all irqs=7 ports=80 memory=C0000-C3FFF"


@system_test(seconds=40)
def test_program_gets_no_more_than_it_asks_for(lab: Lab) -> None:
    """What the policy allows and nobody asks for is not given; without a manifest a driver has partners alone."""
    serial = run_policy(lab, "d\\hello hello restart=never\nd\\plain w -- strike=1 stay\na\\plain w -- stay\n", "* manifest\n")
    assert complaints(serial) == []
    assert given(serial, r"d\hello") == "partners=all irqs=7 ports=80,ED memory=C0000-C7FFF,100000-100FFF"
    assert given(serial, r"d\plain") == given(serial, r"a\plain") == "partners=all"
    assert given(serial, r"a\log") == "role=log partners=all"
    expect_in(r"d\plain: strike 1 of 16", serial)


@system_test(seconds=40)
def test_strict_driver_is_not_started_without_all(lab: Lab) -> None:
    """A driver with a strict line is not started if it asks for more, and is if it does not."""
    policy = "d\\hello strict partners=all\nd\\whole strict manifest\n"
    serial = run_policy(lab, "d\\hello hello\nd\\whole hello restart=never\n", policy)
    assert complaints(serial) == [
        rf"warn: init.policy:{BASE_LINES + 1} denies d\hello irqs=7 ports=80,ED memory=C0000-C7FFF,100000-100FFF",
        r"error: gave up d\hello: it asks for more than its line in init.policy gives, and that is strict"]
    assert texts(serial, r"d\hello") == []
    expect_in("hello from a driver", "\n".join(texts(serial, r"d\whole")))


@system_test(seconds=40)
def test_roles_rights_and_strikes_are_denied(lab: Lab) -> None:
    """A role, a right and strikes that the policy does not give are missing; strikes= unloads earlier."""
    broken = program(lab, "broken", "file:broken.elf")
    policy = "d\\nothing role=input partners=all\nd\\hello partners=all strikes=2\n"
    serial = run_policy(lab, "d\\nothing broken.elf\nd\\hello hello restart=never\n", policy, broken)
    assert complaints(serial)[0] == rf"warn: init.policy:{BASE_LINES + 1} denies d\nothing role=storage rights=assign_roles"
    assert given(serial, r"d\nothing") == "partners=all"
    expect_in(r"d\hello: strike 2 of 2", serial)
    expect_in(r"d\hello ended: unloaded: too many strikes", serial)


@system_test(seconds=40)
def test_partners_are_denied(lab: Lab) -> None:
    """A program whom the policy leaves no partners can say nothing, not even to the log."""
    serial = run_policy(lab, "a\\mute w -- say=1 exit=3\na\\loud w -- say=1 exit=3\n", "a\\mute nothing\na\\loud partners=log\n")
    assert texts(serial, r"a\mute") == [] and "line 1" in texts(serial, r"a\loud")
    assert given(serial, r"a\mute") == "nothing" and given(serial, r"a\loud") == "partners=log"


@system_test(seconds=40)
def test_bad_policy_lines_are_told(lab: Lab) -> None:
    """Each mistake in init.policy is told with its line; the name gets nothing, and the other lines count."""
    known = "there are manifest, nothing, role=, partners=, irqs=, ports=, memory=, rights=, strikes=, bus and strict"
    hexadecimal = "FIRST or FIRST-LAST, hexadecimal and at most FFFF, must stand here"
    wrong = [
        ("hello nothing", r'"hello": it must begin with d\, s\ or a\, or be *; this line is skipped'),
        ("d\\", r'"d\": nothing follows the prefix; this line is skipped'),
        ("d\\*x nothing", r'"d\*x": a * can only be its last character; this line is skipped'),
        ("d\\" + "n" * 62 + " nothing", rf'"d\{"n" * 62}": a name has at most 63 bytes; this line is skipped'),
        ("d\\serial nothing", r"d\serial stands in line 2 already; this line is skipped"),
        ("d\\a", r"nothing follows the name: write what it may have, or the word nothing; d\a gets nothing"),
        ("d\\b porst=60", rf'"porst=60" is not known: {known}; d\b gets nothing'),
        ("d\\c ports=6G", rf'"6G" is no range: {hexadecimal}; d\c gets nothing'),
        ("d\\d ports=64-60", r"the range 64-60 ends before it begins; d\d gets nothing"),
        ("d\\e ports=60,", r"something is missing at a comma or behind the =; d\e gets nothing"),
        ("d\\f irqs=16", r'"16" is no interrupt line: a number from 0 to 15 must stand here; d\f gets nothing'),
        ("d\\g strikes=0", r"strikes=0: a number from 1 on must follow the =; d\g gets nothing"),
        ("d\\h manifest nothing", r"the word nothing stands beside others: leave it or them out; d\h gets nothing"),
        ("d\\i ports=60 ports=64", r'"ports=64": this word stands in the line already; d\i gets nothing'),
        ("d\\j manifest " + "x" * 600, r"it is longer than 511 bytes; d\j gets nothing"),
        ("d\\k manifest \x01", r"it has a byte that is no text; d\k gets nothing"),
        ("d\\hello role=inpt", r'"inpt" is no role; d\hello gets nothing'),
        ("d\\l rights=root", r'"root" is no right; d\l gets nothing'),
    ]
    lines = ["# a comment", "", *(line for line, _ in wrong), "d\\* manifest"]
    serial = run_policy(lab, "d\\hello hello restart=never\nd\\fine hello restart=never\n", "\n".join(lines))
    first = BASE_LINES + 3
    told = [text.removeprefix("error: ") for text in complaints(serial) if text.startswith("error")]
    expected = [f"init.policy:{first + index}: {why}" for index, (_, why) in enumerate(wrong)]
    assert told == expected, "\n".join(["told:", *told, "expected:", *expected])
    expect_in("roles are no_role, supervisor, log, bus, display, input, storage, audio, network, line, platform, input_server, "
              "file_server, window_server, network_server, audio_server", serial)
    expect_in("rights are dma, dma_controller, pci, vm86, speaker, control_drivers, bind_devices, trace, debug, assign_roles", serial)
    assert given(serial, r"d\hello") == "nothing"
    assert given(serial, r"d\fine") == "partners=all irqs=7 ports=80,ED memory=C0000-C7FFF,100000-100FFF"


@system_test(seconds=40)
def test_name_without_a_line_gets_nothing(lab: Lab) -> None:
    """Whom no line of the policy fits gets nothing, and the log says so."""
    serial = run_policy(lab, "d\\hello hello restart=never\n", "")
    expect_in(r"warn: no line of init.policy is for d\hello: it gets nothing", "\n".join(complaints(serial)))
    assert given(serial, r"d\hello") == "nothing" and texts(serial, r"d\hello") == []


@system_test(seconds=40)
def test_absent_policy_is_told(lab: Lab) -> None:
    """Without init.policy programs get what they ask for, but no right or role that gives the machine away; the log says so."""
    image = Module(lab.build / "modules" / "witness.elf", "file:w")
    broken, hello = program(lab, "broken", "file:broken.elf"), program(lab, "hello_driver", "file:hello")
    modules = with_list(lab, "d\\nothing broken.elf\nd\\hello hello restart=never\n" + LAST_LINE)
    with boot(lab, [*without(modules, "file:init.policy"), image, broken, hello], icount=0) as machine:
        machine.wait_for(f"{LAST}: line 1", BOOT_SECONDS)
    serial = machine.serial_text()
    assert complaints(serial) == [
        "warn: no boot module file:init.policy: programs get what they ask for, but no right or role that gives the machine away",
        r"warn: usual policy:1 denies d\nothing rights=assign_roles"]
    assert given(serial, r"d\nothing") == "role=storage partners=all"
    assert given(serial, r"d\hello") == "partners=all irqs=7 ports=80,ED memory=C0000-C7FFF,100000-100FFF"
    assert given(serial, r"a\log") == "role=log partners=all"


@system_test(seconds=40)
def test_boot_module_is_held_to_the_policy_from_its_second_start_on(lab: Lab) -> None:
    """A boot module that the kernel gave more than the policy does is told of, and has less when d\\init starts it again."""
    hello = program(lab, "hello_driver", r"d\hello")
    serial = run_policy(lab, "d\\hello d\\hello restart=on-failure\nd\\plain d\\plain\n", "d\\* partners=all\n",
                        hello, witness(lab, r"d\plain", "sleep=50 strike=1 sleep=50 exit=3"))
    told = ", which the kernel has given more than the policy does: it has less from its next start on"
    assert complaints(serial)[:3] == [
        rf"warn: init.policy:{BASE_LINES + 1} denies d\hello irqs=7 ports=80,ED memory=C0000-C7FFF,100000-100FFF",
        rf"warn: watching d\hello{told}", rf"warn: watching d\plain{told}"]
    expect_in("mapping the video BIOS: allowed", serial)
    assert given(serial, r"d\hello") == given(serial, r"d\plain") == "partners=all"


@system_test(seconds=40)
def test_damaged_manifest_is_told(lab: Lab) -> None:
    """A program whose manifest is damaged is not started, whatever the policy says."""
    image = (lab.build / "modules" / "hello_driver.elf").read_bytes()
    at = image.index(b"Ternion\0")
    shorter = image[:at - 8] + bytes([image[at - 8] - 4]) + image[at - 7:]     # the size of what the note holds
    stranger = image[:at + 8] + b"\xFF\xFF\xFF\xFF" + image[at + 12:]          # rights that no kernel knows
    serial = run_policy(lab, "d\\one one\nd\\two two\n", "* manifest\n", file_module(lab, "one", shorter), file_module(lab, "two", stranger))
    why = "its manifest is damaged, or made for another version of the system"
    assert complaints(serial) == [line for name in (r"d\one", r"d\two")
                                  for line in (f"error: cannot start {name}: {why}", f"error: gave up {name}: trying again would not help")]


def starts_without_a_word_about_the_policy(machine: Machine) -> None:
    with machine:
        machine.wait_for(LIST_DONE, 120)
    assert complaints(machine.serial_text()) == []


@system_test(seconds=70)
def test_standard_policy_fits_the_standard_system(lab: Lab) -> None:
    """The standard system starts on QEMU's pc without a warning about the policy."""
    starts_without_a_word_about_the_policy(boot(lab, whole_entry(lab)))


@system_test(seconds=70)
def test_standard_policy_fits_a_486_without_pci(lab: Lab) -> None:
    """The standard system starts on a 486 without PCI without a warning about the policy."""
    starts_without_a_word_about_the_policy(boot(lab, whole_entry(lab), machine="isapc", cpu="486", megabytes=16))


@system_test(seconds=150)
def test_standard_policy_fits_bochs(lab: Lab) -> None:
    """The standard system starts in Bochs without a warning about the policy."""
    starts_without_a_word_about_the_policy(lab.bochs(cdrom=lab.build / "ternion.iso"))


@system_test(seconds=40)
def test_standard_policy_gives_no_more_than_is_asked_for(lab: Lab) -> None:
    """What the standard policy names for a standard program is what its manifest asks for, word for word."""
    policy = (TREE / "iso" / "init.policy").read_text()
    teller = Module(lab.build / "modules" / "witness.elf", r"a\teller", "wait=a\\log sleep=100 grants say=1 stay")
    with boot(lab, [*whole_entry(lab), teller], icount=0) as machine:
        machine.wait_for(r"a\teller: line 1", BOOT_SECONDS)
    for name, words in re.findall(r"(\S+) is given (.*)", "\n".join(texts(machine.serial_text(), r"a\teller"))):
        lines = re.findall(rf"^{re.escape(name)}\s+(.*)$", policy, re.MULTILINE)
        assert [" ".join(line.split()) for line in lines] in ([words], []), f"{name} has {words}, its line says {lines}"

"""Module lines and kernel options that are wrong: each is refused with its reason, the rest goes on."""

from __future__ import annotations

import struct

from boot import BOOT_SECONDS, boot, expect_in, records, screen_line, standard, texts, wait_for_debug, wait_for_screen, witness
from boot_entry import Module
from lab import Lab, system_test
from qemu import Qemu

BAD_NAME = "its name is empty behind the prefix, longer than 63 bytes, or has characters that names cannot have"
BAD_PATH = "its path is empty or longer than 63 bytes"
NO_NAME = "it has no name: write `module FILE NAME arguments` or `module FILE file:PATH`"


def boot_with(lab: Lab, *modules: Module, options: str = "", **setup: object) -> str:
    """Boots the standard programs, these modules and at last one that says `line 1`; the serial log."""
    last = witness(lab, r"a\last", "say=1 stay")
    with boot(lab, [*standard(lab), *modules, last], options, **setup) as machine:
        machine.wait_for(r"a\last: line 1", BOOT_SECONDS)
    return machine.serial_text()


def refusals(serial: str) -> list[str]:
    return [text for text in texts(serial, "kernel") if "refused" in text]


def expect_refused(serial: str, number: int, why: str) -> None:
    """Boot module `number`, counted from 1, was refused for this reason."""
    start = f"boot module {number} ("
    told = [text for text in refusals(serial) if text.startswith(start)]
    assert len(told) == 1 and told[0].endswith(f") is refused: {why}"), f"module {number}: {told or 'not refused'}"


@system_test(seconds=40)
def test_bad_module_lines_are_refused(lab: Lab) -> None:
    """Each module line with a bad name is refused with its number and the reason; the others start."""
    image = lab.build / "modules" / "witness.elf"
    wrong = [("", NO_NAME), ("d\\", BAD_NAME), ("a\\", BAD_NAME), ("a\\" + "x" * 62, BAD_NAME), ("x" * 62, BAD_NAME),
             ("x\\y", BAD_NAME), ("a\\b\\c", BAD_NAME), ("a\\\x7f", BAD_NAME), ("a\\\xe4", BAD_NAME), ("file:", BAD_PATH),
             ("file:" + "y" * 64, BAD_PATH), ("a\\long " + "z" * 256, "its arguments are longer than 255 bytes")]
    good = len(standard(lab))
    serial = boot_with(lab, *(Module(image, name) for name, _ in wrong),
                       Module(image, "a\\" + "n" * 61, "say=1 stay"), Module(image, "file:" + "p" * 63))
    for index, (_, why) in enumerate(wrong):
        expect_refused(serial, good + index + 1, why)
    assert len(refusals(serial)) == len(wrong), str(refusals(serial))
    expect_in(f"a\\{'n' * 61}: line 1", serial)
    expect_in("6 programs and 3 files came with the kernel", serial)


@system_test(seconds=40)
def test_name_is_given_once(lab: Lab) -> None:
    """Of two modules with one name the second is refused."""
    serial = boot_with(lab, witness(lab, r"a\twin", "say=1 stay"), witness(lab, r"a\twin", "say=2 stay"))
    assert refusals(serial) == [r"boot module a\twin is refused: the name is taken, or it is there already"], str(refusals(serial))
    assert texts(serial, r"a\twin") == ["line 1"]


@system_test(seconds=40)
def test_name_without_prefix_begins_as_driver(lab: Lab) -> None:
    """A program whose name has no prefix begins as a driver and can downgrade itself; so can one with a prefix."""
    serial = boot_with(lab, witness(lab, "plain", "become=server stay"), witness(lab, r"s\serving", "become=application stay"))
    assert texts(serial, r"d\plain") == ["begins as a driver"], str(texts(serial, r"d\plain"))
    assert texts(serial, r"s\plain") == ["becoming server: OK", "goes on as a server"], str(texts(serial, r"s\plain"))
    assert texts(serial, r"s\serving") == ["begins as a server"]
    assert texts(serial, r"a\serving") == ["becoming application: OK", "goes on as a application"]


def damaged(lab: Lab, name: str, image: bytes) -> Module:
    path = lab.directory / f"{name}.elf"
    path.write_bytes(image)
    return Module(path, f"a\\{name}")


def patched(image: bytes, offset: int, form: str, value: int) -> bytes:
    changed = bytearray(image)
    struct.pack_into(form, changed, offset, value)
    return bytes(changed)


@system_test(seconds=40)
def test_damaged_programs_are_refused(lab: Lab) -> None:
    """A program that is no ELF image, or a damaged one, is refused with what is wrong with it."""
    whole = (lab.build / "modules" / "witness.elf").read_bytes()
    (first_segment,) = struct.unpack_from("<I", whole, 28)          # e_phoff
    damages = {
        "cut": (whole[:100], "it is cut short: a header or segment lies behind its end"),
        "short": (whole[:5000], "it is cut short: a header or segment lies behind its end"),
        "byte": (b"\x7f", "it is cut short: a header or segment lies behind its end"),
        "text": (b"#!/bin/sh\n" * 100, "it does not begin with the ELF magic number"),
        "wide": (patched(whole, 4, "<B", 2), "it is not a 32-bit little-endian image for the i386"),
        "arm": (patched(whole, 18, "<H", 40), "it is not a 32-bit little-endian image for the i386"),
        "object": (patched(whole, 16, "<H", 1), "it is not a statically linked executable (type EXEC)"),
        "entry": (patched(whole, 24, "<I", 0x10), "the entry point is not inside an executable segment"),
        "kernel": (patched(whole, first_segment + 8, "<I", 0x80100000),
                   "a segment lies outside the memory that programs may use"),
        "rwx": (patched(whole, first_segment + 24, "<I", 7), "a segment is both writable and executable"),
    }
    serial = boot_with(lab, *(damaged(lab, name, image) for name, (image, _) in damages.items()))
    expected = [f"boot module a\\{name} is refused: {why}" for name, (_, why) in damages.items()]
    told = refusals(serial)
    assert told == expected, "\n".join(["told:", *told, "expected:", *expected])


@system_test(seconds=40)
def test_huge_program_is_refused(lab: Lab) -> None:
    """A program that wants more memory than there is is refused, and leaves none missing to the others."""
    whole = (lab.build / "modules" / "witness.elf").read_bytes()
    (first_segment,) = struct.unpack_from("<I", whole, 28)
    (segments,) = struct.unpack_from("<H", whole, 44)
    loaded = [at for at in range(first_segment, first_segment + 32 * segments, 32) if whole[at] == 1]
    huge = patched(whole, loaded[-1] + 20, "<I", 0x70000000)        # p_memsz
    serial = boot_with(lab, damaged(lab, "huge", huge))
    told = refusals(serial)
    assert len(told) == 1 and told[0].startswith("boot module a\\huge is refused: "), str(told)


@system_test(seconds=40)
def test_no_modules_is_told(lab: Lab) -> None:
    """Without any module the kernel says on screen and serial line that there is nothing to run."""
    with boot(lab, [], "early=serial,vga panic=halt") as machine:
        machine.wait_for("emerg kernel: there is nothing to run", BOOT_SECONDS)
        machine.wait_for("halted: there is no a\\log (panic=halt)", BOOT_SECONDS)
        expect_in("there is nothing to run", machine.screen_text().text)


@system_test(seconds=40)
def test_first_128_modules_are_used(lab: Lab) -> None:
    """Of 200 modules the first 128 are used, and the kernel says how many are not."""
    some = lab.directory / "some.txt"
    some.write_text("some text")
    modules = [*standard(lab), witness(lab, r"a\early", "say=1 stay"), *(Module(some, f"file:some/{i}") for i in range(193))]
    with boot(lab, modules) as machine:
        machine.wait_for(r"a\early: line 1", BOOT_SECONDS)
    assert len(modules) == 200
    serial = machine.serial_text()
    expect_in("error kernel: 72 boot modules are refused: only the first 128 are used", serial)
    expect_in("5 programs and 123 files came with the kernel", serial)


@system_test(seconds=40)
def test_hundred_programs_start(lab: Lab) -> None:
    """A hundred programs in the boot list all start, in 32 MB."""
    serial = boot_with(lab, *(witness(lab, f"a\\w{i}", "say=1 stay") for i in range(100)))
    for i in range(100):
        assert texts(serial, f"a\\w{i}") == ["line 1"], f"a\\w{i}: {texts(serial, f'a{chr(92)}w{i}')}"


@system_test(seconds=40)
def test_long_module_line_is_refused(lab: Lab) -> None:
    """A module line of 5000 characters is refused as too long; 1023 characters are fine for a file."""
    some = lab.directory / "some.txt"
    some.write_text("some text")
    serial = boot_with(lab, Module(some, "a\\long", "x" * 5000), Module(some, "a\\y" * 2000))
    number = len(standard(lab)) + 1
    expect_refused(serial, number, "its line is longer than 1023 bytes")
    expect_refused(serial, number + 1, "its line is longer than 1023 bytes")


@system_test(seconds=40)
def test_unknown_options_are_told(lab: Lab) -> None:
    """Each kernel option that is not known is told with those that are; the known ones count all the same."""
    serial = boot_with(lab, options="quiet early=disk,e9 panic=explode EARLY=serial exit= plant=tree early=")
    said = [record.text for record in records(serial) if record.level == "warn" and record.name == "kernel"]
    early, known = "known are serial, vga, e9", "known are early=, panic=, exit=, plant="
    expected = [("quiet", known), ("early=disk,e9", early), ("panic=explode", "known are reboot, halt"), ("EARLY=serial", known),
                ("exit=", "known is qemu"), ("plant=tree", "known is panic"), ("early=", early)]
    assert said == [f"kernel option {word} is not understood: {why}" for word, why in expected], str(said)


@system_test(seconds=40)
def test_long_option_line_does_no_harm(lab: Lab) -> None:
    """A kernel command line of 5000 characters does no harm: what is understood of it counts."""
    serial = boot_with(lab, options="early=e9 " + "x" * 5000)
    expect_in("kernel option xxxxx", serial)


@system_test(seconds=40)
def test_early_console_chooses_its_outputs(lab: Lab) -> None:
    """With early=e9 the kernel prints at port 0xE9 until a\\log is there, with early=vga on the screen, else nowhere."""
    modules = [witness(lab, r"a\w", "say=1 stay")]
    for option, on_e9, on_screen, on_serial in (("early=e9", True, False, False), ("early=vga", False, True, False),
                                                ("early=serial", False, False, True), ("early=e9,vga,serial", True, True, True)):
        with boot(lab, modules, f"{option} panic=halt") as machine:
            expect_outputs(machine, "1 programs and 0 files came", on_e9, on_screen, on_serial)


def expect_outputs(machine: Qemu, text: str, on_e9: bool, on_screen: bool, on_serial: bool) -> None:
    """A text comes to these outputs and to no other."""
    if on_e9:
        wait_for_debug(machine, text)
    if on_screen:
        wait_for_screen(machine, text)
    if on_serial:
        machine.wait_for(text, BOOT_SECONDS)
    assert (text in machine.debug_text()) == on_e9, f"port 0xE9: {machine.debug_text()[-500:]!r}"
    assert (text in screen_line(machine)) == on_screen, f"screen: {machine.screen_text().text!r}"
    assert (text in machine.serial_text()) == on_serial, f"serial line: {machine.serial_text()[-500:]!r}"

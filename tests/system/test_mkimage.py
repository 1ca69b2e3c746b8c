"""What an outsider does: his own program, his own image, his own log."""

from __future__ import annotations

import random
import re
from pathlib import Path

from boot import BOOT_SECONDS, LIST_DONE, expect_in, records, texts
from boot_entry import TREE
from lab import Lab, system_test
from machine import Machine
from shell import fail, mkimage, run, succeed
from test_sdk import image, sdk_copy

OWN_PROGRAM = r"""
#include <ternion/log.h>
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

/* Says its arguments, and what the boot modules hold that are files. */
int main(int argc, char **argv)
{
    struct module_information module;

    for (int i = 0; i < argc; i++) {
        log_print(LOG_INFORMATION, "argument %d: %s", i, argv[i]);
    }
    for (module_index_t index = 0; module_information(index, &module) == OK; index++) {
        uint32_t address;
        if ((module.flags & MODULE_IS_FILE) && module_map(index, &address) == OK) {
            log_print(LOG_INFORMATION, "file %s: %u bytes, %.12s", module.name, module.size, (const char *)address);
        }
    }
    log_print(LOG_INFORMATION, "that is all");
    return 0;
}
"""
ALL = "that is all"


def own_program(lab: Lab) -> Path:
    """OWN_PROGRAM, compiled with a copy of the SDK."""
    source, program = lab.directory / "own.c", lab.directory / "own.elf"
    source.write_text(OWN_PROGRAM)
    succeed([sdk_copy(lab) / "bin" / "ternion-cc", "-Werror", "-o", program, source], folder=lab.directory)
    return program


def says_all(machine: Machine, name: str, *others: str) -> list[str]:
    """Boots until the program, and the others, have said all; what it said."""
    with machine:
        for each in (name, *others):
            machine.wait_for(f"{each}: {ALL}", BOOT_SECONDS)
    return texts(machine.serial_text(), name)


@system_test(seconds=60)
def test_own_program_boots_beside_the_standard_ones(lab: Lab) -> None:
    """A program compiled with a moved SDK boots from an image of mkimage beside the standard modules, with its arguments and files."""
    note = lab.directory / "note.txt"
    note.write_text("hello, file")
    path = image(lab, "iso", "--kernel", "panic=halt", "--module", f"{own_program(lab)} s\\own one two,three 'four",
                 "--file", f"{note}:notes/first.txt")
    machine = lab.qemu(cdrom=path)
    said = says_all(machine, "s\\own")
    assert said[:5] == ["argument 0: s\\own", "argument 1: one", "argument 2: two,three", "argument 3: 'four",
                        next(text for text in said if text.startswith("file "))], str(said)
    expect_in("file notes/first.txt: 11 bytes, hello, file", "\n".join(said))
    expect_in("watching d\\console", machine.serial_text())


@system_test(seconds=90)
def test_bare_images_of_every_kind_boot(lab: Lab) -> None:
    """--bare makes CD, floppy and disk images, with GRUB Legacy and GRUB 2, of the named modules alone."""
    program = own_program(lab)
    for kind, medium in (("iso", "cdrom"), ("floppy", "floppy"), ("disk", "disk")):
        for grub2 in ((), ("--grub2",)):
            path = image(lab, kind, *grub2, "--bare", "--kernel", "early=serial panic=halt", "--module", f"{program} d\\own x")
            machine = lab.qemu(**{medium: path})
            assert says_all(machine, "d\\own") == ["argument 0: d\\own", "argument 1: x", ALL], f"{kind} {grub2}"
            expect_in("1 programs and 0 files came with the kernel", machine.serial_text())
            path.unlink()


@system_test(seconds=60)
def test_own_log_takes_the_place_of_the_standard_one(lab: Lab) -> None:
    """A module with the name of a standard one takes its place: a\\log is then the stranger's."""
    machine = lab.qemu(cdrom=image(lab, "iso", "--module", "witness.elf a\\log be-log"))
    with machine:
        machine.wait_for("a\\hello|counting: 3", BOOT_SECONDS)
    serial = machine.serial_text()
    assert not records(serial.partition("RECORD")[2]), "the standard log printed too"
    expect_in("kernel|Ternion", serial)


@system_test(seconds=60)
def test_other_entry_boots_by_itself(lab: Lab) -> None:
    """--default chooses the entry that boots: the one for the serial console prints from the kernel's first record on."""
    with lab.qemu(cdrom=image(lab, "iso", "--default", "serial")) as machine:
        machine.wait_for(LIST_DONE, BOOT_SECONDS)
    assert machine.serial_text().count("info kernel: Ternion") == 2, "once by the kernel, once by a\\log"


@system_test(seconds=60)
def test_module_lines_of_the_image_reach_the_kernel(lab: Lab) -> None:
    """GRUB Legacy and GRUB 2 hand on the longest arguments, and dollars, braces and semicolons as they are; Legacy quotes too."""
    program = own_program(lab)
    for grub2, words in (((), "it's \"quoted\" \\n $HOME {x} #no;comment *"), (("--grub2",), "$HOME {x} #no;comment * a,b=c")):
        path = image(lab, "iso", *grub2, "--bare", "--kernel", "early=serial panic=halt", "--module", f"{program} s\\own {words}",
                     "--module", f"{program} s\\long {'y' * 254}")
        machine = lab.qemu(cdrom=path)
        said = says_all(machine, "s\\own", "s\\long")
        assert [text.split(": ", 1)[1] for text in said[1:-1]] == words.split(), f"{grub2}: {said}"
        expect_in(f"argument 1: {'y' * 100}", "\n".join(texts(machine.serial_text(), "s\\long")))


@system_test(seconds=60)
def test_mkimage_says_what_is_wrong(lab: Lab) -> None:
    """mkimage refuses each mistake with what, where and what to do, and leaves no image."""
    program = own_program(lab)
    output = lab.directory / "no.iso"
    build = ["--build", lab.build]
    empty = lab.directory / "empty"
    empty.touch()
    wrong: list[tuple[list[str | Path], str]] = [
        (["--module", "absent.elf a\\x"], "--module: absent.elf or"),
        (["--module", f"{program}"], "needs a file and a name: 'FILE NAME ARGS…'"),
        (["--module", f"{program} x\\y"], "module name x\\y: begins with no class: name it d\\… (driver), s\\… (server)"),
        (["--module", f"{program} a\\"], "module name a\\: nothing follows the prefix: add a name"),
        (["--module", f"{program} a\\{'n' * 62}"], "62 bytes long behind its prefix: at most 61 are allowed"),
        (["--module", f"{program} file:x y"], "a file takes no arguments: remove 'y'"),
        (["--module", f"{program} a\\x a\tb"], "contains a control character: use spaces between words"),
        (["--module", f"{lab.directory} a\\x"], "is a folder: name a file"),
        (["--module", f"{program} a\\x", "--module", f"{program} a\\x"], "the name a\\x is given twice"),
        (["--module", f"{program} a\\x {'z' * 255}"], "take 256 bytes, with one behind each: at most 255 are possible"),
        (["--module", f"{program} a\\x y{' ' * 1100}z"], "bytes long: the kernel takes 1023; shorten it"),
        (["--module", f"{program} a\\x\\y"], "contains \\, which no name can have"),
        (["--module", f"{program} a\\é"], "contains é, which no name can have"),
        (["--module", f"{empty} a\\x"], "is empty, and the kernel takes no empty module"),
        (["--module", f"{Path(__file__)} a\\x"], "is no ELF program, and 'a\\x' is the name of a process"),
        (["--file", f"{empty}:x"], "is empty, and the kernel takes no empty module"),
        (["--file", f"{program}:a b"], "contains a space or a control character: rename it"),
        (["--file", "nothing"], "--file 'nothing': needs HOST:PATH"),
        (["--file", "absent.txt:a"], "--file: absent.txt: no such file"),
        (["--file", f"{program}:{'p' * 300}"], "at most 63 are allowed"),
        (["--grub2", "--module", f"{program} a\\x it's"], "GRUB 2 changes quotation marks: leave them out, or use GRUB Legacy"),
        (["--kernel", "a\nb"], "contains a control character: use spaces"),
        (["--default", "dessert"], "--default dessert: no such entry: there are session, serial, graphics, bios, text"),
        (["--menu-timeout", "-1"], "--menu-timeout -1: must be from 0 to 3600 seconds"),
        (["--bare", *(word for i in range(100) for word in ("--module", f"{program} a\\m{i}"))],
         "100 modules: GRUB Legacy can load 99"),
    ]
    for arguments, message in wrong:
        said = fail(mkimage("iso", *build, "-o", output, *arguments))
        assert said.startswith("mkimage: "), said
        expect_in(message, said)
        assert not output.exists(), f"{arguments} left an image"
    expect_in("build it first with `make`", fail(mkimage("iso", "--build", lab.directory / "nothing", "--bare", "-o", output)))
    expect_in("cannot be written", fail(mkimage("iso", *build, "-o", lab.directory / "absent" / "x.iso")))
    expect_in("of which the image is made", fail(mkimage("iso", *build, "--bare", "-o", program, "--module", f"{program} a\\x")))
    noise = lab.directory / "noise"
    noise.write_bytes(random.Random(1).randbytes(1 << 21))
    expect_in("the floppy is too full: by ", fail(mkimage("floppy", *build, "-o", output, "--file", f"{noise}:noise")))
    expect_in("invalid choice: 'tape'", fail(mkimage("tape", *build, "-o", output)))
    expect_in("required: -o/--output", fail(mkimage("iso", *build)))


@system_test(seconds=60)
def test_mkimage_warns_of_unknown_options(lab: Lab) -> None:
    """mkimage warns of kernel options that the kernel does not know, makes the image all the same, and knows those of the kernel."""
    arguments = mkimage("iso", "--build", lab.build, "--bare", "-o", lab.directory / "x.iso", "--kernel", "quiet early=e9,disk panic=halt exit=")
    result = run(arguments)
    warned = [line.removeprefix("mkimage: warning: kernel option ") for line in result.stderr.splitlines()]
    assert result.returncode == 0 and [line.split()[0] for line in warned] == ["quiet", "early=e9,disk", "exit="], result.stderr
    known = {name: re.findall(r'{ "(\w+)"', values) for name, values in
             re.findall(r'^    { "(\w+)=",(.*?)} },?$', (TREE / "kernel/options.c").read_text(), re.MULTILINE | re.DOTALL)}
    for name, values in known.items():
        run_with = run([*arguments[:-1], f"{name}={values[0]}"])
        assert run_with.stderr == "", run_with.stderr
    assert known

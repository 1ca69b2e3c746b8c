"""The library that the system's programs share: who gets it, and what is said where it is missing."""

from __future__ import annotations

import re
from pathlib import Path

from boot import BOOT_SECONDS, boot, expect_in, file_module, standard, texts
from boot_entry import Module, add_libraries, library_name
from lab import Lab, system_test
from sessions import LineSession, modules
from machine import require_tool
from shell import fail, mkimage, succeed

LIBRARY = "lib/libc"
MARK_BYTES = 48                     # the name, four zeroes, and a note with the number of the build
REFUSED = "it was linked to a library, or a build of one, that did not come with the kernel"


# What programs have that the library has, too, and its own functions do not call for them: a program's is its own alone.
OWN = {"log_print", "output_bytes", "output_flush", "output_format", "memory_take"}


def echo(lab: Lab) -> Path:
    return lab.build / "modules" / "echo.elf"


def of_another_build(lab: Lab) -> bytes:
    """The program echo as it would be if it had been linked to another build of the library."""
    program = bytearray(echo(lab).read_bytes())
    program[program.index(LIBRARY.encode()) + MARK_BYTES - 1] ^= 1
    return bytes(program)


@system_test(seconds=30)
def test_boot_lists_get_the_library_of_their_programs(lab: Lab) -> None:
    """A list with a program that was linked to the library gets it, once and behind the others; a list of complete programs does not."""
    listed = [Module(echo(lab), "file:bin/echo"), Module(lab.build / "modules" / "cat.elf", "file:bin/cat")]
    names = [module.name for module in add_libraries(listed, [])]
    assert names == ["file:bin/echo", "file:bin/cat", f"file:{LIBRARY}"], str(names)
    own = Module(lab.build / "modules" / "libc.elf", f"file:{LIBRARY}")
    assert add_libraries([own, *listed], []) == [own, *listed]
    foreign = file_module(lab, "linux", echo(lab).read_bytes().replace(LIBRARY.encode(), b"/lib/ld."))
    assert add_libraries([foreign], []) == [foreign], "another system's library was looked for"
    complete = [Module(lab.build / "modules" / "vfs.elf", "file:vfs.elf"), file_module(lab, "text", "#!/bin/sh\n"), file_module(lab, "magic", b"\x7fELF")]
    assert add_libraries(complete, []) == complete


@system_test(seconds=60)
def test_own_image_gets_the_library(lab: Lab) -> None:
    """An image that tools/mkimage makes of one program has its library; the program runs."""
    path = lab.directory / "own.iso"
    programs = ("serial.elf d\\serial", "log.elf a\\log serial", "echo.elf a\\echo with a library")
    succeed(mkimage("iso", "--build", lab.build, "--bare", "--kernel", "", "-o", path, *(word for line in programs for word in ("--module", line))))
    with lab.qemu(cdrom=path) as machine:
        machine.wait_for("a\\echo: with a library", BOOT_SECONDS)


@system_test(seconds=30)
def test_unknown_library_is_told(lab: Lab) -> None:
    """tools/mkimage names the program and its library where that is not there."""
    program = lab.directory / "program.elf"
    program.write_bytes(echo(lab).read_bytes().replace(LIBRARY.encode(), b"lib/libx"))
    said = fail(mkimage("iso", "--build", lab.build, "--bare", "-o", lab.directory / "x.iso", "--file", f"{program}:bin/program"))
    expect_in(f"{program}: it was linked to the library lib/libx: ", said)
    expect_in("libx.elf: no such file", said)


@system_test(seconds=60)
def test_program_of_another_build_is_refused(lab: Lab) -> None:
    """A program that was linked to another build of the library does not start: the kernel, the shell and spawn say why."""
    other = file_module(lab, "bin/other", of_another_build(lab))
    listed = modules(lab, other, Module(other.path, "a\\other"), serial="", log="serial history=1000", programs=("spawn",))
    with boot(lab, listed) as machine:
        line = LineSession(machine)
        line.begin()
        machine.wait_for(f"boot module a\\other is refused: {REFUSED}", BOOT_SECONDS)
        expect_in(f"other: it cannot be run: {REFUSED}", "".join(line.run("other")))
        expect_in(f"/boot/bin/other: is not a program: {REFUSED}", "".join(line.run("spawn /boot/bin/other")))


@system_test(seconds=60)
def test_kernel_without_the_library_says_so(lab: Lab) -> None:
    """A program without its library among the boot modules is refused with the reason."""
    plain = file_module(lab, "unused", "x")     # in its place: mkimage and the tests would add it
    hidden = Module(plain.path, f"file:{LIBRARY}")
    with boot(lab, [*standard(lab), hidden, Module(echo(lab), "a\\echo")]) as machine:
        machine.wait_for("boot module a\\echo is refused: it is cut short", BOOT_SECONDS)


def functions(lab: Lab, name: str) -> set[str]:
    """What an image defines that other files can see; not what it has of its library."""
    said = succeed([require_tool("i686-linux-gnu-nm", "binutils-i686-linux-gnu"), "-g", "--defined-only", lab.build / "debug-modules" / name])
    return {words[2] for line in said.splitlines() if (words := line.split())[1] != "A"}


@system_test(seconds=60)
def test_programs_and_library_have_no_names_in_common(lab: Lab) -> None:
    """Whatever a program defines the library does not, but for what is known: its functions would go on calling their own."""
    library = functions(lab, "libc.elf")
    assert "strlen" in library and "main" not in library
    common: set[str] = set()
    for program in sorted((lab.build / "modules").glob("*.elf")):
        if library_name(program) == LIBRARY and program.name != "libc.elf":
            common |= functions(lab, program.name) & library
    assert common <= OWN, f"{sorted(common - OWN)}: rename them, or name them here"


@system_test(seconds=60)
def test_mistake_in_the_library_is_told_with_all_callers(lab: Lab) -> None:
    """s\\debug tells who has called whom in a program and its library."""
    chain = ["strlen", "lost_inner", "lost_outer", "main", "libc_start", "program_run", "start_program", "_start"]
    lost = Module(lab.build / "modules" / "lost.elf", "file:bin/lost")
    debug = Module(lab.build / "modules" / "debug.elf", "file:debug.elf")
    listed = modules(lab, Module(lab.build / "modules" / "libc.elf", f"file:{LIBRARY}"), lost, debug, serial="", log="serial history=1000",
                     lines="s\\debug debug.elf restart=always\n", programs=("cp",))
    with boot(lab, listed) as machine:
        line = LineSession(machine)
        line.begin()
        line.enter("lost")
        machine.wait_for("the first thread's stack", BOOT_SECONDS)
        said = [text.split("+")[0].split()[-1] for text in texts(machine.serial_text(), "s\\debug") if re.match(r"  (at|called from) 0x", text)]
        assert said == chain, str(said)
        expect_in("  image: boot module bin/lost", "\n".join(texts(machine.serial_text(), "s\\debug")))

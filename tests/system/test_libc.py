"""The C library: ISO C against another system's library, and what stands below it."""

from __future__ import annotations

import re
from pathlib import Path

from boot import BOOT_SECONDS, boot, expect_in, file_module, texts, with_list
from boot_entry import TREE, Module
from buses import image, with_drivers
from lab import Lab, system_test
from machine import require_tool
from shell import succeed

PORTABLE, CHECKING, APPLICATION, COSTING = r"a\portable", r"s\libc", r"a\libc_test", r"a\costs"
ABSENT = r"there are no files: s\vfs has not come up"
SOURCES = sorted((TREE / "tests" / "guest" / "libc").glob("portable*.c"))
COMPILER_FLAGS = ["-m32", "-std=gnu2x", "-O1", "-D_GNU_SOURCE", "-idirafter", "/usr/include/x86_64-linux-gnu"]
# What newlib's own functions name and nobody has: mathematics of long double. A program that calls them does not link.
MISSING = {"atan2l", "coshl", "expl", "logl", "powl", "sincosl", "sinhl"}
# program.ld and the program have these.
LINKED = {"main", "constructors_first", "constructors_end", "destructors_first", "destructors_end"}
SMALL = 32 * 1024
# Drivers that are larger: bytes, and why. None has streams.
LARGE_DRIVERS = {
    "bios": (56 * 1024, "interprets the BIOS's code"),
    "console": (48 * 1024, "has a screen's text, its sequences and keyboards"),
    "init": (56 * 1024, "reads the list of programs, watches them, and finds drivers for buses"),
    "vesa": (96 * 1024, "interprets the BIOS's code, and draws in each of its modes' formats"),
}
STREAMS = {"_vfprintf_r", "_fwrite_r", "__sinit", "_puts_r"}
FILE_SERVER = r"s\vfs vfs.elf restart=always" + "\n"
# Instructions. tests/guest/libc/costs.c measures; docs/libc.md says what it is now.
COSTS = {"spawn_first": 250000, "spawn": 130000, "read_per_byte": 0.45, "getc": 130, "open_close": 8000, "stat": 6000, "list": 60000}
TEXT = "first line\nsecond line\nthe third\n"
THREADS, LINES = 4, 25

_CHECKS = re.compile(r"libc: (\d+) checks, (\d+) failed")


def other_library(lab: Lab) -> list[str]:
    """What the same program says, compiled for this machine and its library."""
    path = lab.directory / "portable"
    succeed([require_tool("gcc", "gcc"), *COMPILER_FLAGS, *SOURCES, "-lm", "-o", path])
    return succeed([path]).splitlines()


def joined(lines: list[str]) -> list[str]:
    """Lines as they were written: the log cuts those that are longer than a record."""
    whole: list[str] = []
    cut = False
    for line in lines:
        if cut:
            whole[-1] += line
        else:
            whole.append(line)
        cut = len(line) == 200
    return whole


@system_test(seconds=60)
def test_portable_functions_do_what_they_do_elsewhere(lab: Lab) -> None:
    """Printing, scanning, numbers, mathematics, sorting, strings, patterns, dates: the same text as another C library's, on a 486 too."""
    wanted = other_library(lab)
    for cpu in (None, "486"):
        modules = with_list(lab, rf"{PORTABLE} libc_portable.elf restart=never" + "\n", "serial history=1000")
        with boot(lab, [*modules, image(lab, "libc_portable")], cpu=cpu) as machine:
            machine.wait_for(rf"{PORTABLE} ended", BOOT_SECONDS)
        said = joined(texts(machine.serial_text(), PORTABLE))
        for line, other in zip(said, wanted):
            assert line == other, f"{cpu or 'usual CPU'}: {line!r} should be {other!r}"
        assert len(said) == len(wanted), f"{cpu or 'usual CPU'}: {len(said)} lines instead of {len(wanted)}: {said[-3:]}"
        expect_in(rf"{PORTABLE} ended: exit code 0", machine.serial_text())


def check_system(lab: Lab, *more: Module, **setup: object) -> None:
    """Boots the program that tests what stands below the C library, with the files that it looks for, and reads what it says."""
    lines = rf"{CHECKING} libc_test.elf restart=never needs=d\rtc" + "\n" + FILE_SERVER
    files = [file_module(lab, f"test/a{number}", f"a{number}") for number in range(11)]
    modules = [*with_drivers(lab, "rtc", lines=lines), image(lab, "vfs"), image(lab, "libc_test"), *files, file_module(lab, "test/text.txt", TEXT),
               Module(lab.build / "modules" / "hello_application.elf", "file:plain.elf"), *more]
    with boot(lab, modules, arguments=["-rtc", "base=2024-02-29T00:00:00,clock=vm"], **setup) as machine:
        machine.wait_for(rf"{CHECKING} ended", BOOT_SECONDS)
    serial = machine.serial_text()
    said = texts(serial, CHECKING)
    for process, least in ((CHECKING, 40000), (APPLICATION, 1000)):
        lines = texts(serial, process)
        found = _CHECKS.fullmatch(lines[-1])
        assert found is not None and found[2] == "0", "\n".join(line for line in lines if line.startswith("not true"))
        assert int(found[1]) > least, f"{process}: {found[1]} checks: some did not run"
    whole = [line for line in said if re.fullmatch(r"line \d+ of thread \d is whole", line)]
    assert len(set(whole)) == len(whole) == THREADS * LINES, f"{len(whole)} whole lines of threads"
    expect_in("fork: a process cannot be copied here", serial)
    expect_in(rf"{CHECKING} ended: exit code 0", serial)


@system_test(seconds=60)
def test_what_stands_below_the_library(lab: Lab) -> None:
    """Files, directories, pipes, poll, spawned processes, threads, mutexes, signals, time and memory keep POSIX's promises."""
    check_system(lab)
    check_system(lab, Module(lab.build / "modules" / "libc_test.elf", "file:bin/sh"), cpu="486")


@system_test(seconds=30)
def test_files_and_processes_cost_little(lab: Lab) -> None:
    """Spawning a small program from a file, and its end, take no more than 250,000 instructions; reading 64 KB at a time 0.45 a byte."""
    lines = rf"{COSTING} libc_costs.elf restart=never needs=s\vfs" + "\n" + FILE_SERVER
    modules = [*with_list(lab, lines, "serial history=1000"), *(image(lab, name) for name in ("vfs", "libc_costs", "libc_small"))]
    with boot(lab, modules, icount=0) as machine:
        machine.wait_for(rf"{COSTING} ended: exit code 0", BOOT_SECONDS)
    costs = dict(re.findall(r"cost: (\w+) ([0-9.]+)", machine.serial_text()))
    assert costs.keys() == COSTS.keys(), str(costs)
    dear = {name: cost for name, cost in costs.items() if float(cost) > COSTS[name]}
    assert not dear, f"{dear}, of {costs}"


@system_test(seconds=30)
def test_files_without_a_file_server(lab: Lab) -> None:
    """Without a file server a program waits some seconds, and then is told what is missing, and the log once."""
    lines = rf"{CHECKING} libc_test.elf restart=never -- absent" + "\n"
    with boot(lab, [*with_list(lab, lines, "serial history=1000"), image(lab, "libc_test")], icount=0) as machine:
        machine.wait_for(rf"{CHECKING} ended", BOOT_SECONDS)
    said = texts(machine.serial_text(), CHECKING)
    assert said == [ABSENT, "No such device or address after 5 s, No such device or address after 10 s"], str(said)


def symbols(archive: Path, kinds: str) -> list[str]:
    """The global symbols of these kinds in an archive, as often as they stand there."""
    said = succeed([require_tool("i686-linux-gnu-nm", "binutils-i686-linux-gnu"), "-g", archive])
    return re.findall(rf"^(?:[0-9a-f]+)? +[{kinds}] (\S+)$", said, re.MULTILINE)


@system_test(seconds=30)
def test_library_is_whole(lab: Lab) -> None:
    """libc.a defines nothing twice, and whatever its functions name is there, but for long double's mathematics."""
    library = lab.build / "sdk" / "lib"
    defined = symbols(library / "libc.a", "TDBRC")
    twice = {name for name in defined if defined.count(name) > 1} - {"_dummy_link_syscalls"}
    assert len(defined) > 900 and not twice, str(twice)
    libgcc = succeed(["i686-linux-gnu-gcc", "-march=i486", "-print-libgcc-file-name"]).strip()
    archives = [library / "libc.a", library / "libm.a", library / "libos.a"]
    there = {name for archive in (*archives, Path(libgcc)) for name in symbols(archive, "TDBRCWV")}
    wanted = {name for archive in archives for name in symbols(archive, "U")}
    assert wanted - there - LINKED == MISSING, str((wanted - there - LINKED) ^ MISSING)


@system_test(seconds=90)
def test_headers_of_the_library_compile_alone(lab: Lab) -> None:
    """Every header in front of newlib's, and those of ISO C and POSIX, compile alone with ternion-cc, and twice."""
    own = [path.relative_to(TREE / "libc/include").as_posix() for path in sorted((TREE / "libc/include").rglob("*.h"))]
    others = ["assert", "complex", "ctype", "dirent", "errno", "fcntl", "fenv", "float", "fnmatch", "getopt", "glob", "inttypes", "iso646",
              "libgen", "limits", "locale", "math", "pthread", "sched", "search", "setjmp", "signal", "spawn", "stdarg", "stdatomic",
              "stdbool", "stddef", "stdint", "stdio", "stdlib", "string", "strings", "sys/select", "sys/time", "sys/times", "sys/types",
              "sys/wait", "tgmath", "unistd", "wchar", "wctype"]
    for name in [*own, *(f"{other}.h" for other in others)]:
        source = lab.directory / "alone.c"
        source.write_text(f"#include <{name}>\n#include <{name}>\n#include <ternion/syscall.h>\n")
        succeed([lab.build / "sdk" / "bin" / "ternion-cc", "-Werror", "-c", "-o", lab.directory / "alone.o", source])


@system_test(seconds=30)
def test_programs_link_what_they_use(lab: Lab) -> None:
    """A program without files is linked without the C library's start, and is as small as libos leaves it; one that copies its input is small."""
    compiler = lab.build / "sdk" / "bin" / "ternion-cc"
    sizes = {}
    for name, text in (("plain", "#include <ternion/log.h>\nint main(void) { log_print(LOG_INFORMATION, \"hello\"); return 0; }\n"),
                       ("copy", "#include <unistd.h>\nint main(void) { char c; while (read(0, &c, 1) == 1) write(1, &c, 1); return 0; }\n")):
        source, program = lab.directory / f"{name}.c", lab.directory / f"{name}.elf"
        source.write_text(text)
        succeed([compiler, "-s", "-o", program, source])
        sizes[name] = program.stat().st_size
    assert sizes["plain"] < 8192 and sizes["copy"] < SMALL, str(sizes)


def modules_of_drivers() -> list[str]:
    """The names of the programs that drivers/ is built to."""
    names = [name for path in sorted((TREE / "drivers").glob("*/build.mk")) for name in re.findall(r"^programs \+= (\S+)$", path.read_text(), re.MULTILINE)]
    assert len(names) > 8, str(names)
    return names


@system_test(seconds=30)
def test_drivers_are_small(lab: Lab) -> None:
    """No driver has streams, and each image is smaller than 32 KB, but for four of which it is said why."""
    sizes = {name: (lab.build / "modules" / f"{name}.elf").stat().st_size for name in modules_of_drivers()}
    limits = {name: LARGE_DRIVERS.get(name, (SMALL, ""))[0] for name in sizes}
    large = {name: size for name, size in sizes.items() if size >= limits[name]}
    assert not large, f"{large}: no more than {limits}"
    assert all(sizes[name] >= SMALL for name in LARGE_DRIVERS), f"of {sizes} some are no exceptions any more"
    for name in sizes:
        streams = STREAMS & set(symbols(lab.build / "debug-modules" / f"{name}.elf", "T"))
        assert not streams, f"{name} has {streams}"

"""The SDK: its compiler driver, what build systems find in it, its examples."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

from boot import BOOT_SECONDS, boot, expect_in, texts, with_list
from boot_entry import Module
from lab import Lab, system_test
from machine import require_tool
from shell import fail, mkimage, run, succeed

C_PART = """
int twice(int number);

int main(int argc, char **argv)
{
    (void)argv;
    return twice(argc) + EXTRA;
}
"""
ASSEMBLY_PART = """
section .note.GNU-stack noalloc noexec nowrite progbits
section .text
global twice
twice:
    mov eax, [esp + 4]
    add eax, eax
    ret
"""
MACHINE = "i386-pc-ternion"

CONFIGURE_AC = """
AC_INIT([tiny], [1.5])
AC_CONFIG_SRCDIR([tiny.c])
AC_CONFIG_HEADERS([config.h])
AC_PROG_CC
AC_PROG_RANLIB
AC_CHECK_TOOL([AR], [ar])
AC_C_BIGENDIAN
AC_CHECK_HEADERS([unistd.h sys/socket.h ternion/log.h])
AC_CHECK_FUNCS([posix_spawn mmap fork])
AC_SEARCH_LIBS([sqrt], [m])
AC_CHECK_LIB([pthread], [pthread_create])
AC_FUNC_MALLOC
AC_FUNC_REALLOC
AC_FUNC_FORK
AC_FUNC_STRNLEN
AC_FUNC_MEMCMP
AC_CHECK_SIZEOF([long])
AC_CONFIG_FILES([Makefile])
AC_OUTPUT
"""
MAKEFILE_IN = """
all: tiny@EXEEXT@
tiny@EXEEXT@: tiny.@OBJEXT@ libtwice.a
	@CC@ @CFLAGS@ @LDFLAGS@ -o $@ tiny.@OBJEXT@ -L. -ltwice @LIBS@
libtwice.a: twice.@OBJEXT@
	@AR@ cr $@ twice.@OBJEXT@ && @RANLIB@ $@
.c.@OBJEXT@:
	@CC@ @CPPFLAGS@ @CFLAGS@ -fPIC -MD -c $< -o $@
"""
# Older than Ternion, as every package's is.
CONFIG_SUB = r"""#!/bin/sh
case $1 in sun4) echo sparc-sun-sunos4.1.1 ;; *ternion*) echo "$1: not recognized" >&2; exit 1 ;; *) echo "$1" ;; esac
"""
CONFIG_GUESS = "#!/bin/sh\necho x86_64-pc-linux-gnu\n"
CMAKE_LISTS = """
cmake_minimum_required(VERSION 3.13)
project(tiny VERSION 2.5 LANGUAGES C ASM)
find_package(Ternion 1 REQUIRED)
find_package(Threads REQUIRED)
include(CheckFunctionExists)
include(CheckIncludeFile)
include(CheckTypeSize)
include(TestBigEndian)
check_function_exists(posix_spawn HAVE_POSIX_SPAWN)
check_function_exists(mmap HAVE_MMAP)
check_function_exists(fork HAVE_FORK)
check_include_file(unistd.h HAVE_UNISTD_H)
check_include_file(sys/socket.h HAVE_SYS_SOCKET_H)
check_include_file(ternion/log.h HAVE_TERNION_LOG_H)
check_type_size(long SIZEOF_LONG)
test_big_endian(WORDS_BIGENDIAN)
configure_file(config.h.cmake config.h)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
add_library(twice STATIC twice.c)
add_executable(tiny tiny.c add.S)
target_include_directories(tiny PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
target_link_libraries(tiny PRIVATE twice Threads::Threads Ternion::ternion m ${CMAKE_DL_LIBS})
"""
CONFIG_H_CMAKE = """
#define PACKAGE_STRING "tiny ${PROJECT_VERSION}"
#define SIZEOF_LONG ${SIZEOF_LONG}
#cmakedefine HAVE_POSIX_SPAWN 1
#cmakedefine HAVE_MMAP 1
#cmakedefine HAVE_UNISTD_H 1
#cmakedefine HAVE_SYS_SOCKET_H 1
#cmakedefine HAVE_TERNION_LOG_H 1
#cmakedefine WORDS_BIGENDIAN 1
"""
TINY = r"""
#include "config.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int twice(int number);

#if !HAVE_POSIX_SPAWN || HAVE_MMAP || !HAVE_UNISTD_H || HAVE_SYS_SOCKET_H || !HAVE_TERNION_LOG_H || defined WORDS_BIGENDIAN
#error this is not what the system has
#endif

int main(int argc, char **argv)
{
    void *nothing = malloc(0);

    printf("%s: %d, %d, %.3f, %d%d%d\n", PACKAGE_STRING, twice(argc + 20), SIZEOF_LONG, sqrt(argc + 1), nothing != NULL,
           realloc(NULL, 0) != NULL, sizeof(long) == SIZEOF_LONG);
    return 7;
}
"""
TWICE = "int twice(int number) { return number + number; }\n"
TINY_SAYS = "42, 4, 1.414, 111"


def sdk_copy(lab: Lab) -> Path:
    """A copy of the SDK where nobody would look for it."""
    copy = lab.directory / "some where" / "sdk"
    copy.parent.mkdir()
    return Path(shutil.copytree(lab.build / "sdk", copy))


def image(lab: Lab, kind: str, *arguments: str | Path) -> Path:
    path = lab.directory / f"own.{kind}"
    succeed(mkimage(kind, "--build", lab.build, "--menu-timeout", "0", "-o", path, *arguments))
    return path


def write_all(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)


def says(lab: Lab, program: Path) -> list[str]:
    r"""Boots a program that somebody built, as s\tiny; what it says."""
    modules = [*with_list(lab, "s\\tiny tiny.elf restart=never\n"), Module(program, "file:tiny.elf")]
    with boot(lab, modules) as machine:
        machine.wait_for(r"s\tiny ended: exit code 7", BOOT_SECONDS)
    return texts(machine.serial_text(), r"s\tiny")


@system_test(seconds=60)
def test_compiler_driver_says_what_is_wrong(lab: Lab) -> None:
    """ternion-cc compiles C and NASM sources to objects and programs, and says what it cannot do."""
    compiler = sdk_copy(lab) / "bin" / "ternion-cc"
    folder = lab.directory
    (folder / "main.c").write_text(C_PART)
    (folder / "twice.asm").write_text(ASSEMBLY_PART)
    succeed([compiler, "-c", "-DEXTRA=1", "main.c"], folder)
    succeed([compiler, "-c", "twice.asm", "-o", "other.o"], folder)
    succeed([compiler, "-o", "one.elf", "main.o", "other.o"], folder)
    succeed([compiler, "-O0", "-D", "EXTRA=1", "main.c", "twice.asm"], folder)
    succeed([compiler, "-S", "-DEXTRA=1", "main.c"], folder)
    expect_in("main:", (folder / "main.s").read_text())
    expect_in("return twice(argc) + 7;", succeed([compiler, "-E", "-DEXTRA=7", "main.c"], folder))
    (folder / "guess.c").write_text("int main(void)\n{\n    return unheard_of();\n}\n")
    for program in ("one.elf", "main.elf"):
        assert (folder / program).read_bytes()[:4] == b"\x7fELF"
    wrong = {(): "usage: ternion-cc", ("-o",): "-o needs a file name", ("-I",): "-I needs a value", ("absent.c",): "absent.c: no such file",
             ("-O2",): "no source file: name at least one", ("main.txt",): "main.txt: what kind of source is it?",
             ("-shared", "main.c"): "programs are linked statically", ("-march=native", "main.c"): "for every CPU from the i486 up",
             ("-c", "-o", "x.o", "main.c", "twice.asm"): "-c with -o takes one source, not 2", ("libx.so",): "programs are linked statically",
             ("main.cpp",): "there is no C++ library", ("-fsanitize=address", "main.c"): "there is no such library",
             ("-msse2", "main.c"): "for every CPU from the i486 up", ("-S", "twice.asm"): "-S is not possible", ("guess.c",): "implicit declaration of function",
             ("-T", "own.ld", "main.c"): "lib/program.ld", ("-c", "main.o"): "-c is not possible",
             ("-DEXTRA=1", "-o", "main.c", "main.c"): "-o main.c: is a source: name another file", ("main.c",): "EXTRA"}
    for arguments, message in wrong.items():
        expect_in(message, fail([compiler, *arguments], folder))


@system_test(seconds=60)
def test_compiler_driver_does_what_build_systems_ask(lab: Lab) -> None:
    """ternion-cc keeps the order of what is linked, writes dependencies, reads its input, and tells of the SDK, not of Linux."""
    sdk = sdk_copy(lab)
    compiler, folder = sdk / "bin" / "ternion-cc", lab.directory
    write_all(folder, {"first.c": '#include "it.h"\nint second(void);\nint main(void) { return second() + IT; }\n', "it.h": "#define IT 1\n",
                       "second.c": "int third(void);\nint second(void) { return third(); }\n", "third.c": "int third(void) { return 3; }\n"})
    for name in ("second", "third"):
        succeed([compiler, "-fPIC", "-c", f"{name}.c"], folder)
        succeed([sdk / "bin" / "ternion-ar", "rcs", f"lib{name}.a", f"{name}.o"], folder)
    succeed([compiler, "-MMD", "first.c", "-L.", "-lsecond", "-lthird", "-oright.elf"], folder)
    expect_in("undefined reference to `third'", fail([compiler, "first.c", "-L", ".", "-lthird", "-l", "second"], folder))
    succeed([compiler, "-Wl,--whole-archive", "libthird.a", "-Wl,--no-whole-archive", "first.c", "-L.", "-lsecond", "-Wl,-Map=map"], folder)
    assert re.search(r"first\.o: first\.c it\.h", (folder / "first.d").read_text()), (folder / "first.d").read_text()
    assert succeed([compiler, "-MM", "first.c"], folder) == "first.o: first.c it.h\n"
    defined = succeed(["sh", "-c", 'echo "__linux__ __ternion__ __unix__" | "$0" -E -P -x c -', compiler], folder)
    assert defined.split() == ["__linux__", "1", "1"], defined
    answers = {"-dumpmachine": MACHINE, "-print-file-name=libc.a": f"{sdk}/lib/libc.a", "-print-file-name=libabsent.a": "libabsent.a",
               "-print-sysroot": "", "-print-multi-os-directory": "."}
    for question, answer in answers.items():
        assert succeed([compiler, question]).strip() == answer, question
    expect_in(f"libraries: ={sdk}/lib/", succeed([compiler, "-print-search-dirs"]))
    assert "/usr/" not in succeed([compiler, "-print-search-dirs"])
    expect_in("gcc version", run([compiler, "-v"]).stderr)
    spoken = run([compiler, "-v", "-c", "third.c"], folder)
    assert spoken.returncode == 0 and f"{sdk}/newlib" in spoken.stderr, spoken.stderr
    expect_in("usage: ternion-cc", succeed([compiler, "--help"]))
    expect_in("T third", succeed([sdk / "bin" / "ternion-nm", "libthird.a"], folder))


@system_test(seconds=120)
def test_configure_builds_for_it(lab: Lab) -> None:
    """A package with autoconf's ./configure is built as it is, learns what the system has, and its program runs."""
    require_tool("autoconf", "autoconf")
    folder, sdk = lab.directory / "tiny", lab.build / "sdk"
    write_all(folder, {"configure.ac": CONFIGURE_AC, "Makefile.in": MAKEFILE_IN, "tiny.c": TINY, "twice.c": TWICE,
                       "config.sub": CONFIG_SUB, "config.guess": CONFIG_GUESS, "install-sh": "#!/bin/sh\n"})
    succeed(["autoconf"], folder)
    succeed(["autoheader"], folder)
    said = succeed(["env", f"CONFIG_SITE={sdk}/share/config.site", "./configure", f"--host={MACHINE}"], folder)
    for line in ("suffix of executables... .elf", "whether we are cross compiling... yes", "for fork... (cached) no"):
        expect_in(line, said)
    succeed(["make"], folder)
    expect_in("twice.c", (folder / "twice.d").read_text())
    assert says(lab, folder / "tiny.elf") == [f"tiny 1.5: {TINY_SAYS}"]


@system_test(seconds=120)
def test_cmake_builds_for_it(lab: Lab) -> None:
    """A project of CMake is built with the toolchain file, finds the package Ternion, and its program runs."""
    cmake, sdk = require_tool("cmake", "cmake"), sdk_copy(lab)
    folder = lab.directory / "tiny"
    write_all(folder, {"CMakeLists.txt": CMAKE_LISTS, "config.h.cmake": CONFIG_H_CMAKE, "tiny.c": TINY, "twice.c": TWICE,
                       "add.S": ".globl add\nadd: ret\n.section .note.GNU-stack,\"\",@progbits\n"})
    succeed([cmake, f"-DCMAKE_TOOLCHAIN_FILE={sdk}/share/cmake/ternion-toolchain.cmake", "-S", folder, "-B", folder / "made"])
    succeed([cmake, "--build", folder / "made"])
    assert says(lab, folder / "made" / "tiny.elf") == [f"tiny 2.5: {TINY_SAYS}"]
    result = run([cmake, f"-DTernion_DIR={sdk}/lib/cmake/Ternion", "-S", folder, "-B", folder / "native"])
    assert result.returncode != 0
    expect_in("ternion-toolchain.cmake", result.stderr)


@system_test(seconds=30)
def test_pkg_config_finds_it(lab: Lab) -> None:
    """pkg-config says where the SDK is, wherever it lies, and asks for no flags of programs that ternion-cc compiles."""
    sdk = sdk_copy(lab)
    ask = ["env", f"PKG_CONFIG_LIBDIR={sdk}/lib/pkgconfig", require_tool("pkg-config", "pkg-config")]
    assert succeed([*ask, "--modversion", "ternion"]).strip() == "1"
    assert succeed([*ask, "--cflags", "--libs", "ternion"]).strip() == ""
    compiler = succeed([*ask, "--variable=cc", "ternion"]).strip().replace("\\ ", " ")
    assert Path(compiler).resolve() == (sdk / "bin" / "ternion-cc").resolve(), compiler


def example_image(lab: Lab, compiler: Path, example: Path) -> Path:
    """The image that an example's README makes, in a folder where what it compiled lies."""
    told, folder = (example / "README").read_text(), lab.directory / example.name
    folder.mkdir()
    for line in re.findall(r"^    bin/ternion-cc (.*)$", told, re.MULTILINE):
        words = [word.replace("examples/", f"{example.parent}/") for word in line.split()]
        succeed([compiler, "-Wall", "-Werror", *words], folder)
    (line,) = re.findall(r"^    tools/mkimage (.*)$", told, re.MULTILINE)
    words = shlex.split(line)
    succeed(mkimage(*words, "--build", lab.build, "--menu-timeout", "0"), folder)
    return folder / words[words.index("-o") + 1]


@system_test(seconds=120)
def test_examples_of_the_sdk_run(lab: Lab) -> None:
    """Every example of the SDK compiles without a warning, as its README says, and says what is shown there."""
    sdk = sdk_copy(lab)
    examples = sorted(sdk.glob("examples/*/"))
    assert len(examples) > 5
    for example in examples:
        shown = re.findall(r"^    \[ *\d+\.\d{6}\] (.*)$", (example / "README").read_text(), re.MULTILINE)
        assert shown, f"{example.name}: its README shows nothing"
        with lab.qemu(cdrom=example_image(lab, sdk / "bin" / "ternion-cc", example)) as machine:
            for line in shown:
                machine.wait_for(line, BOOT_SECONDS)

"""The rules of the source tree and of its build."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from boot import expect_in
from boot_entry import TREE
from lab import Lab, system_test
from machine import require_tool
from shell import fail, run, succeed

SYSTEM = ("kernel", "libos", "libc", "vm86", "drivers", "servers", "apps")
ASSEMBLY_HOMES = re.compile(r"(kernel/i386|vm86|libos/i386|tests/guest/\w+/i386)/")
TOP_LEVEL = {*SYSTEM, ".ci", "docs", "iso", "ports", "tests", "tools", ".gitignore", "LICENSE", "Makefile", "README.md"}
KERNEL_SAMPLE, USER_SAMPLE = "kernel/name.c", "libos/log.c"

_INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.MULTILINE)
_CONDITIONAL = re.compile(r"^\s*#\s*(if|ifdef|ifndef|elif)\b.*", re.MULTILINE)
_ASSEMBLY = re.compile(r"\b(asm|__asm__|__asm)\b\s*(volatile|goto|inline|\()")
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


def sources(*suffixes: str, folders: tuple[str, ...] = (*SYSTEM, "tests/guest")) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((TREE / folder).rglob("*")):
            if path.suffix in suffixes:
                yield path


def relative(path: Path) -> str:
    return path.relative_to(TREE).as_posix()


def code(path: Path) -> str:
    """A C file without its comments."""
    return _COMMENT.sub("", path.read_text())


def compile_command(lab: Lab, source: str) -> list[str]:
    """How make compiles a source, up to the flags about its output."""
    side = "kernel" if source.startswith("kernel/") else "user"
    goal = f"build/obj/{side}/{source}.o"
    said = succeed(["make", "--no-print-directory", "-n", "V=1", "-W", source, goal])
    (line,) = [line for line in said.splitlines() if f" -c {source} " in line]
    return shlex.split(line.partition("&&")[2].partition(" -MMD")[0])


def checks(lab: Lab, command: list[str], name: str, text: str) -> tuple[bool, str]:
    """Does a source with this text pass the compiler?"""
    path = lab.directory / f"{name}.c"
    path.write_text(text)
    result = run([*command, "-fsyntax-only", path])
    return result.returncode == 0, result.stderr


def headers_that_need_others(lab: Lab, command: list[str], headers: list[tuple[str, str]]) -> list[str]:
    """Of headers, given with what includes them, those that do not compile alone."""
    bad = []
    for name, include in headers:
        compiles, why = checks(lab, command, "alone", f"#include {include}\n#include {include}\n")
        if not compiles:
            bad.append(f"{name}: {why.splitlines()[-1] if why else '?'}")
    return bad


@system_test(seconds=60)
def test_second_make_does_nothing(lab: Lab) -> None:
    """`make` on a finished build does nothing, and says nothing."""
    if lab.build != TREE / "build":
        return
    assert succeed(["make", "--no-print-directory"], seconds=50) == ""


@system_test(seconds=60)
def test_kernel_headers_compile_alone(lab: Lab) -> None:
    """Every header of the kernel compiles alone, and twice."""
    headers = [path.relative_to(TREE / "kernel").as_posix() for path in sources(".h", folders=("kernel",))]
    includes = [(name, f"<{name.removeprefix('include/')}>" if name.startswith("include/") else f'"{name}"') for name in headers]
    assert len(includes) > 40
    bad = headers_that_need_others(lab, compile_command(lab, KERNEL_SAMPLE), includes)
    assert not bad, "\n".join(bad)


@system_test(seconds=60)
def test_user_headers_compile_alone(lab: Lab) -> None:
    """Every header that programs may include compiles alone in a program, and twice."""
    roots = [TREE / "libos/include", TREE / "vm86/include", TREE / "kernel/include", lab.build / "generated/include"]
    names = [path.relative_to(root).as_posix() for root in roots for path in sorted(root.rglob("*.h"))]
    assert len(names) > 15
    bad = headers_that_need_others(lab, compile_command(lab, USER_SAMPLE), [(name, f"<{name}>") for name in names])
    assert not bad, "\n".join(bad)


@system_test(seconds=60)
def test_private_headers_are_out_of_reach(lab: Lab) -> None:
    """A program cannot include a private header of the kernel, by its name or its path in the kernel."""
    command = compile_command(lab, USER_SAMPLE)
    private = [path.relative_to(TREE / "kernel").as_posix() for path in sources(".h", folders=("kernel",))
               if "include/" not in relative(path)]
    assert len(private) > 30
    forms = [form for name in private for form in (f'"{name}"', f"<{name}>", f"<kernel/{name}>")]
    text = "".join(f"#if __has_include({form})\n#error a program can include {form}\n#endif\n" for form in forms)
    compiles, why = checks(lab, command, "reach", text)
    assert compiles, why
    compiles, why = checks(lab, command, "proof", "#if !__has_include(<ternion/log.h>)\n#error no\n#endif\n")
    assert compiles, why


def include_graph(folder: Path) -> dict[str, set[str]]:
    """Which headers of a folder each header of it includes."""
    names = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.h")}
    public = {name.removeprefix("include/"): name for name in names}
    graph: dict[str, set[str]] = {}
    for name, path in names.items():
        wanted = {public.get(include, include) for _, include in _INCLUDE.findall(path.read_text())}
        graph[name] = {include for include in wanted if include in names}
    return graph


def find_cycle(graph: dict[str, set[str]]) -> list[str]:
    """A cycle in a graph, empty if it has none."""
    finished: set[str] = set()

    def visit(node: str, path: list[str]) -> list[str]:
        if node in path:
            return [*path[path.index(node):], node]
        if node in finished:
            return []
        for other in sorted(graph[node]):
            if cycle := visit(other, [*path, node]):
                return cycle
        finished.add(node)
        return []

    for node in sorted(graph):
        if cycle := visit(node, []):
            return cycle
    return []


@system_test(seconds=30)
def test_headers_include_one_way(lab: Lab) -> None:
    """Includes among headers point one way: there is no cycle, in kernel or libos."""
    for folder in ("kernel", "libos/include"):
        cycle = find_cycle(include_graph(TREE / folder))
        assert not cycle, f"{folder}: {' -> '.join(cycle)}"


@system_test(seconds=30)
def test_user_space_sees_the_abi_alone(lab: Lab) -> None:
    """kernel/include/abi includes nothing but itself and the compiler's own headers; the ABI knows no libos."""
    for path in sources(".h", folders=("kernel/include",)):
        for _, include in _INCLUDE.findall(path.read_text()):
            assert include.startswith("abi/") or include in ("stddef.h", "stdint.h", "stdbool.h"), f"{relative(path)}: {include}"


@system_test(seconds=30)
def test_no_conditions_in_sources(lab: Lab) -> None:
    """No .c file has an #if: files or constants choose."""
    found = [f"{relative(path)}: {match[0].strip()}" for path in sources(".c") for match in _CONDITIONAL.finditer(code(path))]
    assert not found, "\n".join(found)


@system_test(seconds=30)
def test_assembly_stays_at_home(lab: Lab) -> None:
    """Assembly, in files or inside C, stands in kernel/i386, vm86 and libos/i386 alone, and in i386 folders of guest tests."""
    found = [relative(path) for path in sources(".asm", ".S", ".s")]
    found += [relative(path) for path in sources(".c", ".h") if _ASSEMBLY.search(code(path))]
    strays = [name for name in found if not ASSEMBLY_HOMES.match(name)]
    assert found and not strays, "\n".join(strays)


@system_test(seconds=30)
def test_newer_instructions_are_refused(lab: Lab) -> None:
    """tools/check-cpu refuses a program with instructions above the i486, names place and instruction, and obeys its list."""
    compiler = require_tool("i686-linux-gnu-gcc", "gcc-i686-linux-gnu")
    (lab.directory / "new.c").write_text(
        "int choose(int a, int b, int c) { int d = b; if (a > c) d = c; return d; }\n"
        "unsigned long long stamp(void) { unsigned long long t; __asm__ volatile(\"rdtsc\" : \"=A\"(t)); return t; }\n"
        "void nothing(void) { __asm__ volatile(\"nopl 8(%eax)\"); }\n"
        "void four(unsigned long x) { __asm__ volatile(\"mov %0, %%cr4\" : : \"r\"(x)); }\n"
        "float add(float a) { float b; __asm__ volatile(\"addss %1, %0\" : \"=x\"(b) : \"m\"(a)); return b; }\n"
        "int fine(int x) { __asm__ volatile(\"bswap %0\\n\\tpause\" : \"+r\"(x)); return x; }\n")
    program = lab.directory / "new.elf"
    succeed([compiler, "-O2", "-march=i686", "-msse", "-ffreestanding", "-fno-pic", "-nostdlib", "-static",
             "-Wl,-e,choose", "-o", program, lab.directory / "new.c"])
    check = TREE / "tools" / "check-cpu"
    said = fail([check, program])
    for function, instruction in (("choose", "cmov"), ("stamp", "rdtsc"), ("nothing", "nop"), ("four", "cr4"), ("add", "addss")):
        assert re.search(rf"new\.elf: {function} at 0x[0-9a-f]+: .*{instruction}.*: not in an i486", said), f"{function}: {said}"
    assert "fine" not in said, said
    allowed = lab.directory / "allowed.txt"
    names = re.findall(r'to allow it: a line "(\S+) (\S+) why"', said)
    allowed.write_text("".join(f"{function} {instruction} for this test\n" for function, instruction in names))
    assert succeed([check, "--allow", allowed, program]) == ""
    allowed.write_text("choose cmovle\n")
    expect_in("needs FUNCTION INSTRUCTION and why", fail([check, "--allow", allowed, program]))


@system_test(seconds=60)
def test_whole_build_is_checked_for_the_486(lab: Lab) -> None:
    """Every program of the build, and the kernel, has instructions of the i486 alone, but for those that are listed."""
    lists = [TREE / "kernel/i386/cpu-features.txt", TREE / "libos/i386/cpu-features.txt",
             TREE / "tests/guest/test/i386/cpu-features.txt", TREE / "tests/guest/bench/i386/cpu-features.txt"]
    allow = [word for path in lists if path.is_file() for word in ("--allow", path)]
    # Those with their symbols, by which the lists allow: some modules have none.
    programs = [lab.build / "debug-modules" / module.name for module in sorted((lab.build / "modules").glob("*.elf"))]
    assert programs
    assert succeed([TREE / "tools" / "check-cpu", *allow, lab.build / "kernel.elf", *programs], seconds=50) == ""


@system_test(seconds=30)
def test_kernel_is_small(lab: Lab) -> None:
    """The kernel's text is under 64 KB."""
    said = succeed([require_tool("size", "binutils"), "-A", lab.build / "kernel.elf"])
    text = sum(int(size) for size in re.findall(r"^\.text\S*\s+(\d+)", said, re.MULTILINE))
    assert 0 < text < 64 * 1024, f"{text} bytes"


@system_test(seconds=30)
def test_programs_have_no_writable_text(lab: Lab) -> None:
    """No program has a segment that is both writable and executable; nor has the kernel."""
    readelf = require_tool("readelf", "binutils")
    for program in [lab.build / "kernel.elf", *sorted((lab.build / "modules").glob("*.elf"))]:
        flags = re.findall(r"^  LOAD .* (R?W?E?[RWE ]*) 0x\w+$", succeed([readelf, "-lW", program]), re.MULTILINE)
        assert flags and not [flag for flag in flags if "W" in flag and "E" in flag], f"{program.name}: {flags}"


@system_test(seconds=30)
def test_files_and_functions_stay_short(lab: Lab) -> None:
    """No source file of the system has more than 500 lines, no C function more than 60."""
    long_files = {relative(path): len(path.read_text().splitlines()) for path in sources(".c", ".h", ".asm", folders=SYSTEM)}
    long_files = {name: lines for name, lines in long_files.items() if lines > 500}
    assert not long_files, str(long_files)
    for path in sources(".c", folders=SYSTEM):
        start = 0
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if line == "{":
                start = number
            elif line == "}" and start:
                assert number - start <= 60, f"{relative(path)}:{start}: a function of {number - start} lines"
                start = 0


@system_test(seconds=30)
def test_top_level_is_known(lab: Lab) -> None:
    """The tree has nothing at its top but the known files and folders."""
    if not (TREE / ".git").exists():
        return
    names = {name.partition("/")[0] for name in succeed(["git", "-C", TREE, "ls-files"]).splitlines()}
    assert names and names <= TOP_LEVEL, f"unknown: {', '.join(sorted(names - TOP_LEVEL))}"


@system_test(seconds=30)
def test_make_help_tells_the_truth(lab: Lab) -> None:
    """Every goal that `make help` names exists, and every goal of the public list is named."""
    said = succeed(["make", "--no-print-directory", "help"])
    goals = set(re.findall(r"^make ([a-z-]+)", said, re.MULTILINE))
    assert {"run", "run-bochs", "test", "bench", "debug", "docs", "clean"} <= goals, str(goals)
    makefile = (TREE / "Makefile").read_text()
    for goal in goals:
        assert re.search(rf"^{re.escape(goal)}:", makefile, re.MULTILINE), f"make {goal}"


@system_test(seconds=30)
def test_tools_have_usage(lab: Lab) -> None:
    """Every tool that people call says how it is used."""
    for name in ("mkimage", "install-packages", "run", "check-cpu", "generate-symbols"):
        result = run([TREE / "tools" / name, "--help"])
        assert "usage" in (result.stdout + result.stderr).lower(), f"tools/{name} --help: {result.stdout}{result.stderr}"

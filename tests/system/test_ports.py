"""Programs that nobody wrote for Ternion run on it."""

from __future__ import annotations

import os
import re
from pathlib import Path

from boot import BOOT_SECONDS, boot, expect_in, file_module, texts, with_list
from boot_entry import Module
from lab import Lab, system_test
from shell import succeed
from suites import judge, run_suite

LUA_SCRIPT = r"""
print(_VERSION, 2^53 == 9007199254740992, 10 // 3, 7.5 % 2, math.pi, string.format("%5.2f %q %a", 3.14159, "a\tb", 0.5))
local t = {}
for i = 1, 20000 do t[i] = (i * 7919) % 10007 end
table.sort(t)
print(t[1], t[#t], #t)
local s = 0
for w in ("the quick brown fox"):gmatch("%a+") do s = s + #w end
local co = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)
print(s, co(), co(), co(), (pcall(error, { code = 2 })), select("#", table.unpack({ 1, 2, 3 }, 1, 5)))
print(os.time { year = 2024, month = 2, day = 29, hour = 12 }, os.date("!%Y-%m-%d %H", 951782400), os.getenv("HOME"))
local lines = 0
for line in io.lines("/boot/script.lua") do lines = lines + 1 end
print(lines, select(2, io.open("/boot/none")))
print(("x"):rep(1000000):len(), string.pack("<i4d", 7, 1.5):byte(1, -1))
print(math.maxinteger, -0.0, 1 / 0, 1e15, tostring(1e100), math.tointeger("8"), 5 // 0.0, -7 // 2, -7 % 3)
local weak = setmetatable({}, { __mode = "k" })
for i = 1, 1000 do weak[{}] = i end
collectgarbage()
print(next(weak), require("string") == string, load("return 6 * 7")())
io.stdout:write("written", " ", "in parts", "\n")
os.exit(7)
"""

LUA_SAYS = [
    "Lua 5.4 true 3 1.5 3.1415926535898  3.14 \"a\\9b\" 0x1p-1",
    "0 10006 20000",
    "16 1 2 3 false 5",
    "1709208000 2000-02-29 00 nil",
    f"{LUA_SCRIPT.count(chr(10))} /boot/none: No such file or directory 2",
    "1000000 7 0 0 0 0 0 0 0 0 0 248 63",
    "9223372036854775807 -0.0 inf 1e+15 1e+100 8 inf -4 2",
    "nil true 42",
    "written in parts",
]


WHOLE = bool(os.environ.get("TERNION_ALL_PORTS"))

WRONG = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "fault") == 0) {
            *(volatile int *)0 = 0;
        } else if (strcmp(argv[i], "never") == 0) {
            for (;;) { }
        } else if (strcmp(argv[i], "echo") == 0) {
            for (int c = getchar(); c != EOF; c = getchar()) putchar(c);
        } else if (atoi(argv[i]) > 0) {
            return atoi(argv[i]);
        } else {
            puts(argv[i]);
        }
    }
    return 0;
}
"""
WRONG_LIST = """# A list with what can go wrong in it.
right         -- /boot/wrong.elf fine
spaces        out=/suite/wanted -- /boot/wrong.elf one%sline && /boot/wrong.elf another 3
files         out=/suite/wanted -- /boot/wrong.elf echo </suite/wanted >/tmp/copy && /boot/wrong.elf echo </tmp/copy
other         out=/suite/wanted -- /boot/wrong.elf one%sline others
less          out=/suite/wanted -- /boot/wrong.elf one%sline
more          out=/suite/wanted -- /boot/wrong.elf one%sline another line
code          -- /boot/wrong.elf 5 && /boot/wrong.elf
fault         -- /boot/wrong.elf fault
never         seconds=1 -- /boot/wrong.elf never
absent        -- /boot/absent.elf
strange       what=ever -- /boot/wrong.elf
"""
WRONG_SAYS = {"other": 'line 2 is "others" instead of "another"', "less": 'line 2 is "" instead of "another"', "more": 'line 3 is "line" instead of ""',
              "code": "ended with exit code 5", "fault": "ended by signal 11", "never": "takes too long", "absent": "No such file or directory",
              "strange": "is no line of a list"}


def ports(lab: Lab) -> Path:
    return lab.build / "ports"


def run_port(lab: Lab, port: str, program: str, arguments: str, *files: Module, cpu: str | None = None) -> tuple[list[str], str]:
    r"""Boots a port's program as s\port; what it says, and how it ends."""
    lines = r"s\vfs vfs.elf restart=always" + "\n" + rf"s\port port.elf restart=never needs=s\vfs -- {arguments}" + "\n"
    images = [Module(lab.build / "modules" / "vfs.elf", "file:vfs.elf"), Module(lab.build / "ports" / port / program, "file:port.elf")]
    with boot(lab, [*with_list(lab, lines, "serial history=1000"), *images, *files], cpu=cpu) as machine:
        end = machine.wait_for(re.compile(r"s\\port ended: .*"), BOOT_SECONDS)
    return texts(machine.serial_text(), r"s\port"), end[0]


@system_test(seconds=40)
def test_lua(lab: Lab) -> None:
    """Lua's interpreter runs a script from /boot: numbers, strings, tables, coroutines, garbage, files, dates; on a 486."""
    said, end = run_port(lab, "lua", "lua.elf", "/boot/script.lua", file_module(lab, "script.lua", LUA_SCRIPT), cpu="486")
    assert [line.replace("\t", " ") for line in said] == LUA_SAYS, "\n".join(said)
    expect_in("exit code 7", end)


@system_test(seconds=60)
def test_zlib(lab: Lab) -> None:
    """zlib, built by its own configure, passes its tests: example with files, infcover, which runs every line of inflate, minigzip there and back."""
    judge("zlib", run_suite(lab, ports(lab) / "zlib" / "suite", seconds=50), 5)


@system_test(seconds=400)
def test_lua_suite(lab: Lab) -> None:
    """Lua's own tests, of 5.3's suite, end as they do with Linux' C library; of 5.4 a part, and of both all if TERNION_ALL_PORTS is set."""
    folder = ports(lab) / "lua" / "suite"
    if not (folder / "suite.list").exists():
        raise AssertionError(f"Lua's tests are missing in {folder}, since ports/lua/build could not fetch them with npm: "
                             f"apt-get install npm, remove {ports(lab) / 'lua'}, and make again")
    short = ("54-math", "54-s", "54-pm", "54-coroutine")
    judge("lua", run_suite(lab, folder, *(() if WHOLE else short), seconds=380), 544 if WHOLE else 99)


@system_test(seconds=300)
def test_tcc(lab: Lab) -> None:
    """tcc compiles and runs programs inside the system, itself among them; of its own tests a part, and all if TERNION_ALL_PORTS is set."""
    folder = ports(lab) / "tcc"
    short = ("hello", "itself", "pp-", "tests2-1", "tests2-4")
    judge("tcc", run_suite(lab, folder / "suite", *(() if WHOLE else short), seconds=280, disks={"tcc": folder / "tcc.iso"}), 119 if WHOLE else 56)


@system_test(seconds=400)
def test_c_library(lab: Lab) -> None:
    """gnulib's tests of C libraries, and newlib's, find what is known; a part of gnulib's, and all if TERNION_ALL_PORTS is set."""
    folder = ports(lab) / ("c_library" if WHOLE else "c_library_short") / "suite"
    judge("c_library", run_suite(lab, folder, seconds=380), 269 if WHOLE else 40)


@system_test(seconds=30)
def test_suites_fail_when_a_test_does(lab: Lab) -> None:
    """What a suite's programs do wrong is told: another output, an exit code, a fault, a program that does not end or is not there."""
    folder = lab.directory / "suite"
    (folder / "boot").mkdir(parents=True)
    source = folder / "wrong.c"
    source.write_text(WRONG)
    succeed([lab.build / "sdk" / "bin" / "ternion-cc", "-s", "-o", folder / "boot" / "wrong.elf", source])
    (folder / "wanted").write_text("one  line\n\nanother\n")
    (folder / "suite.list").write_text(WRONG_LIST)
    result = run_suite(lab, folder, seconds=25)
    assert result.passed == ["right", "spaces", "files"], f"{result}"
    said = {name: why.splitlines()[0] for name, why in result.failures.items()}
    for name, why in WRONG_SAYS.items():
        expect_in(why, said.pop(name))
    assert not said, f"{said}"

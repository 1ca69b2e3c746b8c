"""Programs that nobody wrote for Ternion run on it."""

from __future__ import annotations

import re

from boot import BOOT_SECONDS, boot, expect_in, file_module, texts, with_list
from boot_entry import Module
from lab import Lab, system_test
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
    judge("zlib", run_suite(lab, lab.build / "ports" / "zlib" / "suite", seconds=50), 5)


@system_test(seconds=200)
def test_lua_suite(lab: Lab) -> None:
    """Lua's own tests: of 5.3's suite all that pass with Linux' C library do with ours, for Lua 5.3 and for 5.4."""
    folder = lab.build / "ports" / "lua" / "suite"
    if not (folder / "suite.list").exists():
        return                  # without npm: ports/lua/build has said so
    judge("lua", run_suite(lab, folder, seconds=180), 500)

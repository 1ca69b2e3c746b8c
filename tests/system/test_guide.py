"""docs/guide.md is true: what it shows of a session comes when it is typed.

Its blocks of the language `console` are sessions at the serial line. A line that begins with a prompt, `/tmp> `, is typed behind that prompt;
one that begins with `> ` is more of the same command; `^C` is a key. The lines in between must come, and no others but records of the
log. `…` stands for anything within a line, and alone for any lines.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from boot import BOOT_SECONDS, LIST_DONE, boot
from boot_entry import TREE, read_boot_entry
from lab import Lab, system_test
from qemu import Qemu
from shell import mkimage, succeed
from test_docs import _NAMED_BLOCK as NAMED_BLOCK
from test_docs import _SHELL_BLOCK as SHELL_BLOCK
from test_docs import do, page, workshop

STEP_SECONDS = 20.0
READY = "\x1b[?2004h\x1b[J"         # of the shell's editor: it waits for a line, behind the prompt that follows
RUNNING = "\x1b[?2004l"             # it has taken one
SECOND_MACHINE = "## Programs from outside"

_CONSOLE_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TYPED = re.compile(r"((?:/\S*)?> )(.*)")
_KEYS = {"^C": b"\x03", "^Z": b"\x1a", "^D": b"\x04"}
_RECORD = re.compile(r"\[ *\d+\.\d{6}\] ")
_CUT_SHORT = re.compile(r"\x1b\[7m%\x1b\[m *\n?")            # the shell's mark behind a line without an end; wiped out at once where there is none
_SEQUENCE = re.compile(r"\x1b\[[?\d;]*[A-Za-z]")


@dataclass
class Step:
    """A line that the page types, and what comes."""

    prompt: str
    typed: str
    shown: list[str] = field(default_factory=list)


def steps(text: str) -> list[Step]:
    found: list[Step] = []
    for block in _CONSOLE_BLOCK.findall(text):
        for line in block.splitlines():
            if typed := _TYPED.fullmatch(line):
                found.append(Step(typed[1], typed[2]))
            else:
                found[-1].shown.append(line)
    return found


def pattern(line: str) -> re.Pattern[str]:
    return re.compile(re.escape(line.rstrip()).replace("…", ".*"))


def expect_lines(step: Step, came: list[str]) -> None:
    """What came is what is shown; records of the log may stand in between."""
    at, left, any_lines = 0, list(step.shown), False
    while at < len(came):
        if left and left[0] == "…":
            any_lines = bool(left.pop(0))
        elif left and pattern(left[0]).fullmatch(came[at]):
            left.pop(0)
            at, any_lines = at + 1, False
        else:
            assert any_lines or not came[at] or _RECORD.match(came[at]), f"{step.typed!r}: {came[at]!r} comes, the page has {left[:1]}: {came}"
            at += 1
    assert left in ([], ["…"]), f"{step.typed!r}: {left[0]!r} does not come: {came}"


class Person:
    """Types at the serial line what a page shows."""

    def __init__(self, machine: Qemu) -> None:
        self.machine = machine
        machine.wait_for(READY, BOOT_SECONDS)
        machine.wait_for(LIST_DONE, BOOT_SECONDS)
        self.at = 0

    def wait_for(self, text: str | re.Pattern[str]) -> int:
        self.at = self.machine.wait_for(text, STEP_SECONDS, after=self.at).end()
        return self.at

    def do(self, step: Step) -> None:
        self.wait_for(READY + step.prompt)
        self.machine.send_serial(step.typed.encode() + b"\r")
        start = self.wait_for(RUNNING)
        shown_before: list[str] = []
        for line in step.shown:
            if line in _KEYS:
                self.press(line, shown_before)
            shown_before.append(line)
        end = self.machine.wait_for(READY, STEP_SECONDS, after=self.at).start()
        text = _SEQUENCE.sub("", _CUT_SHORT.sub("", self.machine.serial_text()[start:end]))
        expect_lines(step, [line.rstrip() for line in text.splitlines()])

    def press(self, key: str, shown_before: list[str]) -> None:
        """A key, once all has come that the page shows before it: then the program runs that it is for."""
        for line in shown_before:
            self.wait_for(re.compile(pattern(line).pattern + "$", re.MULTILINE))
        self.machine.send_serial(_KEYS[key])

    def do_all(self, listed: list[Step]) -> None:
        for step in listed:
            self.do(step)


@system_test(seconds=120)
def test_guide_shows_a_session(lab: Lab) -> None:
    """docs/guide.md: all that is typed at the prompt of the first menu entry does what the page shows."""
    listed = steps(page("guide.md").partition(SECOND_MACHINE)[0])
    assert len(listed) > 30
    entry = read_boot_entry("session", lab.build)
    with boot(lab, entry.modules, f"{entry.options} exit=qemu", icount=0) as machine:
        assert listed[-1].typed == "poweroff"
        person = Person(machine)
        person.do_all(listed[:-1])
        person.wait_for(READY)
        machine.send_serial(b"poweroff\r")
        machine.wait_for_exit(BOOT_SECONDS)


@system_test(seconds=120)
def test_guide_brings_programs_along(lab: Lab) -> None:
    """docs/guide.md: the image that it makes has Lua, tcc and a disk, and they do what the page shows."""
    text = page("guide.md").partition(SECOND_MACHINE)[2]
    folder, listed = workshop(lab), steps(text)
    for file, contents in NAMED_BLOCK.findall(text):
        (folder / file).write_text(contents, encoding="utf-8")
    lines = [line for block in SHELL_BLOCK.findall(text) for line in block.replace("\\\n", "").splitlines() if not line.startswith("make")]
    for line in lines:
        do(line, folder)
    image = re.search(r"mkimage iso .*-o (\S+)", lines[-1])
    assert image is not None and len(listed) > 5
    with lab.qemu(cdrom=folder / Path(image[1]), icount=0) as machine:
        Person(machine).do_all(listed)


@system_test(seconds=60)
def test_guide_has_a_prompt_without_a_window(lab: Lab) -> None:
    """docs/guide.md: its line for QEMU without a window leads to a prompt on the terminal where it is typed."""
    (line,) = re.findall(r"^    (qemu-system-i386 .*)$", page("guide.md"), re.MULTILINE)
    image = lab.directory / "build" / "ternion.iso"          # but for its menu, which waits for nobody here
    image.parent.mkdir()
    succeed(mkimage("iso", "-o", image, "--build", lab.build, "--menu-timeout", "0"))
    with subprocess.Popen(["timeout", f"{BOOT_SECONDS:g}", *shlex.split(line)], cwd=lab.directory, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        came = b""
        while not came.endswith(f"{READY}/> ".encode()):
            byte = process.stdout.read(1)
            assert byte, f"no prompt: {came[-500:]!r}"
            came += byte
        process.stdin.write(b"\x01x")           # Ctrl+A, x: QEMU ends
        process.stdin.flush()
        assert process.wait(BOOT_SECONDS) == 0


@system_test(seconds=30)
def test_picture_of_the_processes_is_of_a_session(lab: Lab) -> None:
    """docs/architecture.md: the processes of its picture are those that the first menu entry boots, its headers and sources are there."""
    text = page("architecture.md").partition("## The processes of a session")[2].partition("\n## ")[0]
    entry = read_boot_entry("session", lab.build)
    listed = (TREE / "iso" / "init-session.list").read_text() + "".join(f" {module.command}\n" for module in entry.modules)
    named = set(re.findall(r"\b[dsa]\\[a-z0-9]+(?:\.serial)?", text))
    # d\pci has d\vesa started, for what it finds on the bus.
    absent = [name for name in named - {r"d\vesa"} if not re.search(rf"(?:{re.escape(name)}|bin/{re.escape(name[2:])})\s", listed)]
    assert len(named) > 15 and not absent, f"not in a session: {absent}"
    files = re.findall(r"`((?:ternion|libc|libos|kernel|drivers|servers|apps)/[\w./]+)`", text)
    missing = [file for file in files if not any((TREE / top / file).exists() for top in ("", "libos/include", "libc/include"))]
    assert len(files) > 30 and not missing, f"no such file: {missing}"

"""Sessions with a shell: typed at the keyboard or over the serial line, and read as a person reads them."""

from __future__ import annotations

import re
import time

from batch import program_modules
from boot import BOOT_SECONDS, LOOK_SECONDS, boot, program, wait_for_screen, with_list
from boot_entry import Module
from buses import image
from lab import Lab
from qemu import Qemu
from screen import Screen

COLUMNS = 80
PROMPT = "/>"
STEP_SECONDS = 20.0
GREETING = "Ternion. Type help for what there is."

SERVERS = ("d\\ps2 ps2.elf restart=on-failure\ns\\input input.elf -- layout=us\ns\\vfs vfs.elf\ns\\tasks tasks.elf -- power=a\\shell,a\\shell.serial\n"
           "s\\terminal terminal.elf -- screen=a\\shell serial=a\\shell.serial\n")
SCREEN_SHELL = "a\\shell bin/sh restart=always needs=s\\vfs {} -- -t screen\n"
SERIAL_SHELL = "a\\shell.serial bin/sh restart=always needs=s\\vfs {} -- -t serial\n"

# Each key as bytes of a terminal, and as QEMU calls it.
KEYS = {"left": "\x1b[D", "right": "\x1b[C", "up": "\x1b[A", "down": "\x1b[B", "home": "\x1b[H", "end": "\x1b[F", "delete": "\x1b[3~", "tab": "\t",
        "backspace": "\x7f", "ret": "\r", "alt-b": "\x1bb", "alt-d": "\x1bd"}
KEYS |= {f"ctrl-{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"}

_KEY = re.compile(r"<([a-z][a-z-]+)>")
_SEQUENCE = re.compile(r"\x1b\[(\?)?(\d*)(?:;(\d*))?([A-Za-z])")


class Rows:
    """What a terminal shows of a text, row after row, however many there are: enough of ECMA-48 for a line editor."""

    def __init__(self) -> None:
        self.rows = [""]
        self.row = self.column = 0

    def _put(self, character: str) -> None:
        if self.column == COLUMNS:
            self._down()
            self.column = 0
        row = self.rows[self.row].ljust(self.column)
        self.rows[self.row] = row[:self.column] + character + row[self.column + 1:]
        self.column += 1

    def _down(self) -> None:
        self.row += 1
        if self.row == len(self.rows):
            self.rows.append("")

    def _obey(self, number: int, letter: str) -> None:
        step = max(number, 1)
        self.column = min(self.column, COLUMNS - 1)
        if letter == "A":
            self.row -= step
        elif letter == "B":
            self.row = min(self.row + step, len(self.rows) - 1)
        elif letter == "C":
            self.column = min(self.column + step, COLUMNS - 1)
        elif letter == "D":
            self.column = max(self.column - step, 0)
        elif letter in "JK" and number == 0:
            self.rows[self.row] = self.rows[self.row][:self.column]
            if letter == "J":
                self.rows[self.row + 1:] = []

    def show(self, text: str) -> list[str]:
        at = 0
        while at < len(text):
            if found := _SEQUENCE.match(text, at):
                if not found[1]:
                    self._obey(int(found[2] or 0), found[4])
                at = found.end()
                continue
            character = text[at]
            at += 1
            if character == "\r":
                self.column = 0
            elif character == "\n":
                self._down()
            elif character == "\b":
                self.column -= self.column > 0
            elif character >= " ":
                self._put(character)
        return [row.rstrip() for row in self.rows]


def modules(lab: Lab, *more: Module, screen: str | None = None, serial: str | None = None, log: str = "history=1000", lines: str = "",
            programs: tuple[str, ...] = ("cat", "mkdir", "sleep", "sort", "echo", "yes", "ps", "kill")) -> list[Module]:
    """What a session needs. screen, serial: a shell there, with this in its line of the list; None: there is none."""
    listed = SERVERS + lines
    listed += SCREEN_SHELL.format(screen) if screen is not None else ""
    listed += SERIAL_SHELL.format(serial) if serial is not None else ""
    files = [module for module in program_modules(lab) if module.name.removeprefix("file:bin/") in programs]
    servers = [image(lab, name) for name in ("ps2", "input", "vfs", "tasks", "terminal")]
    return [*with_list(lab, listed, log), *servers, program(lab, "shell", "file:bin/sh"), *files, *more]


class LineSession:
    """A shell at the serial line."""

    def __init__(self, machine: Qemu) -> None:
        self.machine = machine

    def text(self) -> str:
        return self.machine.serial_path.read_bytes().decode("utf-8", "replace")

    def rows(self) -> list[str]:
        rows = Rows().show(self.text())
        start = max((number for number, row in enumerate(rows) if row.startswith(GREETING)), default=0)
        return rows[start:]

    def prompts(self) -> int:
        """How often the editor has begun: it asks for marks around what is pasted."""
        return self.text().count("\x1b[?2004h")

    def wait_for(self, text: str, seconds: float = STEP_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while text not in "\n".join(self.rows()):
            assert time.monotonic() < deadline, f"{text!r} is not on the line: {self.rows()[-12:]}"
            time.sleep(LOOK_SECONDS)

    def begin(self) -> None:
        self.machine.wait_for(GREETING, BOOT_SECONDS)
        self.wait_for_prompt(1)

    def wait_for_prompt(self, count: int) -> None:
        deadline = time.monotonic() + STEP_SECONDS
        while self.prompts() < count or not self.rows()[-1].startswith(("/", ">")):
            assert time.monotonic() < deadline, f"no prompt: {self.rows()[-12:]}"
            time.sleep(LOOK_SECONDS / 4)

    def type(self, keys: str) -> None:
        """A Tab is waited for before and after: with more behind it, it would be pasted text."""
        for piece in re.split("(<tab>)", keys):
            before = self.text()
            self.machine.send_serial(_KEY.sub(lambda found: KEYS[found[1]], piece).encode())
            if "<tab>" in keys and piece and not piece.endswith("<ret>"):
                self.wait_for_change(before)

    def wait_for_change(self, text: str) -> None:
        deadline = time.monotonic() + STEP_SECONDS
        while self.text() == text:
            assert time.monotonic() < deadline, f"nothing happens behind {self.rows()[-1]!r}"
            time.sleep(LOOK_SECONDS / 4)
        time.sleep(LOOK_SECONDS)

    def enter(self, keys: str) -> None:
        """A line, and then the next prompt."""
        before = self.prompts()
        self.type(keys + "<ret>")
        self.wait_for_prompt(before + 1)

    def run(self, command: str) -> list[str]:
        """What a command writes: the rows between its own and the next prompt."""
        before = len(self.rows())
        self.enter(command)
        return self.rows()[before:-1]


def shown(screen: Screen) -> list[str]:
    """The screen from the last greeting on."""
    rows = [row.rstrip() for row in screen.rows]
    start = max((number for number, row in enumerate(rows) if row.startswith(GREETING)), default=0)
    while rows and not rows[-1]:
        rows.pop()
    return rows[start:]


class ScreenSession:
    """A shell at the screen and the keyboard."""

    def __init__(self, machine: Qemu) -> None:
        self.machine = machine

    def rows(self) -> list[str]:
        return shown(self.machine.screen_text())

    def begin(self) -> None:
        wait_for_screen(self.machine, GREETING)
        self.wait_for_row(PROMPT)

    def wait_for_row(self, last: str) -> None:
        """Waits until this is the last row."""
        deadline = time.monotonic() + STEP_SECONDS
        while (rows := self.rows())[-1:] != [last]:
            assert time.monotonic() < deadline, f"{last!r} is not the last row: {rows[-12:]}"
            time.sleep(LOOK_SECONDS / 4)

    def type(self, keys: str) -> None:
        at = 0
        for found in _KEY.finditer(keys):
            self.machine.type_text(keys[at:found.start()])
            self.machine.send_key(found[1])
            at = found.end()
        self.machine.type_text(keys[at:])

    def enter(self, keys: str, last: str = PROMPT) -> None:
        """A line, and then the next prompt, or another last row."""
        self.type(keys + "<ret>")
        self.wait_for_row(last)


def start(lab: Lab, listed: list[Module], **setup: object) -> Qemu:
    """Keys come in the machine's own time."""
    return boot(lab, listed, icount=0, **setup)

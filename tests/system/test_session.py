"""s\\terminal: what is typed at the screen and at a serial line, what is written there, who may, and who dies meanwhile."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import Any

from boot import BOOT_SECONDS, boot, expect_in, program, screen_line, texts, wait_for_screen, wait_until, with_list
from boot_entry import Module
from lab import Lab, system_test
from machine import Machine
from qemu import Qemu

TYPED_SECONDS = 30.0
CLERK, OTHER = r"d\clerk", r"d\clerk.serial"
KEYBOARD = r"s\input: reading input\keyboard\0"
RECORD = re.compile(r"\[ *\d+\.\d{6}\] \w+ \S+: ")


def modules(lab: Lab, screen: str = "", serial: str = "", more: str = "", log: str = "serial", program_name: str = "clerk") -> list[Module]:
    """The standard programs, those of input, s\\terminal, and a clerk at each terminal for which there is something to do.

    screen, serial: its arguments; more: further lines of init.list, for which the clerk is file:clerk.
    """
    owners = " ".join([f"screen={CLERK}"] * bool(screen) + [f"serial={OTHER}"] * bool(serial))
    lines = f"d\\ps2 ps2 restart=on-failure\ns\\input input\ns\\vfs vfs\ns\\terminal terminal -- {owners}\n"
    if screen:
        lines += f"{CLERK} {program_name} restart=never -- {screen}\n"
    if serial:
        lines += f"{OTHER} {program_name} restart=never -- {serial}\n"
    files = [program(lab, name, f"file:{name}") for name in ("ps2", "input", "vfs", "terminal", "clerk", "reader")]
    return [*with_list(lab, lines + more, log), *files]


def typing(lab: Lab, boots: list[Module], **setup: Any) -> Qemu:
    """A machine on which keys are typed in its own time."""
    return boot(lab, boots, icount=0, **setup)


def transcript(machine: Machine) -> list[str]:
    """What stands on the serial line as a person sees it: rows, without the log's records and what they leave empty."""
    rows = [""]
    at = 0
    for character in machine.serial_path.read_bytes().decode("utf-8", "replace"):
        if character == "\n":
            rows.append("")
            at = 0
        elif character == "\r":
            at = 0
        elif character == "\b":
            at -= 1
        elif character == "\t":
            rows[-1] = rows[-1].ljust(at + 8 - at % 8)
            at += 8 - at % 8
        elif character >= " ":
            rows[-1] = rows[-1][:at] + character + rows[-1][at + 1:]
            at += 1
    return [row.rstrip() for row in rows if row.strip() and not RECORD.match(row)]


def shown(machine: Machine) -> list[str]:
    """The rows of the screen behind what the BIOS has left there."""
    rows = [row.rstrip() for row in machine.screen_text().rows]
    first = next((number for number, row in enumerate(rows) if row.startswith("here")), 0)
    return [row for row in rows[first:] if row]


def wait_for_row(machine: Machine, text: str) -> None:
    wait_until(lambda: "\n".join(shown(machine)), text, "on the screen", TYPED_SECONDS)


def wait_for_transcript(machine: Machine, text: str) -> None:
    wait_until(lambda: "\n".join(transcript(machine)), text, "on the line", TYPED_SECONDS)


def press(machine: Qemu, *chords: str) -> None:
    for chord in chords:
        machine.send_key(chord)


def expect_rows(rows: Sequence[str], expected: Sequence[str]) -> None:
    assert list(rows) == list(expected), "\n".join(["these are the rows:", *rows])


# ---- Typing ----

CONTROL = {"ctrl-c": "\x03", "ctrl-d": "\x04", "ctrl-h": "\b", "ctrl-u": "\x15", "ctrl-w": "\x17", "ctrl-z": "\x1a", "ctrl-r": "\x12",
           "backspace": "\x7f", "up": "\x1b[A", "left": "\x1b[D", "home": "\x1b[H", "delete": "\x1b[3~", "pgdn": "\x1b[6~", "f1": "\x1bOP",
           "f10": "\x1b[21~", "ctrl-right": "\x1b[1;5C", "alt-x": "\x1bx", "shift-tab": "\x1b[Z", "esc": "\x1b", "ret": "\r", "tab": "\t"}


def type_everywhere(machine: Qemu, *pieces: str) -> None:
    """Texts, and the names of keys, on the keyboard and over the line."""
    for piece in pieces:
        if piece in CONTROL:
            machine.send_key(piece)
        else:
            machine.type_text(piece)
    machine.send_serial("".join(CONTROL.get(piece, piece.replace("\n", "\r")) for piece in pieces).encode())


def expect_everywhere(machine: Machine, text: str) -> None:
    wait_for_row(machine, text)
    wait_for_transcript(machine, text)


def both(lab: Lab, work: str, **setup: Any) -> list[Module]:
    """The same at both terminals."""
    return modules(lab, f"claim=screen write=here; {work}", f"claim=serial write=here; {work}", **setup)


def wait_until_ready(machine: Machine) -> None:
    machine.wait_for(KEYBOARD, BOOT_SECONDS)
    expect_everywhere(machine, "here")


@system_test(seconds=60)
def test_screen_and_line_are_the_same(lab: Lab) -> None:
    """What is typed is echoed, corrected, read and answered alike at the keyboard and over the line; Ctrl+C and Ctrl+Z reach the owner."""
    steps = [
        (["abc\n"], "\n4<abc"),
        (["tab\tx\n"], "\n6<tab   x"),
        (["wrongly", "ctrl-u", "corrextly two", "ctrl-w", *["backspace"] * 4, "ctrl-h", "cted\n"], "\n10<corrected"),
        (["dropped", "ctrl-c"], "\ninterrupt"),
        (["held", "ctrl-z"], "\nsuspend"),
        (["two words", "ctrl-r", "\n"], "\n10<two words"),
        (["no end", "ctrl-d"], "6<no end"),
        (["ctrl-d"], "6<no endend"),
    ]
    expected = ["here", "abc", "4<abc", "tab     x", "6<tab   x", "corrected", "10<corrected", "dropped^C", "interrupt", "held^Z", "suspend",
                "two words^R", "two words", "10<two words", "no end6<no endend"]
    with typing(lab, both(lab, "keys repeat stay")) as machine:
        wait_until_ready(machine)
        for pieces, seen in steps:
            type_everywhere(machine, *pieces)
            expect_everywhere(machine, seen)
        expect_rows(shown(machine), expected)
        expect_rows(transcript(machine), expected)


KEYS = ["a", "ctrl-c", "ret", "backspace", "tab", "esc", "up", "left", "home", "delete", "pgdn", "f1", "f10", "ctrl-right", "alt-x", "shift-tab"]


@system_test(seconds=60)
def test_raw_mode_gives_every_key(lab: Lab) -> None:
    """In raw mode keys are the bytes that xterm sends, nothing is echoed, and with TERMINAL_RAW_KEYS Ctrl+C is no byte; the mode ends."""
    expected = "".join(CONTROL.get(key, key) for key in [*KEYS, "q"]).encode().hex(" ")
    with typing(lab, both(lab, "keys mode=1 bytes mode=3 bytes mode=4 repeat mode=0 repeat stay")) as machine:
        wait_until_ready(machine)
        machine.wait_for(rf"{CLERK}: mode 1: OK", BOOT_SECONDS)
        machine.wait_for(rf"{OTHER}: mode 1: OK", BOOT_SECONDS)
        type_everywhere(machine, *KEYS, "q")
        expect_everywhere(machine, "71 end")
        type_everywhere(machine, "ctrl-c", "xq")
        expect_everywhere(machine, "78 71 end")
        type_everywhere(machine, "secret\nquit\n")
        expect_everywhere(machine, "\nend")
        type_everywhere(machine, "seen\n")
        expect_everywhere(machine, "5<seen")
        for rows in shown(machine), transcript(machine):
            expect_in(f"here{expected} endinterrupt78 71 end7<secretendseen5<seen", "".join(rows))


@system_test(seconds=60)
def test_long_lines_wrap_and_are_taken_back(lab: Lab) -> None:
    """A line that is longer than the screen goes on in the next row, and Backspace and Ctrl+U come back from there."""
    line = "".join(chr(ord("a") + i % 26) for i in range(84))
    with typing(lab, modules(lab, "claim=screen write=here; repeat stay")) as machine:
        machine.wait_for(KEYBOARD, BOOT_SECONDS)
        wait_for_row(machine, "here")
        machine.type_text(line)
        wait_for_row(machine, f"{line[:80]}\n{line[80:]}")
        press(machine, *["backspace"] * 6)
        machine.type_text("X")
        wait_until(lambda: "|".join(shown(machine)), f"here|{line[:78]}X", "on the screen", TYPED_SECONDS)
        expect_rows(shown(machine), ["here", line[:78] + "X"])
        machine.type_text("YZ")
        wait_for_row(machine, f"{line[:78]}XY\nZ")
        press(machine, "ctrl-u")
        machine.type_text("short\n")
        wait_for_row(machine, "6<short")
        expect_rows(shown(machine), ["here", "short", "6<short"])


@system_test(seconds=60)
def test_library_of_c_reads_a_terminal(lab: Lab) -> None:
    """stdio, poll, select, termios, /dev/tty, and what a spawned program gets: the same at the screen and over the line."""
    steps = [
        (["one\n", "ctrl-d"], "\npoll 0"),
        (["polled\n"], "\nraw"),
        (["esc"], "\na line for the child:"),
        (["tea\n"], "\nchild: Success"),
        (["enough\n"], "\ndone"),
    ]
    with typing(lab, modules(lab, "screen", "serial", program_name="reader")) as machine:
        machine.wait_for(KEYBOARD, BOOT_SECONDS)
        expect_everywhere(machine, "prompt>")
        for pieces, seen in steps:
            type_everywhere(machine, *pieces)
            expect_everywhere(machine, seen)
        rows, other = shown(machine), transcript(machine)
    first = rows.index("isatty 1, /dev/tty, 80 columns, canonical 1, echo 1, a device of characters 1")
    expected = ["prompt> one", 'line "one"', "end of input: yes", "poll 0", "polled", "then 1, 1, 7 bytes",
                "without blocking: -1, No more processes", "raw", "1 bytes, the first 1b", "with VTIME: 0 bytes", "child: isatty 0 0 1",
                "a line for the child:", "tea", 'child got "tea"', "child: Success, ended with 42", "enough", 'line "enough"', "done"]
    expect_rows(rows[first + 1:], expected)
    assert "".join(other[2:]) in ("".join(expected), "".join(expected).replace("> ", ">", 1)), str(other)      # the log may stand behind the prompt


# ---- Who may ----

@system_test(seconds=60)
def test_strangers_are_refused(lab: Lab) -> None:
    """Without the key nobody writes, reads or sets modes; who guesses is not listened to any more; a terminal is claimed by its owner alone."""
    more = (r"s\stranger clerk restart=never -- claim=screen claim=nowhere claim=serial3 key_of=0 sleep=100 guess say=done stay" "\n"
            r"s\other clerk restart=never -- claim= claim=0123456789abcdef sleep=100 key_of=0 wait=0 mode=1 size state key unread key_of=4 "
            r"wait=0 key_of=9 wait=0 say=done stay" "\n")
    with typing(lab, modules(lab, "claim=screen write=here; guess say=done stay", more=more)) as machine:
        for name in (r"s\stranger", r"s\other", CLERK):
            machine.wait_for(f"{name}: done", BOOT_SECONDS)
        rows = shown(machine)
    serial = machine.serial_text()
    guessed = ["20 of 20 keys were refused", "wrote with the right key: NOT_ALLOWED", "done"]
    assert texts(serial, r"s\stranger") == ["claimed screen: NOT_ALLOWED", "claimed nowhere: NOT_FOUND", "claimed serial3: NOT_FOUND", *guessed], serial
    assert texts(serial, CLERK) == ["claimed screen: OK", *guessed], serial
    said = texts(serial, r"s\other")
    assert said[:2] == ["claimed : BAD_NAME", "claimed 0123456789abcdef: BAD_NAME"], serial
    assert len(said) == 11 and all("NOT_ALLOWED" in text for text in said[2:-1]), serial
    for name in (r"s\stranger", CLERK):
        expect_in(f"{name} has given 16 wrong keys: it is not listened to any more", serial)
    expect_rows(rows, ["here"])


@system_test(seconds=60)
def test_mode_ends_with_who_has_set_it(lab: Lab) -> None:
    """A program that was given the key reads and sets modes; when it ends the terminal is in line mode again, and its owner reads on."""
    with typing(lab, both(lab, "child=mode=1,write=child;,bytes state mode=1 child=mode=0,repeat state repeat stay")) as machine:
        wait_until_ready(machine)
        expect_everywhere(machine, "child")
        type_everywhere(machine, "\nq")
        expect_everywhere(machine, "0d 71 end")
        for name in (CLERK, OTHER):
            machine.wait_for(rf"{name}: mode 0, nothing to read: OK", TYPED_SECONDS)
        type_everywhere(machine, "line\nquit\n")
        expect_everywhere(machine, "5<line")
        type_everywhere(machine, "own\n")
        expect_everywhere(machine, "4<own")


@system_test(seconds=60)
def test_reads_wait_as_long_as_they_say(lab: Lab) -> None:
    """A read with a limit comes back in time; a notice and the state tell what can be read; what is dropped cannot."""
    work = "wait=0 wait=150 state notice state unread state size repeat stay"
    with typing(lab, both(lab, work)) as machine:
        wait_until_ready(machine)
        for name in (CLERK, OTHER):
            machine.wait_for(rf"{name}: notice : OK", BOOT_SECONDS)
        type_everywhere(machine, "typed\n")
        for name, size in ((CLERK, "80 columns, 25 rows: OK"), (OTHER, "80 columns, 24 rows: OK")):
            machine.wait_for(f"{name}: {size}", TYPED_SECONDS)
            said = texts(machine.serial_text(), name)
            assert said[1:] == ["read within 0 ms: NOTHING, in time", "read within 150 ms: NOTHING, in time", "mode 0, nothing to read: OK",
                                "notice : OK", "noticed", "mode 0, readable: OK", "unread : OK", "mode 0, nothing to read: OK", size], str(said)


# ---- Who dies ----

@system_test(seconds=120)
def test_sessions_outlive_servers_and_drivers(lab: Lab) -> None:
    """Whoever dies of s\\terminal, s\\input, d\\console, d\\serial and a\\log: who reads goes on reading, and what is typed and written comes through."""
    ends = [r"s\terminal", r"s\input", r"d\console", r"d\serial", r"a\log"]
    work = "claim=screen write=here; keys mode=4 mode=0 " + " ".join(f"repeat end={name}" for name in ends) + " repeat stay"
    with typing(lab, modules(lab, work, "claim=serial write=here; keys repeat stay", log="screen serial")) as machine:
        machine.wait_for(KEYBOARD, BOOT_SECONDS)
        expect_everywhere(machine, "here")
        for number, name in enumerate(ends):
            type_everywhere(machine, f"a{number}\n")
            expect_everywhere(machine, f"3<a{number}")
            after = len(machine.serial_text())
            machine.type_text("quit\n")
            machine.wait_for(rf"ending {name}: OK", TYPED_SECONDS, after)
            machine.wait_for(KEYBOARD if name == r"s\input" else f"started {name}", TYPED_SECONDS, after)
            if name == r"s\terminal":
                machine.wait_for(rf"{name}: serial is for", TYPED_SECONDS, after)
        type_everywhere(machine, "dropped", "ctrl-c", "last\n")
        expect_everywhere(machine, "interrupt")
        expect_everywhere(machine, "5<last")


@system_test(seconds=60)
def test_raw_mode_outlives_the_server(lab: Lab) -> None:
    """Who reads in raw mode while s\\terminal dies reads on in raw mode."""
    with typing(lab, modules(lab, "claim=screen write=here; mode=1 bytes stay", "claim=serial repeat end=s\\terminal repeat stay")) as machine:
        machine.wait_for(KEYBOARD, BOOT_SECONDS)
        wait_for_row(machine, "here")
        machine.type_text("a")
        wait_for_row(machine, "61")
        machine.send_serial(b"quit\r")
        machine.wait_for(re.compile(r"serial is for(.*\n)*.*serial is for"), TYPED_SECONDS)
        machine.send_serial(b"back\r")
        machine.wait_for("5<back", TYPED_SECONDS)
        machine.type_text("b\n")
        machine.type_text("q")
        wait_for_row(machine, "62 0d 71 end")


@system_test(seconds=60)
def test_next_owner_has_another_key(lab: Lab) -> None:
    """When the owner is started again, what it had started before has no way to the terminal any more, and what was typed is dropped."""
    owner = r"s\owner clerk restart=always -- claim=screen write=here; child=write=child;,repeat,say=refused,stay"
    lines = (f"d\\ps2 ps2 restart=on-failure\ns\\input input\ns\\terminal terminal -- screen=s\\owner\n{owner}\n"
             "d\\killer clerk restart=never -- await=s\\child0 sleep=100 end=s\\owner stay\n")
    files = [program(lab, name, f"file:{name}") for name in ("ps2", "input", "terminal", "clerk")]
    with typing(lab, [*with_list(lab, lines), *files]) as machine:
        machine.wait_for(r"s\child0: read : NOT_ALLOWED", BOOT_SECONDS)
        machine.wait_for(r"s\child0: writing end", BOOT_SECONDS)
        machine.wait_for(re.compile(r"claimed screen: OK(.*\n)*.*claimed screen: OK"), BOOT_SECONDS)


# ---- Who is slow ----

@system_test(seconds=60)
def test_stuck_line_does_not_hold_the_screen(lab: Lab) -> None:
    """A program that floods a line whose driver does not move waits; the screen goes on. Ctrl+S holds a flood up, too, and Ctrl+Q lets it go on."""
    screen = r"claim=screen write=here; repeat hold=d\serial repeat release=d\serial repeat stay"
    with typing(lab, modules(lab, screen, "claim=serial write=here; repeat flood=32 repeat stay", log="screen")) as machine:
        wait_for_row(machine, "here")
        machine.wait_for("here", BOOT_SECONDS)
        time.sleep(1)
        machine.type_text("quit\nquickly\n")
        wait_for_row(machine, "8<quickly")
        machine.send_serial(b"quit\r")
        machine.type_text("and again\n")
        wait_for_row(machine, "10<and again")
        before = len(machine.serial_path.read_bytes())
        machine.type_text("quit\nfree\n")
        wait_for_row(machine, "5<free")
        line = "".join(chr(ord("a") + i % 26) for i in range(63))
        wait_until(machine.serial_text, (line + "\n") * 512, "on the line", TYPED_SECONDS)
        machine.send_serial(b"\x13typed\r")
        machine.type_text("held\n")
        wait_for_row(machine, "5<held")
        assert "6<typed" not in machine.serial_text(), "Ctrl+S has stopped nothing"
        machine.send_serial(b"\x11")
        machine.wait_for("6<typed", TYPED_SECONDS)


# ---- The log ----

@system_test(seconds=60)
def test_records_begin_lines_and_the_screen_gets_warnings(lab: Lab) -> None:
    """While a program writes without ending lines, each record of the log begins a line; with the screen claimed it shows warnings only."""
    work = "write=prompt>_^[31m say=hidden warn=shown write=typed_text say=unseen repeat end=a\\log repeat say=concealed warn=told repeat stay"
    with typing(lab, modules(lab, f"claim=screen write=here; {work}", f"claim=serial write=here; {work}".replace("end=a\\log", ""), log="screen serial")) as machine:
        machine.wait_for(KEYBOARD, BOOT_SECONDS)
        wait_for_row(machine, "typed text")
        type_everywhere(machine, "quit\n")
        machine.wait_for(rf"{CLERK}: ending a\log: OK", TYPED_SECONDS)
        machine.wait_for(re.compile(r"started a\\log(.*\n)*.*started a\\log"), TYPED_SECONDS)
        type_everywhere(machine, "quit\n")
        wait_for_screen(machine, f"{CLERK}: told")
        machine.wait_for(f"{OTHER}: told", TYPED_SECONDS)
        machine.wait_for(f"{CLERK}: concealed", TYPED_SECONDS)
        machine.screenshot(machine.directory / "screen.png")
        screen = screen_line(machine)
    serial = machine.serial_text()
    for match in re.finditer(r"\[ *\d+\.\d{6}\] (emerg|error|warn|info|debug) ", serial):
        assert match.start() == 0 or serial[match.start() - 1] == "\n", serial[match.start() - 60:match.end() + 60]
    for name in (CLERK, OTHER):
        said = texts(serial, name)
        assert [text for text in said if text in ("hidden", "shown", "unseen", "concealed", "told")] == ["hidden", "shown", "unseen", "concealed", "told"], said
    for text in ("hidden", "unseen", "concealed"):
        assert f": {text}" not in screen, screen
    expect_in(f"{CLERK}: shown", screen)


# ---- What is not there ----

@system_test(seconds=90)
def test_absent_hardware_is_told_and_the_rest_works(lab: Lab) -> None:
    """Without an adapter, without a serial line, without a keyboard: the owner hears ABSENT or the log tells, and the other terminal works."""
    work = "claim=screen write=here; repeat stay", "claim=serial write=here; repeat stay"
    with typing(lab, modules(lab, *work), vga="none") as machine:
        machine.wait_for("claimed screen: ABSENT", BOOT_SECONDS)
        machine.wait_for("here", BOOT_SECONDS)
        machine.send_serial(b"alone\r")
        machine.wait_for("6<alone", TYPED_SECONDS)
    expect_in(r"s\terminal: screen: there is no device screens\text\0: it cannot be used until there is", machine.serial_text())
    with typing(lab, modules(lab, *work, log="screen"), serial=False) as machine:
        wait_for_screen(machine, r"s\terminal: serial: there is no device lines\serial\0: it cannot be used until there is")
        wait_for_row(machine, "here")
        machine.type_text("alone\n")
        wait_for_row(machine, "6<alone")
    with typing(lab, modules(lab, *work), machine="pc,i8042=off") as machine:
        machine.wait_for(r"s\terminal: screen: there is no keyboard: nothing can be typed until there is", BOOT_SECONDS)
        machine.send_serial(b"alone\r")
        machine.wait_for("6<alone", TYPED_SECONDS)
        wait_for_row(machine, "here")


@system_test(seconds=40)
def test_mistakes_in_arguments_are_told(lab: Lab) -> None:
    """s\\terminal says which of its arguments it does not understand, and goes on with the others; without any it ends."""
    lines = (r"s\terminal terminal -- screen=a\shell printer=a\x serial=shell screen=a\other" "\n"
             r"s\terminal.2 terminal restart=on-failure" "\n")
    with boot(lab, [*with_list(lab, lines), program(lab, "terminal", "file:terminal")]) as machine:
        machine.wait_for(r"s\terminal.2 ended: exit code 0", BOOT_SECONDS)
        machine.wait_for(r"screen is for a\shell", BOOT_SECONDS)
    said = texts(machine.serial_text(), r"s\terminal")
    form = r"screen=OWNER, serial=OWNER, serial1=OWNER to serial3=OWNER, as in screen=a\shell"
    assert said[:4] == [rf'argument "printer=a\x" is not known and skipped: known are {form}',
                        r'argument "serial=shell" is skipped: "shell" is no name of a process, such as a\shell',
                        r'argument "screen=a\other" is skipped: screen has an owner, a\shell', r"screen is for a\shell"], str(said)
    expect_in(r"there is no terminal: the arguments name none, as screen=a\shell would", machine.serial_text())

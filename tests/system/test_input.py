"""d\\ps2, s\\input and a\\keys: what is typed reaches the program that has the focus, whoever dies on the way."""

from __future__ import annotations

import re
from typing import Any

from boot import boot, expect_in, expect_order, program, texts, wait_for_screen, wait_until, with_list
from boot_entry import Module
from lab import Lab, system_test
from machine import Machine
from qemu import Qemu
from shell import mkimage, succeed
from test_docs import work_through

READY_SECONDS = 30.0
TYPED_SECONDS = 30.0
BOCHS_SECONDS = 100.0
KEYS = r"a\keys"
KEYBOARD = r"s\input: reading input\keyboard\0"
POINTER = r"s\input: reading input\pointer\0"
PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
SHIFT, LETTER_A = "key E1", "key 04"

_LED = re.compile(r"^ps2_set_ledstate 0x[0-9a-f]+ ledstate (\d+)", re.MULTILINE)
_TYPED = re.compile(r"pressed  types U\+([0-9A-F]+)")
_POINTER = re.compile(r"pointer (-?\d+) right (-?\d+) down wheel (-?\d+)(.*)")


def modules(lab: Lab, keys: str = "log", layout: str = "us", more: str = "") -> list[Module]:
    """The standard programs, driver and server of input, and a\\keys. more: further lines of init.list.

    The witness is there as file:w.
    """
    lines = f"d\\ps2 ps2.elf restart=on-failure\ns\\input input.elf -- layout={layout}\na\\keys keys.elf -- {keys}\n"
    files = [program(lab, name, f"file:{name}.elf") for name in ("ps2", "input", "keys")]
    return [*with_list(lab, lines + more), *files, Module(lab.build / "modules" / "witness.elf", "file:w")]


def typing(lab: Lab, boots: list[Module], **setup: Any) -> Qemu:
    """A machine on which keys are typed in its own time: one that the host keeps waiting must not lose what QEMU has no room for."""
    return boot(lab, boots, icount=0, **setup)


def wait_until_ready(machine: Machine, *devices: str) -> None:
    for said in (*(devices or (KEYBOARD,)), rf"{KEYS}: ready"):
        machine.wait_for(said, READY_SECONDS)


def wait_for_keys(machine: Machine, *said: str) -> None:
    """Waits until a\\keys has said these things, one after the other."""
    after = 0
    for text in said:
        after = machine.wait_for(re.compile(rf"{re.escape(KEYS)}: {re.escape(text)}"), TYPED_SECONDS, after).end()


def rows_typed(machine: Qemu, last: str) -> list[str]:
    """The rows of the screen once the last text stands on it, without their trailing blanks."""
    wait_for_screen(machine, last, TYPED_SECONDS)
    return [row.rstrip() for row in machine.screen_text().rows]


def press(machine: Qemu, *chords: str) -> None:
    for chord in chords:
        machine.send_key(chord)


# ---- What is typed ----

@system_test(seconds=120)
def test_every_character_of_a_us_keyboard_is_typed(lab: Lab) -> None:
    """All 95 characters that a US keyboard types stand on the screen, and Enter ends a line, and Backspace takes a character back."""
    lines = [PRINTABLE[:40].strip(), PRINTABLE[40:70], PRINTABLE[70:], "a b"]
    with typing(lab, modules(lab, "echo")) as machine:
        wait_until_ready(machine)
        machine.type_text("\n".join(lines) + "\nwrong\b\b\b\b\bright\n.end.")
        rows = rows_typed(machine, ".end.")
    first = rows.index(lines[0])
    assert rows[first:first + 6] == [*lines, "right", ".end."], str(rows[first:])


@system_test(seconds=90)
def test_german_keyboard_types_german(lab: Lab) -> None:
    """With layout=de the keys of a German keyboard type what is printed on them: umlauts, AltGr, accents that wait for a letter."""
    with typing(lab, modules(lab, "echo", layout="de")) as machine:
        wait_until_ready(machine)
        press(machine, "y", "z", "shift-y", "semicolon", "apostrophe", "bracket_left", "shift-semicolon", "minus", "slash",
              "alt_r-q", "alt_r-7", "alt_r-minus", "ctrl-alt-8", "alt_r-less", "shift-less", "alt_r-2", "backslash",
              "grave_accent", "e", "equal", "e", "shift-equal", "a", "grave_accent", "spc", "grave_accent", "x",
              "kp_multiply", "num_lock", "kp_decimal", "ret", "dot")
        rows = rows_typed(machine, "*,")
    assert "zyZöäüÖß-@{\\[|>²#êéà^^x*," in rows, str(rows)


@system_test(seconds=60)
def test_a_held_key_repeats(lab: Lab) -> None:
    """A key that the keyboard sends again while it is held is said to be repeated, and types each time."""
    with typing(lab, modules(lab)) as machine:
        wait_until_ready(machine)
        for _ in range(4):
            machine.hold_key("a", True)
        machine.hold_key("a", False)
        wait_for_keys(machine, f"{LETTER_A} released")
    said = [text for text in texts(machine.serial_text(), KEYS) if text.startswith("key")]
    assert said == [f"{LETTER_A} pressed  types U+0061 a", *[f"{LETTER_A} repeated types U+0061 a"] * 3, f"{LETTER_A} released"], str(said)


@system_test(seconds=60)
def test_keys_that_type_nothing_are_told(lab: Lab) -> None:
    """Pause, Print Screen, the keypad without Num Lock, Alt and a letter: each is told, and types nothing."""
    with typing(lab, modules(lab)) as machine:
        wait_until_ready(machine)
        press(machine, "pause", "print", "kp_4", "alt-f", "up", "meta_l", "f12")
        wait_for_keys(machine, "key 48 pressed", "key 46 pressed", "key 5C pressed  means 50", "key E2 pressed  alt",
                      "key 09 pressed  alt", "key E2 released", "key 52 pressed", "key E3 pressed  gui", "key 45 released")
    said = texts(machine.serial_text(), KEYS)
    assert not [text for text in said if "types" in text], str(said)


@system_test(seconds=60)
def test_lock_lights_follow_the_locks(lab: Lab) -> None:
    """Caps Lock and Num Lock work, and the keyboard gets the lights for them; a lock key that is held changes nothing."""
    with typing(lab, modules(lab), arguments=["-trace", "ps2_set_ledstate"]) as machine:
        wait_until_ready(machine)
        press(machine, "caps_lock", "a", "shift-a", "num_lock", "kp_7")
        machine.wait_for("key 5F released caps-lock num-lock", TYPED_SECONDS)     # QEMU types these in the machine's time, and the others at once
        machine.hold_key("caps_lock", True)
        machine.hold_key("caps_lock", True)
        machine.hold_key("caps_lock", False)
        press(machine, "a")
        wait_for_keys(machine, f"{LETTER_A} pressed  types U+0041 A caps-lock", f"{LETTER_A} pressed  types U+0061 a shift caps-lock",
                      "key 5F pressed  types U+0037 7 caps-lock num-lock", f"{LETTER_A} pressed  types U+0061 a num-lock")
        wait_until(lambda: " ".join(_LED.findall(machine.cpu_log_path.read_text())), "4 6 2", "what the lights were", TYPED_SECONDS)


def pointer_events(machine: Qemu) -> list[tuple[int, int, int, str]]:
    """What a\\keys has said of the pointer: right, down, wheel, buttons."""
    return [(int(right), int(down), int(wheel), held.strip()) for right, down, wheel, held in _POINTER.findall(machine.serial_text())]


def wait_for_pointer(machine: Qemu, right: int, down: int, wheel: int, held: str) -> None:
    """Waits until the pointer has moved so far in all, and these buttons are held."""
    def now() -> str:
        events = pointer_events(machine)
        sums = [sum(event[i] for event in events) for i in range(3)]
        return f"<{sums} {events[-1][3] if events else ''}>"

    wait_until(now, f"<{[right, down, wheel]} {held}>", "where the pointer is", TYPED_SECONDS)


@system_test(seconds=60)
def test_pointer_moves_and_clicks(lab: Lab) -> None:
    """The pointer's movements add up to what the hand did, with buttons and the wheel."""
    right, down, wheel = 20 * 7, 20 * -3, 0
    with typing(lab, modules(lab)) as machine:
        wait_until_ready(machine, POINTER)
        for _ in range(20):
            machine.move_pointer(7, -3)
        wait_for_pointer(machine, right, down, wheel, "")
        machine.move_pointer(-400, 300)                         # more than a packet can say
        right, down = right - 400, down + 300
        wait_for_pointer(machine, right, down, wheel, "")
        for button in ("left", "right", "middle"):
            machine.hold_button(button, True)
            wait_for_pointer(machine, right, down, wheel, button)
            machine.hold_button(button, False)
            wait_for_pointer(machine, right, down, wheel, "")
        for turn, steps in (("wheel-up", -1), ("wheel-down", 1), ("wheel-down", 1)):
            machine.hold_button(turn, True)
            machine.hold_button(turn, False)
            wheel += steps
            wait_for_pointer(machine, right, down, wheel, "")


@system_test(seconds=60)
def test_input_works_on_an_old_pc(lab: Lab) -> None:
    """Keyboard and mouse work on a 486 without PCI."""
    with typing(lab, modules(lab), machine="isapc", cpu="486") as machine:
        wait_until_ready(machine, KEYBOARD, POINTER)
        press(machine, "a")
        machine.move_pointer(5, 6)
        wait_for_keys(machine, f"{LETTER_A} pressed  types U+0061 a")
        wait_for_keys(machine, "pointer 5 right 6 down wheel 0")


@system_test(seconds=60)
def test_driver_ends_where_there_is_no_controller(lab: Lab) -> None:
    """Without an 8042 the driver ends, and is not started again; whoever waits for keys waits."""
    last = "a\\last w restart=never -- sleep=1000 say=1\n"
    with typing(lab, modules(lab, more=last), machine="pc,i8042=off") as machine:
        machine.wait_for(r"a\last: line 1", READY_SECONDS)
    expect_in(rf"{KEYS}: ready", machine.serial_text())
    said = [text for text in texts(machine.serial_text(), r"d\init") if r"d\ps2" in text]
    assert said == [r"started d\ps2", r"d\ps2 ended: by itself; it may not say why"], str(said)
    assert "strike" not in machine.serial_text()


@system_test(seconds=240)
def test_what_is_typed_in_bochs_arrives(lab: Lab) -> None:
    """Bochs' controller and keyboard are understood like QEMU's."""
    text = "Bochs: [1]!"
    image = lab.directory / "keys.iso"
    succeed(mkimage("iso", "--build", lab.build, "--menu-timeout", "0", "--kernel", "", "-o", image, "--module", f"{lab.build}/modules/keys.elf {KEYS} log"))
    with lab.bochs(cdrom=image) as machine:
        for said in (KEYBOARD, POINTER, rf"{KEYS}: ready"):
            machine.wait_for(said, BOCHS_SECONDS)
        machine.type_text(text + "\n")
        machine.wait_for(rf"{KEYS}: key 28 released", BOCHS_SECONDS)
        typed = _TYPED.findall(machine.serial_text())
    assert "".join(chr(int(code, 16)) for code in typed) == text + "\n", str(typed)


# ---- Who dies, and who may not ----

@system_test(seconds=90)
def test_death_of_the_driver_leaves_no_key_held(lab: Lab) -> None:
    """d\\ps2 dies while Shift is held: Shift is released for programs, the next driver sets keyboard and lights up again."""
    killer = "d\\killer w restart=never -- heard=go kill=d\\ps2\n"
    with typing(lab, modules(lab, more=killer), arguments=["-trace", "ps2_set_ledstate"]) as machine:
        wait_until_ready(machine)
        press(machine, "caps_lock")
        machine.hold_key("shift", True)
        wait_for_keys(machine, f"{SHIFT} pressed")
        machine.send_serial(b"go")
        wait_for_keys(machine, f"{SHIFT} released caps-lock")
        machine.wait_for(KEYBOARD, READY_SECONDS, after=machine.wait_for(r"d\ps2 ended", READY_SECONDS).end())
        machine.hold_key("shift", False)
        press(machine, "a")
        wait_for_keys(machine, f"{LETTER_A} pressed  types U+0041 A caps-lock")
        lights = _LED.findall(machine.cpu_log_path.read_text())
    assert lights[-1] == "4" and "0" in lights[lights.index("4"):], str(lights)
    assert machine.serial_text().count(f"{SHIFT} released") == 1, "Shift was told twice"


@system_test(seconds=90)
def test_death_of_the_server_costs_no_client(lab: Lab) -> None:
    """s\\input dies while a key is held: programs are told of a loss, have their places again, and Caps Lock is as it was."""
    more = "a\\second keys.elf -- log\nd\\killer w restart=never -- heard=go kill=s\\input\n"
    with typing(lab, modules(lab, more=more)) as machine:
        machine.wait_for(r"a\second: ready", READY_SECONDS)
        wait_until_ready(machine)
        press(machine, "caps_lock")
        machine.hold_key("shift", True)
        machine.wait_for(rf"a\second: {SHIFT} pressed", TYPED_SECONDS)
        machine.send_serial(b"go")
        wait_for_keys(machine, "1 events are lost")
        machine.wait_for(r"a\second: 1 events are lost", TYPED_SECONDS)
        press(machine, "a")
        machine.hold_key("shift", False)
        press(machine, "b")
        machine.wait_for(rf"a\second: {LETTER_A} pressed  types U+0061 a shift caps-lock", TYPED_SECONDS)
        machine.wait_for(r"a\second: key 05 pressed  types U+0042 B caps-lock", TYPED_SECONDS)
    assert LETTER_A not in "".join(texts(machine.serial_text(), KEYS)), "the focus went to the program that had come first"


@system_test(seconds=90)
def test_focus_goes_to_the_last_and_comes_back(lab: Lab) -> None:
    """The program that came last gets what is typed; when it dies, the one before it does, and hears nothing of keys held since."""
    more = "a\\second keys.elf restart=never -- log\nd\\killer w restart=never -- heard=go kill=a\\second\n"
    with typing(lab, modules(lab, more=more)) as machine:
        wait_until_ready(machine)
        machine.wait_for(r"a\second: ready", READY_SECONDS)
        press(machine, "a")
        machine.hold_key("b", True)
        machine.wait_for(r"a\second: key 05 pressed", TYPED_SECONDS)
        machine.send_serial(b"go")
        machine.wait_for(r"a\second ended", TYPED_SECONDS)
        machine.hold_key("b", True)
        machine.hold_key("b", False)
        press(machine, "c")
        wait_for_keys(machine, "key 06 released")
    said = [text for text in texts(machine.serial_text(), KEYS) if text.startswith("key")]
    assert said == ["key 06 pressed  types U+0063 c", "key 06 released"], str(said)


@system_test(seconds=60)
def test_keyboard_speaks_to_nobody_but_the_server(lab: Lab) -> None:
    """No application, and no driver either, gets a keyboard to speak to it."""
    more = ("a\\thief w restart=never -- read=input\\keyboard\\0\n"
            "d\\thief w restart=never -- read=input\\keyboard\\0\n")
    with typing(lab, modules(lab, more=more)) as machine:
        wait_until_ready(machine)
        for name in (r"a\thief", r"d\thief"):
            machine.wait_for(rf"{name}: reading input\keyboard\0: NOT_ALLOWED", READY_SECONDS)
    assert not texts(machine.serial_text(), r"d\ps2"), "the driver has logged"


@system_test(seconds=90)
def test_what_nobody_reads_is_bounded_and_counted(lab: Lab) -> None:
    """While s\\input sleeps the driver keeps the last events; the rest is counted, nothing is held for ever, and typing goes on."""
    more = "d\\holder w restart=never -- heard=go hold=s\\input heard=on release=s\\input\n"
    with typing(lab, modules(lab, more=more)) as machine:
        wait_until_ready(machine)
        machine.hold_key("shift", True)
        wait_for_keys(machine, f"{SHIFT} pressed")
        machine.send_serial(b"go")
        machine.wait_for(r"holding s\input: OK", TYPED_SECONDS)
        machine.hold_key("shift", False)
        for _ in range(40):
            press(machine, "a")
        machine.send_serial(b"on")
        machine.wait_for(r"releasing s\input: OK", TYPED_SECONDS)
        press(machine, "b")
        wait_for_keys(machine, f"{SHIFT} released", "key 05 released")
    said = texts(machine.serial_text(), KEYS)
    typed = [text for text in said if text.startswith(f"{LETTER_A} pressed")]
    assert 30 <= len(typed) < 40 and all(text.endswith("types U+0061 a") for text in typed), str(said)


@system_test(seconds=60)
def test_input_page(lab: Lab) -> None:
    """docs/input.md: its program compiles without a warning, boots, says what it shows, and what is typed."""
    folder = work_through(lab, "input.md", {"typed.iso": [r"a\\typed: type something"]})
    with lab.qemu(cdrom=folder / "typed.iso") as machine:
        machine.wait_for(r"a\typed: type something", READY_SECONDS)
        machine.wait_for(KEYBOARD, READY_SECONDS)
        press(machine, "x", "alt-f", "esc")
        machine.wait_for(re.compile(r"a\\typed: typed: x\n(.*\n)*.*a\\typed: Alt\+F"), TYPED_SECONDS)
        machine.wait_for(r"a\typed: good bye", TYPED_SECONDS)


@system_test(seconds=60)
def test_mistakes_in_arguments_are_told(lab: Lab) -> None:
    """s\\input says which key map it uses, and that there is none of another name."""
    with typing(lab, modules(lab, layout="klingon")) as machine:
        wait_until_ready(machine)
    expect_order(machine.serial_text(), 'there is no key map "klingon": it stays "us"', 'key map "us"')

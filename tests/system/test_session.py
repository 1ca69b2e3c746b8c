"""s\\terminal: what is typed at the screen and at a serial line, what is written there, and who dies meanwhile."""

from __future__ import annotations

from typing import Any

from boot import BOOT_SECONDS, boot, program, texts, with_list
from boot_entry import Module
from lab import Lab, system_test
from qemu import Qemu

TYPED_SECONDS = 30.0


def modules(lab: Lab, screen: str = "", serial: str = "", more: str = "", log: str = "screen serial") -> list[Module]:
    """The standard programs, those of input, s\\terminal, and a clerk at each terminal for which there is something to do.

    screen, serial: its arguments; more: further lines of init.list.
    """
    owners = " ".join([rf"screen=s\clerk"] * bool(screen) + [rf"serial=s\clerk.serial"] * bool(serial))
    lines = f"d\\ps2 ps2 restart=on-failure\ns\\input input\ns\\terminal terminal -- {owners}\n" + more
    if screen:
        lines += f"s\\clerk clerk restart=never -- claim=screen {screen}\n"
    if serial:
        lines += f"s\\clerk.serial clerk restart=never -- claim=serial {serial}\n"
    files = [program(lab, name, f"file:{name}") for name in ("ps2", "input", "terminal", "clerk", "witness")]
    return [*with_list(lab, lines, log), *files]


def typing(lab: Lab, boots: list[Module], **setup: Any) -> Qemu:
    return boot(lab, boots, icount=0, **setup)


@system_test(seconds=60)
def test_lines_are_read_from_both(lab: Lab) -> None:
    """x"""
    with typing(lab, modules(lab, "write=hello; repeat stay", "write=hello; repeat stay")) as machine:
        machine.wait_for("claimed serial: OK", BOOT_SECONDS)
        machine.wait_for("claimed screen: OK", BOOT_SECONDS)
        machine.wait_for("reading input", BOOT_SECONDS)
        machine.send_serial(b"abc\r\tx\x7fde f\x17\r")
        machine.type_text("abc\n\tx\bde f")
        machine.send_key("ctrl-w")
        machine.type_text("\n")
        machine.send_serial(b"quit\r")
        machine.type_text("quit\n")
        machine.wait_for("end", TYPED_SECONDS)
        import time
        time.sleep(1)
        print(machine.serial_path.read_bytes().decode("latin1"))
        print(machine.screen_text().text)
        machine.screenshot(lab.build / "t6.png")

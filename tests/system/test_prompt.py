"""The entry with a prompt: programs that are typed at the serial line."""

from __future__ import annotations

import re

from boot import BOOT_SECONDS, boot, expect_in
from boot_entry import read_boot_entry
from lab import Lab, system_test
from qemu import Qemu

READY = "\x1b[?2004h"               # of the shell's editor: it waits for a line
TYPED_SECONDS = 40.0


def typed(machine: Qemu, line: str, *keys: tuple[str, str]) -> str:
    """Types a line, then each key as soon as a text was written; all that comes until the shell is ready for the next line."""
    start = at = len(machine.serial_text())
    machine.send_serial(line.encode() + b"\r")
    for text, key in keys:
        at = machine.wait_for(text, TYPED_SECONDS, after=at).end()
        machine.send_serial(key.encode())
    end = machine.wait_for(READY, TYPED_SECONDS, after=at).end()
    return machine.serial_text()[start:end]


@system_test(seconds=120)
def test_programs_are_typed_at_a_prompt(lab: Lab) -> None:
    """At a prompt ls writes columns, more stops at each screen, top shows who runs until q, trace traces, and poweroff switches the machine off."""
    entry = read_boot_entry("session", lab.build)
    with boot(lab, entry.modules, f"{entry.options} exit=qemu", icount=0) as machine:
        machine.wait_for(READY, BOOT_SECONDS)
        listed = typed(machine, "ls /boot/bin")
        assert re.search(r"basename +\S+ +\S+", listed), listed
        paged = typed(machine, "seq 60 | more", ("\x1b[7m-- more --", " "), ("\x1b[7m-- more --", "q"))
        assert "\n46\n" in paged and "\n47\n" not in paged, paged
        watched = typed(machine, "top -d 1", ("a\\top", "q"))
        expect_in("% busy; memory ", watched)
        traced = typed(machine, "trace s\\\\vfs count=1 calls & sleep 0.2; ls /boot > /dev/null; wait")
        expect_in("s\\vfs --- process 0x", traced)
        slept = typed(machine, "sleep 1000 & env kill sleep; ps sleep")
        expect_in("ps: sleep: there is no such process", slept)
        refused = typed(machine, "env kill -STOP $$; env kill log")
        expect_in("it is another session's, or the first of this one", refused)
        expect_in("kill: log: not permitted: it is a part of the system", refused)
        machine.send_serial(b"poweroff\r")
        assert machine.wait_for_exit(BOOT_SECONDS) == 1, machine.serial_text()[-1000:]

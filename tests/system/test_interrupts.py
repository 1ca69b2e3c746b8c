"""Interrupt lines that storm: a device that nobody quiets, beside one that behaves, and programs that have nothing to do with it."""

from __future__ import annotations

import re

from boot import BOOT_SECONDS, Record, boot, records, texts, witness
from buses import DONE, asking
from lab import Lab, system_test
from test_pci import device_arguments, edu_modules

STORM = "storms: it fired 1000 times in a row"
STORM_SECONDS = 4.5                 # from the first interrupt that is not quieted to the last
TWO_ON_ONE_LINE = ["edu,addr=5", "edu,addr=9"]


def storms(serial: str) -> list[Record]:
    return [record for record in records(serial) if record.name == "kernel" and STORM in record.text]


def counts(serial: str) -> list[tuple[int, int]]:
    """What the drivers tell of their interrupts, and of those that were their own."""
    return [(int(interrupts), int(own)) for interrupts, own in re.findall(r"interrupts (\d+), own (\d+), transfers", serial)]


@system_test(seconds=60)
def test_storm_leaves_the_machine_to_others(lab: Lab) -> None:
    """A line that storms is told and masked once a second; meanwhile an application has its time, and who shares the line its interrupts."""
    asks = "sleep=500 edu=storm sleep=2000 other=raise sleep=1300 other=count sleep=1200 edu=quiet sleep=1200 edu=count other=transfer"
    chatting = witness(lab, r"a\chatting", "sleep=1500 chat=1500")
    with boot(lab, edu_modules(lab, asks, chatting), icount=0, arguments=device_arguments(TWO_ON_ONE_LINE)) as machine:
        machine.wait_for(DONE, BOOT_SECONDS)
        serial = machine.serial_text()
    told = storms(serial)
    assert 3 <= len(told) <= 6, serial
    gaps = [after.seconds - before.seconds for before, after in zip(told, told[1:])]
    assert all(1.0 <= gap < 1.2 for gap in gaps), str(gaps)
    lines = [record.seconds for record in records(serial) if record.name == r"a\chatting" and record.text.startswith("line ")]
    assert len(lines) == 1500 and lines[0] < told[-1].seconds and lines[-1] > told[1].seconds, serial
    assert max(after - before for before, after in zip(lines, lines[1:])) < 0.1, "the application had to wait"
    assert lines[-1] - lines[0] < STORM_SECONDS, "the application has hardly run"
    said = counts(serial)
    assert len(said) == 2 and said[0][1] >= 2, serial    # the trial of its start, and the one that was raised in the storm
    assert said[1][0] > 3000, serial
    assert texts(serial, r"a\buses")[-1] == "done" and "transfer: OK" in serial, serial


@system_test(seconds=60)
def test_device_that_is_quiet_again_is_no_storm_any_more(lab: Lab) -> None:
    """When the driver quiets its device at last, the line is as any other: nothing is told any more, and transfers go on."""
    asks = "sleep=500 edu=storm sleep=1500 edu=quiet sleep=2500 edu=transfer other=transfer edu=transfer edu=count other=count"
    with boot(lab, edu_modules(lab, asks), icount=0, arguments=device_arguments(TWO_ON_ONE_LINE)) as machine:
        machine.wait_for(DONE, BOOT_SECONDS)
        serial = machine.serial_text()
    told = storms(serial)
    assert 1 <= len(told) <= 3, serial
    quieted = next(record.seconds for record in records(serial) if record.text == "quiet: OK")
    assert told[-1].seconds < quieted + 1.1, serial
    assert serial.count("transfer: OK") == 3, serial

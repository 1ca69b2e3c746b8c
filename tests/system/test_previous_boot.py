"""What the boot before has said: delivered after a warm reboot if the ring is whole, and not if it is not."""

from __future__ import annotations

from pathlib import Path

from boot import BOOT_SECONDS, LIST_DONE, Record, boot, records, standard, witness
from lab import Lab, system_test
from machine import Machine

MARK = "(previous boot) "
RING_ADDRESS = 0x2F8000
RING_SIZE = 0x8000


def said_before(serial: str) -> list[Record]:
    """The records of the previous boot, as they were said."""
    return [Record(record.seconds, record.level, record.name, record.text.removeprefix(MARK))
            for record in records(serial) if record.text.startswith(MARK)]


def said_now(serial: str) -> list[Record]:
    return [record for record in records(serial) if not record.text.startswith(MARK)]


def expect_whole_previous_boot(first: str, second: str) -> None:
    """All that the first boot said, kernel and processes, came in the second before anything else."""
    said, delivered = said_now(first), said_before(second)
    assert delivered, "nothing of the previous boot came"
    assert delivered[:len(said)] == said, f"{len(delivered)} records of {len(said)} came, or others"
    assert records(second)[:len(delivered)] == [record for record in records(second) if record.text.startswith(MARK)], \
        "the previous boot does not come first"
    assert "Ternion" in said_now(second)[0].text


@system_test(seconds=40)
def test_orderly_reboot_keeps_the_log(lab: Lab) -> None:
    """After a reboot by d\\init a\\log gets all that the boot before has said, marked, and then its own boot's records."""
    modules = [*standard(lab, "serial history=1000"), witness(lab, r"s\w", "say=50 sleep=300 power=reboot stay")]
    with boot(lab, modules, reboot=True) as machine:
        end = machine.wait_for(r"warn d\init: the machine reboots: asked for by server process", BOOT_SECONDS).end()
        machine.wait_for(r"s\w: line 50", BOOT_SECONDS, after=end)
        serial = machine.serial_text()
    lines = serial.splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if MARK in line)
    expect_whole_previous_boot("".join(lines[:first]), "".join(lines[first:]))


@system_test(seconds=60)
def test_reset_button_keeps_the_log(lab: Lab) -> None:
    """After the reset button on a machine that boots from CD the boot before is delivered, and only that one."""
    with lab.qemu(cdrom=lab.build / "ternion.iso", reboot=True) as machine:
        machine.wait_for(LIST_DONE, BOOT_SECONDS)
        for _ in range(2):
            before = machine.serial_text()
            machine.system_reset()
            machine.wait_for(LIST_DONE, BOOT_SECONDS, after=len(before))
            expect_whole_previous_boot(last_boot(before), machine.serial_text()[len(before):])


def last_boot(serial: str) -> str:
    """The part of a log that the last boot has said."""
    return serial[serial.rindex("info kernel: Ternion") - 17:]


def ring_of(machine: Machine, path: Path) -> bytes:
    """The ring of a machine that runs."""
    machine.qmp.execute("pmemsave", val=RING_ADDRESS, size=RING_SIZE, filename=str(path))
    return path.read_bytes()


def boots_on(lab: Lab, ring: bytes) -> str:
    """Boots a machine whose memory holds this where the ring lies; the serial log."""
    path = lab.directory / f"ring{len(lab.machines)}"
    path.write_bytes(ring)
    loader = ("-device", f"loader,file={path},addr={RING_ADDRESS:#x},force-raw=on")
    with boot(lab, [*standard(lab), witness(lab, r"a\second", "say=1 stay")], arguments=loader) as machine:
        machine.wait_for(r"a\second: line 1", BOOT_SECONDS)
    return machine.serial_text()


@system_test(seconds=60)
def test_damaged_ring_is_not_delivered(lab: Lab) -> None:
    """A ring that is whole is delivered; one with a single byte changed, or none at all, is not, and the boot goes on."""
    with boot(lab, [*standard(lab), witness(lab, r"a\first", "say=40 sleep=100 say=1 stay")]) as machine:
        machine.wait_for("line 41", BOOT_SECONDS)
        ring = ring_of(machine, lab.directory / "ring")
        first = machine.serial_text()
    expect_whole_previous_boot(first, boots_on(lab, ring))
    damages = {
        "magic": (0, 0x01), "size": (4, 0x80), "offset of the first": (8, 0x04), "number": (16, 0x01), "check": (24, 0x10),
        "first record": (40, 0x20), "text": (80, 0x01), "later text": (1000, 0x40), "slot": (28, 0x04),
    }
    for what, (offset, bits) in damages.items():
        damaged = bytearray(ring)
        damaged[offset] ^= bits
        delivered = said_before(boots_on(lab, bytes(damaged)))
        assert not delivered, f"delivered with its {what} damaged: {delivered[0]}"
    for garbage in (bytes(RING_SIZE), bytes(range(256)) * (RING_SIZE // 256), b"\xff" * RING_SIZE):
        assert not said_before(boots_on(lab, garbage))

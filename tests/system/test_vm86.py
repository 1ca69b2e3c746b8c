"""What VM86 mode and the monitor make of 16-bit code, beside real mode; recordings of BIOS calls."""

from __future__ import annotations

import os
import re
import struct
from pathlib import Path

from boot import boot, expect_in, program, standard
from boot_entry import TREE, Module
from lab import Lab, system_test
from machine import Machine, require_tool
from shell import mkimage, run, succeed

RUN_SECONDS = 150.0
USUAL_CASES = 2000                                      # of each group: as cases.asm says, and so Ternion's
CASES = int(os.environ.get("TERNION_CASES", USUAL_CASES))
GROUPS = ("pushf", "popf", "cli sti", "int", "iret", "in out", "ins", "outs", "traced", "hlt")
DONE = r"d\opcodes: outcome 3 at"

FIRST, END = b"CASE\0", b"END\n"


def floppy(lab: Lab) -> Path:
    """Boots tests/vm86/cases.asm in real mode."""
    image = lab.directory / "cases.img"
    seed = os.environ.get("TERNION_SEED")
    defines = [f"-DCASE_COUNT={CASES}", *([f"-DCASE_SEED={seed}"] if seed else [])]
    succeed([require_tool("nasm", "nasm"), "-f", "bin", *defines, "-o", image, "tests/vm86/floppy.asm"])
    return image


def sent(machine: Machine) -> bytes:
    """What cases.asm sent out of port E9; Bochs has its own words around it."""
    said = (machine.output_path if machine.kind == "Bochs" else machine.debug_path).read_bytes()
    begin, end = said.find(FIRST), said.rfind(END)
    assert begin >= 0 and end >= 0, f"{machine.kind}: {len(said)} bytes came, without a beginning or an end"
    return said[begin:end + len(END)]


def programs(lab: Lab) -> list[Module]:
    return [program(lab, "serial", r"d\serial"), program(lab, "log", r"a\log", "serial"), program(lab, "opcodes", r"d\opcodes")]


def check(lab: Lab, cases: bytes) -> None:
    """Does the monitor on the host make the same of these cases?"""
    path = lab.directory / "cases.bin"
    path.write_bytes(cases)
    result = run([lab.build / "tools" / "opcode-check", path])
    assert result.returncode == 0, result.stdout + result.stderr
    for group in GROUPS:
        expect_in(f"{group}: {CASES}\n", result.stdout)


def compare(real: bytes, ours: bytes) -> None:
    """Both sent the same, as long as there are as many cases in them."""
    if CASES == USUAL_CASES and "TERNION_SEED" not in os.environ and real != ours:
        at = next((i for i, (left, right) in enumerate(zip(real, ours)) if left != right), min(len(real), len(ours)))
        raise AssertionError(f"VM86 mode sent {len(ours)} bytes, real mode {len(real)}; byte {at} differs, in case {real.count(b'CASE', 0, at) - 1}")


@system_test(seconds=330)
def test_vm86_mode_is_real_mode_in_qemu(lab: Lab) -> None:
    """Random instructions that trap in VM86 mode do to registers, memory and ports what they do in real mode: in QEMU, and in the monitor on the host."""
    with lab.qemu(floppy=floppy(lab)) as machine:
        machine.wait_for_exit(RUN_SECONDS)
        real = sent(machine)
    check(lab, real)
    with boot(lab, programs(lab)) as machine:
        machine.wait_for(DONE, RUN_SECONDS)
        ours = sent(machine)
    compare(real, ours)


@system_test(seconds=330)
def test_vm86_mode_is_real_mode_in_bochs(lab: Lab) -> None:
    """The same in Bochs, whose segments have limits."""
    with lab.bochs(floppy=floppy(lab)) as machine:
        machine.wait_for_exit(RUN_SECONDS)
        real = sent(machine)
    check(lab, real)
    image = lab.directory / "opcodes.img"
    words = [word for module in programs(lab) for word in ("--module", f"{module.path} {module.command}")]
    succeed(mkimage("floppy", "--build", lab.build, "--bare", "--kernel", "", "-o", image, *words))
    with lab.bochs(floppy=image) as machine:
        machine.wait_for(DONE, RUN_SECONDS)
        ours = sent(machine)
    compare(real, ours)


# ---- Recordings: struct bios_recording, struct bios_record, struct vm86_state ----

RECORDING = struct.pack("<8sII", b"TernionV", 1, 300)
CALL, TRAP, END_OF_CALL = 0, 1, 9


def registers(eip: int, esp: int, eflags: int) -> bytes:
    return struct.pack("<25I", *[0] * 11, eip, 0xC000, eflags, esp, 0x3000, *[0] * 9)


def record(kind: int, number: int, before: bytes, after: bytes, code: bytes = b"", written: bytes = b"", flags: int = 0x202) -> bytes:
    return struct.pack("<5I2H3I16s12s8s4B", kind, number, 0, 0, 0, 0, 0, 0, flags, flags, code, b"", written, len(code), 0, len(written), 0) \
        + before + after + bytes(24)


@system_test(seconds=60)
def test_recordings_are_replayed_and_shown(lab: Lab) -> None:
    """tools/bios-replay says that a recording is as the monitor would have it, shows it, and names the first register that differs."""
    begin, end = registers(0x9B2A, 0x100, 0x20202), registers(0x9B2B, 0xFE, 0x20202)
    records = [record(CALL, 0, begin, bytes(100)), record(TRAP, 1, begin, end, b"\x9c", b"\x02\x02"), record(END_OF_CALL, 2, end, end)]
    path = lab.directory / "recording"
    tool = TREE / "tools" / "bios-replay"
    environment = ["env", f"TERNION_BUILD={lab.build}"]

    path.write_bytes(RECORDING + b"".join(records))
    expect_in("3 records, 1 traps and 0 accesses to ports: all as they were recorded", succeed([*environment, tool, path]))
    expect_in("     1  c000:9b2a  pushf -> 0x0202\n", succeed([*environment, tool, "--text", path]))
    for damaged, code, words in (
            (RECORDING + records[0] + record(TRAP, 1, begin, registers(0x9B2B, 0xFC, 0x20202), b"\x9c", b"\x02\x02"), 1,
             "esp is 0xfe, and the recording has 0xfc"),
            (RECORDING + records[1], 1, "it is of no call: records are missing"),
            (RECORDING + records[0] + records[2], 1, "it should be number 1"),
            (RECORDING + records[0], 1, "the file ends in the middle of a call"),
            (RECORDING + records[0][:-1], 2, "it ends in the middle of a record"),
            (RECORDING[:-4] + b"\0\0\0\0", 2, "its records have another size"),
            (b"PK" + RECORDING, 2, "it does not begin as a recording does"),
            (b"", 2, "shorter")):
        path.write_bytes(damaged)
        result = run([*environment, tool, path])
        assert result.returncode == code, f"{words}: {result.returncode}, {result.stdout}{result.stderr}"
        expect_in(words, result.stdout + result.stderr)


@system_test(seconds=180)
def test_mode_set_replays_on_the_host(lab: Lab) -> None:
    """A mode set that a\\biostrace records replays in the monitor on the host without a difference, out of the log as it came."""
    modules = [*standard(lab, "serial history=2000"), program(lab, "pci", r"d\pci"), program(lab, "bios", r"d\bios", r"clients=a\b"),
               program(lab, "biostrace", r"a\b", "10 4f02 bx=4115 ports record")]
    with boot(lab, modules) as machine:
        machine.wait_for(r"a\b: time", RUN_SECONDS)
        log = machine.serial_path
    said = succeed(["env", f"TERNION_BUILD={lab.build}", TREE / "tools" / "bios-replay", log])
    found = re.fullmatch(r"(\d+) records, (\d+) traps and (\d+) accesses to ports: all as they were recorded\n", said)
    assert found and int(found[2]) > 100 and int(found[3]) > 50, said

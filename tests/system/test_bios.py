r"""d\bios and a\biostrace: what a BIOS does, shown, counted and recorded."""

from __future__ import annotations

import re
import struct
from pathlib import Path

from boot import BOOT_SECONDS, boot, expect_in, program, standard, texts, with_list
from boot_entry import TREE, Module, read_boot_entry
from lab import Lab, system_test
from sessions import LineSession
from sessions import modules as session_modules
from shell import run, succeed

TRACER = r"a\b"

# Of a recording and its records: ternion/vm86.h.
HEADER_SIZE, RECORD_TRAP, RECORD_CODE = 16, 1, 36


def call(lab: Lab, arguments: str) -> list[Module]:
    r"""The standard programs, d\bios, and a\biostrace with these arguments."""
    return [*standard(lab, "serial history=2000"), program(lab, "pci", r"d\pci"), program(lab, "bios", r"d\bios", f"clients={TRACER}"),
            program(lab, "biostrace", TRACER, arguments)]


def trace(lab: Lab, arguments: str, **setup: int) -> list[str]:
    r"""What a\biostrace says of a call, to its last line."""
    with boot(lab, call(lab, arguments), **setup) as machine:
        machine.wait_for(r"a\b: time", BOOT_SECONDS)
    return texts(machine.serial_text(), TRACER)


def png_size(path: Path) -> tuple[int, int]:
    """Width and height, from the header (PNG specification, section 11.2.2)."""
    width, height = struct.unpack(">II", path.read_bytes()[16:24])
    return width, height


def number(said: list[str], what: str) -> int:
    (found,) = [match for match in (re.search(rf"{what}: (\d+)", line) for line in said) if match]
    return int(found[1])


@system_test(seconds=60)
def test_mode_set_is_shown_and_happens(lab: Lab) -> None:
    """A mode set is shown trap by trap, port by port, with what it has written, and the screen is in the mode."""
    with boot(lab, call(lab, "10 4f02 bx=4115 ports")) as machine:
        machine.wait_for(r"a\b: time", BOOT_SECONDS)
        machine.screenshot(lab.directory / "screen.png")
    said = texts(machine.serial_text(), TRACER)
    assert png_size(lab.directory / "screen.png") == (800, 600)
    records = [line for line in said if re.match(r" *\d+  [0-9a-f]{4}:[0-9a-f]{4}  ", line)]
    assert [int(line.split()[0]) for line in records] == list(range(len(records))), "numbers are missing"
    shown = "\n".join(records)
    for text in ("port 0x1ce", "port 0x3c", "(swallowed)", "pushf", "popf", "iret -> 3000:0000", "changed memory 0x00449", "end OK"):
        expect_in(text, shown)
    assert "refused)" not in shown
    expect_in("int 10h ax=4f02: OK", "\n".join(said))
    assert 100 < number(said, "traps") < 1000 and number(said, "records lost") == 0


@system_test(seconds=60)
def test_steps_are_counted(lab: Lab) -> None:
    """With `steps` each instruction is counted, and the same in each run; quiet, nothing but the summary is said."""
    runs = [trace(lab, "10 4f02 bx=4115 steps quiet", icount=0) for _ in range(2)]
    counted = [number(said, "instructions") for said in runs]
    assert counted[0] == counted[1] and 1000 < counted[0] < 60_000, f"{counted}"
    assert len(runs[0]) == 5, f"{runs[0]}"


@system_test(seconds=60)
def test_arguments_that_make_no_sense_are_refused(lab: Lab) -> None:
    """Arguments that cannot be are told, with how it is used; so is a missing d\\bios."""
    wrong = {
        "10": "VECTOR and AX are needed", "xyz 0": "no interrupt is called xyz", "100 0": "no interrupt is called 100", "10 123456789": "AX cannot be 123456789",
        "10 0 bx=10000": "not understood: bx=10000", "10 0 qx=1": "not understood: qx=1", "10 0 data=es:ax": "not understood: data=es:ax",
        "10 0 data=es:di,40000": "not understood: data=es:di,40000", "10 0 loud": "not understood: loud",
    }
    lines = "".join(f"a\\b{index} b restart=never -- {arguments}\n" for index, arguments in enumerate([*wrong, "10 0"]))
    with boot(lab, [*with_list(lab, lines, "serial history=2000"), program(lab, "biostrace", "file:b")]) as machine:
        for index in range(len(wrong) + 1):
            machine.wait_for(rf"a\b{index} ended: exit code 1", BOOT_SECONDS)
    for index, complaint in enumerate(wrong.values()):
        said = texts(machine.serial_text(), rf"a\b{index}")
        assert said[0] == complaint and said[1].startswith("usage: VECTOR AX"), f"{said}"
    assert texts(machine.serial_text(), rf"a\b{len(wrong)}") == [
        r"d\bios does not run: it makes the calls; the boot menu's entry " '"Ternion, BIOS tracer" starts it']


@system_test(seconds=60)
def test_vectors_come_back_after_a_call_that_overwrote_them(lab: Lab) -> None:
    """A call that leads the BIOS to 0:0 costs itself alone: the next one works; and what the BIOS calls a failure is told as one."""
    lines = "a\\first b restart=never -- 10 4f01 cx=111 quiet\na\\second b restart=never needs=a\\first -- 10 4f02 bx=41ff quiet\n"
    modules = [*with_list(lab, lines, "serial history=2000"), program(lab, "biostrace", "file:b"),
               program(lab, "bios", r"d\bios", r"clients=a\first,a\second")]
    with boot(lab, modules) as machine:
        for name in ("first", "second"):
            machine.wait_for(rf"a\{name}: time", BOOT_SECONDS)
    assert "int 10h ax=4f01: OK" in texts(machine.serial_text(), r"a\first")
    said = texts(machine.serial_text(), r"a\second")
    assert said[0] == "int 10h ax=4f02: OK" and said[1].startswith("the BIOS answered 014f: it has failed"), f"{said}"


@system_test(seconds=60)
def test_bios_is_called_for_named_applications_alone(lab: Lab) -> None:
    """An application that d\\bios's argument does not name is refused, and both say so; those that it names are served, each of them."""
    strangers = (r"a\bb", r"a\c", r"a\clients")
    modules = [*standard(lab, "serial history=2000"), program(lab, "bios", r"d\bios", r"shared clients=a\d,a\b"),
               *(program(lab, "biostrace", name, "11 0 quiet") for name in (*strangers, TRACER, r"a\d"))]
    with boot(lab, modules) as machine:
        for name in (TRACER, r"a\d"):
            machine.wait_for(f"{name}: time", BOOT_SECONDS)
        for name in strangers:
            machine.wait_for(rf"{name}: d\bios makes no calls for this program: start it with clients={name}", BOOT_SECONDS)
    refused = texts(machine.serial_text(), r"d\bios")
    assert sorted(line.split(" ")[0] for line in refused) == sorted(strangers), f"{refused}"


# Calls on a machine with 64 MB, of which SeaBIOS keeps 128 KB at the end, and what registers hold then. INT 15h: E801h is KB between 1 and 16 MB and 64 KB
# beyond; 88h KB beyond 1 MB; C0h a pointer, to where IBM's BIOSes have it; E820h a signature, and where to go on. 12h: KB below the extended data area.
# 1Ah: PCI BIOS 2.1, sections 3.2 to 3.6: a signature and the version; the display adapter, 00:02.0, by its IDs and by its class; its vendor. What is refused
# says carry and 86h.
ANSWERS = {
    "15 e801": {"eax": 0x3C00, "ebx": 0x2FE, "ecx": 0x3C00, "edx": 0x2FE, "flags": 0},
    "15 8800": {"eax": 0xFB80, "flags": 0},
    "15 c000": {"eax": 0, "es": 0xF000, "ebx": 0xE6F5, "flags": 0},
    "15 e820 ecx=14 edx=534d4150 data=es:di,20": {"eax": 0x534D4150, "ebx": 1, "ecx": 0x14, "flags": 0},
    "12 0": {"eax": 0x27F},
    "1a b101": {"edx": 0x20494350, "ebx": 0x210, "flags": 0},
    "1a b102 cx=1111 dx=1234": {"ebx": 0x10, "flags": 0},
    "1a b103 ecx=30000": {"ebx": 0x10, "flags": 0},
    "1a b109 bx=10": {"ecx": 0x1234, "flags": 0},
    "15 2401": {"eax": 0x8601, "flags": 1},
    "15 8700": {"eax": 0x8600, "flags": 1},
    "13 200": {"eax": 0x8600, "flags": 1},
}


@system_test(seconds=60)
def test_services_answer_or_are_refused(lab: Lab) -> None:
    """Memory sizes, the system's table and PCI are what the BIOS says of this machine; disks, A20 and moved memory are refused as by a BIOS without them."""
    names = [rf"a\b{index}" for index in range(len(ANSWERS))]
    lines = "".join(f"{name} b restart=never needs=buses\\pci\\0,d\\bios -- {arguments} quiet\n" for name, arguments in zip(names, ANSWERS))
    modules = [*with_list(lab, lines, "serial history=2000"), program(lab, "pci", r"d\pci"), program(lab, "bios", r"d\bios", f"clients={','.join(names)}"),
               program(lab, "biostrace", "file:b")]
    with boot(lab, modules, megabytes=64) as machine:
        for name in names:
            machine.wait_for(f"{name}: time", BOOT_SECONDS)
    for name, (arguments, wanted) in zip(names, ANSWERS.items()):
        said = texts(machine.serial_text(), name)
        registers = {register: int(value, 16) for register, value in re.findall(r"(\w+)=([0-9a-f]+)", said[1])}
        assert wanted.items() <= registers.items(), f"{arguments}: {said[:2]}"


def documented_costs(adapter: str) -> list[int]:
    """Of the manual's table: traps and instructions of mode 118h, then those of mode 3."""
    (row,) = [line for line in (TREE / "docs" / "vm86.md").read_text().splitlines() if line.startswith(f"| SeaVGABIOS, `-vga {adapter}`")]
    numbers = [int(cell.replace(",", "")) for cell in row.split("|")[2:-1]]
    return [numbers[0], numbers[2], numbers[3], numbers[5]]


@system_test(seconds=60)
def test_bioses_cost_what_the_manual_says(lab: Lab) -> None:
    """Traps and instructions of a mode set, and of the way back to text, are those of the manual's table, within 2%: QEMU's standard adapter, and its Cirrus."""
    calls = {r"a\to-graphics": "10 4f02 bx=4118 quiet steps", r"a\to-text": "10 3 quiet steps"}
    for adapter in ("std", "cirrus"):
        modules = [*standard(lab, "serial history=2000"), program(lab, "bios", r"d\bios", f"clients={','.join(calls)}"),
                   *(program(lab, "biostrace", name, arguments) for name, arguments in calls.items())]
        with boot(lab, modules, vga=adapter, icount=0) as machine:
            for name in calls:
                machine.wait_for(f"{name}: time", BOOT_SECONDS)
        told = [texts(machine.serial_text(), name) for name in calls]
        costs = [number(lines, what) for lines in told for what in ("traps", "instructions")]
        written = documented_costs(adapter)
        assert costs[::2] == written[::2], f"{adapter}: traps {costs[::2]}"
        # The way of a boot leaves another screen to the BIOS, which costs it a few instructions more or less.
        assert all(abs(cost - said) <= said // 50 for cost, said in zip(costs[1::2], written[1::2])), f"{adapter}: instructions {costs[1::2]}"


@system_test(seconds=60)
def test_bios_is_traced_from_the_shell(lab: Lab) -> None:
    """At a prompt biostrace shows a call trap by trap, and steps of another are searched; of programs with other names none has calls made."""
    files = [program(lab, "biostrace", f"file:bin/{name}") for name in ("biostrace", "other")]
    entry = read_boot_entry("bios", lab.build)
    (bios,) = [module for module in entry.modules if module.name == r"d\bios"]
    assert any(module.name == "file:bin/biostrace" for module in entry.modules), "the menu's entry has no tracer"
    with boot(lab, session_modules(lab, *files, bios, program(lab, "grep", "file:bin/grep"), serial=""), icount=0) as machine:
        session = LineSession(machine)
        session.begin()
        said = session.run("biostrace 11 0")
        assert any(re.match(r" *1  [0-9a-f]{4}:[0-9a-f]{4}  cli", row) for row in said) and "int 11h ax=0000: OK" in said, str(said)
        counted = session.run("biostrace 10 f00 steps | grep ^instructions")
        assert len(counted) == 1 and re.fullmatch(r"instructions: [0-9]+", counted[0]), str(counted)
        refused = session.run("other 11 0")
        assert "makes no calls for this program" in refused[0], str(refused)


@system_test(seconds=60)
def test_calls_that_fail_say_why(lab: Lab) -> None:
    """A call that does not come back is ended by its budget, and the words say where it was."""
    said = trace(lab, "16 0 quiet ms=300")               # waits for a key
    assert re.match(r"int 16h ax=0000: TIMED_OUT: it runs for more than 300 ms, which is its budget; it was at [0-9a-f]{4}:", said[0]), f"{said}"


@system_test(seconds=60)
def test_recording_is_replayed(lab: Lab) -> None:
    """A recorded mode set is the same when the monitor does it again on the host; with an opcode changed it is not."""
    recording = lab.directory / "recording"
    arguments = ["-chardev", f"file,id=com2,path={recording}", "-device", "isa-serial,chardev=com2,iobase=0x2f8,irq=3"]
    modules = [*call(lab, "10 4f02 bx=4115 ports quiet line=lines\\serial\\1"), program(lab, "serial", r"d\com2", "ports=2F8")]
    with boot(lab, modules, arguments=arguments) as machine:
        machine.wait_for(r"a\b: time", BOOT_SECONDS)
    said = texts(machine.serial_text(), TRACER)
    assert number(said, "traps") > 100, f"{said}"
    replay = TREE / "tools" / "bios-replay"
    expect_in("call 0x10", succeed([replay, "--text", recording]).splitlines()[0])
    succeed([replay, recording])
    damaged = bytearray(recording.read_bytes())
    size = struct.unpack_from("<I", damaged, 12)[0]
    trap = next(at for at in range(HEADER_SIZE, len(damaged), size) if struct.unpack_from("<I", damaged, at)[0] == RECORD_TRAP)
    damaged[trap + RECORD_CODE] ^= 1
    recording.write_bytes(damaged)
    assert run([replay, recording]).returncode == 1

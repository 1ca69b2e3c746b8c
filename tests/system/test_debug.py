r"""s\debug: what the log gets to know of a process that made a mistake."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from boot import BOOT_SECONDS, Record, boot, expect_in, program, records, with_list, with_policy
from boot_entry import Module
from lab import Lab, system_test
from shell import succeed

DEBUG = r"s\debug"
# Debuggers of any name; witnesses have no manifest.
POLICY = "* manifest\n"
# The functions of tests/guest/witness from the mistake to the program's first instruction.
CHAIN = ["mistake_inner", "mistake_middle", "mistake_outer", "verbs_obey", "main", "start_program", "_start"]

_PLACE = re.compile(r"0x([0-9a-f]{8}) ([\w.]+)\+0x([0-9a-f]+)")


@dataclass
class Report:
    """What was said of one mistake: the first line, and the indented ones."""

    head: Record
    lines: list[str]

    def line(self, start: str) -> str:
        found = [line for line in self.lines if line.startswith(start)]
        assert len(found) == 1, f"{len(found)} lines begin with {start!r}: {self.lines}"
        return found[0]

    def callers(self) -> list[str]:
        return [line for line in self.lines if line.startswith("  called from ")]

    def functions(self) -> list[str]:
        """Where it happened, and who called, by name."""
        places = [self.line("  at "), *self.callers()]
        return [match[2] if (match := _PLACE.search(line)) else line for line in places]


def reports(serial: str, debugger: str = DEBUG) -> list[Report]:
    found: list[Report] = []
    for record in records(serial):
        if record.name != debugger or record.level != "error":
            continue
        if record.text.startswith("  "):
            found[-1].lines.append(record.text)
        else:
            found.append(Report(record, []))
    return found


def report_of(serial: str, name: str, debugger: str = DEBUG) -> Report:
    """The first report of a program."""
    return next(report for report in reports(serial, debugger) if report.head.text.startswith(f"{name} made a mistake: "))


def run(lab: Lab, lines: str, done: str, debugger: str = rf"{DEBUG} debug.elf", image: Path | None = None, *modules: Module) -> str:
    """Boots the standard programs, the debugger and the witness as file:w with these lines in init.list; the serial log."""
    witness = Module(image or lab.build / "modules" / "witness.elf", "file:w")
    debug = program(lab, "debug", "file:debug.elf")
    list_ = with_policy(lab, with_list(lab, f"{debugger}\n{lines}", "serial history=2000"), POLICY)
    with boot(lab, [*list_, debug, witness, *modules], icount=0) as machine:
        machine.wait_for(done, BOOT_SECONDS)
    return machine.serial_text()


def addresses(lab: Lab) -> dict[str, set[int]]:
    """Where the witness's functions begin, as nm says."""
    found: dict[str, set[int]] = {}
    for line in succeed(["i686-linux-gnu-nm", lab.build / "modules" / "witness.elf"]).splitlines():
        address, _, name = line.split()
        found.setdefault(name, set()).add(int(address, 16))
    return found


def expect_true_names(report: Report, functions: dict[str, set[int]]) -> None:
    """Every name is that of the function which begins so many bytes before the address, and no other begins in between."""
    places = [match for line in [report.head.text, *report.lines] for match in _PLACE.finditer(line)]
    assert len(places) > 2
    for address, name, offset in (match.groups() for match in places):
        begin = int(address, 16) - int(offset, 16)
        assert begin in functions[name], f"{name} does not begin at 0x{begin:08x}"
        between = [other for other, begins in functions.items() for at in begins if begin < at < int(address, 16) and other[0].isalpha()]
        assert not between or all(other.startswith(".") for other in between), f"0x{address}: {between} behind {name}"


def end_of(serial: str, name: str) -> Record:
    return next(record for record in records(serial) if record.name == r"d\init" and record.text.startswith(f"{name} ended:"))


@system_test(seconds=60)
def test_mistakes_are_reported_with_their_callers(lab: Lab) -> None:
    """Bad accesses, divisions, jumps, copies by assembly: each is reported with where it was and all who called, as nm has them."""
    mistakes = {
        "write": ("page fault writing to 0x00000000, where nothing is", ["write_nowhere", *CHAIN]),
        "divide": ("division by zero (exception 0, error code 0x0)", ["divide", *CHAIN]),
        "jump": ("page fault reading 0x60000000, where nothing is", ["  at 0x60000000", "jump_nowhere", *CHAIN]),
        "end": ("page fault writing to 0x00000000, where nothing is", ["write_nowhere", "end_badly", "call_at_the_end", *CHAIN]),
        "copy": ("page fault writing to 0x60000000, where nothing is", ["memset", "copy_nowhere", *CHAIN]),
    }
    lines = "".join(f"a\\{what} w restart=never -- mistake={what}\n" for what in mistakes)
    serial = run(lab, lines, r"d\init: a\copy ended")
    functions = addresses(lab)
    for what, (words, chain) in mistakes.items():
        report = report_of(serial, f"a\\{what}")
        expect_in(words, report.head.text)
        assert report.functions() == chain, f"{what}: {report.functions()}"
        assert not any(line.endswith("?") for line in report.callers()), str(report.callers())
        expect_true_names(report, functions)
        expect_in("image: boot module w,", "\n".join(report.lines))


@system_test(seconds=60)
def test_report_shows_the_machine_state(lab: Lab) -> None:
    """A report has the registers that the kernel's line has, the bytes of the program at EIP, the stack, and other threads."""
    serial = run(lab, "a\\threads w restart=never -- mistake=threads\n", r"d\init: a\threads ended")
    report = report_of(serial, r"a\threads")
    kernel = next(record.text for record in records(serial) if record.name == "kernel" and r"a\threads has ended" in record.text)
    eip, stack = re.search(r"at 0x([0-9a-f]{8}), stack 0x([0-9a-f]{8})", kernel).groups()
    expect_in(f"eip {eip}  esp {stack}  ebp ", report.line("  eip "))
    expect_in("eflags 00000", report.line("  eip "))
    code = bytes.fromhex(report.line("  code at eip: ").split(": ")[1])
    image = (lab.build / "modules" / "witness.elf").read_bytes()
    assert len(code) == 16 and image[int(eip, 16) - 0x200000:].startswith(code), code.hex()
    rows = [line for line in report.lines if line.startswith("  stack ")]
    assert len(rows) == 4 and rows[0].startswith(f"  stack {stack}: "), str(rows)
    return_address = _PLACE.search(report.callers()[0])[1]
    expect_in(return_address, rows[0])
    others = [line for line in report.lines if line.startswith("  thread ")]
    assert len(others) == 2, str(report.lines)
    for line in others:
        assert re.fullmatch(r"  thread 0x[0-9a-f]+: at a system call, from 0x\w+ thread_delay\+0x\w+, from 0x\w+ thread_begin\+0x\w+", line), line
    expect_in("3 threads", report.lines[0])
    expect_in(" 00200000-002", report.line("  memory:"))


@system_test(seconds=60)
def test_strikes_and_overflows_are_reported(lab: Lab) -> None:
    """A driver with too many strikes, and a stack that ran over, are reported: the functions of the recursion in one line."""
    lines = "d\\strike w restart=never -- sleep=20 mistake=strike\na\\overflow w restart=never -- mistake=overflow\n"
    serial = run(lab, lines, r"d\init: d\strike ended")
    report = report_of(serial, r"d\strike")
    expect_in("16 strikes, which the lines above tell, at 0x", report.head.text)
    assert report.functions() == ["port_read8", "touch_foreign_ports", *CHAIN], str(report.functions())
    report = report_of(serial, r"a\overflow")
    functions = report.functions()
    assert functions[:2] == ["recurse", "recurse"] and functions[-1] == "  called from more", str(functions)
    expect_in(", 501 times", report.callers()[0])
    expect_in("bytes of 524288 in use", "\n".join(report.lines))
    assert int(re.search(r"stack: (\d+) bytes", "\n".join(report.lines))[1]) >= 524288 - 4096
    expect_in("unloaded: too many strikes", end_of(serial, r"d\strike").text)


@system_test(seconds=60)
def test_reported_program_is_back_within_100_ms(lab: Lab) -> None:
    """A program that made a mistake is reported, ends, and is started again within 100 ms."""
    serial = run(lab, "a\\write w restart=on-failure -- sleep=50 mistake=write\n", r"restarted a\write")
    told = next(record for record in records(serial) if r"a\write has ended" in record.text)
    back = next(record for record in records(serial) if record.text == r"restarted a\write")
    assert back.seconds - told.seconds <= 0.1, f"{told.seconds} to {back.seconds}"
    said = [record.seconds for record in records(serial) if record.name == DEBUG and record.seconds >= told.seconds]
    assert len(said) > 10 and said[0] <= end_of(serial, r"a\write").seconds <= back.seconds


@system_test(seconds=60)
def test_held_program_stays_frozen(lab: Lab) -> None:
    """With hold=1 a program that made a mistake ends a second later, and not before."""
    serial = run(lab, "a\\write w restart=on-failure -- mistake=write\n", r"restarted a\write", rf"{DEBUG} debug.elf -- hold=1 hold=x keep")
    told = report_of(serial, r"a\write").head
    assert 1.0 <= end_of(serial, r"a\write").seconds - told.seconds <= 1.1, f"{told} {end_of(serial, chr(97) + chr(92) + 'write')}"
    expect_in("warn s\\debug: it is kept frozen for 1 s", serial)
    for wrong in ("hold=x", "keep"):
        expect_in(f'argument "{wrong}" is skipped: known is hold=SECONDS, up to 3600', serial)


@system_test(seconds=60)
def test_repeated_mistake_is_told_shortly(lab: Lab) -> None:
    """Of a program that makes the same mistake again and again three reports are full; then a line each says so."""
    serial = run(lab, "a\\write w -- mistake=write\n", r"gave up a\write")
    told = [report for report in reports(serial) if report.head.text.startswith(r"a\write made")]
    assert len(told) == 8, f"{len(told)} reports"
    for number, report in enumerate(told, 1):
        assert (len(report.lines) > 10) == (number <= 3), f"report {number}: {report.lines}"
        assert report.head.text.endswith(", once more") == (number > 3), str(report.head)


@system_test(seconds=60)
def test_stripped_program_is_reported_with_addresses(lab: Lab) -> None:
    """Without symbols the frames are followed, and marked: addresses instead of names."""
    stripped = lab.directory / "stripped.elf"
    subprocess.run(["i686-linux-gnu-strip", "-o", stripped, lab.build / "modules" / "witness.elf"], check=True)
    serial = run(lab, "a\\divide w restart=never -- mistake=divide\n", r"d\init: a\divide ended", image=stripped)
    report = report_of(serial, r"a\divide")
    expect_in("without symbols", "\n".join(report.lines))
    starts = sorted((at, name) for name, begins in addresses(lab).items() for at in begins if name in [*CHAIN, "divide"])
    for caller, name in zip(report.callers()[1 - len(CHAIN):], CHAIN[1:]):
        address = int(re.search(r"0x([0-9a-f]{8}) \?$", caller)[1], 16)
        assert [other for at, other in starts if at < address][-1] == name, f"{caller}: {name}"


@system_test(seconds=60)
def test_debugger_that_is_an_application_says_what_it_cannot(lab: Lab) -> None:
    """As an application it may not read boot modules: it says so and reports addresses. A second debugger is refused."""
    serial = run(lab, "a\\divide w restart=never -- sleep=20 mistake=divide\n", r"d\init: a\divide ended",
                 r"a\debug debug.elf" "\n" r"a\second debug.elf restart=never")
    report = report_of(serial, r"a\divide", r"a\debug")
    expect_in("a debugger that is an application cannot read boot modules", "\n".join(report.lines))
    assert len(report.callers()) >= 5
    expect_in(r"error a\second: cannot debug: another process does it already", serial)


@system_test(seconds=30)
def test_images_keep_the_names_of_functions(lab: Lab) -> None:
    """Programs on the images have the names that a report needs, and no other debug information."""
    image = (lab.build / "ternion.iso").read_bytes()
    assert b"\0backtrace_next\0" in image and b"\0supervisor_exited\0" in image
    assert b"\0.debug_info\0" not in image

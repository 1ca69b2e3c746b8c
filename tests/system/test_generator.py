"""The generator of everything that follows from the table of system calls."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from boot_entry import TREE
from lab import Lab, system_test

ABI = TREE / "kernel" / "include" / "abi"
C_FLAGS = ["-std=gnu2x", "-Wall", "-Wextra", "-Werror", "-Wshadow", "-Wmissing-prototypes", "-ffreestanding",
           "-march=i486", "-fno-pic", f"-I{ABI.parent}"]
KERNEL_FLAGS = ["-DTERNION_KERNEL", "-mregparm=3", "-mgeneral-regs-only"]

# Every kind of line, all five registers, wide values in front and behind, results with and without arguments.
TABLE = """\
# a comment

call 0 test_nothing application
    Does nothing.
    status OK

call 3 test_many server
    Fills all registers,
    as two lines say.
    in     uint32_t first            -- one
    in     nanoseconds_t time_ns     -- since boot
    bytes  text                      -- some
    blocks
    status OK BAD_ADDRESS

call 2 test_pointers driver
    Takes structures.
    struct message message           -- read
    update reply reply               -- both
    fill   event event               -- written
    buffer room                      -- for bytes
    status OK TIMED_OUT

call 5 test_results application
    Gives two.
    bytes  name                      -- whose
    result uint32_t address          -- where
    result elf_reason_t reason       -- why; stored for every status
    status OK BAD_ID

call 6 test_end application
    Ends.
    in     uint32_t code             -- why
    noreturn
    status OK
"""
ARGUMENTS = ["ebx", "edx", "esi", "edi", "ebp"]
CALLEE_SAVED = ["ebx", "esi", "edi", "ebp"]


def run(command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60)


def generate(lab: Lab, table: str) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The folder of the output, and what came of a run on this table."""
    (lab.directory / "status.h").write_bytes((ABI / "status.h").read_bytes())
    path = lab.directory / "syscall.def"
    path.write_text(table)
    out = lab.directory / "generated"
    return out, run([TREE / "tools" / "generate-syscalls", path, "--out", out])


def generated(lab: Lab, table: str = TABLE) -> Path:
    out, result = generate(lab, table)
    assert result.returncode == 0 and not result.stderr, result.stderr
    return out


def one_line(path: Path) -> str:
    return " ".join(path.read_text().split())


def expect_in(wanted: str, text: str) -> None:
    assert wanted in text, f"{wanted!r} is not in {text[:2000]!r}"


def refused(lab: Lab, table: str, line: int, *said: str) -> None:
    """The table is refused with exit code 1, at this line, in a sentence with advice, and nothing is written."""
    out, result = generate(lab, table)
    assert result.returncode == 1, f"exit code {result.returncode} for {table!r}"
    place = f"{lab.directory / 'syscall.def'}:{line}: "
    found = [text for text in result.stderr.splitlines() if text.startswith(place)]
    assert found, f"nothing is said of line {line}: {result.stderr!r}"
    assert any(all(word in text for word in said) and re.search(r": .+; .+", text) for text in found), result.stderr
    assert "Traceback" not in result.stderr and not out.exists()


def refused_change(lab: Lab, old: str, new: str, *said: str, at: str = "") -> None:
    """The table with one change is refused at the changed line, or at the line that begins with `at`."""
    assert TABLE.count(old) == 1, old
    table = TABLE.replace(old, new)
    place = table.index("\n" + at) + 1 if at else TABLE.index(old)
    refused(lab, table, table[:place].count("\n") + 1, *said)


def compile_c(lab: Lab, source: Path, *flags: str | Path) -> None:
    result = run(["i686-linux-gnu-gcc", *C_FLAGS, *flags, "-c", source, "-o", lab.directory / "object.o"])
    assert result.returncode == 0, result.stderr


def stub_lines(out: Path, name: str) -> list[str]:
    """The instructions and labels of one stub."""
    text = re.sub(r" *;.*", "", (out / "libos" / "syscall_stubs.asm").read_text())
    return text.split(f"\n{name}:\n")[1].split("\n.end:")[0].split("\n")


class StubRun:
    """Executes one stub on a small model of the processor, with a kernel that answers what it is told to."""

    def __init__(self, lines: list[str], arguments: list[int], answer: dict[str, int]) -> None:
        self.registers = {name: 0xC0DE0000 + index for index, name in enumerate(["eax", "ecx", *ARGUMENTS])}
        self.before = dict(self.registers)
        self.memory = {0x1000 + 4 * index: value for index, value in enumerate([0xFEED, *arguments])}
        self.stack = 0x1000
        self.answer = answer
        self.seen: dict[str, int] = {}
        self.tail = False
        self.zero = False
        position = 0
        while position is not None:
            assert position < len(lines), "the stub runs over its end"
            position = self.step(lines, position)

    def step(self, lines: list[str], position: int) -> int | None:
        operation, _, operands = lines[position].strip().partition(" ")
        left, _, right = operands.partition(", ")
        if operation == "ret" or (operation, operands) == ("jmp", "[SYSTEM_CALL_ENTRY]"):
            assert self.memory[self.stack] == 0xFEED, "the return address is not on top of the stack"
            self.tail = operation == "jmp"
            return self.enter_kernel() if self.tail else None
        if operation == "push":
            self.stack -= 4
            self.memory[self.stack] = self.registers[left]
        elif operation == "pop":
            self.registers[left] = self.memory[self.stack]
            self.stack += 4
        elif (operation, operands) == ("call", "[SYSTEM_CALL_ENTRY]"):
            self.enter_kernel()
        elif operation == "mov" and left in self.registers:
            self.registers[left] = self.value(right)
        elif operation == "mov":
            self.memory[self.address(left)] = self.registers[right]
        elif operation == "xor":
            self.registers[left] ^= self.registers[right]
        elif operation == "test":
            self.zero = self.registers[left] & self.registers[right] == 0
        elif (operation == "jnz" and not self.zero) or (operation == "jecxz" and self.registers["ecx"] == 0):
            return lines.index(f"    {left}:" if f"    {left}:" in lines else f"{left}:")
        else:
            assert operation in ("jnz", "jecxz") or operation.endswith(":"), f"unknown instruction {lines[position]}"
        return position + 1

    def enter_kernel(self) -> None:
        self.seen = dict(self.registers)
        self.registers.update(self.answer, ecx=0xBAD, edx=0xBAD)

    def address(self, text: str) -> int:
        register, _, offset = text.strip("[]").partition(" + ")
        return (self.stack if register == "esp" else self.registers[register]) + int(offset or 0)

    def value(self, text: str) -> int:
        if text.startswith("["):
            return self.memory[self.address(text)]
        return self.registers[text] if text in self.registers else int(text)

    def check_saved(self) -> None:
        changed = [name for name in CALLEE_SAVED if self.registers[name] != self.before[name]]
        assert not changed, f"the stub loses {changed}"


@system_test(seconds=20)
def test_number_taken_twice_is_refused(lab: Lab) -> None:
    """Two system calls cannot have one number."""
    refused_change(lab, "call 3 test_many", "call 0 test_many", "number 0", "test_nothing (line 3)")


@system_test(seconds=20)
def test_name_taken_twice_is_refused(lab: Lab) -> None:
    """Two system calls cannot have one name."""
    refused_change(lab, "call 3 test_many", "call 3 test_nothing", "test_nothing", "line 3")


@system_test(seconds=20)
def test_unknown_words_are_refused(lab: Lab) -> None:
    """A class, status, type, structure or keyword that nobody knows is refused, with those that are known."""
    refused_change(lab, "test_many server", "test_many king", 'class "king"', "driver, server, application")
    refused_change(lab, "status OK BAD_ID", "status OK BAD_LUCK", 'status "BAD_LUCK"', "status.h")
    refused_change(lab, "in     uint32_t first", "in     int first", 'type "int"', "uint32_t")
    refused_change(lab, "struct message message", "struct massage message", "struct massage", "message")
    refused_change(lab, "    blocks\n", "    sleeps\n", 'keyword "sleeps"', "blocks")


@system_test(seconds=20)
def test_too_many_registers_are_refused(lab: Lab) -> None:
    """More than five registers of arguments, more than two of results, or a result of 64 bits are refused."""
    refused_change(lab, "    blocks\n", "    in     uint32_t more -- x\n    blocks\n", "test_many", "6 registers",
                   at="call 3")
    refused_change(lab, "result uint32_t address          -- where",
                   "result uint32_t address -- a\n    result uint32_t size -- b", "3 results", at="call 5")
    refused_change(lab, "result uint32_t address", "result nanoseconds_t address", "does not fit")
    refused_change(lab, "    blocks\n", "    result uint32_t late -- x; stored for every status\n    blocks\n", "EBX")


@system_test(seconds=20)
def test_malformed_lines_are_refused(lab: Lab) -> None:
    """Every other mistake in a table is refused too, at its line."""
    refused_change(lab, "call 3 test_many server", "call 3 test_many", "call NUMBER NAME LOWEST-CLASS")
    refused_change(lab, "call 3 test_many", "call three test_many", '"three"', "0 to 127")
    refused_change(lab, "call 3 test_many", "call 128 test_many", '"128"', "0 to 127")
    refused_change(lab, "call 3 test_many", "call 3 TestMany", '"TestMany"')
    refused_change(lab, "uint32_t first            -- one", "uint32_t first", "TYPE NAME")
    refused_change(lab, "uint32_t first ", "uint32_t int ", '"int"')
    refused_change(lab, "bytes  text ", "bytes  first ", "first", "rename")
    refused_change(lab, "-- since boot", "-- since */ boot", "*/")
    refused_change(lab, "    as two lines say.\n", "    in two lines.\n", "doc comment cannot begin")
    refused_change(lab, "    Ends.\n", "    Ends */.\n", "*/")
    refused_change(lab, "status OK TIMED_OUT", "status OK TIMED_OUT OK", "OK stands twice")
    refused_change(lab, "    status OK BAD_ID\n", "    status\n", "test_results", "empty")
    refused_change(lab, "    status OK BAD_ID\n", "", "test_results", "no status line", at="call 5")
    refused_change(lab, "    Ends.\n", "", "test_end", "no doc comment", at="call 6")
    refused_change(lab, "    noreturn\n", "    noreturn now\n", "nothing behind it")
    refused_change(lab, "    Gives two.\n", "    Gives two.\n    noreturn\n", "has results", at="call 5")
    refused(lab, "    status OK\n", 1, "before any call")
    refused(lab, "# nothing\n", 1, "no call")


@system_test(seconds=20)
def test_every_mistake_is_told_at_once(lab: Lab) -> None:
    """A table with several mistakes is refused once, with all of them."""
    _, result = generate(lab, TABLE.replace("server", "king").replace("BAD_ID", "BAD_LUCK"))
    assert len(result.stderr.splitlines()) == 2, result.stderr


@system_test(seconds=20)
def test_missing_files_are_told(lab: Lab) -> None:
    """A table that is not there, or has no status.h beside it, gets a sentence and no trace of Python."""
    for path in (lab.directory / "absent.def", lab.directory / "alone" / "syscall.def"):
        path.parent.mkdir(exist_ok=True)
        if path.parent.name == "alone":
            path.write_text(TABLE)
        result = run([TREE / "tools" / "generate-syscalls", path, "--out", lab.directory / "out"])
        assert result.returncode == 1 and "cannot be read" in result.stderr, result.stderr
        assert "Traceback" not in result.stderr


@system_test(seconds=20)
def test_prototypes_follow_the_table(lab: Lab) -> None:
    """Programs and handlers get the same parameters; only pointers to the caller's memory differ."""
    out = generated(lab)
    user = one_line(out / "include" / "ternion" / "syscall.h")
    kernel = one_line(out / "kernel" / "syscall_handlers.h")
    expect_in(" */ status_t test_nothing(void);", user)
    expect_in("[[nodiscard]] status_t test_many(uint32_t first, nanoseconds_t time_ns, const void *text, "
              "uint32_t text_size);", user)
    expect_in("[[nodiscard]] status_t test_pointers(const struct message *message, struct reply *reply, "
              "struct event *event_out, void *room_out, uint32_t room_size);", user)
    expect_in("[[nodiscard]] status_t test_results(const void *name, uint32_t name_size, uint32_t *address_out, "
              "elf_reason_t *reason_out);", user)
    expect_in(" */ _Noreturn void test_end(uint32_t code);", user)
    expect_in("status_t sys_test_pointers(const struct message USER *message, struct reply USER *reply, "
              "struct event USER *event_out, void USER *room_out, uint32_t room_size);", kernel)
    expect_in("status_t sys_test_results(const void USER *name, uint32_t name_size, uint32_t *address_out, "
              "elf_reason_t *reason_out);", kernel)
    expect_in("status_t sys_test_end(uint32_t code);", kernel)
    expect_in("Fills all registers, as two lines say.", user)


@system_test(seconds=20)
def test_stubs_load_the_registers(lab: Lab) -> None:
    """A stub hands its arguments over in EBX, EDX, ESI, EDI, EBP, low halves first, and loses none of the caller's."""
    out = generated(lab)
    values = [11, 22, 33, 44, 55]
    for name, number in (("test_many", 3), ("test_pointers", 2)):
        ran = StubRun(stub_lines(out, name), values, {"eax": 7})
        assert [ran.seen[register] for register in ARGUMENTS] == values and ran.seen["eax"] == number
        assert ran.registers["eax"] == 7 and not ran.tail
        ran.check_saved()


@system_test(seconds=20)
def test_stub_without_arguments_is_a_jump(lab: Lab) -> None:
    """A stub of a call without arguments leaves the stack alone and jumps."""
    assert [line.strip() for line in stub_lines(generated(lab), "test_nothing")] == \
        ["mov eax, 0", "jmp [SYSTEM_CALL_ENTRY]"]


@system_test(seconds=20)
def test_stubs_store_results(lab: Lab) -> None:
    """Results reach their pointers with OK alone, or always where the table says so, and NULL is left out."""
    lines = stub_lines(generated(lab), "test_results")
    for status in (0, 5):
        for address, reason in ((0x2000, 0x2004), (0, 0x2004), (0x2000, 0), (0, 0)):
            ran = StubRun(lines, [1, 2, address, reason], {"eax": status, "ebx": 77, "esi": 88})
            stored = {place: value for place, value in ran.memory.items() if place >= 0x2000 or place == 0}
            wanted = ({address: 77} if address and status == 0 else {}) | ({reason: 88} if reason else {})
            assert stored == wanted, f"status {status}, pointers {address:#x} {reason:#x}: {stored}"
            ran.check_saved()
    ran = StubRun(lines, [1, 2, 0, 0x2004], {"eax": 2})
    assert ran.memory[0x2004] == 0, "a call that the kernel refuses gives no chance value as result"


@system_test(seconds=20)
def test_dispatch_follows_classes(lab: Lab) -> None:
    """Each class reaches what is declared for it or a lower one, and numbers without a call reach nothing."""
    source = (generated(lab) / "kernel" / "syscall_dispatch.c").read_text()
    tables = source.split("syscall_tables[CLASS_COUNT]")[1].split("syscall_statuses")[0]
    found = {rank: re.findall(r"\[(\d+)\] = (\w+),", part)
             for rank, part in zip(("driver", "server", "application"), tables.split("[CLASS_")[1:])}
    everything = {"0": "thunk_test_nothing", "1": "syscall_missing", "2": "thunk_test_pointers", "3": "thunk_test_many",
                  "4": "syscall_missing", "5": "thunk_test_results", "6": "thunk_test_end"}
    assert dict(found["driver"]) == everything
    assert dict(found["server"]) == everything | {"2": "syscall_refused"}
    assert dict(found["application"]) == everything | {"2": "syscall_refused", "3": "syscall_refused"}


@system_test(seconds=20)
def test_thunks_unpack_what_stubs_pack(lab: Lab) -> None:
    """A thunk takes the registers that the stub loads, and gives results back under the same conditions."""
    source = one_line(generated(lab) / "kernel" / "syscall_dispatch.c")
    expect_in("sys_test_many(registers->ebx, (nanoseconds_t)registers->esi << 32 | registers->edx, (const void USER *)registers->edi, "
              "registers->ebp)", source)
    expect_in("sys_test_pointers((const struct message USER *)registers->ebx, (struct reply USER *)registers->edx, "
              "(struct event USER *)registers->esi, (void USER *)registers->edi, registers->ebp)", source)
    expect_in("uint32_t address = 0; elf_reason_t reason = 0; status_t status = SYSCALL_ANSWER(5, sys_test_results((const void USER *)"
              "registers->ebx, registers->edx, &address, &reason)); if (status == OK) { registers->ebx = address; } registers->esi = reason; return status;", source)
    expect_in("[SYSCALL_TEST_RESULTS] = 1U << OK | 1U << BAD_ID,", source)


@system_test(seconds=30)
def test_generated_sources_compile(lab: Lab) -> None:
    """What is made of this table and of the system's own compiles without a warning."""
    for table in (TABLE, (ABI / "syscall.def").read_text()):
        out = generated(lab, table)
        own = lab.directory / "own"
        (own / "i386").mkdir(parents=True, exist_ok=True)
        (own / "i386" / "registers.h").write_text("#pragma once\n#include <stdint.h>\n"
                                              "struct registers { uint32_t ebx, edx, esi, edi, ebp; };\n")
        (own / "syscall.h").write_text("#pragma once\n#include <abi/status.h>\nstruct registers;\n"
                                       "typedef status_t syscall_function_t(struct registers *registers);\n"
                                       "extern syscall_function_t syscall_missing, syscall_refused;\n"
                                       "#define SYSCALL_ANSWER(number, status) (status)\n")
        compile_c(lab, out / "kernel" / "syscall_dispatch.c", *KERNEL_FLAGS, f"-I{own}")
        compile_c(lab, out / "libos" / "syscall_table.c", f"-I{out / 'include'}")
        alone = lab.directory / "alone.c"
        for header in sorted((out / "include").rglob("*.h")):
            alone.write_text(f'#include "{header}"\n')
            compile_c(lab, alone, f"-I{out / 'include'}")
        alone.write_text(f'#include "{out / "kernel" / "syscall_handlers.h"}"\n')
        compile_c(lab, alone, *KERNEL_FLAGS)
        result = run(["nasm", "-f", "elf32", "-Werror", out / "libos" / "syscall_stubs.asm", "-o",
                      lab.directory / "stubs.o"])
        assert result.returncode == 0, result.stderr


@system_test(seconds=20)
def test_reference_has_every_call(lab: Lab) -> None:
    """The manual has a section, a link, the class and every status of each call of the system."""
    text = (ABI / "syscall.def").read_text()
    out = generated(lab, text)
    manual = (out.parent / "docs" / "syscalls.md").read_text()
    calls = re.findall(r"^call (\d+) (\w+) (\w+)$(.*?)^ +status ([\w ]+)$", text, re.MULTILINE | re.DOTALL)
    assert len(calls) == text.count("\ncall ") > 0
    for number, name, lowest_class, body, statuses in calls:
        expect_in(f"[{name}](#{name})", manual)
        section = manual.split(f"### {name}\n")[1].split("\n###")[0]
        expect_in(f"Number {number}. Lowest class: {lowest_class}.", section)
        listed = re.findall(r"^- `([A-Z_]+)`: ", section.split("\n## ")[0], re.MULTILINE)
        assert listed == ([] if "noreturn" in body and statuses == "OK" else statuses.split()), f"{name}: {listed}"

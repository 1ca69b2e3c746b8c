"""Reads syscall.def and status.h, and says what is wrong with them."""

import re
from pathlib import Path

from .table import (ARGUMENT_KINDS, ARGUMENT_REGISTERS, C_KEYWORDS, CLASSES, KEYWORDS, NAME, NUMBER_MAX,
                    RESULT_REGISTERS, SCALARS, STATUS_BITS, STRUCTURES, Call, Parameter, Status, Table, TableError)

TYPES_PLACE = "SCALARS and STRUCTURES in tools/syscall_generator/table.py"


class Reader:
    """Takes line after line; finish() gives the calls, or raises all mistakes."""

    def __init__(self, path: str, statuses: dict[str, Status]) -> None:
        self.path = path
        self.statuses = statuses
        self.calls: list[Call] = []
        self.errors: list[str] = []
        self.call: Call | None = None
        self.status_seen = False  # in the current call

    def error(self, line: int, what: str, advice: str) -> None:
        self.errors.append(f"{self.path}:{line}: {what}; {advice}")

    def read_line(self, line: int, text: str) -> None:
        words = text.split()
        if not words or words[0].startswith("#"):
            return
        if not text[0].isspace():
            self.read_call(line, words)
        elif self.call is None:
            self.error(line, f"\"{words[0]}\" stands before any call",
                       "begin with a line: call NUMBER NAME LOWEST-CLASS")
        elif words[0] in KEYWORDS:
            self.read_declaration(line, words[0], text)
        elif self.call.parameters or self.call.statuses or self.call.blocks or self.call.noreturn or self.call.registers:
            self.error(line, f"unknown keyword \"{words[0]}\" in {self.call.name}",
                       f"use one of {', '.join(KEYWORDS)}; doc comment stands in front of them")
        elif "*/" in text:
            self.error(line, "a doc comment holds \"*/\", which ends a comment in C", "write it otherwise")
        else:
            self.call.text.append(" ".join(words))

    def read_call(self, line: int, words: list[str]) -> None:
        self.end_call()
        self.status_seen = False
        if words[0] != "call" or len(words) != 4:
            self.error(line, f"\"{' '.join(words)}\" is not the head of a call",
                       "write: call NUMBER NAME LOWEST-CLASS; what belongs to a call is indented")
            self.call = Call(-1, "?", "application", line)  # what follows is read, for its own mistakes
            return
        number = int(words[1]) if re.fullmatch(r"[0-9]+", words[1]) else -1
        if not 0 <= number <= NUMBER_MAX:
            self.error(line, f"\"{words[1]}\" is no number of a system call", f"take one from 0 to {NUMBER_MAX}")
        if not is_name(words[2]):
            self.error(line, f"\"{words[2]}\" is no name of a system call", "use noun_verb in small letters")
        if words[3] not in CLASSES:
            self.error(line, f"unknown class \"{words[3]}\"", f"use one of {', '.join(CLASSES)}")
        for other in self.calls:
            if other.number == number:
                self.error(line, f"number {number} of {words[2]} is taken by {other.name} (line {other.line})",
                           "take a number that was never used")
            if other.name == words[2]:
                self.error(line, f"a call named {words[2]} is already there (line {other.line})",
                           "give each call a name of its own")
        self.call = Call(number, words[2], words[3], line)

    def read_declaration(self, line: int, keyword: str, text: str) -> None:
        head, dashes, comment = text.partition(" -- ")
        words = head.split()[1:]
        if keyword in ARGUMENT_KINDS:
            self.read_parameter(line, keyword, words, comment.strip() if dashes else "")
        elif keyword == "status":
            self.read_status(line, text.split()[1:])
        elif words or dashes:
            self.error(line, f"\"{keyword}\" takes nothing behind it", "write the word alone")
        elif getattr(self.call, keyword):
            self.error(line, f"\"{keyword}\" stands twice in {self.call.name}", "remove one")
        else:
            setattr(self.call, keyword, True)

    def read_parameter(self, line: int, kind: str, words: list[str], comment: str) -> None:
        call = self.call
        pattern = "NAME" if kind in ("bytes", "buffer") else "TYPE NAME"
        if len(words) != len(pattern.split()) or not comment:
            self.error(line, f"this \"{kind}\" line of {call.name} does not have its form",
                       f"write: {kind} {pattern} -- what it is, with its unit "
                       f"(a line of doc comment cannot begin with the word \"{kind}\")")
            return
        if "*/" in comment:
            self.error(line, "a comment holds \"*/\", which ends a comment in C", "write it otherwise")
        name = words[-1]
        if not is_name(name):
            self.error(line, f"\"{name}\" is no name of an argument", "use small letters, digits and _, no word of C")
        parameter = Parameter(kind, self.type_of(line, kind, words), name, comment, line)
        taken = [c_name for each in call.parameters for c_name in each.c_names]
        for c_name in parameter.c_names:
            if c_name in taken:
                self.error(line, f"{call.name} has two arguments that become {c_name} in C", "rename one of them")
        call.parameters.append(parameter)

    def type_of(self, line: int, kind: str, words: list[str]) -> str:
        if kind in ("bytes", "buffer"):
            return "void"
        if kind in ("in", "result"):
            if words[0] not in SCALARS:
                self.error(line, f"unknown type \"{words[0]}\" of {words[1]}",
                           f"use one of {', '.join(SCALARS)}, or add it to {TYPES_PLACE}")
            elif kind == "result" and SCALARS[words[0]] != 32:
                self.error(line, f"result {words[1]} does not fit in a register", "use fill for what is wider")
            return words[0]
        if words[0] not in STRUCTURES:
            self.error(line, f"unknown type \"struct {words[0]}\" of {words[1]}",
                       f"use one of {', '.join(STRUCTURES)}, or add it to {TYPES_PLACE}")
        return f"struct {words[0]}"

    def read_status(self, line: int, names: list[str]) -> None:
        call = self.call
        if self.status_seen:
            self.error(line, f"\"status\" stands twice in {call.name}", "put all statuses on one line")
        self.status_seen = True
        if not names:
            self.error(line, f"the status line of {call.name} is empty", "name all that the call can answer")
        for name in names:
            if name not in self.statuses:
                self.error(line, f"unknown status \"{name}\"", "use one of STATUS_LIST in status.h, or add it there")
            elif self.statuses[name] in call.statuses:
                self.error(line, f"status {name} stands twice in {call.name}", "remove one")
            else:
                call.statuses.append(self.statuses[name])

    def end_call(self) -> None:
        """Checks what can only be seen when a call is whole."""
        call = self.call
        self.call = None
        if call is None:
            return
        self.calls.append(call)
        if not call.text:
            self.error(call.line, f"{call.name} has no doc comment", "say in a sentence what it does")
        if not self.status_seen:
            self.error(call.line, f"{call.name} has no status line", "name all that the call can answer")
        if call.noreturn and call.results:
            self.error(call.line, f"{call.name} does not come back, but has results", "remove one of the two")
        self.assign_registers(call)

    def assign_registers(self, call: Call) -> None:
        needed = 0
        for each in call.arguments:
            width = 2 if each.is_wide or each.kind in ("bytes", "buffer") else 1
            each.registers = ARGUMENT_REGISTERS[needed:needed + width]
            needed += width
        if needed > len(ARGUMENT_REGISTERS):
            self.error(call.line, f"the arguments of {call.name} need {needed} registers, there are "
                       f"{len(ARGUMENT_REGISTERS)}", "put some of them into a structure")
        if len(call.results) > len(RESULT_REGISTERS):
            self.error(call.line, f"{call.name} has {len(call.results)} results, there are registers for "
                       f"{len(RESULT_REGISTERS)}", "use fill for a structure of them")
        used = [register for each in call.arguments for register in each.registers]
        for each, register in zip(call.results, RESULT_REGISTERS):
            each.registers = [register]
            if each.stored_always and register in used and call.lowest_class != CLASSES[-1]:
                self.error(each.line, f"result {each.name} is stored for every status, but {register.upper()}, in "
                           "which it comes back, holds an argument when the kernel refuses the call",
                           "make it the second result of a call with fewer arguments")

    def finish(self) -> list[Call]:
        self.end_call()
        if not self.calls and not self.errors:
            self.error(1, "there is no call in this table", "declare one: call NUMBER NAME LOWEST-CLASS")
        if self.errors:
            raise TableError("\n".join(self.errors))
        return self.calls


def is_name(text: str) -> bool:
    return bool(NAME.fullmatch(text)) and text not in C_KEYWORDS


def read_statuses(path: Path) -> dict[str, Status]:
    """STATUS_LIST of status.h."""
    text = read_text(path, "it must lie beside syscall.def")
    found: dict[str, Status] = {}
    for match in re.finditer(r'\bSTATUS\((\w+),\s*(\d+),\s*"((?:[^"\\]|\\.)*)"\)', text):
        status = Status(match[1], int(match[2]), match[3])
        where = f"{path}:{text.count(chr(10), 0, match.start()) + 1}"
        if status.name in found or status.number in (each.number for each in found.values()):
            raise TableError(f"{where}: status {status.name}, {status.number} is there twice; give it a free number")
        if status.number >= STATUS_BITS:
            raise TableError(f"{where}: status {status.name} has number {status.number}, but a set of statuses holds "
                             f"0 to {STATUS_BITS - 1}; take a lower number, or widen syscall_statuses")
        found[status.name] = status
    if "OK" not in found or found["OK"].number != 0:
        raise TableError(f"{path}:1: no STATUS(OK, 0, \"…\") in STATUS_LIST; the stubs test for success with zero")
    return found


def read_text(path: Path, advice: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise TableError(f"{path}: cannot be read: {error.strerror}; {advice}") from None
    except UnicodeDecodeError as error:
        raise TableError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from None


def read_table(path: Path) -> Table:
    """The whole table, checked; every mistake in it at once as a TableError."""
    text = read_text(path, "name the table of system calls")
    statuses = read_statuses(path.with_name("status.h"))
    reader = Reader(str(path), statuses)
    for number, line in enumerate(text.splitlines(), start=1):
        reader.read_line(number, line)
    calls = reader.finish()
    return Table(sorted(calls, key=lambda call: call.number),
                 sorted(statuses.values(), key=lambda status: status.number))

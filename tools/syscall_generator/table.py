"""What syscall.def says, as data: the format is explained at the head of that file."""

import re
from dataclasses import dataclass, field

CLASSES = ["driver", "server", "application"]  # strongest first, as enum process_class

# Widths in bits; the generated kernel file asserts them against the headers.
SCALARS = {
    "uint32_t": 32,
    "process_id_t": 32,
    "thread_id_t": 32,
    "message_id_t": 32,
    "timer_id_t": 32,
    "pipe_id_t": 32,
    "shared_id_t": 32,
    "device_id_t": 32,
    "irq_line_t": 32,
    "module_index_t": 32,
    "physical_t": 32,
    "process_class_t": 32,
    "log_level_t": 32,
    "power_action_t": 32,
    "elf_reason_t": 32,
    "nanoseconds_t": 64,
    "object_key_t": 64,
}
STRUCTURES = [
    "debug_thread",
    "device_information",
    "device_name",
    "event",
    "message",
    "module_information",
    "pipe_handle",
    "process_information",
    "reply",
    "shared_handle",
    "spawn",
    "system_statistics",
]

ARGUMENT_REGISTERS = ["ebx", "edx", "esi", "edi", "ebp"]
RESULT_REGISTERS = ["ebx", "esi"]
NUMBER_MAX = 127
STATUS_BITS = 32  # a set of statuses is a word

STORED_ALWAYS = "stored for every status"
ARGUMENT_KINDS = ["in", "struct", "fill", "update", "bytes", "buffer", "result"]
KEYWORDS = ARGUMENT_KINDS + ["blocks", "noreturn", "registers", "status"]
NAME = re.compile(r"[a-z][a-z0-9_]*")
C_KEYWORDS = set("auto bool break case char const continue default do double else enum extern float for goto if "
                 "inline int long register restrict return short signed sizeof static struct switch typedef "
                 "union unsigned void volatile while".split())


class TableError(Exception):
    """All that is wrong with a table, one line each: file:line: what; what to do."""


@dataclass
class Status:
    name: str
    number: int
    meaning: str


@dataclass
class Parameter:
    kind: str
    type: str  # as C names it, without const and pointer; "void" for bytes and buffer
    name: str
    text: str
    line: int
    registers: list[str] = field(default_factory=list)

    @property
    def is_wide(self) -> bool:
        return SCALARS.get(self.type) == 64

    @property
    def stored_always(self) -> bool:
        return self.kind == "result" and self.text.endswith(STORED_ALWAYS)

    @property
    def c_names(self) -> list[str]:
        """The names of the C parameters that it becomes."""
        names = [f"{self.name}_out" if self.kind in ("fill", "buffer", "result") else self.name]
        return names + [f"{self.name}_size"] if self.kind in ("bytes", "buffer") else names

    def c_types(self, user: str = "") -> list[str]:
        """The types of the C parameters; user is the address space of pointers to the caller's memory."""
        space = f"{user} " if user else ""
        return {
            "in": [f"{self.type} "],
            "struct": [f"const {self.type} {space}*"],
            "fill": [f"{self.type} {space}*"],
            "update": [f"{self.type} {space}*"],
            "bytes": [f"const void {space}*", "uint32_t "],
            "buffer": [f"void {space}*", "uint32_t "],
            "result": [f"{self.type} *"],
        }[self.kind]

    def c_declarations(self, user: str = "") -> list[str]:
        return [type_text + name for type_text, name in zip(self.c_types(user), self.c_names)]


@dataclass
class Call:
    number: int
    name: str
    lowest_class: str
    line: int
    text: list[str] = field(default_factory=list)
    parameters: list[Parameter] = field(default_factory=list)
    blocks: bool = False
    noreturn: bool = False
    registers: bool = False  # arguments and results go as the text says: stub and handler are written by hand
    statuses: list[Status] = field(default_factory=list)

    @property
    def arguments(self) -> list[Parameter]:
        return [each for each in self.parameters if each.kind != "result"]

    @property
    def results(self) -> list[Parameter]:
        return [each for each in self.parameters if each.kind == "result"]

    @property
    def group(self) -> str:
        return self.name.split("_")[0]

    @property
    def only_ok(self) -> bool:
        return [each.name for each in self.statuses] == ["OK"]

    @property
    def never_returns(self) -> bool:
        """It does not even come back with an error."""
        return self.noreturn and self.only_ok

    def c_prototype(self, name: str, returns: str, user: str = "") -> str:
        """A C prototype without the semicolon, broken between parameters where it gets long."""
        declarations = [text for each in self.parameters for text in each.c_declarations(user)] or ["void"]
        lines = [f"{returns} {name}("]
        for index, declaration in enumerate(declarations):
            piece = declaration + (")" if index == len(declarations) - 1 else ",")
            if index > 0 and len(lines[-1]) + 1 + len(piece) > 100:
                lines.append("    " + piece)
            else:
                lines[-1] += (" " if index > 0 else "") + piece
        return "\n".join(lines)


@dataclass
class Table:
    calls: list[Call]
    statuses: list[Status]

    @property
    def count(self) -> int:
        return max(call.number for call in self.calls) + 1

    @property
    def by_number(self) -> dict[int, Call]:
        return {call.number: call for call in self.calls}

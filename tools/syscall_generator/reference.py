"""The reference of the system calls, in Markdown without tables: every converter takes it."""

import re

from .table import Call, Parameter, Table
from .text import ORIGIN, direction, meanings, sleep_sentence
from .user import prototype

# Words that Markdown would take apart, or that are C: names with _ or (), classes' prefixes, constants.
CODE = re.compile(r"\b[dsa]\\\w+|\b\w*_\w+(?:\.\w+)*\b|\b[A-Z]{2,}[A-Z0-9]*\b")
PLAIN_CAPITALS = {"ELF", "ID", "IDs", "RAM", "ROM", "NUL", "EAX"}


def marked(text: str) -> str:
    return CODE.sub(lambda found: found[0] if found[0] in PLAIN_CAPITALS else f"`{found[0]}`", text)


def manual(table: Table) -> str:
    groups: dict[str, list[Call]] = {}
    for call in table.calls:
        groups.setdefault(call.group, []).append(call)
    parts = [f"""# System calls

({ORIGIN})

A program calls them as the C functions of `<ternion/syscall.h>`. Underneath, `EAX` holds the number; arguments go
in `EBX`, `EDX`, `ESI`, `EDI`, `EBP`, in this order, a 64-bit value low half first; then the program calls the
address that stands in `system_call_entry` of the system page. `EAX` comes back with the status, `EBX` and `ESI`
with results; `ECX` and `EDX` are lost.

Beside its own statuses a call answers `NOT_ALLOWED` to a class that may not use it; a number that no call has is
answered `BAD_SYSTEM_CALL`.

## Contents
"""]
    parts += [f"- {group}: " + ", ".join(f"[{call.name}](#{call.name})" for call in calls)
              for group, calls in groups.items()]
    parts.append("- [all statuses](#all-statuses)\n")
    for group, calls in groups.items():
        parts.append(f"## {group}\n")
        parts += [section(call) for call in calls]
    parts += ["## All statuses\n"]
    parts += [f"- `{status.name}` ({status.number}): {marked(status.meaning)}" for status in table.statuses]
    return "\n".join(parts) + "\n"


def section(call: Call) -> str:
    signature = "\n".join("    " + line for line in (prototype(call) + ";").split("\n"))
    lines = [f"### {call.name}\n", signature, "", marked(" ".join(call.text)), "",
             f"Number {call.number}. Lowest class: {call.lowest_class}. {sleep_sentence(call)}".rstrip(), ""]
    if call.arguments:
        lines += ["Arguments:", ""] + [line for each in call.arguments for line in items(each)] + [""]
    if call.results:
        lines += ["Results:", ""] + [line for each in call.results for line in items(each)] + [""]
    if not call.never_returns:
        lines += ["Statuses:", ""]
        lines += [f"- `{status.name}`: {marked(status.meaning)}" for status in call.statuses] + [""]
    return "\n".join(lines)


def items(parameter: Parameter) -> list[str]:
    rows = meanings(parameter)
    registers = [register.upper() for register in parameter.registers]
    if len(rows) == 1:
        registers = [", ".join(registers)]
    return [f"- `{name}` ({direction(parameter)}, {register}): {marked(text)}"
            for (name, text), register in zip(rows, registers)]

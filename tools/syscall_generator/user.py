"""What a program gets: prototypes with their documentation, and the stubs behind them."""

from .table import Call, Table
from .text import ORIGIN, abi_includes, class_sentence, direction, heading, meanings, sleep_sentence, wrapped

# SYSTEM_PAGE and the offset of system_call_entry; asserted against abi/system.h in syscall_table.c.
SYSTEM_CALL_ENTRY = 0x001FE008
CALLEE_SAVED = ["ebx", "esi", "edi", "ebp"]


PROTOTYPE_RULES = """
Any thread may call them. Beside its own statuses a call answers NOT_ALLOWED to
a class that may not use it, and BAD_SYSTEM_CALL from a kernel that lacks it.
"""


def prototype(call: Call) -> str:
    if call.never_returns:
        return call.c_prototype(call.name, "_Noreturn void")
    return call.c_prototype(call.name, "status_t" if call.only_ok else "[[nodiscard]] status_t")


def prototypes_header(table: Table) -> str:
    return f"""{heading("The system calls.", PROTOTYPE_RULES)}\
#pragma once

{abi_includes()}
""" + "\n".join(doc_comment(call) + prototype(call) + ";\n" for call in table.calls if not call.registers)


def doc_comment(call: Call) -> str:
    lines = ["/*", *wrapped(" ".join(call.text), " * ", " * ")]
    rows = [(name, direction(each), text) for each in call.parameters for name, text in meanings(each)]
    if rows:
        lines.append(" *")
        names, directions = (max(len(row[column]) for row in rows) for column in (0, 1))
        for name, way, text in rows:
            first = f" *     {name:{names}}  {way:{directions}}  "
            lines += wrapped(text, first, " *" + " " * (len(first) - 2))
    lines += [" *", f" * {class_sentence(call)} {sleep_sentence(call)}".rstrip()]
    if not call.never_returns:
        width = max(len(status.name) for status in call.statuses)
        for status in call.statuses:
            first = f" *     {status.name:{width}}  "
            lines += wrapped(status.meaning, first, " *" + " " * (len(first) - 2))
    return "\n".join(lines + [" */", ""])


def stubs_assembly(table: Table) -> str:
    return f"""; The stubs of the system calls ({ORIGIN})
;
; C calls them by the cdecl convention. They load EAX with the number, and EBX, EDX, ESI, EDI, EBP with the
; arguments, a 64-bit value low half first; the kernel's entry, whose address stands in the system page,
; gives back EAX = status and results in EBX and ESI. It loses ECX and EDX.

SYSTEM_CALL_ENTRY equ 0x{SYSTEM_CALL_ENTRY:08X} ; SYSTEM_PAGE + offsetof(struct system_page, system_call_entry)

section .note.GNU-stack noalloc noexec nowrite progbits

""" + "\n".join(stub(call) for call in table.calls if not call.registers)


def stub(call: Call) -> str:
    name = call.name
    lines = [f"; {line}" for line in (prototype(call) + ";").split("\n")]
    lines += [f"section .text.{name} progbits alloc exec nowrite align=16",
              f"global {name}:function ({name}.end - {name})",
              f"{name}:"]
    if not call.parameters:
        body = [f"mov eax, {call.number}", "jmp [SYSTEM_CALL_ENTRY]"]
    elif call.never_returns:
        body = [*argument_loads(call, 4), f"mov eax, {call.number}", "jmp [SYSTEM_CALL_ENTRY]"]
    else:
        body = returning_body(call)
    lines += [line if line.endswith(":") else f"    {line}" for line in body]
    return "\n".join(lines + [".end:", ""])


def argument_loads(call: Call, offset: int) -> list[str]:
    """Loads the registers from the caller's frame, whose first argument lies at ESP + offset."""
    loads = []
    for each in call.parameters:
        names = each.c_names
        if each.is_wide:
            names = [f"{each.name}, low half", f"{each.name}, high half"]
        if each.kind == "result":
            names = []
            offset += 4
        for register, name in zip(each.registers, names):
            loads.append(f"mov {register}, [esp + {offset}] ; {name}")
            offset += 4
    return loads


def returning_body(call: Call) -> list[str]:
    used = {register for each in call.parameters for register in each.registers}
    holds_argument = {register for each in call.arguments for register in each.registers}
    saved = [register for register in CALLEE_SAVED if register in used]
    first = 4 + 4 * len(saved)
    body = [f"push {register}" for register in saved]
    body += argument_loads(call, first)
    body += [f"xor {each.registers[0]}, {each.registers[0]} ; {each.name}, should the kernel refuse the call"
             for each in call.results if each.stored_always and each.registers[0] not in holds_argument]
    body += [f"mov eax, {call.number}", "call [SYSTEM_CALL_ENTRY]"]
    body += result_stores(call, first)
    return body + [f"pop {register}" for register in reversed(saved)] + ["ret"]


def result_stores(call: Call, offset: int) -> list[str]:
    """Stores the results through the pointers that are not NULL."""
    places = {}
    for each in call.parameters:
        places[each.name] = offset
        offset += 8 if each.is_wide or len(each.c_names) == 2 else 4

    def store(name: str, register: str) -> list[str]:
        return [f"mov ecx, [esp + {places[name]}] ; {name}_out", f"jecxz .no_{name}",
                f"mov [ecx], {register}", f".no_{name}:"]

    body = [line for each in call.results if each.stored_always for line in store(each.name, each.registers[0])]
    with_ok = [each for each in call.results if not each.stored_always]
    if with_ok:
        body += ["test eax, eax", "jnz .failed"]
        body += [line for each in with_ok for line in store(each.name, each.registers[0])]
        body.append(".failed:")
    return body

"""What the kernel gets: numbers, prototypes of the handlers, and the way from a trap to them."""

from .table import CLASSES, SCALARS, Call, Parameter, Table
from .text import abi_includes, heading


HANDLER_RULES = """
Each runs on behalf of the current thread. Arguments come as the caller gave
them: nothing is checked yet but the caller's class. USER pointers lead to its
memory; plain pointers are where results go, never NULL and zero at first.
"""


def numbers_header(table: Table) -> str:
    width = max(len(call.name) for call in table.calls)
    lines = [f"#define SYSCALL_{call.name.upper():{width}} {call.number}U" for call in table.calls]
    return (heading("The numbers of the system calls.") + "#pragma once\n\n" + "\n".join(lines) +
            f"\n\n#define SYSCALL_COUNT {table.count}U /* the highest number and one; not all below it are taken */\n")


def handlers_header(table: Table) -> str:
    prototypes = [call.c_prototype(f"sys_{call.name}", "status_t", "USER") + ";\n" for call in table.calls]
    return f"""{heading("The handlers of the system calls, which the kernel defines.", HANDLER_RULES)}\
#pragma once

{abi_includes()}#include "../include/abi/syscall_numbers.h"

""" + "\n".join(prototypes)


def dispatch_source(table: Table) -> str:
    parts = [
        heading("From the registers of a caller to the handlers of the system calls."),
        "#include \"syscall.h\"\n#include \"syscall_handlers.h\"\n#include \"i386/registers.h\"\n\n" + abi_includes(),
        scalar_assertions(table),
        *(thunk(call) for call in table.calls),
        class_tables(table),
        status_table(table),
    ]
    return "\n".join(parts)


def scalar_assertions(table: Table) -> str:
    used = sorted({each.type for call in table.calls for each in call.parameters if each.type in SCALARS})
    lines = ["/* What the generator believes of the types that travel in registers. */"]
    lines += [f'_Static_assert(sizeof({name}) == {SCALARS[name] // 8}, "{name} has {SCALARS[name]} bits");'
              for name in used]
    lines.append('_Static_assert(STATUS_COUNT <= 32, "a set of statuses is one word");')
    return "\n".join(lines) + "\n"


def argument_values(parameter: Parameter) -> list[str]:
    """The C expressions that hand one argument on."""
    registers = [f"registers->{register}" for register in parameter.registers]
    if parameter.kind == "result":
        return [f"&{parameter.name}"]
    if parameter.is_wide:
        return [f"({parameter.type}){registers[1]} << 32 | {registers[0]}"]
    if parameter.kind == "in":
        return registers
    pointer = parameter.c_types("USER")[0]
    return [f"({pointer}){registers[0]}"] + registers[1:]


def thunk(call: Call) -> str:
    values = [value for each in call.parameters for value in argument_values(each)]
    invocation = f"SYSCALL_ANSWER({call.number}, sys_{call.name}({', '.join(values)}))"
    lines = [f"static status_t thunk_{call.name}(struct registers *registers)", "{"]
    if not call.results:
        if not call.parameters:
            lines.append("    (void)registers;")
        lines.append(f"    return {invocation};")
    else:
        lines += [f"    {each.type} {each.name} = 0;" for each in call.results]
        lines += [f"    status_t status = {invocation};", ""]
        with_ok = [each for each in call.results if not each.stored_always]
        if with_ok:
            lines.append("    if (status == OK) {")
            lines += [f"        registers->{each.registers[0]} = {each.name};" for each in with_ok]
            lines.append("    }")
        lines += [f"    registers->{each.registers[0]} = {each.name};" for each in call.results if each.stored_always]
        lines.append("    return status;")
    return "\n".join(lines + ["}", ""])


def class_tables(table: Table) -> str:
    lines = ["/* What each class may call: a class may call what a lower one may. */",
             "syscall_function_t *const syscall_tables[CLASS_COUNT][SYSCALL_COUNT] = {"]
    for rank, class_name in enumerate(CLASSES):
        lines.append(f"    [CLASS_{class_name.upper()}] = {{")
        for number in range(table.count):
            call = table.by_number.get(number)
            if call is None:
                function = "syscall_missing"
            elif rank <= CLASSES.index(call.lowest_class):
                function = f"thunk_{call.name}"
            else:
                function = "syscall_refused"
            lines.append(f"        [{number}] = {function},")
        lines.append("    },")
    return "\n".join(lines + ["};", ""])


def status_set(call: Call) -> str:
    return " | ".join(f"1U << {status.name}" for status in call.statuses)


def status_table(table: Table) -> str:
    lines = ["/* The statuses that each declares, as bits; what dispatch itself answers is not among them. */",
             "const uint32_t syscall_statuses[SYSCALL_COUNT] = {"]
    lines += [f"    [SYSCALL_{call.name.upper()}] = {status_set(call)}," for call in table.calls]
    return "\n".join(lines + ["};", ""])

"""The table of system calls as data in a program: for tracers and fuzzers."""

from .kernel import status_set
from .table import Call, Parameter, Table
from .text import abi_includes, heading
from .user import SYSTEM_CALL_ENTRY


DECODER_RULES = """
Anyone may read the table; it is constant. Arguments take the registers EBX,
EDX, ESI, EDI, EBP in their order, results EBX and ESI.
"""


def table_header(table: Table) -> str:
    return f"""{heading("The system calls as data: to print them, or to make them up.", DECODER_RULES)}\
#pragma once

#include <abi/status.h>
#include <abi/syscall_numbers.h>
#include <abi/types.h>

enum syscall_value_kind {{
    SYSCALL_IN,     /* a value */
    SYSCALL_STRUCT, /* pointer to a structure that the kernel reads */
    SYSCALL_FILL,   /* pointer to a structure that the kernel writes */
    SYSCALL_UPDATE, /* pointer to a structure that the kernel reads and writes */
    SYSCALL_BYTES,  /* pointer to memory that the kernel reads, and its size */
    SYSCALL_BUFFER, /* pointer to memory that the kernel writes, and its size */
    SYSCALL_RESULT, /* a value that comes back */
    SYSCALL_KIND_COUNT,
}};

/* An argument or a result. */
struct syscall_value {{
    const char *name;
    const char *type;      /* as in C, without pointer or const; "void" for bytes and buffers */
    uint32_t size;         /* bytes of that type; 0 for bytes and buffers */
    uint8_t kind;          /* enum syscall_value_kind */
    uint8_t registers;     /* how many it takes: 1, or 2: low and high half, or address and size */
    uint8_t stored_always; /* a result that comes back with every status, not only with OK */
}};

struct syscall_description {{
    const char *name;     /* NULL: no call has this number */
    process_class_t lowest_class;
    uint32_t statuses;    /* bit 1U << STATUS for each that it declares */
    uint8_t blocks;       /* the caller may sleep in it */
    uint8_t noreturn;     /* if it succeeds it does not come back */
    uint8_t in_registers; /* arguments and results are what its text says: none stand here */
    uint8_t argument_count;
    uint8_t result_count;
    const struct syscall_value *arguments;
    const struct syscall_value *results;
}};

/* By number. */
extern const struct syscall_description syscall_table[SYSCALL_COUNT];

/* The name of a status as in C, or "UNKNOWN_STATUS". Never blocks. */
const char *status_name(status_t status);

/* What a status means to a person. Never blocks. */
const char *status_meaning(status_t status);
"""


def table_source(table: Table) -> str:
    return f"""{heading("The system calls as data, and the names of the statuses.")}\
#include <ternion/syscall_table.h>

{abi_includes()}
_Static_assert(SYSTEM_PAGE + offsetof(struct system_page, system_call_entry) == 0x{SYSTEM_CALL_ENTRY:08X}U,
               "the stubs jump through this address");

const struct syscall_description syscall_table[SYSCALL_COUNT] = {{
{"".join(description(call) for call in table.calls)}}};

static const struct {{
    const char *name;
    const char *meaning;
}} statuses[STATUS_COUNT] = {{
#define STATUS_TEXT(status, number, meaning) [number] = {{ #status, meaning }},
    STATUS_LIST(STATUS_TEXT)
#undef STATUS_TEXT
}};

const char *status_name(status_t status)
{{
    uint32_t number = (uint32_t)status;

    return number < STATUS_COUNT && statuses[number].name != NULL ? statuses[number].name : "UNKNOWN_STATUS";
}}

const char *status_meaning(status_t status)
{{
    uint32_t number = (uint32_t)status;

    return number < STATUS_COUNT && statuses[number].meaning != NULL ? statuses[number].meaning
                                                                     : "a status that this program does not know";
}}
"""


def description(call: Call) -> str:
    lines = [f"    [SYSCALL_{call.name.upper()}] = {{",
             f'        .name = "{call.name}",',
             f"        .lowest_class = CLASS_{call.lowest_class.upper()},",
             f"        .statuses = {status_set(call)},"]
    lines += ["        .blocks = 1,"] if call.blocks else []
    lines += ["        .noreturn = 1,"] if call.noreturn else []
    lines += ["        .in_registers = 1,"] if call.registers else []
    lines += values("argument", call.arguments) + values("result", call.results)
    return "\n".join(lines + ["    },", ""])


def values(noun: str, parameters: list[Parameter]) -> list[str]:
    if not parameters:
        return []
    return [f"        .{noun}_count = {len(parameters)},",
            f"        .{noun}s = (const struct syscall_value[]){{",
            *(f"            {value(each)}," for each in parameters),
            "        },"]


def value(parameter: Parameter) -> str:
    size = "0" if parameter.type == "void" else f"sizeof({parameter.type})"
    return (f'{{ "{parameter.name}", "{parameter.type}", {size}, SYSCALL_{parameter.kind.upper()}, '
            f"{len(parameter.registers)}, {int(parameter.stored_always)} }}")

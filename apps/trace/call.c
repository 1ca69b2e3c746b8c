#include "call.h"

#include <ternion/syscall_table.h>

static const char *const argument_registers[TRACE_VALUES] = { "ebx", "edx", "esi", "edi", "ebp" };
static const struct syscall_description unknown_call = { .in_registers = 1 };

static const struct syscall_description *description_of(uint32_t number)
{
    return number < SYSCALL_COUNT && syscall_table[number].name != NULL ? &syscall_table[number] : &unknown_call;
}

static bool is_declared(const struct syscall_description *call, uint32_t status)
{
    return status < STATUS_COUNT && (call->statuses & 1U << status) != 0;
}

/* A call that says in words what its registers hold: if the first is a process, it may mean it. */
static void add_registers(struct line *line, const uint32_t registers[TRACE_VALUES], process_name_t *process_name)
{
    const char *name = registers[0] == 0 ? NULL : process_name(registers[0]);

    for (uint32_t i = 0; i < TRACE_VALUES; i++) {
        line_add(line, "%s%s=0x%x", i == 0 ? "" : ", ", argument_registers[i], registers[i]);
        if (i == 0 && name != NULL) {
            line_add(line, "<%s>", name);
        }
    }
}

static void add_argument(struct line *line, const struct syscall_value *argument, uint32_t first, uint32_t second,
                         process_name_t *process_name)
{
    line_add(line, "%s=", argument->name);
    switch (argument->kind) {
    case SYSCALL_IN:
        value_add(line, argument->type, argument->name, argument->registers == 2 ? (uint64_t)second << 32 | first : first,
                  process_name);
        break;
    case SYSCALL_BYTES:
    case SYSCALL_BUFFER:
        value_add_pointer(line, first);
        line_add(line, ", %s_size=%u", argument->name, second);
        break;
    default:
        value_add_pointer(line, first);
    }
}

void call_add_name(struct line *line, uint32_t number)
{
    const struct syscall_description *call = description_of(number);

    if (call->name != NULL) {
        line_add(line, "%s", call->name);
    } else {
        line_add(line, "system_call_%u", number);
    }
}

void call_add_begin(struct line *line, uint32_t number, const uint32_t registers[TRACE_VALUES], process_name_t *process_name)
{
    const struct syscall_description *call = description_of(number);
    uint32_t used = 0;

    call_add_name(line, number);
    line_add(line, "(");
    if (call->in_registers) {
        add_registers(line, registers, process_name);
    }
    for (uint32_t i = 0; i < call->argument_count && used + call->arguments[i].registers <= TRACE_VALUES; i++) {
        const struct syscall_value *argument = &call->arguments[i];

        line_add(line, "%s", i == 0 ? "" : ", ");
        add_argument(line, argument, registers[used], argument->registers == 2 ? registers[used + 1] : 0, process_name);
        used += argument->registers;
    }
}

void call_add_results(struct line *line, uint32_t number, const uint32_t registers[TRACE_VALUES], process_name_t *process_name)
{
    const struct syscall_description *call = description_of(number);
    uint32_t status = registers[0];

    if (is_declared(call, status) || (!call->in_registers && status < STATUS_COUNT)) {
        line_add(line, "%s", status_name((status_t)status));
    } else {
        line_add(line, "0x%x", status);
    }
    if (call->in_registers) {
        line_add(line, " ebx=0x%x esi=0x%x", registers[1], registers[2]);
    }
    for (uint32_t i = 0; i < call->result_count && i + 1 < TRACE_VALUES; i++) {
        const struct syscall_value *result = &call->results[i];

        if (status == OK || result->stored_always) {
            line_add(line, " %s=", result->name);
            value_add(line, result->type, result->name, registers[1 + i], process_name);
        }
    }
}

bool call_succeeded(uint32_t number, uint32_t status)
{
    /* What answers in registers may have a word where others have their status. */
    return status == OK || (description_of(number)->in_registers && !is_declared(description_of(number), status));
}

/* Records as lines for people. What stands in a record is not believed: it may come out of a damaged file. */
#include <ternion/vm86.h>

#include <stdarg.h>

#include <ternion/format.h>

#include "instruction.h"

#define DEPTH_SHOWN 8U               /* deeper ones stand as far to the right */
#define BYTES_SHOWN 6U

struct line {
    char *text;
    size_t size;
    size_t length;
};

__attribute__((format(printf, 2, 3))) static void add(struct line *line, const char *template, ...)
{
    size_t there = line->length < line->size ? line->length : line->size;
    va_list values;

    va_start(values, template);
    line->length += format_text_list(line->text + there, line->size - there, template, values);
    va_end(values);
}

static uint32_t ones(uint32_t width)
{
    return width >= 4 ? UINT32_MAX : (1U << width * 8) - 1;
}

/* ---- Instructions ---- */

static const char *accumulator(uint32_t width)
{
    return width == 1 ? "al" : width == 2 ? "ax" : "eax";
}

static void add_string_io(struct line *line, const struct instruction *instruction)
{
    static const char *const segments[] = { "es:", "cs:", "ss:", "ds:", "fs:", "gs:", "" };
    uint32_t width = instruction_width(instruction);

    add(line, "%s%s%s%s%s", instruction->repeats ? "rep " : "", instruction->has_wide_addresses ? "a32 " : "",
        instruction->opcode <= OPCODE_INS ? "" : segments[instruction->segment], instruction->opcode <= OPCODE_INS ? "ins" : "outs",
        width == 1 ? "b" : width == 2 ? "w" : "d");
}

static void add_instruction(struct line *line, const struct instruction *instruction)
{
    static const char *const names[256] = {
        [OPCODE_PUSHF] = "pushf", [OPCODE_POPF] = "popf", [OPCODE_INT3] = "int3", [OPCODE_INTO] = "into", [OPCODE_IRET] = "iret",
        [OPCODE_HLT] = "hlt", [OPCODE_CLI] = "cli", [OPCODE_STI] = "sti",
    };
    const char *with = accumulator(instruction_width(instruction));

    switch (instruction->opcode) {
    case OPCODE_INT:
        add(line, "int 0x%02x", instruction->immediate);
        break;
    case OPCODE_IN_BYTE_IMMEDIATE:
    case OPCODE_IN_IMMEDIATE:
        add(line, "in %s, 0x%02x", with, instruction->immediate);
        break;
    case OPCODE_OUT_BYTE_IMMEDIATE:
    case OPCODE_OUT_IMMEDIATE:
        add(line, "out 0x%02x, %s", instruction->immediate, with);
        break;
    case OPCODE_IN_BYTE:
    case OPCODE_IN:
        add(line, "in %s, dx", with);
        break;
    case OPCODE_OUT_BYTE:
    case OPCODE_OUT:
        add(line, "out dx, %s", with);
        break;
    case OPCODE_INSB:
    case OPCODE_INS:
    case OPCODE_OUTSB:
    case OPCODE_OUTS:
        add_string_io(line, instruction);
        break;
    case OPCODE_PUSHF:
    case OPCODE_POPF:
    case OPCODE_IRET:
        add(line, "%s%s", names[instruction->opcode], instruction->is_wide ? "d" : "");
        break;
    default:
        add(line, "%s", names[instruction->opcode]);
    }
}

/* ---- What an instruction did ---- */

static uint32_t number_at(const uint8_t *bytes, uint32_t size)
{
    uint32_t number = 0;

    for (uint32_t i = 0; i < size; i++) {
        number |= (uint32_t)bytes[i] << i * 8;
    }
    return number;
}

static void add_interrupt(struct line *line, const struct bios_record *record)
{
    if (record->read_size != 0) {
        add(line, " -> %04x:%04x", number_at(record->read + 2, 2), number_at(record->read, 2));
    } else {
        add(line, " answered by the library, ax %04x%s", record->after.eax & 0xFFFF, (record->after.eflags & BIOS_CARRY) != 0 ? " carry" : "");
    }
}

static void add_string_progress(struct line *line, const struct bios_record *record, const struct instruction *instruction)
{
    uint32_t mask = instruction->has_wide_addresses ? UINT32_MAX : 0xFFFF;

    add(line, "  port 0x%03x", record->before.edx & 0xFFFF);
    if (instruction->repeats) {
        add(line, ", cx %u -> %u", record->before.ecx & mask, record->after.ecx & mask);
    }
}

static void add_effect(struct line *line, const struct bios_record *record, const struct instruction *instruction)
{
    uint32_t size = instruction->is_wide ? 4 : 2;

    switch (instruction->opcode) {
    case OPCODE_PUSHF:
        add(line, " -> 0x%0*x", (int)size * 2, number_at(record->written, size));
        break;
    case OPCODE_POPF:
        add(line, " <- 0x%0*x", (int)size * 2, number_at(record->read, size));
        break;
    case OPCODE_IRET:
        add(line, " -> %04x:%04x, flags 0x%0*x", record->after.cs & 0xFFFF, record->after.eip & 0xFFFF, (int)size * 2,
            number_at(record->read + 2 * size, size));
        break;
    case OPCODE_INT:
    case OPCODE_INT3:
        add_interrupt(line, record);
        break;
    case OPCODE_INSB:
    case OPCODE_INS:
    case OPCODE_OUTSB:
    case OPCODE_OUTS:
        add_string_progress(line, record, instruction);
        break;
    case OPCODE_IN_BYTE:
    case OPCODE_IN:
    case OPCODE_OUT_BYTE:
    case OPCODE_OUT:
        add(line, "  port 0x%03x", record->before.edx & 0xFFFF);
        break;
    }
}

static void add_outcome(struct line *line, const struct bios_record *record)
{
    static const char *const outcomes[BIOS_TRAP_COUNT] = {
        [BIOS_TRAP_DONE] = "", [BIOS_TRAP_AGAIN] = "; there is more of it", [BIOS_TRAP_HALTED] = "; waits for an interrupt",
        [BIOS_TRAP_HALTED_FOR_EVER] = "; stands for ever", [BIOS_TRAP_UNKNOWN] = "; this is not for 16-bit code",
        [BIOS_TRAP_FAULT] = "; there is no memory",
    };

    if (record->value >= BIOS_TRAP_COUNT) {
        add(line, "; outcome %u", record->value);
        return;
    }
    add(line, "%s", outcomes[record->value]);
    if (record->value == BIOS_TRAP_FAULT) {
        add(line, " at 0x%05x", record->count);
    }
}

static void add_bytes(struct line *line, const uint8_t *bytes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        add(line, i == 0 ? "%02x" : " %02x", bytes[i]);
    }
}

static void add_trap(struct line *line, const struct bios_record *record)
{
    uint32_t size = record->code_size < sizeof record->code ? record->code_size : sizeof record->code;
    struct instruction instruction;

    if (size != 0 && instruction_decode(record->code, size, &instruction) == INSTRUCTION_KNOWN) {
        add_instruction(line, &instruction);
        if (record->value < BIOS_TRAP_UNKNOWN) {
            add_effect(line, record, &instruction);
        }
    } else {
        add_bytes(line, record->code, size);
    }
    add_outcome(line, record);
}

/* ---- Kinds ---- */

static void add_port(struct line *line, const struct bios_record *record)
{
    static const char *const kinds[] = {
        [BIOS_PORT_OWN] = "", [BIOS_PORT_EMULATED] = "  (the library's)", [BIOS_PORT_SWALLOWED] = "  (swallowed)", [BIOS_PORT_REFUSED] = "  (REFUSED)",
    };
    int digits = record->width <= 4 ? record->width * 2 : 8;

    add(line, "port 0x%03x %s 0x%0*x%s", record->port,
        record->kind == BIOS_RECORD_PORT_READ ? "->" : "<-", digits, record->value & ones(record->width),
        record->port_kind <= BIOS_PORT_REFUSED ? kinds[record->port_kind] : "  (?)");
}

static void add_registers(struct line *line, const struct vm86_state *state)
{
    add(line, "eax %08x ebx %08x ecx %08x edx %08x esi %08x edi %08x ebp %08x ds %04x es %04x", state->eax, state->ebx, state->ecx, state->edx,
        state->esi, state->edi, state->ebp, state->ds & 0xFFFF, state->es & 0xFFFF);
}

static void add_end(struct line *line, const struct bios_record *record)
{
#define STATUS_NAME(name, number, meaning) [number] = #name,
    static const char *const names[] = { STATUS_LIST(STATUS_NAME) };
#undef STATUS_NAME
    bool is_known = record->value < sizeof names / sizeof names[0] && names[record->value] != NULL;

    add(line, "end %s ", is_known ? names[record->value] : "?");
    add_registers(line, &record->after);
    add(line, " flags %04x; %u traps, %u ports, %u refused, %u interrupts, %u ticks", record->after.eflags & 0xFFFF, record->cost.traps,
        record->cost.ports, record->cost.refused, record->cost.interrupts, record->cost.ticks);
}

static void add_kind(struct line *line, const struct bios_record *record)
{
    switch (record->kind) {
    case BIOS_RECORD_CALL:
        add(line, record->value <= UINT8_MAX ? "call 0x%02x " : "far call ", record->value);
        add_registers(line, &record->before);
        break;
    case BIOS_RECORD_TRAP:
        add_trap(line, record);
        break;
    case BIOS_RECORD_PORT_READ:
    case BIOS_RECORD_PORT_WRITE:
        add_port(line, record);
        break;
    case BIOS_RECORD_INTERRUPT:
        add(line, "interrupt 0x%02x, ax %04x", record->value, record->before.eax & 0xFFFF);
        break;
    case BIOS_RECORD_RETURN:
        add(line, "returns from an interrupt");
        break;
    case BIOS_RECORD_STEP:
        add(line, "step  ");
        add_bytes(line, record->code, BYTES_SHOWN);
        break;
    case BIOS_RECORD_COPY:
        add(line, "page 0x%05x of the ROM becomes a copy", record->value);
        break;
    case BIOS_RECORD_WRITTEN:
        add(line, "changed memory 0x%05x, %u bytes", record->value, record->count);
        break;
    case BIOS_RECORD_END:
        add_end(line, record);
        break;
    default:
        add(line, "kind %u, which is none", record->kind);
    }
}

size_t bios_record_text(const struct bios_record *record, char *text, size_t size)
{
    struct line line = { .text = text, .size = size };
    uint32_t depth = record->depth < DEPTH_SHOWN ? record->depth : DEPTH_SHOWN;

    if (size != 0) {
        *text = '\0';
    }
    add(&line, "%6u  %04x:%04x  %*s", record->number, record->before.cs & 0xFFFF, record->before.eip & 0xFFFF, (int)depth * 2, "");
    add_kind(&line, record);
    return line.length;
}

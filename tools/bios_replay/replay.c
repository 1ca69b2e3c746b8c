#include "replay.h"

#include <stdarg.h>
#include <string.h>

#include <ternion/format.h>

#include "instruction.h"

#define EFLAGS_ID 0x200000U

/* The first one counts: what follows from it is no news. */
__attribute__((format(printf, 2, 3))) static bool differ(struct replay *replay, const char *template, ...)
{
    va_list values;

    if (replay->difference[0] == '\0') {
        va_start(values, template);
        format_text_list(replay->difference, sizeof replay->difference, template, values);
        va_end(values);
    }
    return false;
}

/* ---- The monitor's world: the records ---- */

static bool is_code(const struct replay *replay, const uint8_t *to)
{
    return to >= replay->monitor.code && to < replay->monitor.code + sizeof replay->monitor.code;
}

/* Of an instruction that could not be read whole, no more is there than was read. */
static uint32_t code_end(const struct bios_record *record)
{
    struct instruction instruction;
    bool is_cut = record->code_size == 0 || instruction_decode(record->code, record->code_size, &instruction) == INSTRUCTION_CUT;

    return record->value == BIOS_TRAP_FAULT && is_cut ? record->code_size : sizeof record->code;
}

static bool read_code(const struct replay *replay, uint8_t *to, uint32_t size)
{
    uint32_t offset = (uint32_t)(to - replay->monitor.code);

    if (offset + size > code_end(replay->record)) {
        return false;
    }
    memcpy(to, replay->record->code + offset, size);
    return true;
}

static const struct bios_record *next_port(const struct replay *replay, enum bios_record_kind kind)
{
    const struct bios_record *record = &replay->port_records[replay->port_at];

    return replay->port_at < replay->port_count && record->kind == kind ? record : NULL;
}

/* What was popped stands in the record; what OUTS read went to its port. */
static bool world_read(void *context, uint32_t address, void *to, uint32_t size)
{
    struct replay *replay = context;
    const struct bios_record *record = replay->record;
    const struct bios_record *port = next_port(replay, BIOS_RECORD_PORT_WRITE);
    (void)address;

    if (is_code(replay, to)) {
        return read_code(replay, to, size);
    }
    if (replay->read_at + size <= record->read_size) {
        memcpy(to, record->read + replay->read_at, size);
        replay->read_at += size;
        return true;
    }
    if (port == NULL || size > sizeof port->value) {
        return false;
    }
    memcpy(to, &port->value, size);
    return true;
}

/* What INS writes came from its port. */
static bool world_write(void *context, uint32_t address, const void *from, uint32_t size)
{
    struct replay *replay = context;
    const struct bios_record *record = replay->record;
    (void)address;

    if (replay->written_at + size <= record->written_size) {
        if (memcmp(record->written + replay->written_at, from, size) != 0) {
            differ(replay, "another value is pushed than was recorded");
        }
        replay->written_at += size;
        return true;
    }
    return record->written_size == 0 && replay->port_at != 0;
}

static bool world_is_writable(void *context, uint32_t address, uint32_t size)
{
    const struct replay *replay = context;
    (void)address;
    (void)size;

    return replay->record->written_size != 0 || next_port(replay, BIOS_RECORD_PORT_READ) != NULL;
}

static uint32_t world_port_read(void *context, uint16_t port, uint32_t width)
{
    struct replay *replay = context;
    const struct bios_record *record = next_port(replay, BIOS_RECORD_PORT_READ);

    if (record == NULL || record->port != port || record->width != width) {
        differ(replay, "it reads %u bytes of port 0x%x, which is not what was recorded", width, port);
        return 0;
    }
    replay->port_at++;
    return record->value;
}

static void world_port_write(void *context, uint16_t port, uint32_t width, uint32_t value)
{
    struct replay *replay = context;
    const struct bios_record *record = next_port(replay, BIOS_RECORD_PORT_WRITE);

    if (record == NULL || record->port != port || record->width != width) {
        differ(replay, "it writes %u bytes to port 0x%x, which is not what was recorded", width, port);
        return;
    }
    if (record->value != value) {
        differ(replay, "it writes 0x%x to port 0x%x, and the recording has 0x%x", value, port, record->value);
    }
    replay->port_at++;
}

/* An interrupt without a vector was answered by the library: its answer is in the registers. */
static bool world_interrupt(void *context, struct vm86_state *state, uint32_t vector)
{
    const struct bios_record *record = ((const struct replay *)context)->record;
    (void)vector;

    if (record->read_size != 0 || record->value == BIOS_TRAP_FAULT) {
        return true;
    }
    uint32_t eip = state->eip;
    *state = record->after;
    state->eip = eip;
    return false;
}

static const struct monitor_world world = {
    .read = world_read, .write = world_write, .is_writable = world_is_writable, .port_read = world_port_read, .port_write = world_port_write,
    .interrupt = world_interrupt,
};

/* ---- A trap ---- */

static bool compare_registers(struct replay *replay, const struct vm86_state *state)
{
    static const struct { const char *name; size_t offset; uint32_t mask; } registers[] = {
        { "eax", offsetof(struct vm86_state, eax), UINT32_MAX }, { "ebx", offsetof(struct vm86_state, ebx), UINT32_MAX },
        { "ecx", offsetof(struct vm86_state, ecx), UINT32_MAX }, { "edx", offsetof(struct vm86_state, edx), UINT32_MAX },
        { "esi", offsetof(struct vm86_state, esi), UINT32_MAX }, { "edi", offsetof(struct vm86_state, edi), UINT32_MAX },
        { "ebp", offsetof(struct vm86_state, ebp), UINT32_MAX }, { "esp", offsetof(struct vm86_state, esp), UINT32_MAX },
        { "eip", offsetof(struct vm86_state, eip), UINT32_MAX }, { "eflags", offsetof(struct vm86_state, eflags), UINT32_MAX },
        { "cs", offsetof(struct vm86_state, cs), 0xFFFF }, { "ss", offsetof(struct vm86_state, ss), 0xFFFF },
        { "ds", offsetof(struct vm86_state, ds), 0xFFFF }, { "es", offsetof(struct vm86_state, es), 0xFFFF },
        { "fs", offsetof(struct vm86_state, fs), 0xFFFF }, { "gs", offsetof(struct vm86_state, gs), 0xFFFF },
    };

    for (size_t i = 0; i < sizeof registers / sizeof registers[0]; i++) {
        uint32_t mine, recorded;
        memcpy(&mine, (const char *)state + registers[i].offset, sizeof mine);
        memcpy(&recorded, (const char *)&replay->record->after + registers[i].offset, sizeof recorded);
        if (((mine ^ recorded) & registers[i].mask) != 0) {
            return differ(replay, "%s is 0x%x, and the recording has 0x%x", registers[i].name, mine & registers[i].mask, recorded & registers[i].mask);
        }
    }
    return true;
}

static bool compare(struct replay *replay, const struct vm86_state *state, enum monitor_outcome outcome)
{
    const struct bios_record *record = replay->record;
    uint32_t flags = monitor_flags(&replay->monitor, state);

    if (replay->difference[0] != '\0') {
        return false;
    }
    if ((uint32_t)outcome != record->value) {
        return differ(replay, "its outcome is %u, and the recording has %u", (uint32_t)outcome, record->value);
    }
    if (!compare_registers(replay, state)) {
        return false;
    }
    if (flags != record->flags_after) {
        return differ(replay, "the code sees flags 0x%x, and the recording has 0x%x", flags, record->flags_after);
    }
    if (replay->port_at != replay->port_count) {
        return differ(replay, "%u accesses to ports were recorded that it does not make", replay->port_count - replay->port_at);
    }
    if (replay->monitor.code_size != record->code_size || replay->read_at != record->read_size || replay->written_at != record->written_size) {
        return differ(replay, "it has another length, or pops or pushes another number of bytes");
    }
    return true;
}

static bool replay_trap(struct replay *replay)
{
    const struct bios_record *record = replay->record;
    struct vm86_state state = record->before;
    struct monitor_world with = world;

    if (record->value >= BIOS_TRAP_COUNT || record->code_size > sizeof record->code || record->read_size > sizeof record->read
        || record->written_size > sizeof record->written) {
        return differ(replay, "it has no outcome, or more bytes than there is room for");
    }
    with.context = replay;
    monitor_initialise(&replay->monitor, &with);
    replay->monitor.kept |= (record->flags_before | record->flags_after) & EFLAGS_ID;
    replay->monitor.flags = record->flags_before & replay->monitor.kept;
    replay->monitor.string_max = replay->port_count;
    replay->port_at = replay->read_at = replay->written_at = 0;
    enum monitor_outcome outcome = monitor_emulate(&replay->monitor, &state);
    replay->traps++;
    bool is_same = compare(replay, &state, outcome);
    replay->port_count = 0;
    return is_same;
}

/* ---- Records in their order ---- */

static bool keep_port(struct replay *replay, const struct bios_record *record)
{
    if (record->width != 1 && record->width != 2 && record->width != 4) {
        return differ(replay, "a port has no access of %u bytes", record->width);
    }
    if (replay->port_count == REPLAY_PORTS_MAX) {
        return differ(replay, "no instruction accesses so many ports");
    }
    replay->port_records[replay->port_count++] = *record;
    replay->ports++;
    return true;
}

void replay_begin(struct replay *replay)
{
    replay->is_in_call = false;
    replay->next_number = replay->records = replay->traps = replay->ports = 0;
    replay->port_count = 0;
    replay->difference[0] = '\0';
}

static bool has_place(struct replay *replay, const struct bios_record *record)
{
    bool begins = record->kind == BIOS_RECORD_CALL;

    if (record->kind >= BIOS_RECORD_KIND_COUNT) {
        return differ(replay, "there is no kind %u of records", record->kind);
    }
    if (begins == replay->is_in_call) {
        return differ(replay, begins ? "a call begins before the one before it ended" : "it is of no call: records are missing");
    }
    if (record->number != (begins ? 0 : replay->next_number)) {
        return differ(replay, "it should be number %u: records are missing", begins ? 0 : replay->next_number);
    }
    if (replay->port_count != 0 && (begins || record->kind == BIOS_RECORD_END || record->kind == BIOS_RECORD_STEP)) {
        return differ(replay, "ports were accessed by no instruction");
    }
    return true;
}

bool replay_record(struct replay *replay, const struct bios_record *record)
{
    replay->record = record;
    if (!has_place(replay, record)) {
        return false;
    }
    replay->is_in_call = record->kind != BIOS_RECORD_END;
    replay->next_number = record->number + 1;
    replay->records++;
    if (record->kind == BIOS_RECORD_PORT_READ || record->kind == BIOS_RECORD_PORT_WRITE) {
        return keep_port(replay, record);
    }
    return record->kind != BIOS_RECORD_TRAP || replay_trap(replay);
}

bool replay_end(struct replay *replay)
{
    return !replay->is_in_call || differ(replay, "the file ends in the middle of a call");
}

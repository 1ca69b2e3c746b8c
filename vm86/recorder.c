#include "recorder.h"

#include <abi/process.h>

#include <ternion/clock.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#include "memory.h"

#define GAP_MAX 4U                   /* bytes that are the same do not end what was written, if there are no more of them */
#define PAGE_COUNT (VM86_MEMORY_END / PAGE_SIZE)

void (*recorder_listener)(const struct bios_record *record);
static uint32_t number, depth;
static nanoseconds_t listened_ns;
static const struct vm86_state *current;     /* of the call that goes on */

/* The own pages as they were when the call began, page by page as in the first megabyte; pages that it does not touch take no memory. */
static uint8_t *kept;
static bool is_kept[PAGE_COUNT];

/* ---- Records ---- */

nanoseconds_t recorder_time_ns(void)
{
    return listened_ns;
}

static void registers_copy(struct vm86_state *to, const struct vm86_state *from)
{
    *to = *from;
    to->flags = to->ticks = to->reason = to->error = to->address = to->return_eip = to->return_esp = 0;
    to->unused[0] = to->unused[1] = 0;
}

static void put(struct bios_record *record, const struct vm86_state *state)
{
    record->number = number++;
    record->depth = depth;
    registers_copy(&record->before, state);
    nanoseconds_t begin_ns = clock_now();
    recorder_listener(record);
    listened_ns += clock_now() - begin_ns;
}

void recorder_set_depth(uint32_t interrupts)
{
    depth = interrupts;
}

void recorder_step(const struct vm86_state *before, const uint8_t *code)
{
    struct bios_record record = { .kind = BIOS_RECORD_STEP };

    memcpy(record.code, code, sizeof record.code);
    put(&record, before);
}

_Static_assert((uint32_t)BIOS_TRAP_DONE == (uint32_t)MONITOR_GOES_ON && (uint32_t)BIOS_TRAP_AGAIN == (uint32_t)MONITOR_AGAIN
               && (uint32_t)BIOS_TRAP_HALTED == (uint32_t)MONITOR_HALTED && (uint32_t)BIOS_TRAP_HALTED_FOR_EVER == (uint32_t)MONITOR_HALTED_FOR_EVER
               && (uint32_t)BIOS_TRAP_UNKNOWN == (uint32_t)MONITOR_UNKNOWN && (uint32_t)BIOS_TRAP_FAULT == (uint32_t)MONITOR_FAULT,
               "what came of an instruction has one number");

void recorder_trap(const struct vm86_state *before, uint32_t flags_before, const struct vm86_state *after, const struct monitor *monitor,
                   enum monitor_outcome outcome)
{
    struct bios_record record = {
        .kind = BIOS_RECORD_TRAP, .value = outcome, .count = outcome == MONITOR_FAULT ? monitor->address : 0,
        .flags_before = flags_before, .flags_after = monitor_flags(monitor, after),
        .code_size = (uint8_t)monitor->code_size, .read_size = (uint8_t)monitor->read_size, .written_size = (uint8_t)monitor->written_size,
    };

    memcpy(record.code, monitor->code, sizeof record.code);
    memcpy(record.read, monitor->read, sizeof record.read);
    memcpy(record.written, monitor->written, sizeof record.written);
    registers_copy(&record.after, after);
    put(&record, before);
}

void recorder_port(bool is_read, const struct vm86_state *state, uint16_t port, uint32_t width, uint32_t value, enum bios_port kind)
{
    struct bios_record record = {
        .kind = is_read ? BIOS_RECORD_PORT_READ : BIOS_RECORD_PORT_WRITE, .value = value, .port = port, .width = (uint16_t)width,
        .port_kind = kind,
    };

    put(&record, state);
}

void recorder_interrupt(bool is_return, const struct vm86_state *state, uint32_t vector)
{
    struct bios_record record = { .kind = is_return ? BIOS_RECORD_RETURN : BIOS_RECORD_INTERRUPT, .value = vector };

    put(&record, state);
}

/* ---- What was written ---- */

static void keep(uint32_t page)
{
    memcpy(kept + page * PAGE_SIZE, vm86_memory + page * PAGE_SIZE, PAGE_SIZE);
    is_kept[page] = true;
}

/* It has the bytes of the ROM still: what will be written is written next. */
static void page_copied(uint32_t address)
{
    struct bios_record record = { .kind = BIOS_RECORD_COPY, .value = address };

    put(&record, current);
    if (kept != NULL) {
        keep(address / PAGE_SIZE);
    }
}

static void keep_all(void)
{
    uint32_t address;

    memset(is_kept, 0, sizeof is_kept);
    if (memory_allocate(PAGE_COUNT, MEMORY_ON_DEMAND, &address) != OK) {
        return;
    }
    kept = (uint8_t *)address;
    for (uint32_t page = 0; page < PAGE_COUNT; page++) {
        if (memory_is_own(page)) {
            keep(page);
        }
    }
}

static bool is_same(uint32_t address)
{
    return !is_kept[address / PAGE_SIZE] || kept[address] == vm86_memory[address];
}

/* From the byte at `first`, which is another than before, to the last one that has others near it. */
static uint32_t written_end(uint32_t first)
{
    uint32_t end = first + 1;

    for (uint32_t at = end; at < VM86_MEMORY_END && at - end <= GAP_MAX; at++) {
        end = is_same(at) ? end : at + 1;
    }
    return end;
}

static void tell_written(const struct vm86_state *state)
{
    for (uint32_t at = 0; at < VM86_MEMORY_END; at++) {
        if (at % PAGE_SIZE == 0
            && (!is_kept[at / PAGE_SIZE] || memcmp(kept + at, vm86_memory + at, PAGE_SIZE) == 0)) {
            at += PAGE_SIZE - 1;
        } else if (!is_same(at)) {
            struct bios_record record = { .kind = BIOS_RECORD_WRITTEN, .value = at };

            record.count = written_end(at) - at;
            put(&record, state);
            at += record.count - 1;
        }
    }
}

/* ---- A call ---- */

void recorder_begin(uint32_t vector, const struct vm86_state *state)
{
    struct bios_record record = { .kind = BIOS_RECORD_CALL, .value = vector };

    number = 0;
    depth = 0;
    current = state;
    memory_copied = recorder_listener == NULL ? NULL : page_copied;
    if (recorder_listener == NULL) {
        return;
    }
    put(&record, state);
    keep_all();
}

void recorder_end(status_t status, const struct vm86_state *state, const struct bios_cost *cost)
{
    struct bios_record record = { .kind = BIOS_RECORD_END, .value = (uint32_t)status, .cost = *cost };

    memory_copied = NULL;
    if (recorder_listener == NULL) {
        return;
    }
    depth = 0;
    if (kept != NULL) {
        tell_written(state);
        (void)memory_free((uint32_t)kept, PAGE_COUNT);
        kept = NULL;
    }
    registers_copy(&record.after, state);
    put(&record, state);
}

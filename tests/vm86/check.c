/*
 * opcode-check FILE: gives the monitor the cases of a real mode run, one by one, and compares register by register, byte by byte. What stands in
 * the file before the first case and behind the last is skipped: an emulator's own words.
 *
 * Prints the first difference, or how many cases of each group are alike. Exits with 0, 1 for a difference, 2 for no cases.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case.h"
#include "port_model.h"
#include "usual.h"

#define EFLAGS_ID 0x200000U
#define PAD_BYTES 5U                 /* of the far call behind the instruction; it pushes its own place */
#define VECTORS 256U
#define PAD_INTERRUPT 0xF000U
#define AGAIN_MAX 100U
#define SINGLE_STEP 1U
#define VM86_WRITABLE 0x30000U       /* and above */

static const char *const group_names[CASE_GROUPS] = { "pushf", "popf", "cli sti", "int", "iret", "in out", "ins", "outs", "traced", "hlt" };

static uint8_t memory[VM86_MEMORY_END];
static struct port_model ports;
static struct monitor monitor;
static struct vm86_state state;
static const struct case_record *record;

/* ---- The world ---- */

static bool memory_is_there(uint32_t address, uint32_t size)
{
    return address < sizeof memory && size <= sizeof memory - address;
}

static bool world_read(void *context, uint32_t address, void *to, uint32_t size)
{
    (void)context;
    if (!memory_is_there(address, size)) {
        return false;
    }
    memcpy(to, memory + address, size);
    return true;
}

static bool world_is_writable(void *context, uint32_t address, uint32_t size)
{
    (void)context;
    return memory_is_there(address, size) && address >= VM86_WRITABLE;
}

static bool world_write(void *context, uint32_t address, const void *from, uint32_t size)
{
    if (!world_is_writable(context, address, size)) {
        return false;
    }
    memcpy(memory + address, from, size);
    return true;
}

static uint32_t world_port_read(void *context, uint16_t port, uint32_t width)
{
    (void)context;
    return port_model_read(&ports, port, width);
}

static void world_port_write(void *context, uint16_t port, uint32_t width, uint32_t value)
{
    (void)context;
    port_model_write(&ports, port, width, value);
}

static bool world_interrupt(void *context, struct vm86_state *with, uint32_t vector)
{
    (void)context;
    (void)with;
    (void)vector;
    return true;
}

static uint8_t pages[VM86_MEMORY_END / PAGE_SIZE];

/* No port is plain, and no vector asked about. */
static const uint32_t plain_ports[MONITOR_PLAIN_PORTS];
static const bool asked_vectors[MONITOR_VECTORS];

static const struct monitor_direct direct = { .memory = memory, .pages = pages, .plain_ports = plain_ports, .asked_vectors = asked_vectors };
static const struct monitor_world world = {
    .direct = &direct,
    .read = world_read, .write = world_write, .is_writable = world_is_writable, .port_read = world_port_read, .port_write = world_port_write,
    .interrupt = world_interrupt,
};

/* ---- A case ---- */

[[gnu::noreturn, gnu::format(printf, 1, 2)]] static void differ(const char *template, ...)
{
    va_list values;

    printf("case %u, %s,", record->number, group_names[record->group]);
    for (uint32_t i = 0; i < record->code_size; i++) {
        printf(" %02x", record->code[i]);
    }
    printf(": ");
    va_start(values, template);
    vprintf(template, values);
    va_end(values);
    printf("\n");
    exit(1);
}

static void put_window(uint32_t segment, uint32_t middle, const uint8_t *bytes, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        memory[segment * 16 + ((middle - size / 2 + i) & 0xFFFF)] = bytes[i];
    }
}

static void compare_window(const char *name, uint32_t segment, uint32_t middle, const uint8_t *bytes, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        uint32_t offset = (middle - size / 2 + i) & 0xFFFF;
        if (memory[segment * 16 + offset] != bytes[i]) {
            differ("%s %04x:%04x is %02x by the monitor, %02x in real mode", name, segment, offset, memory[segment * 16 + offset], bytes[i]);
        }
    }
}

static void case_begin(void)
{
    const struct case_registers *before = &record->before;

    state = (struct vm86_state){
        .eax = before->eax, .ebx = before->ebx, .ecx = before->ecx, .edx = before->edx, .esi = before->esi, .edi = before->edi, .ebp = before->ebp,
        .esp = before->esp, .eip = before->ip, .cs = before->cs, .ss = before->ss, .es = before->es, .ds = before->ds, .fs = before->fs, .gs = before->gs,
        .eflags = (before->eflags & EFLAGS_REAL) | 0x30202,
    };
    monitor_initialise(&monitor, &world);
    monitor.kept |= EFLAGS_ID;
    monitor.flags = before->eflags & monitor.kept;
    monitor.string_max = 1 + record->number % 4;
    memcpy(memory + before->cs * 16 + before->ip, record->code, record->code_size);
    put_window(before->ss, before->esp, record->stack_before, CASE_STACK);
    if (record->data_size != 0) {
        put_window(record->data_segment, record->data_offset, record->data_before, CASE_DATA);
    }
    ports = (struct port_model){ .scratch = record->ports_before.scratch, .crtc_index = (uint8_t)record->ports_before.crtc,
                                 .crtc_cursor = (uint8_t)(record->ports_before.crtc >> 8), .pci = record->ports_before.pci,
                                 .dac_write = record->group == CASE_OUTS ? 0 : sizeof record->ports_before.dac };
    memcpy(ports.dac, record->ports_before.dac, sizeof record->ports_before.dac);
}

/* The far call behind the instruction, which told where it landed. */
static void push_word(uint32_t *sp, uint32_t word)
{
    *sp = (*sp - 2) & 0xFFFF;
    memory[state.ss * 16 + *sp] = (uint8_t)word;
    memory[state.ss * 16 + ((*sp + 1) & 0xFFFF)] = (uint8_t)(word >> 8);
}

static void case_run(void)
{
    enum monitor_outcome wanted = record->group == CASE_HLT ? MONITOR_HALTED : MONITOR_GOES_ON;
    enum monitor_outcome outcome = MONITOR_AGAIN;
    uint32_t sp;

    if (record->group == CASE_HLT && monitor_emulate(&monitor, &state) != MONITOR_GOES_ON) {
        differ("STI, in front of HLT, is not done");
    }
    for (uint32_t i = 0; i < AGAIN_MAX && outcome == MONITOR_AGAIN; i++) {
        bool is_usual = record->number % 2 == 0 && usual_emulate(&monitor, &direct, &state) != USUAL_NOT;    /* both ways are asked */
        outcome = is_usual ? MONITOR_GOES_ON : monitor_emulate(&monitor, &state);
        if (outcome <= MONITOR_AGAIN && monitor.single_step) {
            outcome = monitor_interrupt(&monitor, &state, SINGLE_STEP);
        }
    }
    if (outcome != wanted) {
        differ("the monitor's outcome is %u", (unsigned)outcome);
    }
    sp = state.esp & 0xFFFF;
    push_word(&sp, state.cs);
    push_word(&sp, state.eip + PAD_BYTES);
}

static void compare_register(const char *name, uint32_t mine, uint32_t real)
{
    if (mine != real) {
        differ("%s is %x by the monitor, %x in real mode", name, mine, real);
    }
}

static void case_compare(void)
{
    const struct case_registers *after = &record->after;

    compare_register("cs", state.cs & 0xFFFF, after->cs);
    compare_register("ip", state.eip, after->ip);
    compare_register("eax", state.eax, after->eax);
    compare_register("ebx", state.ebx, after->ebx);
    compare_register("ecx", state.ecx, after->ecx);
    compare_register("edx", state.edx, after->edx);
    compare_register("esi", state.esi, after->esi);
    compare_register("edi", state.edi, after->edi);
    compare_register("ebp", state.ebp, after->ebp);
    compare_register("esp", state.esp, after->esp);
    compare_register("flags", monitor_flags(&monitor, &state), after->eflags);
    compare_register("ss", state.ss & 0xFFFF, after->ss);
    compare_register("es", state.es & 0xFFFF, after->es);
    compare_register("ds", state.ds & 0xFFFF, after->ds);
    compare_register("fs", state.fs & 0xFFFF, after->fs);
    compare_register("gs", state.gs & 0xFFFF, after->gs);
    compare_register("port 3ff", ports.scratch, record->ports_after.scratch);
    compare_register("port 3d4", port_model_read(&ports, 0x3D4, 2), record->ports_after.crtc);
    compare_register("port cf8", ports.pci, record->ports_after.pci);
    if (memcmp(ports.dac, record->ports_after.dac, sizeof record->ports_after.dac) != 0) {
        differ("the DAC has other colours");
    }
    compare_window("stack", record->before.ss, record->before.esp, record->stack_after, CASE_STACK);
    if (record->data_size != 0) {
        compare_window("memory", record->data_segment, record->data_offset, record->data_after, CASE_DATA);
    }
}

/* ---- All of them ---- */

static uint8_t *read_file(const char *name, size_t *size_out)
{
    FILE *file = fopen(name, "rb");
    uint8_t *bytes = NULL;
    size_t size = 0, room = 0;

    if (file == NULL) {
        perror(name);
        exit(2);
    }
    do {
        room += 1 << 20;
        bytes = realloc(bytes, room);
        if (bytes == NULL) {
            exit(2);
        }
        size += fread(bytes + size, 1, room - size, file);
    } while (size == room);
    fclose(file);
    *size_out = size;
    return bytes;
}

static size_t take(const uint8_t *bytes, size_t left)
{
    static struct case_record copy;

    if (left < CASE_SHORT || memcmp(bytes, CASE_MARK, 4) != 0) {
        return 0;
    }
    memcpy(&copy, bytes, CASE_SHORT);
    size_t size = copy.data_size == 0 ? CASE_SHORT : sizeof copy;
    if (left < size || copy.group >= CASE_GROUPS || copy.code_size > sizeof copy.code) {
        return 0;
    }
    memcpy(&copy, bytes, size);
    record = &copy;
    return size;
}

static void make_vectors(void)
{
    for (uint32_t vector = 0; vector < VECTORS; vector++) {
        uint32_t pointer = (0x2000 - vector) << 16 | (PAD_INTERRUPT + vector * 16);
        memcpy(memory + vector * 4, &pointer, sizeof pointer);
    }
}

int main(int count, char **arguments)
{
    uint32_t counts[CASE_GROUPS] = { 0 };
    uint32_t number = 0;
    size_t size, at = 0, step;

    if (count != 2) {
        fprintf(stderr, "usage: opcode-check FILE\n");
        return 2;
    }
    uint8_t *bytes = read_file(arguments[1], &size);
    while (at + 4 <= size && memcmp(bytes + at, CASE_MARK, 4) != 0) {
        at++;
    }
    make_vectors();
    for (uint32_t i = 0; i < sizeof pages; i++) {
        pages[i] = i * PAGE_SIZE >= VM86_WRITABLE ? MONITOR_PAGE_WRITABLE : MONITOR_PAGE_READABLE;
    }
    while ((step = take(bytes + at, size - at)) != 0) {
        if (record->number != number++) {
            differ("it should be number %u", number - 1);
        }
        case_begin();
        case_run();
        case_compare();
        counts[record->group]++;
        at += step;
    }
    if (number == 0 || size - at < 4 || memcmp(bytes + at, CASE_END, 4) != 0) {
        printf("%u cases, and no end behind them\n", number);
        return 2;
    }
    for (uint32_t group = 0; group < CASE_GROUPS; group++) {
        printf("%s: %u\n", group_names[group], counts[group]);
    }
    free(bytes);
    return 0;
}

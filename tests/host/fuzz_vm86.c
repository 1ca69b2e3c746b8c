/* Fuzzes the monitor with instructions, registers, memory and pages, beside a model of it. */
#include "vm86/usual.h"

#include <string.h>

#include "fuzz.h"
#include "test.h"
#include "vm86_model.h"
#include "vm86_world.h"

#define INSTRUCTIONS 4U              /* that are done in a row */
#define IF 0x200U
#define EFLAGS_MAY_CHANGE 0x10DD5U

/* The beginning of an input; what follows stands at SS:SP, and is read from there. */
struct input {
    uint32_t registers[7];
    uint32_t eip, eflags, esp;
    uint16_t segments[6];
    uint32_t flags;
    uint8_t page_seed;               /* 0: all of memory can be written */
    uint8_t options;
    uint8_t string_max;
    uint8_t code[17];
};

static struct model model;
static struct monitor monitor;
static struct vm86_state state;

static void put(uint32_t segment, uint32_t offset, const uint8_t *bytes, size_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        world_memory[segment * 16 + ((offset + i) & 0xFFFF)] = bytes[i];
    }
}

static void make_world(const struct input *input, const uint8_t *stack, size_t stack_size)
{
    uint32_t sequence = input->page_seed;

    world_begin();
    for (uint32_t i = 0; input->page_seed != 0 && i < sizeof world_pages; i++) {
        sequence = sequence * 1664525 + 1013904223;
        world_pages[i] = sequence >> 29 == 0 ? WORLD_MISSING : sequence >> 29 == 1 ? WORLD_READ_ONLY : WORLD_WRITABLE;
    }
    put(input->segments[1], input->esp, stack, stack_size);
    put(0, input->code[1] * 4U, (const uint8_t *)input->registers, 4);
    put(input->segments[0], input->eip, input->code, sizeof input->code);
    world_refuses_interrupts = (input->options & 1) != 0;
    for (uint32_t vector = 0; world_refuses_interrupts && vector < MONITOR_VECTORS; vector++) {
        world_ask_about(vector);
    }
    world_open_pages();
}

static void make_state(const struct input *input)
{
    state = (struct vm86_state){
        .ebx = input->registers[0], .edx = input->registers[1], .esi = input->registers[2], .edi = input->registers[3], .ebp = input->registers[4],
        .eax = input->registers[5], .ecx = input->registers[6], .eip = input->eip & ((input->options & 2) != 0 ? 0x1FFFF : 0xFFFF),
        .cs = input->segments[0], .eflags = (input->eflags & EFLAGS_MAY_CHANGE) | 0x20202, .esp = input->esp, .ss = input->segments[1],
        .es = input->segments[2], .ds = input->segments[3], .fs = input->segments[4], .gs = input->segments[5],
    };
    monitor_initialise(&monitor, &world);
    monitor.kept |= (input->options & 8) != 0 ? 0x200000 : 0;
    monitor.flags = (input->flags & monitor.kept & ~IF) | ((input->options & 4) != 0 ? IF : 0);
    monitor.string_max = input->string_max;
    model = (struct model){ .state = state, .interrupts_on = (monitor.flags & IF) != 0, .flags = monitor.flags & ~IF, .kept = monitor.kept & ~IF,
                            .string_max = monitor.string_max };
}

/* As the library does it: the processor has just read the code, so its page is there. */
static enum monitor_outcome emulate(const struct input *input)
{
    bool has_code = world_pages[((state.cs & 0xFFFF) * 16 + (state.eip & 0xFFFF)) / WORLD_PAGE] != WORLD_MISSING;
    bool is_direct = (input->options & 16) != 0 && has_code;

    monitor.world = is_direct ? &world_direct : &world;
    monitor.single_step = false;
    if (is_direct && (input->options & 32) != 0 && usual_emulate(&monitor, &world_places, &state) != USUAL_NOT) {
        return MONITOR_GOES_ON;
    }
    return monitor_emulate(&monitor, &state);
}

static void check(const struct vm86_state *before)
{
    CHECK_EQUAL((state.eflags ^ before->eflags) & ~EFLAGS_MAY_CHANGE, 0);
    CHECK_EQUAL(monitor.flags & ~monitor.kept, 0);
    CHECK(monitor.code_size <= 15 && monitor.read_size <= 12 && monitor.written_size <= 6);
    CHECK(memcmp(&state, &model.state, sizeof state) == 0);
    CHECK_EQUAL(monitor.flags, model.flags | (model.interrupts_on ? IF : 0));
    CHECK_EQUAL(monitor.single_step, model.single_step);
    CHECK_EQUAL(world_log_count, model.log_count);
    uint32_t logged = world_log_count < WORLD_LOG_MAX ? world_log_count : WORLD_LOG_MAX;
    for (uint32_t i = 0; i < logged; i++) {
        CHECK(world_log[i].is_read == model.log[i].is_read && world_log[i].port == model.log[i].port);
        CHECK(world_log[i].width == model.log[i].width && world_log[i].value == model.log[i].value);
    }
    CHECK(memcmp(world_memory, model_memory, sizeof world_memory) == 0);
}

static int try(const uint8_t *bytes, size_t size)
{
    struct input input = { 0 };
    size_t taken = size < sizeof input ? size : sizeof input;

    memcpy(&input, bytes, taken);
    make_world(&input, bytes + taken, size - taken);
    make_state(&input);
    memcpy(model_memory, world_memory, sizeof model_memory);
    for (uint32_t i = 0; i < INSTRUCTIONS; i++) {
        struct vm86_state before = state;
        world_log_count = 0;
        CHECK(state.eip <= 0xFFFF || i == 0);
        enum monitor_outcome outcome = emulate(&input);
        model_emulate(&model, world_refuses_interrupts);
        CHECK_EQUAL(outcome, model.outcome);
        check(&before);
        if (outcome >= MONITOR_UNKNOWN) {
            break;
        }
    }
    return 0;
}

static size_t seed(uint32_t number, uint8_t *bytes)
{
    static const uint8_t codes[][17] = {
        { 0xFA, 0x9C, 0xFB, 0x9D }, { 0x66, 0x9C, 0x66, 0x9D, 0xF4 }, { 0xCD, 0x10 }, { 0xCC }, { 0xCE }, { 0xCF }, { 0x66, 0xCF },
        { 0xE4, 0x20, 0xE6, 0x21, 0xE5, 0x22, 0xE7, 0x23 }, { 0xEC, 0xEE, 0xED, 0xEF }, { 0x66, 0xED, 0x66, 0xEF }, { 0x6C, 0x6D, 0x6E, 0x6F },
        { 0xF3, 0x6C, 0xF3, 0x66, 0x6D }, { 0xF2, 0x6F, 0x67, 0xF3, 0x6E }, { 0x2E, 0xF3, 0x6E, 0x65, 0x66, 0x6F }, { 0xF0, 0xFA }, { 0x0F, 0x01, 0x17 },
        { 0x26, 0x26, 0x26, 0x26, 0x26, 0x26, 0x26, 0x26, 0x26, 0x26, 0x26, 0x26, 0x26, 0x26, 0xFA },
    };
    struct input input = {
        .registers = { 1, 0x3C8, 0x100, 0x200, 3, 4, 9 }, .eip = 0x100, .esp = 0x800, .segments = { 0x1000, 0x2000, 0x3000, 0x4000, 0x5000, 0x6000 },
        .eflags = 0x802, .options = 0x3C,
    };

    if (number >= 2 * sizeof codes / sizeof codes[0]) {
        return 0;
    }
    if (number % 2 != 0) {           /* where segments end */
        input = (struct input){ .registers = { 1, 0x3C8, 0xFFFE, 0xFFFC, 3, 4, 9 }, .eip = 0xFFFE, .esp = 2, .segments = { 0xFFFF, 0, 1, 0xFFFF, 2, 3 },
                                .page_seed = 7, .options = 0xF, .string_max = 3, .flags = 0xFFFFFFFF, .eflags = 0x402 };
    }
    memcpy(input.code, codes[number / 2], sizeof input.code);
    memcpy(bytes, &input, sizeof input);
    memcpy(bytes + sizeof input, "\x02\x01\x00\x10\x03\x72\x00\x00\xFF\xFF\xFF\xFF", 12);
    return sizeof input + 12;
}

int main(int argc, char **argv)
{
    static const struct fuzzer fuzzer = { "any_instruction_does_what_the_model_does", 4, sizeof(struct input) + 24, try, seed };

    return fuzz(&fuzzer, argc, argv);
}

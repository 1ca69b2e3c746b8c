/* The monitor, instruction by instruction: what it does, and what it leaves alone. */
#include "vm86/usual.h"

#include <string.h>

#include "test.h"
#include "vm86_world.h"

#define CODE_SEGMENT 0x1000U
#define STACK_SEGMENT 0x2000U
#define DATA_SEGMENT 0x3000U
#define CF 0x1U
#define TF 0x100U
#define IF 0x200U
#define DF 0x400U
#define OF 0x800U
#define IOPL 0x3000U
#define NT 0x4000U
#define RF 0x10000U
#define VM 0x20000U
#define AC 0x40000U
#define ID 0x200000U

static struct monitor monitor;
static struct vm86_state state, before;

/* As it is behind a trap: RF is set by the fault, VM and IF are the processor's. */
static void begin(void)
{
    world_begin();
    monitor_initialise(&monitor, &world);
    state = (struct vm86_state){
        .eax = 0xA1A2A3A4, .ebx = 0xB1B2B3B4, .ecx = 0xC1C2C3C4, .edx = 0xD1D2D3D4, .esi = 0xE1E2E3E4, .edi = 0xF1F2F3F4, .ebp = 0x91929394,
        .cs = CODE_SEGMENT, .eip = 0x100, .ss = STACK_SEGMENT, .esp = 0x55550800, .ds = DATA_SEGMENT, .es = 0x4000, .fs = 0x5000, .gs = 0x6000,
        .eflags = VM | RF | IF | 2,
    };
}

static bool interrupts_are_on(void)
{
    return (monitor.flags & IF) != 0;
}

static enum monitor_outcome run_at(uint32_t ip, const uint8_t *code, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        world_memory[CODE_SEGMENT * 16 + ((ip + i) & 0xFFFF)] = code[i];
    }
    state.eip = ip;
    before = state;
    return monitor_emulate(&monitor, &state);
}

#define RUN(...) run_at(0x100, (const uint8_t[]){ __VA_ARGS__ }, sizeof (const uint8_t[]){ __VA_ARGS__ })

/* Nothing but EIP, and what the test has put back itself. */
static void check_nothing_else_changed(uint32_t size)
{
    CHECK_EQUAL(state.eip, before.eip + size);
    state.eip = before.eip;
    state.eflags |= before.eflags & RF;
    CHECK(memcmp(&state, &before, sizeof state) == 0);
}

static uint16_t word_at(uint32_t segment, uint32_t offset)
{
    uint16_t word;

    memcpy(&word, world_memory + segment * 16 + (offset & 0xFFFF), 2);
    return word;
}

static uint32_t double_at(uint32_t segment, uint32_t offset)
{
    return word_at(segment, offset) | (uint32_t)word_at(segment, offset + 2) << 16;
}

static void put(uint32_t segment, uint32_t offset, uint32_t value, uint32_t size)
{
    memcpy(world_memory + segment * 16 + offset, &value, size);
}

/* ---- Flags ---- */

static void cli_and_sti_are_seen_by_pushf_alone(void)
{
    begin();
    CHECK_EQUAL(RUN(0xFA), MONITOR_GOES_ON);
    CHECK(!interrupts_are_on());
    check_nothing_else_changed(1);
    CHECK_EQUAL(RUN(0x9C), MONITOR_GOES_ON);
    CHECK_EQUAL(word_at(STACK_SEGMENT, 0x7FE), 2);
    CHECK_EQUAL(RUN(0xFB), MONITOR_GOES_ON);
    check_nothing_else_changed(1);
    CHECK_EQUAL(RUN(0x9C), MONITOR_GOES_ON);
    CHECK_EQUAL(word_at(STACK_SEGMENT, 0x7FC), IF | 2);
    CHECK_EQUAL(state.eflags, VM | IF | 2);
}

static void pushf_keeps_the_upper_half_of_esp(void)
{
    begin();
    state.eflags |= CF | OF | DF;
    CHECK_EQUAL(RUN(0x9C), MONITOR_GOES_ON);
    CHECK_EQUAL(state.esp, 0x555507FE);
    CHECK_EQUAL(word_at(STACK_SEGMENT, 0x7FE), CF | OF | DF | IF | 2);
    CHECK_EQUAL(word_at(STACK_SEGMENT, 0x7FC), 0);
    state.esp = before.esp;
    check_nothing_else_changed(1);
    CHECK_EQUAL(RUN(0x66, 0x9C), MONITOR_GOES_ON);
    CHECK_EQUAL(state.esp, 0x555507FC);
    CHECK_EQUAL(double_at(STACK_SEGMENT, 0x7FC), CF | OF | DF | IF | 2);
}

static void popf_gives_the_code_its_flags_and_no_power(void)
{
    begin();
    put(STACK_SEGMENT, 0x800, 0xFFFF & ~TF, 2);
    CHECK_EQUAL(RUN(0x9D), MONITOR_GOES_ON);
    CHECK_EQUAL(state.eflags, VM | IF | 0xCD5 | 2);
    CHECK_EQUAL(state.esp, 0x55550802);
    CHECK_EQUAL(monitor_flags(&monitor, &state), IOPL | NT | IF | 0xCD5 | 2);
    put(STACK_SEGMENT, 0x802, 0, 2);
    CHECK_EQUAL(RUN(0x9D), MONITOR_GOES_ON);
    CHECK_EQUAL(state.eflags, VM | IF | 2);
    CHECK_EQUAL(monitor_flags(&monitor, &state), 2);
}

/* A 386, a 486 and a processor with CPUID are told apart by AC and ID. */
static void flags_that_tell_processors_apart_read_as_they_can(void)
{
    begin();
    put(STACK_SEGMENT, 0x800, 0xFFFFFEFF, 4);
    CHECK_EQUAL(RUN(0x66, 0x9D), MONITOR_GOES_ON);
    CHECK_EQUAL(monitor_flags(&monitor, &state), AC | IOPL | NT | IF | 0xCD5 | 2);
    CHECK_EQUAL(state.eflags, VM | IF | 0xCD5 | 2);
    monitor.kept |= ID;
    put(STACK_SEGMENT, 0x804, ID, 4);
    CHECK_EQUAL(RUN(0x66, 0x9D), MONITOR_GOES_ON);
    CHECK_EQUAL(monitor_flags(&monitor, &state), ID | 2);
    put(STACK_SEGMENT, 0x808, 0xFFFF & ~TF, 2);
    CHECK_EQUAL(RUN(0x9D), MONITOR_GOES_ON);             /* 16 bits leave the others alone */
    CHECK_EQUAL(monitor_flags(&monitor, &state), ID | IOPL | NT | IF | 0xCD5 | 2);
    CHECK_EQUAL(state.esp, 0x5555080A);
}

static void trap_flag_makes_an_exception_due(void)
{
    begin();
    CHECK_EQUAL(RUN(0xFA), MONITOR_GOES_ON);
    CHECK(!monitor.single_step);
    put(STACK_SEGMENT, 0x800, TF, 2);
    CHECK_EQUAL(RUN(0x9D), MONITOR_GOES_ON);
    CHECK(!monitor.single_step);                         /* it begins behind the next one */
    CHECK((state.eflags & TF) != 0);
    CHECK_EQUAL(RUN(0x9C), MONITOR_GOES_ON);
    CHECK(monitor.single_step);
    CHECK_EQUAL(word_at(STACK_SEGMENT, 0x800), TF | 2);
    CHECK_EQUAL(RUN(0x0F, 0x06), MONITOR_UNKNOWN);
    CHECK(!monitor.single_step);
    CHECK_EQUAL(RUN(0xCD, 0x21), MONITOR_GOES_ON);
    CHECK(!monitor.single_step);
    CHECK((state.eflags & TF) == 0);
}

/* ---- Interrupts ---- */

static void int_goes_through_the_table(void)
{
    begin();
    put(0, 0x10 * 4, 0xC0001234, 4);
    monitor.flags = IOPL | AC | IF;
    state.eflags |= CF;
    CHECK_EQUAL(RUN(0xCD, 0x10), MONITOR_GOES_ON);
    CHECK_EQUAL(world_interrupt, 0x10);
    CHECK_EQUAL(state.cs, 0xC000);
    CHECK_EQUAL(state.eip, 0x1234);
    CHECK_EQUAL(state.esp, 0x555507FA);
    CHECK_EQUAL(word_at(STACK_SEGMENT, 0x7FE), IOPL | IF | CF | 2);
    CHECK_EQUAL(word_at(STACK_SEGMENT, 0x7FC), CODE_SEGMENT);
    CHECK_EQUAL(word_at(STACK_SEGMENT, 0x7FA), 0x102);
    CHECK(!interrupts_are_on());
    CHECK_EQUAL(monitor.flags, IOPL);
    CHECK_EQUAL(monitor.read_size, 4);
    CHECK_EQUAL(monitor.written_size, 6);
    CHECK(memcmp(monitor.written, world_memory + STACK_SEGMENT * 16 + 0x7FA, 6) == 0);
}

static void iret_undoes_int(void)
{
    begin();
    put(0, 0x80 * 4, CODE_SEGMENT << 16 | 0x100, 4);
    state.eflags |= OF | DF;
    monitor.flags = NT | IF;
    CHECK_EQUAL(RUN(0xCD, 0x80), MONITOR_GOES_ON);
    struct vm86_state there = before;
    state.eflags &= ~(OF | DF);
    CHECK_EQUAL(RUN(0xCF), MONITOR_GOES_ON);
    before = there;
    CHECK_EQUAL(monitor.flags, NT | IF);
    CHECK_EQUAL(monitor.read_size, 6);
    check_nothing_else_changed(2);
}

static void interrupt_that_was_answered_counts_as_done(void)
{
    begin();
    world_refuses_interrupts = true;
    CHECK_EQUAL(RUN(0xCD, 0x13), MONITOR_GOES_ON);
    CHECK_EQUAL(state.eax, 0x8600);
    CHECK_EQUAL(state.eflags, VM | IF | CF | 2);
    CHECK_EQUAL(state.esp, before.esp);
    CHECK_EQUAL(state.eip, 0x102);
    CHECK_EQUAL(world_writes, 0);
    CHECK_EQUAL(monitor.read_size + monitor.written_size, 0);
}

static void one_byte_interrupts_have_their_vectors(void)
{
    begin();
    CHECK_EQUAL(RUN(0xCC), MONITOR_GOES_ON);
    CHECK_EQUAL(world_interrupt, 3);
    CHECK_EQUAL(word_at(STACK_SEGMENT, 0x7FA), 0x101);
    begin();
    CHECK_EQUAL(RUN(0xCE), MONITOR_GOES_ON);             /* INTO, without an overflow */
    CHECK_EQUAL(world_interrupt, UINT32_MAX);
    check_nothing_else_changed(1);
    state.eflags |= OF;
    CHECK_EQUAL(RUN(0xCE), MONITOR_GOES_ON);
    CHECK_EQUAL(world_interrupt, 4);
}

static void exceptions_go_through_the_table_unasked(void)
{
    begin();
    put(0, 6 * 4, 0xF0004321, 4);
    world_refuses_interrupts = true;
    CHECK_EQUAL(monitor_interrupt(&monitor, &state, 6), MONITOR_GOES_ON);
    CHECK_EQUAL(world_interrupt, UINT32_MAX);
    CHECK_EQUAL(state.cs << 16 | state.eip, 0xF0004321);
    CHECK_EQUAL(word_at(STACK_SEGMENT, 0x7FA), 0x100);
}

static void iretd_pops_three_double_words(void)
{
    begin();
    put(STACK_SEGMENT, 0x800, 0x4444, 4);
    put(STACK_SEGMENT, 0x804, 0xFFFF1357, 4);
    put(STACK_SEGMENT, 0x808, AC | IF | CF, 4);
    CHECK_EQUAL(RUN(0x66, 0xCF), MONITOR_GOES_ON);
    CHECK_EQUAL(state.eip, 0x4444);
    CHECK_EQUAL(state.cs, 0x1357);
    CHECK_EQUAL(state.esp, 0x5555080C);
    CHECK_EQUAL(state.eflags, VM | IF | CF | 2);
    CHECK_EQUAL(monitor_flags(&monitor, &state), AC | IF | CF | 2);
    begin();
    put(STACK_SEGMENT, 0x800, 0x10000, 4);               /* behind the segment's end */
    CHECK_EQUAL(RUN(0x66, 0xCF), MONITOR_UNKNOWN);
    CHECK(memcmp(&state, &before, sizeof state) == 0);
}

/* ---- Ends of segments, and of memory ---- */

static void sp_wraps_between_words(void)
{
    begin();
    put(0, 0x10 * 4, 0xC0001234, 4);
    state.esp = 0x55550002;
    CHECK_EQUAL(RUN(0xCD, 0x10), MONITOR_GOES_ON);
    CHECK_EQUAL(state.esp, 0x5555FFFC);
    CHECK_EQUAL(word_at(STACK_SEGMENT, 0), IF | 2);
    CHECK_EQUAL(word_at(STACK_SEGMENT, 0xFFFE), CODE_SEGMENT);
    CHECK_EQUAL(word_at(STACK_SEGMENT, 0xFFFC), 0x102);
    state.cs = CODE_SEGMENT;
    CHECK_EQUAL(RUN(0xCF), MONITOR_GOES_ON);
    CHECK_EQUAL(state.esp, 0x55550002);
    CHECK_EQUAL(state.cs << 16 | state.eip, CODE_SEGMENT << 16 | 0x102);
    CHECK(interrupts_are_on());
    state.esp = 0x55550000;
    CHECK_EQUAL(RUN(0x9C), MONITOR_GOES_ON);
    CHECK_EQUAL(state.esp, 0x5555FFFE);
    CHECK_EQUAL(RUN(0x9D), MONITOR_GOES_ON);
    CHECK_EQUAL(state.esp, 0x55550000);
}

static void check_fault(enum monitor_outcome outcome, uint32_t address)
{
    CHECK_EQUAL(outcome, MONITOR_FAULT);
    CHECK_EQUAL(monitor.address, address);
    CHECK(memcmp(&state, &before, sizeof state) == 0);
    CHECK_EQUAL(world_writes + world_log_count, 0);
}

static void words_across_the_end_of_a_segment_are_mistakes(void)
{
    static const uint8_t codes[][2] = { { 0x9C }, { 0xCD, 0x10 }, { 0x66, 0x9C }, { 0x9D }, { 0xCF }, { 0x66, 0x9D }, { 0x66, 0xCF } };

    for (uint32_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        begin();
        state.esp = 0x55550000 | (i < 2 ? 1 : i == 2 ? 2 : i < 5 ? 0xFFFF : 0xFFFD);
        uint32_t pushed = i == 2 ? 0xFFFE : 0xFFFF;
        check_fault(run_at(0x100, codes[i], 2), STACK_SEGMENT * 16 + (i < 3 ? pushed : state.esp & 0xFFFF));
    }
    begin();
    state.esp = 3;                                       /* the second word of three */
    check_fault(RUN(0xCD, 0x10), STACK_SEGMENT * 16 + 0xFFFF);
    state.esp = 0xFFFB;
    check_fault(RUN(0xCF), STACK_SEGMENT * 16 + 0xFFFF);
}

static void memory_that_is_not_there_leaves_all_as_it_was(void)
{
    static const uint8_t codes[][2] = { { 0x9C }, { 0x66, 0x9C }, { 0xCD, 0x10 }, { 0x9D }, { 0xCF } };

    for (uint32_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        begin();
        monitor.flags = NT | IF;
        world_pages[STACK_SEGMENT * 16 / WORLD_PAGE] = i < 3 ? WORLD_READ_ONLY : WORLD_MISSING;
        check_fault(run_at(0x100, codes[i], 2), STACK_SEGMENT * 16 + (i == 0 ? 0x7FE : i == 1 ? 0x7FC : i == 2 ? 0x7FA : 0x800));
        CHECK_EQUAL(monitor.flags, NT | IF);
    }
    begin();
    world_pages[0] = WORLD_MISSING;                      /* no table of vectors */
    check_fault(RUN(0xCD, 0x21), 0x21 * 4);
    begin();
    world_pages[STACK_SEGMENT * 16 / WORLD_PAGE + 15] = WORLD_READ_ONLY;      /* only where a frame wraps to */
    state.esp = 2;
    check_fault(RUN(0xCD, 0x21), STACK_SEGMENT * 16 + 0xFFFC);
}

static void ip_wraps(void)
{
    begin();
    CHECK_EQUAL(run_at(0xFFFF, (const uint8_t[]){ 0xFA }, 1), MONITOR_GOES_ON);
    CHECK_EQUAL(state.eip, 0);
    CHECK_EQUAL(run_at(0xFFFE, (const uint8_t[]){ 0x66, 0x9C }, 2), MONITOR_GOES_ON);
    CHECK_EQUAL(state.eip, 0);
    state.eip = 0x10005;                                 /* so the processor says behind an instruction at the end */
    CHECK_EQUAL(monitor_emulate(&monitor, &state), MONITOR_GOES_ON);
    CHECK_EQUAL(state.eip, 5);
    CHECK_EQUAL(monitor.code_size, 0);
    state.cs = 0xFFFF;                                   /* the last bytes there are */
    world_memory[WORLD_SIZE - 0x11] = 0xFB;
    state.eip = 0xFFFF;
    CHECK_EQUAL(monitor_emulate(&monitor, &state), MONITOR_GOES_ON);
    CHECK_EQUAL(state.eip, 0);
}

static void instructions_across_an_end_are_mistakes(void)
{
    begin();
    CHECK_EQUAL(run_at(0xFFFF, (const uint8_t[]){ 0xCD, 0x10 }, 2), MONITOR_UNKNOWN);
    CHECK_EQUAL(run_at(0xFFFE, (const uint8_t[]){ 0x26, 0x66, 0x9C }, 3), MONITOR_UNKNOWN);
    CHECK_EQUAL(monitor.code_size, 2);
    world_pages[CODE_SEGMENT * 16 / WORLD_PAGE + 1] = WORLD_MISSING;
    CHECK_EQUAL(run_at(0xFFF, (const uint8_t[]){ 0xFA, 0xF4 }, 2), MONITOR_GOES_ON);
    CHECK_EQUAL(run_at(0xFFF, (const uint8_t[]){ 0xCD, 0x10 }, 2), MONITOR_FAULT);
    CHECK_EQUAL(monitor.address, CODE_SEGMENT * 16 + 0x1000);
    CHECK(memcmp(&state, &before, sizeof state) == 0);
}

static void code_may_be_read_directly(void)
{
    begin();
    monitor_initialise(&monitor, &world_direct);
    world_pages[CODE_SEGMENT * 16 / WORLD_PAGE] = WORLD_MISSING;     /* whoever asks is told so */
    CHECK_EQUAL(RUN(0xFA), MONITOR_GOES_ON);
    CHECK_EQUAL(run_at(0xFFC, (const uint8_t[]){ 0x66, 0x9C }, 2), MONITOR_GOES_ON);
    CHECK_EQUAL(run_at(0xFFD, (const uint8_t[]){ 0xFA }, 1), MONITOR_FAULT);
}

static enum usual how_usual_at(uint32_t ip, uint8_t first, uint8_t second)
{
    world_memory[CODE_SEGMENT * 16 + ip] = first;
    world_memory[CODE_SEGMENT * 16 + ip + 1] = second;
    state.eip = ip;
    before = state;
    return usual_emulate(&monitor, &world_places, &state);
}

static bool usual_at(uint32_t ip, uint8_t first, uint8_t second)
{
    return how_usual_at(ip, first, second) != USUAL_NOT;
}

static void usual_instructions_are_done_in_place(void)
{
    begin();
    world_open_pages();
    memset(world_pages, WORLD_MISSING, sizeof world_pages);          /* nobody asks */
    CHECK(usual_at(0x100, 0x9C, 0) && word_at(STACK_SEGMENT, 0x7FE) == (IF | 2));
    CHECK(usual_at(0x100, 0xFA, 0) && !interrupts_are_on());
    CHECK(usual_at(0x100, 0xFB, 0) && interrupts_are_on());
    CHECK(usual_at(0x100, 0x66, 0x9C) && state.esp == 0x555507FA && state.eip == 0x102);
    put(STACK_SEGMENT, 0x7FA, AC | CF, 4);
    CHECK(usual_at(0x100, 0x66, 0x9D) && monitor_flags(&monitor, &state) == (AC | CF | 2));
    CHECK(usual_at(0x100, 0x9D, 0) && state.esp == 0x55550800 && monitor_flags(&monitor, &state) == (AC | IF | 2));
}

static void usual_interrupts_go_through_the_table_in_place(void)
{
    begin();
    world_open_pages();
    put(0, 0x42 * 4, 0xC0001234, 4);
    put(0, 0x15 * 4, 0xC0001234, 4);
    world_ask_about(0x15);
    CHECK(!usual_at(0x100, 0xCD, 0x15) && !usual_at(0x100, 0xCD, 0x43));          /* one to be asked about, one without a handler */
    CHECK(memcmp(&state, &before, sizeof state) == 0 && monitor.interrupts == 0);
    memset(world_pages, WORLD_MISSING, sizeof world_pages);          /* nobody asks */
    monitor.flags |= AC | NT;
    state.eflags |= CF;
    CHECK(usual_at(0x100, 0xCD, 0x42) && state.cs == 0xC000 && state.eip == 0x1234 && state.esp == 0x555507FA);
    CHECK_EQUAL(word_at(STACK_SEGMENT, 0x7FE), NT | IF | CF | 2);
    CHECK_EQUAL(word_at(STACK_SEGMENT, 0x7FC), CODE_SEGMENT);
    CHECK_EQUAL(word_at(STACK_SEGMENT, 0x7FA), 0x102);
    CHECK(monitor.flags == NT && monitor.interrupts == 1 && world_interrupt == UINT32_MAX);
    state.cs = CODE_SEGMENT;
    state.eflags = VM | RF | IF | DF | 2;
    CHECK(usual_at(0x100, 0xCF, 0) && state.cs == CODE_SEGMENT && state.eip == 0x102 && state.esp == 0x55550800);
    CHECK(monitor.flags == (NT | IF) && state.eflags == (VM | IF | CF | 2));
}

static void quiet_ports_are_counted_and_no_more(void)
{
    begin();
    world_keep_plain(0x402, 1, MONITOR_QUIET);
    world_keep_plain(0xB2, 2, MONITOR_QUIET_REFUSED);
    state.edx = 0x55550402;
    CHECK(how_usual_at(0x100, 0xEE, 0) == USUAL_DONE);
    check_nothing_else_changed(1);
    CHECK(how_usual_at(0x100, 0xEC, 0) == USUAL_DONE && state.eax == 0xA1A2A3FF);
    state.edx = 0xB2;
    CHECK(how_usual_at(0x100, 0xED, 0) == USUAL_DONE && state.eax == 0xA1A2FFFF);
    CHECK(monitor.plain == 3 && monitor.plain_refused == 1 && world_log_count == 0);
    CHECK(how_usual_at(0x100, 0xEE, 0) == USUAL_ASKED && how_usual_at(0x100, 0x66, 0xEF) == USUAL_ASKED);   /* other widths are others */
    CHECK(how_usual_at(0x100, 0xE6, 0x02) == USUAL_ASKED && how_usual_at(0x100, 0xE4, 0xB2) == USUAL_ASKED);
    CHECK(monitor.plain == 3 && world_log_count == 4 && world_log[1].width == 4 && world_log[2].port == 2);
}

static void own_ports_are_reached_without_a_question(void)
{
    begin();
    world_keep_plain(0x3CE, 2, MONITOR_OWN);
    world_keep_plain(0x60, 1, MONITOR_OWN);
    state.edx = 0x3CE;
    CHECK(how_usual_at(0x100, 0xEF, 0) == USUAL_DONE);
    check_nothing_else_changed(1);
    CHECK(how_usual_at(0x100, 0xED, 0) == USUAL_DONE && state.eax == (0xA1A20000 | (world_port_value(1) & 0xFFFF)));
    CHECK(how_usual_at(0x100, 0xE4, 0x60) == USUAL_DONE && (state.eax & 0xFF) == (world_port_value(2) & 0xFF));
    CHECK(world_log_count == 3 && world_log[0].port == 0x3CE && world_log[0].value == 0xA3A4 && world_log[2].port == 0x60);
    CHECK(monitor.plain == 3 && monitor.plain_refused == 0);
}

static void whatever_is_not_usual_is_left_alone(void)
{
    begin();
    world_pages[STACK_SEGMENT * 16 / WORLD_PAGE] = WORLD_READ_ONLY;
    world_pages[STACK_SEGMENT * 16 / WORLD_PAGE + 1] = WORLD_MISSING;
    world_open_pages();
    CHECK(!usual_at(0x100, 0xF4, 0) && !usual_at(0x100, 0x26, 0x9C) && !usual_at(0x100, 0xF0, 0xFA) && !usual_at(0x100, 0x66, 0x66));
    put(0, 0x42 * 4, 0xC0001234, 4);
    CHECK(!usual_at(0x100, 0xCD, 0x42) && !usual_at(0x100, 0x9C, 0) && usual_at(0x100, 0x9D, 0));
    state.esp = 0x1000;
    CHECK(!usual_at(0x100, 0x9D, 0) && !usual_at(0x100, 0xCF, 0) && !usual_at(0x100, 0x9C, 0));
    state.esp = 0xFFC;
    CHECK(!usual_at(0x100, 0xCF, 0));                    /* across two pages */
    state.esp = 0xFFE;
    CHECK(!usual_at(0x100, 0x66, 0x9D));
    state.esp = 5;
    CHECK(!usual_at(0x100, 0xCD, 0x42));                 /* across the segment's end */
    state.esp = 1;
    CHECK(!usual_at(0x100, 0x9C, 0));
    CHECK(!usual_at(0xFFF, 0xFA, 0) && !usual_at(0xFFFF, 0xFA, 0));
    state.eflags |= TF;
    monitor.flags |= IF;
    CHECK(!usual_at(0x100, 0xFA, 0) && interrupts_are_on());
    CHECK(memcmp(&state, &before, sizeof state) == 0);
}

/* ---- Prefixes, and what is none of ours ---- */

static void fourteen_prefixes_are_the_most(void)
{
    uint8_t code[20];

    for (uint32_t count = 0; count < 18; count++) {
        begin();
        memset(code, 0x26, count);
        code[count] = 0xFA;
        CHECK_EQUAL(run_at(0x100, code, count + 1), count <= 14 ? MONITOR_GOES_ON : MONITOR_UNKNOWN);
        CHECK_EQUAL(interrupts_are_on(), count > 14);
        CHECK(monitor.code_size <= 15);
        begin();
        code[count] = 0xCD;
        code[count + 1] = 0x10;
        CHECK_EQUAL(run_at(0x100, code, count + 2), count <= 13 ? MONITOR_GOES_ON : MONITOR_UNKNOWN);
        if (count > 13) {
            CHECK(memcmp(&state, &before, sizeof state) == 0);
        }
    }
}

static void prefixes_without_a_meaning_have_none(void)
{
    static const uint8_t prefixes[] = { 0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x67, 0xF2, 0xF3 };

    for (uint32_t i = 0; i < sizeof prefixes; i++) {
        begin();
        CHECK_EQUAL(RUN(prefixes[i], 0xFA), MONITOR_GOES_ON);
        CHECK(!interrupts_are_on());
        check_nothing_else_changed(2);
        CHECK_EQUAL(RUN(prefixes[i], 0x66, 0x9C), MONITOR_GOES_ON);
        CHECK_EQUAL(state.esp, 0x555507FC);
        CHECK_EQUAL(monitor.code_size, 3);
    }
}

static void lock_and_all_others_are_unknown(void)
{
    static const uint8_t others[][4] = {
        { 0xF0, 0xFA }, { 0xF0, 0x9C }, { 0x66, 0xF0, 0x9C }, { 0xF0, 0xEE }, { 0xFA ^ 0xFF }, { 0x90 }, { 0x0F, 0x01, 0x17 }, { 0x0F, 0x01, 0x1F },
        { 0x0F, 0x01, 0xF0 }, { 0x0F, 0x22, 0xC0 }, { 0x0F, 0x20, 0xC0 }, { 0x0F, 0x06 }, { 0x0F, 0x08 }, { 0x0F, 0x09 }, { 0x0F, 0x30 }, { 0x0F, 0xFF },
        { 0x0F, 0x34 }, { 0xFE, 0xFF }, { 0xFF, 0xFF }, { 0xC8 }, { 0x66, 0x90 }, { 0xF1 },
    };

    for (uint32_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        begin();
        CHECK_EQUAL(run_at(0x100, others[i], 4), MONITOR_UNKNOWN);
        CHECK(memcmp(&state, &before, sizeof state) == 0);
        CHECK(interrupts_are_on() && !monitor.single_step && world_writes + world_log_count == 0);
    }
}

static void hlt_tells_whether_it_can_end(void)
{
    begin();
    CHECK_EQUAL(RUN(0xF4), MONITOR_HALTED);
    check_nothing_else_changed(1);
    CHECK_EQUAL(RUN(0xFA), MONITOR_GOES_ON);
    CHECK_EQUAL(RUN(0xF4), MONITOR_HALTED_FOR_EVER);
    check_nothing_else_changed(1);
}

/* ---- Ports ---- */

static void in_and_out_touch_their_port_once(void)
{
    static const struct { uint8_t code[3]; bool is_read; uint16_t port; uint32_t width; } ports[] = {
        { { 0xE4, 0x20 }, true, 0x20, 1 }, { { 0xE5, 0xFF }, true, 0xFF, 2 }, { { 0x66, 0xE5, 0x10 }, true, 0x10, 4 }, { { 0x66, 0xE4, 0x10 }, true, 0x10, 1 },
        { { 0xE6, 0x80 }, false, 0x80, 1 }, { { 0xE7, 0x80 }, false, 0x80, 2 }, { { 0x66, 0xE7, 0x80 }, false, 0x80, 4 },
        { { 0xEC }, true, 0xD3D4, 1 }, { { 0xED }, true, 0xD3D4, 2 }, { { 0x66, 0xED }, true, 0xD3D4, 4 }, { { 0x66, 0xEC }, true, 0xD3D4, 1 },
        { { 0xEE }, false, 0xD3D4, 1 }, { { 0xEF }, false, 0xD3D4, 2 }, { { 0x66, 0xEF }, false, 0xD3D4, 4 },
    };

    for (uint32_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
        uint32_t mask = ports[i].width == 4 ? UINT32_MAX : (1U << ports[i].width * 8) - 1;
        begin();
        CHECK_EQUAL(run_at(0x100, ports[i].code, 3), MONITOR_GOES_ON);
        CHECK_EQUAL(world_log_count, 1);
        CHECK_EQUAL(world_log[0].port, ports[i].port);
        CHECK_EQUAL(world_log[0].width, ports[i].width);
        CHECK_EQUAL(world_log[0].is_read, ports[i].is_read);
        if (ports[i].is_read) {
            CHECK_EQUAL(state.eax, (before.eax & ~mask) | (world_port_value(0) & mask));
            state.eax = before.eax;
        } else {
            CHECK_EQUAL(world_log[0].value, before.eax & mask);
        }
        check_nothing_else_changed(monitor.code_size);
    }
}

static const struct test tests[] = {
    TEST(cli_and_sti_are_seen_by_pushf_alone),
    TEST(pushf_keeps_the_upper_half_of_esp),
    TEST(popf_gives_the_code_its_flags_and_no_power),
    TEST(flags_that_tell_processors_apart_read_as_they_can),
    TEST(trap_flag_makes_an_exception_due),
    TEST(int_goes_through_the_table),
    TEST(iret_undoes_int),
    TEST(interrupt_that_was_answered_counts_as_done),
    TEST(one_byte_interrupts_have_their_vectors),
    TEST(exceptions_go_through_the_table_unasked),
    TEST(iretd_pops_three_double_words),
    TEST(sp_wraps_between_words),
    TEST(words_across_the_end_of_a_segment_are_mistakes),
    TEST(memory_that_is_not_there_leaves_all_as_it_was),
    TEST(ip_wraps),
    TEST(instructions_across_an_end_are_mistakes),
    TEST(code_may_be_read_directly),
    TEST(usual_instructions_are_done_in_place),
    TEST(usual_interrupts_go_through_the_table_in_place),
    TEST(quiet_ports_are_counted_and_no_more),
    TEST(own_ports_are_reached_without_a_question),
    TEST(whatever_is_not_usual_is_left_alone),
    TEST(fourteen_prefixes_are_the_most),
    TEST(prefixes_without_a_meaning_have_none),
    TEST(lock_and_all_others_are_unknown),
    TEST(hlt_tells_whether_it_can_end),
    TEST(in_and_out_touch_their_port_once),
};
TEST_MAIN(tests)

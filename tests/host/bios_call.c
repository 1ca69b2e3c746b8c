/*
 * Calls of the BIOS: their budgets, and what is counted of them, against a processor that knows the five instructions of this test's 16-bit code
 * and a clock that goes on as the test says.
 */
#include <string.h>
#include <sys/mman.h>

#include <abi/process.h>
#include <abi/system.h>
#include <ternion/clock.h>
#include <ternion/port.h>
#include <ternion/syscall.h>
#include <ternion/vm86.h>

#include "vm86/run.h"
#include "test.h"

#define SEGMENT (BIOS_MEMORY_FIRST / 16)
#define MS 30U
#define CLOCK_FACTOR 4U              /* so much more of them by the clock, as docs/vm86.md has it */
#define TF 0x100U
#define DEBUG 1U
#define PROTECTION 13U
#define LOOKS 64U                    /* steps, or ports, between two looks at the clock */

uint8_t vm86_memory[VM86_MEMORY_END];

static nanoseconds_t now_ns;
static nanoseconds_t run_ns;         /* that each stay in VM86 mode takes, without a tick of it being the thread's */
static nanoseconds_t listener_ns;
static uint32_t runs, records;
static struct bios_options options;

/* ---- The kernel ---- */

nanoseconds_t clock_now(void)
{
    return now_ns;
}

nanoseconds_t clock_after(nanoseconds_t delay_ns)
{
    return now_ns + delay_ns;
}

status_t thread_delay(nanoseconds_t deadline_ns)
{
    now_ns = deadline_ns > now_ns ? deadline_ns : now_ns;
    return OK;
}

status_t vm86_set_up(uint32_t address)
{
    (void)address;
    return OK;
}

status_t vm86_map(uint32_t address, uint32_t pages, uint32_t flags)
{
    (void)flags;
    memset(vm86_memory + address, 0, pages * PAGE_SIZE);
    return OK;
}

status_t memory_allocate(uint32_t pages, uint32_t flags, uint32_t *address_out)
{
    (void)pages;
    (void)flags;
    (void)address_out;
    return NO_MEMORY;                /* records go without what was written */
}

status_t memory_free(uint32_t address, uint32_t pages)
{
    (void)address;
    (void)pages;
    return OK;
}

/* No port is granted. */
uint8_t port_read8(uint16_t port)
{
    CHECK(port != port);
    return 0;
}

uint16_t port_read16(uint16_t port)
{
    return port_read8(port);
}

uint32_t port_read32(uint16_t port)
{
    return port_read8(port);
}

void port_write8(uint16_t port, uint8_t value)
{
    CHECK(port != port && value != value);
}

void port_write16(uint16_t port, uint16_t value)
{
    port_write8(port, (uint8_t)value);
}

void port_write32(uint16_t port, uint32_t value)
{
    port_write8(port, (uint8_t)value);
}

/* ---- The processor ---- */

static void return_far(struct vm86_state *state)
{
    const uint8_t *stack = vm86_memory + (state->ss & 0xFFFF) * 16 + (state->esp & 0xFFFF);

    state->eip = stack[0] | (uint32_t)stack[1] << 8;
    state->cs = stack[2] | (uint32_t)stack[3] << 8;
    state->esp += 4;
}

/* JMP here, LOOP, RETF, NOP. False: it is none of these. */
static bool execute(struct vm86_state *state)
{
    const uint8_t *code = vm86_memory + (state->cs & 0xFFFF) * 16 + (state->eip & 0xFFFF);

    switch (*code) {
    case 0x90:
        state->eip++;
        return true;
    case 0xCB:
        return_far(state);
        return true;
    case 0xE2:
        state->ecx--;
        state->eip += 2U + ((state->ecx & 0xFFFF) != 0 ? (uint32_t)(int8_t)code[1] : 0);
        return true;
    case 0xEB:
        CHECK_EQUAL(code[1], 0xFE);
        return true;
    }
    return false;
}

/* Time that its own code takes is of no account: a millisecond passes with each tick that is left, once it jumps where it is. */
status_t vm86_run(struct vm86_state *state)
{
    CHECK(++runs < 10000000);
    now_ns += run_ns;
    for (;;) {
        if (!execute(state)) {
            state->reason = PROTECTION;
            return OK;
        }
        if ((state->eflags & TF) != 0) {
            state->reason = DEBUG;
            return OK;
        }
        if (vm86_memory[(state->cs & 0xFFFF) * 16 + (state->eip & 0xFFFF)] == 0xEB) {
            now_ns += state->ticks * MILLISECOND;
            state->ticks = 0;
            state->reason = VM86_TICKS_OVER;
            return OK;
        }
    }
}

/* ---- Calls ---- */

static void listen(const struct bios_record *record)
{
    CHECK(record->kind < BIOS_RECORD_KIND_COUNT);
    records++;
    now_ns += listener_ns;
}

static void begin(void)
{
    static bool is_open;

    if (!is_open) {
        void *pages = mmap((void *)SYSTEM_PAGE, 2 * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        CHECK(pages == (void *)SYSTEM_PAGE);
        struct system_page *page = pages;
        struct process_page *process = (struct process_page *)((uint8_t *)pages + PAGE_SIZE);
        page->tsc_multiplier = 1;
        page->tick_ns = 1000000;
        process->slots[0].thread = 7;
        process->self = (uint32_t)(uintptr_t)&process->slots[0];
        CHECK_EQUAL(bios_open(&(struct bios_options){ 0 }), OK);
        is_open = true;
    }
    now_ns = 1000000000;
    run_ns = listener_ns = 0;
    runs = records = 0;
    options = (struct bios_options){ .ms = MS };
}

static status_t call(uint32_t flags, uint32_t traps, bool is_recorded, uint32_t count, const uint8_t *code, uint32_t size)
{
    struct bios_registers registers = { .ecx = count, .edx = 0x402 };

    options.flags = flags;
    options.traps = traps;
    options.record = is_recorded ? listen : NULL;
    bios_set_options(&options);
    CHECK_EQUAL(bios_write(SEGMENT, 0, code, size), OK);
    return bios_call(SEGMENT, 0, &registers);
}

#define CALL(flags, traps, is_recorded, count, ...) \
    call(flags, traps, is_recorded, count, (const uint8_t[]){ __VA_ARGS__ }, sizeof (const uint8_t[]){ __VA_ARGS__ })

static void expect_by_clock(status_t status, uint32_t ms, nanoseconds_t passed_ns, nanoseconds_t late_ns)
{
    const nanoseconds_t budget_ns = CLOCK_FACTOR * ms * MILLISECOND;

    CHECK_EQUAL(status, TIMED_OUT);
    CHECK(strstr(bios_problem(), " ms by the clock, 4 times its budget; it was at 1000:0000") != NULL);
    CHECK(passed_ns >= budget_ns && passed_ns <= budget_ns + late_ns);
}

static void running_has_its_budget_in_ticks(void)
{
    begin();
    nanoseconds_t begin_ns = now_ns;
    CHECK_EQUAL(CALL(0, 0, false, 0, 0xEB, 0xFE), TIMED_OUT);
    CHECK(strstr(bios_problem(), "it runs for more than 30 ms, which is its budget; it was at 1000:0000") == bios_problem());
    CHECK(now_ns - begin_ns == MS * MILLISECOND && bios_last_cost().ticks == MS);
}

/* Nearly all of a step's time passes outside VM86 mode, where no tick counts. */
static void steps_have_their_budget_by_the_clock(void)
{
    for (uint32_t is_recorded = 0; is_recorded < 2; is_recorded++) {
        begin();
        run_ns = 100000;
        nanoseconds_t begin_ns = now_ns;
        status_t status = CALL(BIOS_STEP, 0, is_recorded != 0, 0, 0xEB, 0xFE);
        expect_by_clock(status, MS, now_ns - begin_ns, LOOKS * run_ns);
        CHECK_EQUAL(bios_last_cost().instructions, runs);
    }
}

/* Others run, and the thread gets a tenth of the time. */
static void slices_have_their_budget_by_the_clock(void)
{
    begin();
    options.ms = 1000;
    run_ns = 500 * MILLISECOND;
    nanoseconds_t begin_ns = now_ns;
    status_t status = CALL(0, 0, false, 0, 0xEB, 0xFE);
    expect_by_clock(status, 1000, now_ns - begin_ns, run_ns + 55 * MILLISECOND);
}

static void time_of_who_listens_is_not_the_calls(void)
{
    begin();
    listener_ns = SECOND;
    CHECK_EQUAL(CALL(BIOS_STEP, 0, true, 200, 0x90, 0xE2, 0xFD, 0xCB), OK);
    CHECK(records > 400 && now_ns > 400 * SECOND);
    run_ns = 1000000;
    CHECK_EQUAL(CALL(BIOS_STEP, 0, true, 200, 0x90, 0xE2, 0xFD, 0xCB), TIMED_OUT);
}

/* So many are done, and the next one is not. */
static void traps_have_their_budget(void)
{
    for (uint32_t is_recorded = 0; is_recorded < 2; is_recorded++) {
        for (uint32_t most = 199; most <= 201; most++) {
            begin();
            CHECK_EQUAL(CALL(0, most, is_recorded != 0, 100, 0x9C, 0x9D, 0xE2, 0xFC, 0xCB), most < 200 ? TIMED_OUT : OK);
            CHECK_EQUAL(bios_last_cost().traps, most < 200 ? most : 200);
        }
        CHECK_EQUAL(CALL(0, 0, is_recorded != 0, 6000, 0x9C, 0x9D, 0xE2, 0xFC, 0xCB), OK);      /* more than a look */
        CHECK_EQUAL(bios_last_cost().traps, 12000);
    }
}

/* Ways that are short count as the long ones do: OUT DX, IN of a port that is refused, INT to an IRET, and one that has no handler. */
static void what_is_usual_is_counted_as_all_is(void)
{
    static const uint8_t code[] = { 0xEE, 0xE4, 0xB2, 0xE4, 0x61, 0xCD, 0x42, 0xE2, 0xF7, 0xCD, 0x15, 0xCD, 0x43, 0xCB, 0xCF };
    static const uint16_t vector[] = { sizeof code - 1, SEGMENT };
    struct bios_refused refused;

    for (uint32_t is_recorded = 0; is_recorded < 2; is_recorded++) {
        begin();
        CHECK_EQUAL(bios_write(0, 0x42 * 4, vector, sizeof vector), OK);
        CHECK_EQUAL(bios_write(0, 0x15 * 4, vector, sizeof vector), OK);
        CHECK_EQUAL(call(0, 0, is_recorded != 0, 100, code, sizeof code), FAULT);
        CHECK(strstr(bios_problem(), "interrupt 43h has no handler") == bios_problem());
        struct bios_cost cost = bios_last_cost();
        CHECK_EQUAL(cost.ports, 300);
        CHECK_EQUAL(cost.refused, 100);
        CHECK_EQUAL(cost.interrupts, 102);
        CHECK_EQUAL(cost.traps, 503);
        CHECK_EQUAL(bios_next_refused(&refused), is_recorded == 0);
    }
    CHECK_EQUAL(refused.port, 0xB2);
}

static const struct test tests[] = {
    TEST(running_has_its_budget_in_ticks),
    TEST(steps_have_their_budget_by_the_clock),
    TEST(slices_have_their_budget_by_the_clock),
    TEST(time_of_who_listens_is_not_the_calls),
    TEST(traps_have_their_budget),
    TEST(what_is_usual_is_counted_as_all_is),
};
TEST_MAIN(tests)

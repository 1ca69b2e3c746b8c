#include "call.h"

#include <ternion/clock.h>
#include <ternion/exception.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>
#include <ternion/system.h>

#include "clock.h"
#include "interrupts.h"
#include "memory.h"
#include "monitor.h"
#include "native.h"
#include "ports.h"
#include "problem.h"
#include "recorder.h"
#include "run.h"
#include "services.h"

/* SDM volume 3, table 6-1. */
enum exception { DIVISION, DEBUG, NON_MASKABLE, BREAKPOINT, OVERFLOWED, BOUNDS, OPCODE, NO_FPU, PROTECTION = 13, PAGE_FAULT, FPU = 16 };
#define REAL_MODE_HAS (1U << DIVISION | 1U << DEBUG | 1U << BREAKPOINT | 1U << OVERFLOWED | 1U << BOUNDS | 1U << OPCODE | 1U << NO_FPU | 1U << FPU)
#define PAGE_FAULT_WRITE 2U          /* in the error code: SDM volume 3, section 4.7 */

#define SLICE_MS 55U                 /* as often as a BIOS expects its clock to tick */
#define REPETITIONS_MAX 100U         /* of an exception whose handler does not help */
#define STACK_POINTER 0xFFF0U
#define TRAP_FLAG 0x100U
#define FLAGS_OUT 0xCD5U             /* CF PF AF ZF SF DF OF */
#define INT 0xCDU
#define RETURN_VECTOR 0xFEU          /* nobody's; that it is executed at that place is what counts */

enum next { GO_ON, CAME_BACK, STOPPED };

static struct vm86_state state __attribute__((aligned(128)));    /* whole in a page */
static thread_id_t owner;            /* the thread that the kernel knows it of */
static struct monitor monitor;
static struct bios_cost cost;
static struct bios_options options;
static status_t failure;             /* of a call that has stopped */
static uint32_t ticks_left;          /* of the budget, without those of this slice */
static uint32_t slice;               /* ticks that it began with */
static bool interrupted;             /* the instruction that the monitor does is an INT that was let through */
static struct {
    uint32_t vector, cs, eip, esp, count;
} last_exception;

static enum next stop(status_t status)
{
    failure = status;
    return STOPPED;
}

static uint32_t linear(uint32_t segment, uint32_t offset)
{
    return (segment & 0xFFFF) * 16 + (offset & 0xFFFF);
}

/* ---- Time ---- */

static uint32_t ticks_of(uint32_t ms)
{
    uint64_t ticks = (uint64_t)ms * MILLISECOND / system_page()->tick_ns;

    return ticks == 0 ? 1 : ticks > UINT32_MAX ? UINT32_MAX : (uint32_t)ticks;
}

/* 0 would be for ever: there is at least a tick. */
static void slice_begin(void)
{
    uint32_t most = ticks_of(SLICE_MS);

    slice = ticks_left < most ? ticks_left : most;
    slice = slice == 0 ? 1 : slice;
    ticks_left -= ticks_left < slice ? ticks_left : slice;
    state.ticks = slice;
}

static void slice_end(void)
{
    cost.ticks += slice - state.ticks;
    ticks_left += state.ticks;
    slice = state.ticks = 0;
}

static enum next time_is_up(void)
{
    problem_set_at(&state, "it runs for more than %u ms, which is its budget; it was", options.ms);
    return stop(TIMED_OUT);
}

static enum next slice_is_over(void)
{
    slice_end();
    clock_advance();
    if (ticks_left == 0) {
        return time_is_up();
    }
    slice_begin();
    return GO_ON;
}

/* HLT: until the next tick of the BIOS's clock. It counts as running: who halts again and again would never end. */
static enum next wait_for_tick(void)
{
    uint32_t most = ticks_of(SLICE_MS);

    slice_end();
    if (ticks_left < most) {
        return time_is_up();
    }
    ticks_left -= most;
    cost.ticks += most;
    clock_wait();
    slice_begin();
    return GO_ON;
}

/* ---- Exceptions that real mode has handlers for ---- */

static bool has_handler(uint32_t vector)
{
    return memory_double_word(vector * 4) != 0;
}

/* Handlers that just return make the same exception again. */
static bool is_repeated(void)
{
    if (last_exception.vector == state.reason && last_exception.cs == state.cs && last_exception.eip == state.eip
        && last_exception.esp == state.esp) {
        return ++last_exception.count > REPETITIONS_MAX;
    }
    last_exception.vector = state.reason;
    last_exception.cs = state.cs;
    last_exception.eip = state.eip;
    last_exception.esp = state.esp;
    last_exception.count = 0;
    return false;
}

static enum next pass_on(void)
{
    if (state.reason >= VM86_EXCEPTION_COUNT || (REAL_MODE_HAS >> state.reason & 1) == 0) {
        problem_set_at(&state, "%s", exception_name(state.reason));
        return stop(FAULT);
    }
    if (!has_handler(state.reason)) {
        problem_set_at(&state, "%s, for which interrupt %02xh has no handler,", exception_name(state.reason), state.reason);
        return stop(FAULT);
    }
    if (is_repeated()) {
        problem_set_at(&state, "%s, again and again,", exception_name(state.reason));
        return stop(FAULT);
    }
    if (monitor_interrupt(&monitor, &state, state.reason) != MONITOR_GOES_ON) {
        problem_set_at(&state, "%s, and no stack for it,", exception_name(state.reason));
        return stop(FAULT);
    }
    if (recorder_listens()) {
        interrupts_began(&state, state.reason, true);
    }
    return GO_ON;
}

/* ---- The monitor's world ---- */

static bool world_read(void *context, uint32_t address, void *to, uint32_t size)
{
    (void)context;
    return memory_read(address, to, size);
}

static bool world_write(void *context, uint32_t address, const void *from, uint32_t size)
{
    (void)context;
    return memory_write(address, from, size);
}

static bool world_is_writable(void *context, uint32_t address, uint32_t size)
{
    (void)context;
    return memory_make_writable(address, size);
}

static void count_port(bool is_read, uint16_t port, uint32_t width, uint32_t value, enum bios_port kind)
{
    cost.ports++;
    cost.refused += kind == BIOS_PORT_REFUSED;
    if (recorder_listens()) {
        recorder_port(is_read, &state, port, width, value, kind);
    }
}

static uint32_t world_port_read(void *context, uint16_t port, uint32_t width)
{
    enum bios_port kind;
    uint32_t value = ports_read(port, width, &kind);
    (void)context;

    count_port(true, port, width, value, kind);
    return value;
}

static void world_port_write(void *context, uint16_t port, uint32_t width, uint32_t value)
{
    enum bios_port kind;
    (void)context;

    ports_write(port, width, value, &kind);
    count_port(false, port, width, value, kind);
}

static bool world_interrupt(void *context, struct vm86_state *with, uint32_t vector)
{
    (void)context;
    cost.interrupts++;
    if (recorder_listens()) {
        recorder_interrupt(false, with, vector);
    }
    if (service_refuse(vector, with)) {
        return false;
    }
    if (!has_handler(vector)) {
        problem_set_at(with, "interrupt %02xh has no handler; it was called", vector);
        failure = FAULT;
        return false;
    }
    interrupted = true;
    return true;
}

static const struct monitor_world world = {
    .read = world_read, .write = world_write, .is_writable = world_is_writable,
    .port_read = world_port_read, .port_write = world_port_write, .interrupt = world_interrupt,
};

/* ---- Why the mode was left ---- */

static enum next count_trap(void)
{
    if (cost.traps == options.traps) {
        problem_set_at(&state, "it took more than %u traps, which is its budget; it was", options.traps);
        return stop(TIMED_OUT);
    }
    cost.traps++;
    return GO_ON;
}

static enum next judge(enum monitor_outcome outcome)
{
    if (failure != OK) {
        return STOPPED;
    }
    switch (outcome) {
    case MONITOR_GOES_ON:
    case MONITOR_AGAIN:
        return GO_ON;
    case MONITOR_HALTED:
        return wait_for_tick();
    case MONITOR_HALTED_FOR_EVER:
        problem_set_at(&state, "it halted with interrupts off, and stood");
        return stop(DEADLOCK);
    case MONITOR_FAULT:
        problem_set_at(&state, "it needs memory that is not there, 0x%05x,", monitor.address);
        return stop(FAULT);
    case MONITOR_UNKNOWN:
        break;
    }
    problem_set_at(&state, "an instruction that it must not use, or a segment's end,");
    return stop(FAULT);
}

static enum next emulate(void)
{
    if (linear(state.cs, state.eip) == MEMORY_STACK) {
        return CAME_BACK;
    }
    if (count_trap() != GO_ON) {
        return STOPPED;
    }
    if (!recorder_listens()) {
        return judge(monitor_emulate(&monitor, &state));
    }
    struct vm86_state before = state;
    interrupted = false;
    enum monitor_outcome outcome = monitor_emulate(&monitor, &state);
    recorder_trap(&before, &state, monitor.code);
    if (interrupted) {
        interrupts_began(&state, 0, false);
    } else {
        interrupts_look_for_return(&state, monitor.code, monitor.code_size);
    }
    return judge(outcome);
}

static enum next page_fault(void)
{
    if ((state.error & PAGE_FAULT_WRITE) != 0 && memory_make_writable(state.address, 1)) {
        return GO_ON;
    }
    problem_set_at(&state, "it %s memory that is not there, 0x%05x,", (state.error & PAGE_FAULT_WRITE) != 0 ? "writes to" : "reads", state.address);
    return stop(FAULT);
}

static void step(const struct vm86_state *before)
{
    uint8_t code[16] = { 0 };

    cost.instructions++;
    for (uint32_t i = 0; i < sizeof code && memory_read(linear(before->cs, before->eip) + i, &code[i], 1); i++) {
    }
    recorder_step(before, code);
}

/* Until the mode is left for something else than a step or the end of a slice. */
static enum next enter(void)
{
    bool steps = (options.flags & BIOS_STEP) != 0 && (state.eflags & TRAP_FLAG) == 0;
    struct vm86_state before;

    if (!steps) {
        return vm86_run(&state) == OK ? GO_ON : stop(NOT_ALLOWED);
    }
    before = state;
    state.eflags |= TRAP_FLAG;
    if (vm86_run(&state) != OK) {
        return stop(NOT_ALLOWED);
    }
    state.eflags &= ~TRAP_FLAG;      /* only what the monitor does sets it for the code itself */
    if (state.reason == DEBUG) {
        state.reason = VM86_EXCEPTION_COUNT + VM86_TICKS_OVER;
        if (recorder_listens()) {
            step(&before);
        } else {
            cost.instructions++;
        }
    }
    return GO_ON;
}

static enum next go_on(void)
{
    if (enter() != GO_ON) {
        return STOPPED;
    }
    switch (state.reason) {
    case VM86_TICKS_OVER:
    case VM86_EXCEPTION_COUNT + VM86_TICKS_OVER:
        return GO_ON;
    case PROTECTION:
        return emulate();
    }
    if (count_trap() != GO_ON) {
        return STOPPED;
    }
    return state.reason == PAGE_FAULT ? page_fault() : pass_on();
}

/* ---- A call ---- */

void call_set_options(const struct bios_options *with)
{
    options = *with;
    options.ms = options.ms == 0 ? BIOS_MS_USUAL : options.ms;
    options.traps = options.traps == 0 ? BIOS_TRAPS_USUAL : options.traps;
    recorder_set_listener(options.record);
    ports_set_pci(options.pci_read);
}

const struct bios_cost *call_cost(void)
{
    return &cost;
}

/* The state is one thread's. */
static status_t prepare(void)
{
    thread_id_t self = thread_slot()->thread;

    if (owner != self) {
        status_t status = vm86_set_up((uint32_t)&state);
        if (status != OK) {
            return status;
        }
        owner = self;
    }
    return OK;
}

void call_forget(void)
{
    if (owner == thread_slot()->thread) {        /* another's ends with that */
        (void)vm86_set_up(0);
    }
    owner = 0;
}

/* As if the library had called from the beginning of the stack's segment. */
static status_t push_return(uint32_t vector, const struct vm86_state *registers)
{
    const uint8_t code[] = { INT, RETURN_VECTOR };
    const uint16_t frame[] = { 0, MEMORY_STACK_SEGMENT };

    if (!memory_write(MEMORY_STACK, code, sizeof code)) {
        return FAULT;
    }
    if (vector != CALL_IS_FAR) {
        return monitor_interrupt(&monitor, &state, vector) == MONITOR_GOES_ON ? OK : FAULT;
    }
    state.esp -= sizeof frame;
    state.cs = registers->cs;
    state.eip = registers->eip;
    return memory_write(linear(state.ss, state.esp), frame, sizeof frame) ? OK : FAULT;
}

static void registers_load(const struct vm86_state *registers)
{
    state = (struct vm86_state){
        .eax = registers->eax, .ebx = registers->ebx, .ecx = registers->ecx, .edx = registers->edx,
        .esi = registers->esi, .edi = registers->edi, .ebp = registers->ebp, .ds = registers->ds, .es = registers->es,
        .cs = MEMORY_STACK_SEGMENT, .ss = MEMORY_STACK_SEGMENT, .esp = STACK_POINTER,
        .flags = (options.flags & BIOS_ALL_PORTS_TRAP) != 0 ? VM86_PORTS_TRAP : 0,
    };
}

static status_t run(void)
{
    enum next next;

    ticks_left = ticks_of(options.ms);
    clock_begin();
    slice_begin();
    do {
        next = go_on();
        if (next == GO_ON && state.ticks == 0) {
            next = slice_is_over();
        }
    } while (next == GO_ON);
    slice_end();
    return next == CAME_BACK ? OK : failure;
}

static status_t begin(uint32_t vector, const struct vm86_state *registers)
{
    if (vector != CALL_IS_FAR && !has_handler(vector)) {
        problem_set("interrupt %02xh has no handler", vector);
        return FAULT;
    }
    return push_return(vector, registers);
}

status_t call_run(uint32_t vector, struct vm86_state *registers)
{
    status_t status = prepare();

    if (status != OK) {
        problem_set("vm86_set_up: %s", status_meaning(status));
        return status;
    }
    failure = OK;
    cost = (struct bios_cost){ 0 };
    last_exception.count = 0;
    last_exception.vector = VM86_EXCEPTION_COUNT;
    monitor_initialise(&monitor, &world);
    registers_load(registers);
    native_begin(&state);
    interrupts_forget();
    recorder_begin(vector, &state);
    if (!service_refuse(vector, &state)) {
        status = begin(vector, registers);
        status = status == OK ? run() : status;
    }
    recorder_end(status, &state, &cost);
    *registers = state;
    registers->eflags &= FLAGS_OUT;
    return status;
}

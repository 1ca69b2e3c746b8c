#include "call.h"

#include <ternion/syscall.h>
#include <ternion/syscall_table.h>
#include <ternion/system.h>

#include "interrupts.h"
#include "memory.h"
#include "native.h"
#include "ports.h"
#include "problem.h"
#include "recorder.h"
#include "run.h"
#include "running.h"
#include "services.h"
#include "usual.h"

#define PAGE_FAULT_WRITE 2U          /* in the error code: SDM volume 3, section 4.7 */
#define STEPPED (VM86_EXCEPTION_COUNT + VM86_TICKS_OVER) /* reason: a step, and nothing more to do about it */

#define STEPS_A_LOOK 64U             /* at the clock */

#define STACK_POINTER 0xFFF0U
#define TRAP_FLAG 0x100U
#define ID_FLAG 0x200000U            /* code that can change it finds CPUID */
#define FLAGS_OUT 0xCD5U             /* CF PF AF ZF SF DF OF */
#define INT 0xCDU
#define RETURN_VECTOR 0xFEU          /* nobody's; that it is executed at that place is what counts */

struct running running;
static thread_id_t owner;            /* the thread that the kernel knows the state of */

static struct vm86_state *const state = &running.state;

static enum next stop(status_t status)
{
    running.failure = status;
    return STOPPED;
}

/* ---- Why the mode was left ---- */

static enum next count_trap(void)
{
    if (running.cost.traps == running.look_at && budget_traps() != GO_ON) {
        return STOPPED;
    }
    running.cost.traps++;
    return GO_ON;
}

static enum next judge_rest(enum monitor_outcome outcome)
{
    switch (outcome) {
    case MONITOR_GOES_ON:
    case MONITOR_AGAIN:
        return GO_ON;
    case MONITOR_HALTED:
        return budget_wait();
    case MONITOR_HALTED_FOR_EVER:
        problem_set_at(state, "it halted with interrupts off, and stood");
        return stop(DEADLOCK);
    case MONITOR_FAULT:
        problem_set_at(state, "it needs memory that is not there, 0x%05x,", running.monitor.address);
        return stop(FAULT);
    case MONITOR_UNKNOWN:
        break;
    }
    problem_set_at(state, "an instruction that it must not use, or a segment's end,");
    return stop(FAULT);
}

static inline enum next judge(enum monitor_outcome outcome)
{
    if (running.failure != OK) {
        return STOPPED;
    }
    return outcome == MONITOR_GOES_ON ? GO_ON : judge_rest(outcome);
}

/* The same, and what comes behind an instruction that the code steps over. */
static enum next judge_step(enum monitor_outcome outcome)
{
    enum next next = judge(outcome);

    if (next != GO_ON || !running.monitor.single_step) {
        return next;
    }
    state->reason = DEBUG;
    return exception_pass_on();
}

static enum monitor_outcome emulate_recorded(void)
{
    struct vm86_state before = *state;
    uint32_t flags_before = monitor_flags(&running.monitor, state);

    running.interrupted = false;
    enum monitor_outcome outcome = monitor_emulate(&running.monitor, state);
    recorder_trap(&before, flags_before, state, &running.monitor, outcome);
    if (running.interrupted) {
        interrupts_began(state, 0, false);
    } else {
        interrupts_look_for_return(state, running.monitor.code, running.monitor.code_size);
    }
    return outcome;
}

static inline bool is_at_return(void)
{
    return linear(state->cs, state->eip) == MEMORY_STACK;
}

static enum next emulate(void)
{
    if (is_at_return()) {
        return CAME_BACK;
    }
    if (count_trap() != GO_ON) {
        return STOPPED;
    }
    return judge_step(recorder_listens() ? emulate_recorded() : monitor_emulate(&running.monitor, state));
}

static enum next page_fault(void)
{
    if ((state->error & PAGE_FAULT_WRITE) != 0 && memory_make_writable(state->address, 1)) {
        return GO_ON;
    }
    problem_set_at(state, "it %s memory that is not there, 0x%05x,", (state->error & PAGE_FAULT_WRITE) != 0 ? "writes to" : "reads", state->address);
    return stop(FAULT);
}

static void step(const struct vm86_state *before)
{
    uint8_t code[16] = { 0 };

    for (uint32_t i = 0; i < sizeof code && memory_read(linear(before->cs, before->eip) + i, &code[i], 1); i++) {
    }
    recorder_step(before, code);
}

/* Until the mode is left for something else than a step or the end of a slice. */
static enum next enter(void)
{
    bool steps = (running.options.flags & BIOS_STEP) != 0 && (state->eflags & TRAP_FLAG) == 0;
    struct vm86_state before;

    if (!steps) {
        return vm86_run(state) == OK ? GO_ON : stop(NOT_ALLOWED);
    }
    before = *state;
    state->eflags |= TRAP_FLAG;
    if (vm86_run(state) != OK) {
        return stop(NOT_ALLOWED);
    }
    state->eflags &= ~TRAP_FLAG;      /* only what the monitor does sets it for the code itself */
    if (state->reason == DEBUG) {
        state->reason = STEPPED;
        if (recorder_listens()) {
            step(&before);
        }
        if (++running.cost.instructions % STEPS_A_LOOK == 0) {
            budget_look();           /* nearly all of a step's time passes outside */
        }
    }
    return GO_ON;
}

/* The mode has been left. */
static enum next look(void)
{
    switch (state->reason) {
    case VM86_TICKS_OVER:
    case STEPPED:
        return running.failure == OK ? GO_ON : STOPPED;
    case PROTECTION:
        return emulate();
    }
    if (count_trap() != GO_ON) {
        return STOPPED;
    }
    return state->reason == PAGE_FAULT ? page_fault() : exception_pass_on();
}

/* The last trap, done by monitor_emulate if it was not a usual one: can the code go on as usually? */
static bool is_usual_behind(enum usual usual, enum monitor_outcome *outcome_out)
{
    *outcome_out = usual == USUAL_NOT ? monitor_emulate(&running.monitor, state) : MONITOR_GOES_ON;
    return *outcome_out == MONITOR_GOES_ON && running.failure == OK && (usual != USUAL_NOT || !running.monitor.single_step);
}

/* For speed: what is usual, until something else is. Nobody listens, nothing is stepped; a call returns to the beginning of a segment. */
static enum next go_on_usually(void)
{
    uint32_t turns = running.look_at - running.cost.traps + 1;       /* the last one looks at budgets */
    enum monitor_outcome outcome;
    enum usual usual;

    do {
        do {
            if (vm86_run(state) != OK) {
                return stop(NOT_ALLOWED);
            }
            if (state->reason != PROTECTION || (state->eip == 0 && is_at_return()) || --turns == 0) {
                running.cost.traps = running.look_at - (turns == 0 ? 0 : turns - 1);
                return look();
            }
            usual = usual_emulate(&running.monitor, &places, state);
        } while (usual == USUAL_DONE);
    } while (is_usual_behind(usual, &outcome));
    running.cost.traps = running.look_at - (turns - 1);
    return judge_step(outcome);
}

static enum next go_on(void)
{
    if (!recorder_listens() && (running.options.flags & BIOS_STEP) == 0) {
        return go_on_usually();
    }
    return enter() == GO_ON ? look() : STOPPED;
}

/* ---- A call ---- */

void call_set_options(const struct bios_options *with)
{
    running.options = *with;
    running.options.ms = running.options.ms == 0 ? BIOS_MS_USUAL : running.options.ms;
    running.options.traps = running.options.traps == 0 ? BIOS_TRAPS_USUAL : running.options.traps;
    recorder_listener = running.options.record;
    ports_set_pci(running.options.pci_read);
}

const struct bios_cost *call_cost(void)
{
    return &running.cost;
}

/* The state is one thread's. */
status_t call_prepare(void)
{
    thread_id_t self = thread_slot()->thread;

    if (owner != self) {
        status_t status = vm86_set_up((uint32_t)state);
        if (status != OK) {
            return status;
        }
        owner = self;
    }
    native_begin(state);
    return OK;
}

void call_forget(void)
{
    if (owner == thread_slot()->thread) {        /* another's ends with that */
        (void)vm86_set_up(0);
    }
    owner = 0;
}

/* Where calls come back to. Earlier ones may have written there. */
static void place_return(void)
{
    const uint8_t code[] = { INT, RETURN_VECTOR };

    (void)memory_write(MEMORY_STACK, code, sizeof code);         /* it is the library's own page */
}

/* As if the library had called from the beginning of the stack's segment. */
static status_t push_return(uint32_t vector, const struct vm86_state *registers)
{
    const uint16_t frame[] = { 0, MEMORY_STACK_SEGMENT };

    if (vector != CALL_IS_FAR) {
        return monitor_interrupt(&running.monitor, state, vector) == MONITOR_GOES_ON ? OK : FAULT;
    }
    state->esp -= sizeof frame;
    state->cs = registers->cs;
    state->eip = registers->eip;
    return memory_write(linear(state->ss, state->esp), frame, sizeof frame) ? OK : FAULT;
}

static void registers_load(const struct vm86_state *registers)
{
    *state = (struct vm86_state){
        .eax = registers->eax, .ebx = registers->ebx, .ecx = registers->ecx, .edx = registers->edx,
        .esi = registers->esi, .edi = registers->edi, .ebp = registers->ebp, .ds = registers->ds, .es = registers->es,
        .cs = MEMORY_STACK_SEGMENT, .ss = MEMORY_STACK_SEGMENT, .esp = STACK_POINTER,
        .flags = (running.options.flags & BIOS_ALL_PORTS_TRAP) != 0 ? VM86_PORTS_TRAP : 0,
    };
}

static void count_usual(void)
{
    const struct monitor *monitor = &running.monitor;

    running.cost.ports += monitor->plain;
    running.cost.refused += monitor->plain_refused;
    running.cost.interrupts += monitor->interrupts;
}

static status_t run(void)
{
    enum next next;

    budget_begin();
    do {
        next = go_on();
        if (next == GO_ON && state->ticks == 0) {
            next = budget_go_on();
        }
    } while (next == GO_ON);
    budget_end();
    count_usual();
    return next == CAME_BACK ? OK : running.failure;
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
    status_t status = call_prepare();

    if (status != OK) {
        problem_set("vm86_set_up: %s", status_meaning(status));
        return status;
    }
    running.failure = OK;
    running.cost = (struct bios_cost){ 0 };
    exceptions_forget();
    monitor_initialise(&running.monitor, &world);
    running.monitor.kept |= cpu_has(CPU_CPUID) ? ID_FLAG : 0;
    registers_load(registers);
    place_return();
    interrupts_forget();
    recorder_begin(vector, state);
    if (!service_refuse(vector, state)) {
        status = begin(vector, registers);
        status = status == OK ? run() : status;
    }
    recorder_end(status, state, &running.cost);
    *registers = *state;
    registers->eflags &= FLAGS_OUT;
    return status;
}

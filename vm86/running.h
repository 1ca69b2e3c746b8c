/* The call that goes on, and what its parts share. */
#pragma once

#include <ternion/vm86.h>

#include "memory.h"
#include "monitor.h"
#include "native.h"
#include "ports.h"
#include "services.h"

/* SDM volume 3, table 6-1. */
enum exception { DIVISION, DEBUG, NON_MASKABLE, BREAKPOINT, OVERFLOWED, BOUNDS, OPCODE, NO_FPU, PROTECTION = 13, PAGE_FAULT, FPU = 16 };

enum next { GO_ON, CAME_BACK, STOPPED };

struct running {
    struct vm86_state state;         /* whole in a page */
    struct monitor monitor;
    struct bios_cost cost;
    struct bios_options options;     /* budgets without zeroes */
    uint32_t look_at;                /* traps at which budgets are looked at */
    status_t failure;                /* of a call that has stopped */
    bool interrupted;                /* the instruction that the monitor does is an INT that was let through */
} __attribute__((aligned(128)));

extern struct running running;

/* What the monitor's instructions reach. */
extern const struct monitor_world world;

static const struct monitor_direct places = {
    .memory = vm86_memory, .pages = memory_pages, .plain_ports = ports_plain, .own_read = native_read, .own_write = native_write, .asked_vectors = service_is_asked,
};

/* Not 0:0. */
bool has_handler(uint32_t vector);

/* ---- Exceptions ---- */

/* A call begins. */
void exceptions_forget(void);

/* The exception that is the state's reason goes through the vector table, as in real mode, if that has such an exception and a handler for it. */
enum next exception_pass_on(void);

/* ---- Time ---- */

/* A call begins, and is over. */
void budget_begin(void);
void budget_end(void);

/* The slice is over: state.ticks is 0. */
enum next budget_go_on(void);

/* So many traps as running.look_at says. */
enum next budget_traps(void);

/* At the clock, behind what took time outside VM86 mode: a call that took too much of it has failed then, and reaches no port any more. */
void budget_look(void);

/* HLT: until the next tick of the BIOS's clock. It counts as running: who halts again and again would never end. */
enum next budget_wait(void);

#include "fpu.h"

#include <stddef.h>
#include <stdint.h>

#include "heap.h"
#include "i386/cpu.h"
#include "process.h"
#include "thread.h"

#define FXSAVE_SIZE 512U         /* SDM volume 1, section 10.5; aligned to 16 */
#define FSAVE_SIZE 108U          /* SDM volume 1, section 8.1.10 */
#define MXCSR_DEFAULT 0x1F80U
#define X87_CONTROL_DEFAULT 0x037FU
#define X87_RESERVED_ONES 0xFFFF0000U
#define X87_TAGS_EMPTY 0xFFFFU

/* What FRSTOR and FXRSTOR read first; the rest may be zero (SDM volume 1, figure 8-9 and table 10-2). */
struct fsave_area {
    uint32_t control;
    uint32_t status;
    uint32_t tags;
};
struct fxsave_area {
    uint16_t control;
    uint16_t status;
    uint32_t tags_and_opcode;    /* abridged tags: 0 is empty */
    uint32_t instruction[2];
    uint32_t operand[2];
    uint32_t mxcsr;
};

struct fpu_state {
    uint8_t bytes[FXSAVE_SIZE] [[gnu::aligned(16)]];
};

struct thread *fpu_owner;
uint32_t fpu_traps = 1;          /* CR0.TS, as cpu_initialise left it; written by direct_switch.asm too */

void fpu_set_traps(bool wanted)
{
    if (fpu_traps == wanted) {
        return;
    }
    fpu_traps = wanted;
    if (wanted) {
        cpu_write_cr0(cpu_read_cr0() | CR0_TASK_SWITCHED);
    } else {
        cpu_clear_task_switched();
    }
}

static void state_save(struct fpu_state *state)
{
    if (cpu_has(CPU_FXSR)) {
        asm volatile("fxsave %0" : "=m"(*state));
    } else {
        asm volatile("fnsave %0; fwait" : "=m"(*state));
    }
}

static void state_load(const struct fpu_state *state)
{
    if (cpu_has(CPU_FXSR)) {
        asm volatile("fxrstor %0" : : "m"(*state));
    } else {
        asm volatile("frstor %0" : : "m"(*state));
    }
}

/* A state as after FNINIT, and with SSE as after reset, with zeroes in all registers: nothing of another thread's stays. */
static void state_initialise(struct fpu_state *state)
{
    if (cpu_has(CPU_FXSR)) {
        struct fxsave_area *area = (struct fxsave_area *)state->bytes;

        area->control = X87_CONTROL_DEFAULT;
        area->mxcsr = MXCSR_DEFAULT;
    } else {
        struct fsave_area *area = (struct fsave_area *)state->bytes;

        area->control = X87_RESERVED_ONES | X87_CONTROL_DEFAULT;
        area->status = X87_RESERVED_ONES;
        area->tags = X87_RESERVED_ONES | X87_TAGS_EMPTY;
    }
    state_load(state);
}

[[gnu::cold]] bool fpu_take(void)
{
    struct thread *self = thread_current;
    bool first_time = self->fpu == NULL;

    if (!cpu_has(CPU_FPU)) {
        return false;
    }
    if (fpu_owner == self) {
        fpu_set_traps(false);        /* a direct switch does not ask whose the FPU is */
        return true;
    }
    if (first_time) {
        self->fpu = heap_allocate(cpu_has(CPU_FXSR) ? FXSAVE_SIZE : FSAVE_SIZE, self->process->space.reserve);
        if (self->fpu == NULL) {
            return false;
        }
    }
    fpu_set_traps(false);
    if (fpu_owner != NULL) {
        state_save(fpu_owner->fpu);
    }
    /* A pending exception of the owner before would strike in FRSTOR; its addresses survive FXRSTOR on some CPUs. */
    asm volatile("fninit");
    fpu_owner = self;
    if (first_time) {
        state_initialise(self->fpu);
    } else {
        state_load(self->fpu);
    }
    return true;
}

void fpu_forget(struct thread *thread)
{
    if (fpu_owner == thread) {
        fpu_owner = NULL;
        fpu_set_traps(true);
    }
    heap_free(thread->fpu);
    thread->fpu = NULL;
}

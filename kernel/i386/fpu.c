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
#define FXSAVE_MXCSR_OFFSET 24U

struct fpu_state {
    uint8_t bytes[FXSAVE_SIZE];
};

static struct thread *owner;
uint32_t fpu_traps = 1;          /* CR0.TS, as cpu_initialise left it; written by entry.asm too */

static void set_traps(bool wanted)
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

/* A state as after FNINIT, and with SSE as after reset: nothing of another thread's stays. */
static void state_initialise(struct fpu_state *state)
{
    asm volatile("fninit");
    if (!cpu_has(CPU_FXSR)) {
        return;
    }
    asm volatile("fxsave %0" : "=m"(*state));
    for (uint32_t i = FXSAVE_MXCSR_OFFSET + 8; i < FXSAVE_SIZE; i++) {
        state->bytes[i] = 0;
    }
    *(uint32_t *)&state->bytes[FXSAVE_MXCSR_OFFSET] = MXCSR_DEFAULT;
    state_load(state);
}

void fpu_switch(const struct thread *thread)
{
    set_traps(thread != owner);
}

bool fpu_take(void)
{
    struct thread *self = thread_current;
    bool first_time = self->fpu == NULL;

    if (!cpu_has(CPU_FPU)) {
        return false;
    }
    if (owner == self) {
        set_traps(false);        /* a direct switch does not ask whose the FPU is */
        return true;
    }
    if (first_time) {
        self->fpu = heap_allocate(cpu_has(CPU_FXSR) ? FXSAVE_SIZE : FSAVE_SIZE, self->process->space.reserve);
        if (self->fpu == NULL) {
            return false;
        }
    }
    set_traps(false);
    if (owner != NULL) {
        state_save(owner->fpu);
    }
    owner = self;
    if (first_time) {
        state_initialise(self->fpu);
    } else {
        state_load(self->fpu);
    }
    return true;
}

void fpu_forget(struct thread *thread)
{
    if (owner == thread) {
        owner = NULL;
        set_traps(true);
    }
    heap_free(thread->fpu);
    thread->fpu = NULL;
}

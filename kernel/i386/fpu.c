#include "fpu.h"

#include <stddef.h>
#include <stdint.h>

#include "heap.h"
#include "i386/cpu.h"
#include "process.h"
#include "string.h"
#include "thread.h"

#define CR0_TASK_SWITCHED 0x00000008U

#define FXSAVE_SIZE 512U         /* SDM volume 1, section 10.5; aligned to 16 */
#define FSAVE_SIZE 108U          /* SDM volume 1, section 8.1.10 */
#define FSAVE_REGISTERS_OFFSET 28U
#define MXCSR_DEFAULT 0x1F80U
#define FXSAVE_MXCSR_OFFSET 24U
#define FXSAVE_REGISTERS_OFFSET 32U

struct fpu_state {
    uint8_t bytes[FXSAVE_SIZE];
};

static struct thread *owner;
static bool traps = true;        /* CR0.TS, as cpu_initialise left it */

static uint32_t state_size(void)
{
    return cpu_has(CPU_FXSR) ? FXSAVE_SIZE : FSAVE_SIZE;
}

static uint32_t registers_offset(void)
{
    return cpu_has(CPU_FXSR) ? FXSAVE_REGISTERS_OFFSET : FSAVE_REGISTERS_OFFSET;
}

static void set_traps(bool wanted)
{
    if (traps == wanted) {
        return;
    }
    traps = wanted;
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
    asm volatile("fninit");      /* marks the registers as empty, and leaves in them what was there */
    state_save(state);
    memset(&state->bytes[registers_offset()], 0, state_size() - registers_offset());
    if (cpu_has(CPU_FXSR)) {
        *(uint32_t *)&state->bytes[FXSAVE_MXCSR_OFFSET] = MXCSR_DEFAULT;
    }
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
    if (first_time) {
        self->fpu = heap_allocate(state_size(), self->process->space.reserve);
        if (self->fpu == NULL) {
            return false;
        }
    }
    set_traps(false);
    if (owner != NULL) {
        state_save(owner->fpu);
    } else {
        asm volatile("fnclex");  /* an exception that a dead owner has left would strike in FRSTOR */
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

#include "trouble.h"

#include "i386/registers.h"
#include "i386/segments.h"
#include "i386/traps.h"
#include "panic.h"

/* The processor left the state of what it interrupted in the task state. */
static struct registers interrupted(uint32_t vector)
{
    const struct tss *tss = &task_state.tss;

    return (struct registers){
        .eax = tss->eax, .ebx = tss->ebx, .ecx = tss->ecx, .edx = tss->edx,
        .esi = tss->esi, .edi = tss->edi, .ebp = tss->ebp, .esp = tss->esp,
        .ds = tss->ds, .es = tss->es, .ss = tss->ss, .cs = tss->cs,
        .eip = tss->eip, .eflags = tss->eflags, .vector = vector,
    };
}

void trouble_double_fault(void)
{
    struct registers registers = interrupted(VECTOR_DOUBLE_FAULT);

    panic_at(&registers, "double fault: the kernel's stack or tables are damaged");
}

void trouble_nmi(void)
{
    struct registers registers = interrupted(VECTOR_NMI);

    panic_at(&registers, "non-maskable interrupt: failing hardware, or somebody pushed the button");
}

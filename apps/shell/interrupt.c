#include "interrupt.h"

static bool is_pending;

void interrupt_note(void)
{
    __atomic_store_n(&is_pending, true, __ATOMIC_RELAXED);
}

bool interrupt_is_pending(void)
{
    return __atomic_load_n(&is_pending, __ATOMIC_RELAXED);
}

void interrupt_forget(void)
{
    __atomic_store_n(&is_pending, false, __ATOMIC_RELAXED);
}

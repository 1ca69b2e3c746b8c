/* The pages of facts that the kernel maps into every process, read-only. Any thread may read them. */
#pragma once

#include <stdbool.h>

#include <abi/system.h>

static inline const struct system_page *system_page(void)
{
    return (const struct system_page *)SYSTEM_PAGE;
}

static inline const struct process_page *process_page(void)
{
    return (const struct process_page *)PROCESS_PAGE;
}

/* What the running thread can read about itself: its ID, its thread-local pointer, who called it last. */
static inline const struct thread_slot *thread_slot(void)
{
    return (const struct thread_slot *)*(const volatile uint32_t *)&process_page()->self;
}

/* Whether the processor has all of these features: CPU_FPU and the others of abi/system.h. */
static inline bool cpu_has(uint32_t features)
{
    return (system_page()->cpu_features & features) == features;
}

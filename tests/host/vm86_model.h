/*
 * What the monitor has to do, once more: slowly, byte by byte, from the instructions' descriptions in the SDM. It works on a memory of its own,
 * with the pages of vm86_world.h.
 */
#pragma once

#include "vm86_world.h"

struct model {
    struct vm86_state state;
    bool interrupts_on;
    uint32_t flags, kept, string_max;
    enum monitor_outcome outcome;
    bool single_step;
    struct world_port log[WORLD_LOG_MAX];
    uint32_t log_count;
};

extern uint8_t model_memory[WORLD_SIZE];

/* refuses: interrupts are answered as world.interrupt does it. */
void model_emulate(struct model *model, bool refuses);

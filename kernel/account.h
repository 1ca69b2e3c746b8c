/*
 * What processes may use. A limit holds for a process and all that descend from
 * it together: every use is charged to the process and to each of its ancestors,
 * and all of them must have room. So a process cannot get more by spawning.
 *
 * Called with interrupts off.
 */
#pragma once

#include <abi/process.h>
#include <abi/status.h>

struct account {
    struct account *parent;      /* NULL: a process that the kernel started */
    uint32_t used[RESOURCE_COUNT];
    uint32_t limits[RESOURCE_COUNT];
};

/* OK, or OVER_QUOTA with nothing charged. */
[[nodiscard]] status_t account_charge(struct account *account, enum resource resource, uint32_t amount);

/*
 * An account ends that nothing of its own is charged to any more. One of `heirs` accounts below it goes to its parent, with
 * an equal part of the room that it had left.
 */
void account_inherit(struct account *heir, const struct account *ended, uint32_t heirs);

/* Takes a charge back. */
void account_release(struct account *account, enum resource resource, uint32_t amount);

#include "deadline.h"

void deadlines_initialise(struct deadline_wheel *wheel)
{
    for (uint32_t slot = 0; slot < DEADLINE_SLOTS; slot++) {
        list_initialise(&wheel->slots[slot]);
    }
}

void deadline_add(struct deadline_wheel *wheel, struct deadline *deadline, uint64_t tick)
{
    deadline->tick = tick;
    list_append(&wheel->slots[tick % DEADLINE_SLOTS], &deadline->node);
}

void deadline_cancel(struct deadline *deadline)
{
    list_remove(&deadline->node);
}

struct deadline *deadline_expire(struct deadline_wheel *wheel, uint64_t tick)
{
    LIST_FOR_EACH(node, &wheel->slots[tick % DEADLINE_SLOTS]) {
        struct deadline *deadline = LIST_ENTRY(node, struct deadline, node);

        if (deadline->tick <= tick) {
            deadline_cancel(deadline);
            return deadline;
        }
    }
    return NULL;
}

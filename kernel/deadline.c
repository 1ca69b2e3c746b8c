#include "deadline.h"

void deadlines_initialise(struct deadline_wheel *wheel)
{
    for (uint32_t slot = 0; slot < DEADLINE_SLOTS; slot++) {
        list_initialise(&wheel->slots[slot]);
    }
    list_initialise(&wheel->due);
    wheel->looked_at = UINT64_MAX;
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

/* What is due at this tick comes out of its slot, in one pass. */
static void collect(struct deadline_wheel *wheel, uint64_t tick)
{
    LIST_FOR_EACH_SAFE(node, &wheel->slots[tick % DEADLINE_SLOTS]) {
        if (LIST_ENTRY(node, struct deadline, node)->tick <= tick) {
            list_remove(node);
            list_append(&wheel->due, node);
        }
    }
    wheel->looked_at = tick;
}

struct deadline *deadline_expire(struct deadline_wheel *wheel, uint64_t tick)
{
    if (wheel->looked_at != tick) {
        collect(wheel, tick);
    }
    struct list *node = list_take_first(&wheel->due);

    return node == NULL ? NULL : LIST_ENTRY(node, struct deadline, node);
}

/*
 * The threads that could run, by level: the three classes, strongest first, and
 * behind them those that used up their budget.
 *
 * Called with interrupts off. Portable.
 */
#pragma once

#include <abi/types.h>

#include <stddef.h>

#include "list.h"

#define LEVEL_OVER_BUDGET ((uint32_t)CLASS_COUNT)
#define LEVELS (CLASS_COUNT + 1U)

struct ready_queue {
    uint32_t present;            /* bit N: level N has a thread; read by direct_switch.asm */
    struct list levels[LEVELS];
};

static inline void ready_queue_initialise(struct ready_queue *queue)
{
    for (uint32_t level = 0; level < LEVELS; level++) {
        list_initialise(&queue->levels[level]);
    }
    queue->present = 0;
}

/* Puts a thread's node behind, or in front of, the others of its level. */
static inline void ready_queue_append(struct ready_queue *queue, struct list *node, uint32_t level)
{
    list_append(&queue->levels[level], node);
    queue->present |= 1U << level;
}

static inline void ready_queue_prepend(struct ready_queue *queue, struct list *node, uint32_t level)
{
    list_prepend(&queue->levels[level], node);
    queue->present |= 1U << level;
}

/* Takes a node out; it must be in the queue at this level. */
static inline void ready_queue_remove(struct ready_queue *queue, struct list *node, uint32_t level)
{
    list_remove(node);
    if (list_is_empty(&queue->levels[level])) {
        queue->present &= ~(1U << level);
    }
}

/* The strongest level that has a thread; LEVELS if there is none. */
static inline uint32_t ready_queue_level(const struct ready_queue *queue)
{
    return queue->present == 0 ? LEVELS : (uint32_t)__builtin_ctz(queue->present);
}

/* Takes out the first node of a level, or returns NULL. */
static inline struct list *ready_queue_take_from(struct ready_queue *queue, uint32_t level)
{
    struct list *node = queue->levels[level].next;

    if (list_is_empty(&queue->levels[level])) {
        return NULL;
    }
    ready_queue_remove(queue, node, level);
    return node;
}

/* Takes out the first node of the strongest level, or returns NULL. */
static inline struct list *ready_queue_take(struct ready_queue *queue)
{
    uint32_t level = ready_queue_level(queue);

    return level == LEVELS ? NULL : ready_queue_take_from(queue, level);
}

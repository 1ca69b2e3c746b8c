/*
 * The threads that could run, by level: the three classes, strongest first, and
 * behind them those that used up their budget.
 *
 * Called with interrupts off. Portable.
 */
#pragma once

#include <abi/types.h>

#include "list.h"

#define LEVEL_OVER_BUDGET ((uint32_t)CLASS_COUNT)
#define LEVELS (CLASS_COUNT + 1U)

struct ready_queue {
    uint32_t present;            /* bit N: level N has a thread; read by entry.asm */
    struct list levels[LEVELS];
};

void ready_queue_initialise(struct ready_queue *queue);

/* Puts a thread's node behind, or in front of, the others of its level. */
void ready_queue_append(struct ready_queue *queue, struct list *node, uint32_t level);
void ready_queue_prepend(struct ready_queue *queue, struct list *node, uint32_t level);

/* Takes a node out; it must be in the queue at this level. */
void ready_queue_remove(struct ready_queue *queue, struct list *node, uint32_t level);

/* Takes out the first node of the strongest level, or returns NULL. */
struct list *ready_queue_take(struct ready_queue *queue);

/* Takes out the first node of a level, or returns NULL. */
struct list *ready_queue_take_from(struct ready_queue *queue, uint32_t level);

/* The strongest level that has a thread; LEVELS if there is none. */
uint32_t ready_queue_level(const struct ready_queue *queue);

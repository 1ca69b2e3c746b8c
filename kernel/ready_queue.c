#include "ready_queue.h"

void ready_queue_initialise(struct ready_queue *queue)
{
    for (uint32_t level = 0; level < LEVELS; level++) {
        list_initialise(&queue->levels[level]);
    }
    queue->present = 0;
}

void ready_queue_append(struct ready_queue *queue, struct list *node, uint32_t level)
{
    list_append(&queue->levels[level], node);
    queue->present |= 1U << level;
}

void ready_queue_prepend(struct ready_queue *queue, struct list *node, uint32_t level)
{
    list_prepend(&queue->levels[level], node);
    queue->present |= 1U << level;
}

void ready_queue_remove(struct ready_queue *queue, struct list *node, uint32_t level)
{
    list_remove(node);
    if (list_is_empty(&queue->levels[level])) {
        queue->present &= ~(1U << level);
    }
}

uint32_t ready_queue_level(const struct ready_queue *queue)
{
    return queue->present == 0 ? LEVELS : (uint32_t)__builtin_ctz(queue->present);
}

struct list *ready_queue_take_from(struct ready_queue *queue, uint32_t level)
{
    struct list *node = queue->levels[level].next;

    if (list_is_empty(&queue->levels[level])) {
        return NULL;
    }
    ready_queue_remove(queue, node, level);
    return node;
}

struct list *ready_queue_take(struct ready_queue *queue)
{
    uint32_t level = ready_queue_level(queue);

    return level == LEVELS ? NULL : ready_queue_take_from(queue, level);
}

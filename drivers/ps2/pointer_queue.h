/* Movements and clicks that wait for a reader: movements are added up, clicks are kept apart. Portable. */
#pragma once

#include <stdbool.h>

#include <ternion/pointer.h>

#define POINTER_QUEUE_MAX 32U

/* All zeroes is an empty queue. When it is full, what comes is added to the newest event. */
struct pointer_queue {
    struct pointer_event events[POINTER_QUEUE_MAX];
    uint32_t first;
    uint32_t count;
    uint32_t lost;
    uint16_t buttons;            /* held by what came last */
    bool newest_is_click;        /* what moves after a click must not move before it */
};

/* Movement since the last call, and the buttons that are held now. What changes nothing is no event. */
void pointer_queue_put(struct pointer_queue *queue, const struct pointer_event *event);

void pointer_queue_lose(struct pointer_queue *queue);

bool pointer_queue_has_news(const struct pointer_queue *queue);

/* Copies the oldest events; they stay until pointer_queue_remove gets the copy. */
void pointer_queue_copy(const struct pointer_queue *queue, struct pointer_events *events_out);
void pointer_queue_remove(struct pointer_queue *queue, const struct pointer_events *events);

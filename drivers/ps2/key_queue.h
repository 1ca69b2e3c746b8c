/* Key events that wait for a reader: bounded, and whole again after a loss. Portable. */
#pragma once

#include <stdbool.h>

#include <ternion/keyboard.h>

#define KEY_QUEUE_MAX 64U

/* All zeroes is an empty queue. When it is full the oldest event is lost. */
struct key_queue {
    struct key_event events[KEY_QUEUE_MAX];
    uint32_t first;
    uint32_t count;
    uint32_t lost;
    struct key_set held;         /* keys that are held for whoever has read all but what is queued */
};

void key_queue_put(struct key_queue *queue, uint8_t key, enum key_action action);

/* Counts what came to no event. */
void key_queue_lose(struct key_queue *queue);

/* Whether there is something for a reader. */
bool key_queue_has_news(const struct key_queue *queue);

/* Copies the oldest events; they stay until key_queue_remove gets the copy. */
void key_queue_copy(const struct key_queue *queue, struct key_events *events_out);
void key_queue_remove(struct key_queue *queue, const struct key_events *events);

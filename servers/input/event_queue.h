/* Events that wait for one client: bounded. Portable. */
#pragma once

#include <ternion/input.h>

#define EVENT_QUEUE_MAX 64U

/* All zeroes is an empty queue. When it is full the oldest event is lost; pointer movements are added up before that. */
struct event_queue {
    struct input_event events[EVENT_QUEUE_MAX];
    uint32_t first;
    uint32_t count;
    uint32_t lost;
    bool newest_is_movement;     /* and nothing else: the next one can be added to it */
};

void event_queue_put_key(struct event_queue *queue, const struct input_key *key);

/* is_movement: the buttons are as they were. */
void event_queue_put_pointer(struct event_queue *queue, const struct pointer_event *pointer, bool is_movement);

bool event_queue_has_news(const struct event_queue *queue);

/* Copies the oldest events; they stay until event_queue_remove gets the copy. */
void event_queue_copy(const struct event_queue *queue, struct input_events *events_out);
void event_queue_remove(struct event_queue *queue, const struct input_events *events);

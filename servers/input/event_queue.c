#include "event_queue.h"

static struct input_event *newest(struct event_queue *queue)
{
    return &queue->events[(queue->first + queue->count - 1) % EVENT_QUEUE_MAX];
}

static struct input_event *append(struct event_queue *queue)
{
    if (queue->count == EVENT_QUEUE_MAX) {
        queue->first = (queue->first + 1) % EVENT_QUEUE_MAX;
        queue->count--;
        queue->lost += queue->lost < UINT32_MAX;
    }
    queue->count++;
    return newest(queue);
}

void event_queue_put_key(struct event_queue *queue, const struct input_key *key)
{
    *append(queue) = (struct input_event){ .kind = INPUT_KEY, .key = *key };
    queue->newest_is_movement = false;
}

static int16_t sum(int16_t left, int16_t right)
{
    int32_t value = left + right;

    return (int16_t)(value > INT16_MAX ? INT16_MAX : value < INT16_MIN ? INT16_MIN : value);
}

void event_queue_put_pointer(struct event_queue *queue, const struct pointer_event *pointer, bool is_movement)
{
    if (is_movement && queue->newest_is_movement && queue->count > 0) {
        struct pointer_event *last = &newest(queue)->pointer;

        last->right = sum(last->right, pointer->right);
        last->down = sum(last->down, pointer->down);
        last->wheel = sum(last->wheel, pointer->wheel);
    } else {
        *append(queue) = (struct input_event){ .kind = INPUT_POINTER, .pointer = *pointer };
        queue->newest_is_movement = is_movement;
    }
}

bool event_queue_has_news(const struct event_queue *queue)
{
    return queue->count > 0 || queue->lost > 0;
}

void event_queue_copy(const struct event_queue *queue, struct input_events *events_out)
{
    *events_out = (struct input_events){ .lost = queue->lost };
    for (uint32_t i = 0; i < queue->count && i < INPUT_EVENTS_MAX; i++) {
        events_out->events[events_out->count++] = queue->events[(queue->first + i) % EVENT_QUEUE_MAX];
    }
}

void event_queue_remove(struct event_queue *queue, const struct input_events *events)
{
    queue->first = (queue->first + events->count) % EVENT_QUEUE_MAX;
    queue->count -= events->count;
    queue->lost -= events->lost;
}

#include "key_queue.h"

static void drop_first(struct key_queue *queue)
{
    const struct key_event *event = &queue->events[queue->first];

    key_set_put(&queue->held, event->key, event->action != KEY_RELEASED);
    queue->first = (queue->first + 1) % KEY_QUEUE_MAX;
    queue->count--;
}

void key_queue_put(struct key_queue *queue, uint8_t key, enum key_action action)
{
    if (queue->count == KEY_QUEUE_MAX) {
        drop_first(queue);
        key_queue_lose(queue);
    }
    queue->events[(queue->first + queue->count++) % KEY_QUEUE_MAX] = (struct key_event){ key, (uint8_t)action };
}

void key_queue_lose(struct key_queue *queue)
{
    queue->lost += queue->lost < UINT32_MAX;
}

bool key_queue_has_news(const struct key_queue *queue)
{
    return queue->count > 0 || queue->lost > 0;
}

void key_queue_copy(const struct key_queue *queue, struct key_events *events_out)
{
    *events_out = (struct key_events){ .lost = queue->lost };
    for (uint32_t i = 0; i < queue->count && i < KEY_EVENTS_MAX; i++) {
        events_out->events[events_out->count++] = queue->events[(queue->first + i) % KEY_QUEUE_MAX];
    }
}

void key_queue_remove(struct key_queue *queue, const struct key_events *events)
{
    for (uint32_t i = 0; i < events->count; i++) {
        drop_first(queue);
    }
    queue->lost -= events->lost;
}

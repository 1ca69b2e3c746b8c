#include "pointer_queue.h"

static struct pointer_event *newest(struct pointer_queue *queue)
{
    return &queue->events[(queue->first + queue->count - 1) % POINTER_QUEUE_MAX];
}

static int16_t sum(int16_t left, int16_t right)
{
    int32_t value = left + right;

    return (int16_t)(value > INT16_MAX ? INT16_MAX : value < INT16_MIN ? INT16_MIN : value);
}

static void add(struct pointer_event *event, const struct pointer_event *other)
{
    event->right = sum(event->right, other->right);
    event->down = sum(event->down, other->down);
    event->wheel = sum(event->wheel, other->wheel);
    event->buttons = other->buttons;
}

void pointer_queue_put(struct pointer_queue *queue, const struct pointer_event *event)
{
    bool has_clicked = event->buttons != queue->buttons;

    if (!has_clicked && event->right == 0 && event->down == 0 && event->wheel == 0) {
        return;
    }
    queue->buttons = event->buttons;
    if (queue->count == POINTER_QUEUE_MAX) {
        add(newest(queue), event);
        if (has_clicked) {
            pointer_queue_lose(queue);
        }
    } else if (!has_clicked && !queue->newest_is_click && queue->count > 0) {
        add(newest(queue), event);
    } else {
        queue->count++;
        *newest(queue) = *event;
        queue->newest_is_click = has_clicked;
    }
}

void pointer_queue_lose(struct pointer_queue *queue)
{
    queue->lost += queue->lost < UINT32_MAX;
}

bool pointer_queue_has_news(const struct pointer_queue *queue)
{
    return queue->count > 0 || queue->lost > 0;
}

void pointer_queue_copy(const struct pointer_queue *queue, struct pointer_events *events_out)
{
    *events_out = (struct pointer_events){ .lost = queue->lost };
    for (uint32_t i = 0; i < queue->count && i < POINTER_EVENTS_MAX; i++) {
        events_out->events[events_out->count++] = queue->events[(queue->first + i) % POINTER_QUEUE_MAX];
    }
}

void pointer_queue_remove(struct pointer_queue *queue, const struct pointer_events *events)
{
    queue->first = (queue->first + events->count) % POINTER_QUEUE_MAX;
    queue->count -= events->count;
    queue->lost -= events->lost;
}

#include "keystroke.h"

#include <ternion/clock.h>

#define INPUT_NS SECOND              /* s\input is started before programs that draw, or not at all */

bool keystroke_begin(struct keystroke *stroke)
{
    *stroke = (struct keystroke){ 0 };
    stroke->is_there = input_open(&stroke->input, INPUT_WANTS_KEYS, clock_after(INPUT_NS)) == OK;
    return stroke->is_there;
}

static bool is_press(const struct input_events *events)
{
    for (uint32_t i = 0; i < events->count && i < INPUT_EVENTS_MAX; i++) {
        if (events->events[i].kind == INPUT_KEY && events->events[i].key.action == KEY_PRESSED) {
            return true;
        }
    }
    return false;
}

/* s\input died, or does not want us: it is asked once more, and then counts as gone. */
static void come_back(struct keystroke *stroke)
{
    input_close(&stroke->input);
    stroke->is_there = input_open(&stroke->input, INPUT_WANTS_KEYS, clock_after(INPUT_NS)) == OK;
}

bool keystroke_wait(struct keystroke *stroke, nanoseconds_t deadline_ns)
{
    while (stroke->is_there) {
        if (!async_is_pending(&stroke->call)
            && input_call_read_start(&stroke->call, stroke->input.server, NULL, &stroke->events) != OK) {
            break;                   /* no thread for it: time alone ends the waiting */
        }
        if (async_wait(&stroke->call, deadline_ns) != OK) {
            return false;
        }
        if (stroke->call.status != OK) {
            come_back(stroke);
        } else if (is_press(&stroke->events)) {
            return true;
        }
    }
    nanoseconds_t now_ns = clock_now();
    if (now_ns < deadline_ns) {
        clock_sleep(deadline_ns - now_ns);
    }
    return false;
}

void keystroke_end(struct keystroke *stroke)
{
    if (async_is_pending(&stroke->call)) {
        (void)async_cancel(&stroke->call);
    }
    input_close(&stroke->input);
}

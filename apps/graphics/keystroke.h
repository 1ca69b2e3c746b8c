/* Waiting for a key beside other things. One thread only; the structure stays where it is from keystroke_begin to keystroke_end. */
#pragma once

#include <stdbool.h>

#include <ternion/async.h>
#include <ternion/input.h>

struct keystroke {
    struct input input;
    struct async_call call;
    struct input_events events;
    bool is_there;                   /* s\input is */
};

/* False: there is no s\input, and no key will ever be pressed. */
bool keystroke_begin(struct keystroke *stroke);

/* Waits until the deadline. True: a key was pressed. */
bool keystroke_wait(struct keystroke *stroke, nanoseconds_t deadline_ns);

void keystroke_end(struct keystroke *stroke);

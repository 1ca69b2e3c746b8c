/*
 * Keyboards. DEVICE_KEYBOARD. A key is a number that says where it is, not what is printed on it: keys.h. What it types follows from
 * a key map: keymap.h. Programs that want to know what is typed ask the input server (input.h), not a keyboard.
 *
 * One process reads a keyboard. Events wait for it, as many as the driver has room for; then the oldest are lost. After a loss all keys
 * count as released, as it may have been a release that was lost; a key that is held then comes back as KEY_REPEATED.
 */
#pragma once

#include <ternion/device.h>
#include <ternion/keys.h>

enum key_action { KEY_RELEASED, KEY_PRESSED, KEY_REPEATED };

struct key_event {
    uint8_t key;               /* enum key */
    uint8_t action;            /* enum key_action */
};

#define KEY_EVENTS_MAX 16U

struct key_events {
    uint32_t count;
    uint32_t lost;             /* events that nobody took in time, before these */
    struct key_event events[KEY_EVENTS_MAX];
};

/* Lights */
#define KEYBOARD_NUM_LOCK 1U
#define KEYBOARD_CAPS_LOCK 2U
#define KEYBOARD_SCROLL_LOCK 4U

struct keyboard_call_lights {
    uint32_t number;
    uint32_t lights;           /* KEYBOARD_… */
};

struct keyboard_call_repeat {
    uint32_t number;
    uint16_t delay_ms;         /* before the first repetition: 250, 500, 750 or 1000; others are rounded up */
    uint16_t per_second;       /* 2 to 30; 0: no repetition is reported */
};

struct keyboard_state {
    uint32_t lights;           /* KEYBOARD_…: that are on */
    struct key_set held;       /* as it is before the events that nobody has read yet */
};

#define KEYBOARD_PROTOCOL(OPERATION, TRANSFER, keyboard_call) \
    OPERATION(keyboard_call, read, 1, struct device_call_number, struct key_events) \
    OPERATION(keyboard_call, set_lights, 2, struct keyboard_call_lights, struct nothing) \
    OPERATION(keyboard_call, set_repeat, 3, struct keyboard_call_repeat, struct nothing) \
    OPERATION(keyboard_call, state, 4, struct device_call_number, struct keyboard_state)
PROTOCOL_DECLARE(keyboard_call, 0x0013, 1, KEYBOARD_PROTOCOL)

/*
 * Takes what was pressed and released. Blocks until there is something, also while no keyboard is plugged in. Statuses: ABSENT: there is
 * no such keyboard; BUSY: another process reads; those of protocol.h. Should the driver die it is asked again, and keys that were held
 * may stay so. Who wants to hear of that at once makes the call itself (keyboard_call_read).
 */
[[nodiscard]] status_t keyboard_read(struct device *device, struct key_events *events_out);

/*
 * Lights, and how a key that is held repeats. Block until the keyboard has obeyed. Statuses: ABSENT: nothing is plugged in, but
 * a keyboard that will be gets them; BAD_ARGUMENT; BUSY: too many wait; those of protocol.h.
 */
[[nodiscard]] status_t keyboard_set_lights(struct device *device, uint32_t lights);
[[nodiscard]] status_t keyboard_set_repeat(struct device *device, uint32_t delay_ms, uint32_t per_second);

/* What a new reader needs to know of the time before it. Does not wait for keys. Statuses: ABSENT, those of protocol.h. */
[[nodiscard]] status_t keyboard_read_state(struct device *device, struct keyboard_state *state_out);

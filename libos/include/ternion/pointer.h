/* Mice and the like. DEVICE_POINTER. */
#pragma once

#include <ternion/device.h>

#define POINTER_LEFT 1U
#define POINTER_RIGHT 2U
#define POINTER_MIDDLE 4U

struct pointer_event {
    int16_t right;             /* counts moved since the event before */
    int16_t down;
    int16_t wheel;             /* steps towards the user */
    uint16_t buttons;          /* POINTER_…: held now */
};

#define POINTER_EVENTS_MAX 16U

struct pointer_events {
    uint32_t count;
    uint32_t lost;             /* packets that could not be understood; movements that nobody takes in time are added up instead */
    struct pointer_event events[POINTER_EVENTS_MAX];
};

#define POINTER_PROTOCOL(OPERATION, TRANSFER, pointer_call) \
    OPERATION(pointer_call, read, 1, struct device_call_number, struct pointer_events)
PROTOCOL_DECLARE(pointer_call, 0x0014, 1, POINTER_PROTOCOL)

/* Takes what has happened. Blocks until there is something. Statuses: as keyboard_read. */
[[nodiscard]] status_t pointer_read(struct device *device, struct pointer_events *events_out);

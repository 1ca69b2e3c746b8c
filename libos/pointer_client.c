#include <ternion/pointer.h>

status_t pointer_read(struct device *device, struct pointer_events *events_out)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };
    struct pointer_events events;

    while (device_attempt(device, &attempt)) {
        attempt.status = pointer_call_read(device->process, &(struct device_call_number){ device->number }, &events);
    }
    if (attempt.status == OK && events.count > POINTER_EVENTS_MAX) {
        return BAD_SIZE;
    }
    if (attempt.status == OK) {
        *events_out = events;
    }
    return attempt.status;
}

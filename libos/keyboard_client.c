#include <ternion/keyboard.h>

status_t keyboard_read(struct device *device, struct key_events *events_out)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };
    struct key_events events;

    while (device_attempt(device, &attempt)) {
        attempt.status = keyboard_call_read(device->process, &(struct device_call_number){ device->number }, &events);
    }
    if (attempt.status == OK && events.count > KEY_EVENTS_MAX) {
        return BAD_SIZE;         /* a driver that gets its answers wrong must not lead its readers astray */
    }
    if (attempt.status == OK) {
        *events_out = events;
    }
    return attempt.status;
}

status_t keyboard_set_lights(struct device *device, uint32_t lights)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };

    while (device_attempt(device, &attempt)) {
        attempt.status = keyboard_call_set_lights(device->process, &(struct keyboard_call_lights){ device->number, lights }, NULL);
    }
    return attempt.status;
}

status_t keyboard_set_repeat(struct device *device, uint32_t delay_ms, uint32_t per_second)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };

    if (delay_ms > UINT16_MAX || per_second > UINT16_MAX) {
        return BAD_ARGUMENT;
    }
    while (device_attempt(device, &attempt)) {
        struct keyboard_call_repeat request = { device->number, (uint16_t)delay_ms, (uint16_t)per_second };

        attempt.status = keyboard_call_set_repeat(device->process, &request, NULL);
    }
    return attempt.status;
}

status_t keyboard_read_state(struct device *device, struct keyboard_state *state_out)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };
    struct keyboard_state state;

    while (device_attempt(device, &attempt)) {
        attempt.status = keyboard_call_state(device->process, &(struct device_call_number){ device->number }, &state);
    }
    if (attempt.status == OK) {
        *state_out = state;
    }
    return attempt.status;
}

#include <ternion/tone.h>

status_t tone_play(struct device *device, uint32_t hertz, uint32_t ms)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_ONCE };

    if (hertz > TONE_HERTZ_MAX || ms > TONE_MS_MAX) {        /* neither may become another number on the way */
        return BAD_ARGUMENT;
    }
    while (device_attempt(device, &attempt)) {
        attempt.status = tone_call_play(device->process, &(struct tone_call_play){ device->number, (uint16_t)hertz, (uint16_t)ms }, NULL);
    }
    return attempt.status;
}

status_t tone_stop(struct device *device)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };

    while (device_attempt(device, &attempt)) {
        attempt.status = tone_call_stop(device->process, &(struct device_call_number){ device->number }, NULL);
    }
    return attempt.status;
}

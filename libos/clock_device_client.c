#include <ternion/clock_device.h>

status_t clock_device_read(struct device *device, struct date_time *time_out)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };

    while (device_attempt(device, &attempt)) {
        attempt.status = clock_call_read(device->process, &(struct device_call_number){ device->number }, time_out);
    }
    return attempt.status;
}

/* Not again: meanwhile the time may have become another. */
status_t clock_device_set(struct device *device, const struct date_time *time)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_ONCE };

    while (device_attempt(device, &attempt)) {
        attempt.status = clock_call_set(device->process, &(struct clock_call_set){ device->number, *time }, NULL);
    }
    return attempt.status;
}

status_t clock_device_await_second(struct device *device, struct date_time *time_out)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };

    while (device_attempt(device, &attempt)) {
        attempt.status = clock_call_await_second(device->process, &(struct device_call_number){ device->number }, time_out);
    }
    return attempt.status;
}

status_t clock_device_await_set(struct device *device, struct date_time *time_out)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_ONCE };

    while (device_attempt(device, &attempt)) {
        attempt.status = clock_call_await_set(device->process, &(struct device_call_number){ device->number }, time_out);
    }
    return attempt.status == PEER_DIED ? clock_device_read(device, time_out) : attempt.status;
}

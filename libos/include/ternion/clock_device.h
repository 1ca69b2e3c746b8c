/* Clocks that know the date. DEVICE_CLOCK. The monotonic clock needs no device: clock.h. */
#pragma once

#include <ternion/device.h>

struct date_time {
    uint16_t year;             /* 1980 to 2079 */
    uint8_t month, day;        /* from 1 on */
    uint8_t hours, minutes, seconds;
    uint8_t weekday;           /* 1: Monday to 7: Sunday; ignored when the clock is set */
};

struct clock_call_set {
    uint32_t number;
    struct date_time time;
};

#define CLOCK_DEVICE_PROTOCOL(OPERATION, TRANSFER, clock_call) \
    OPERATION(clock_call, read, 1, struct device_call_number, struct date_time) \
    OPERATION(clock_call, set, 2, struct clock_call_set, struct nothing) \
    OPERATION(clock_call, await_second, 3, struct device_call_number, struct date_time)  /* answered when the second has just changed */ \
    OPERATION(clock_call, await_set, 4, struct device_call_number, struct date_time)     /* answered when the clock has just been set */
PROTOCOL_DECLARE(clock_call, 0x0018, 1, CLOCK_DEVICE_PROTOCOL)

/*
 * All block. Statuses: ABSENT: the chip's battery was empty, it does not know the time; BAD_ARGUMENT: there is no such date; NOT_ALLOWED: drivers and
 * servers alone set the clock; applications ask s\tasks (tasks_clock); NO_MEMORY: too many wait; those of protocol.h.
 */
[[nodiscard]] status_t clock_device_read(struct device *device, struct date_time *time_out);
[[nodiscard]] status_t clock_device_set(struct device *device, const struct date_time *time);
[[nodiscard]] status_t clock_device_await_second(struct device *device, struct date_time *time_out);

/* Until the clock is set. A driver that dies meanwhile may have been set: OK then, too, with the time that it is. */
[[nodiscard]] status_t clock_device_await_set(struct device *device, struct date_time *time_out);

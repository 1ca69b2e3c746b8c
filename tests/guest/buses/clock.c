#include <ternion/clock.h>
#include <ternion/clock_device.h>
#include <ternion/log.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#include "verbs.h"

static struct device *open(struct device *device)
{
    MUST(device_open(device, "clocks\\rtc\\0", DEVICE_CLOCK, clock_after(DEVICE_PATIENCE_NS)));
    return device;
}

static struct device *chip(void)
{
    static struct device device;

    return device.name[0] == '\0' ? open(&device) : &device;
}

static void show(const char *what, status_t status, const struct date_time *time)
{
    if (status != OK) {
        tell(what, status);
        return;
    }
    log_print(LOG_INFORMATION, "%s %04u-%02u-%02u %02u:%02u:%02u weekday %u", what, time->year, time->month, time->day, time->hours,
              time->minutes, time->seconds, time->weekday);
}

void clock_show(const char *value)
{
    struct date_time now = { 0 };
    (void)value;

    status_t status = clock_device_read(chip(), &now);
    show("date", status, &now);
}

void clock_put(const char *value)
{
    struct date_time time = { 0 };

    time.year = (uint16_t)take_number(&value);
    time.month = (uint8_t)take_number(&value);
    time.day = (uint8_t)take_number(&value);
    time.hours = (uint8_t)take_number(&value);
    time.minutes = (uint8_t)take_number(&value);
    time.seconds = (uint8_t)take_number(&value);
    tell("set", clock_device_set(chip(), &time));
}

void clock_await(const char *value)
{
    struct date_time now = { 0 };
    (void)value;

    status_t status = clock_device_await_second(chip(), &now);
    show("second", status, &now);
}

static void wait_in_crowd(void *unused)
{
    struct device own;
    struct date_time now = { 0 };
    (void)unused;

    status_t status = clock_device_await_second(open(&own), &now);
    show("crowd", status, &now);
}

void clock_crowd(const char *value)
{
    for (uint32_t left = take_number(&value); left > 0; left--) {
        in_thread(wait_in_crowd, NULL);
    }
}

void clock_hostile(const char *value)
{
    static const struct date_time bad[] = {
        { 1979, 12, 31, 23, 59, 59, 1 }, { 2080, 1, 1, 0, 0, 0, 1 }, { 2023, 2, 29, 0, 0, 0, 3 }, { 2000, 13, 1, 0, 0, 0, 1 },
        { 2000, 0, 1, 0, 0, 0, 1 }, { 2000, 1, 0, 0, 0, 0, 1 }, { 2000, 1, 32, 0, 0, 0, 1 }, { 2000, 1, 1, 24, 0, 0, 1 },
        { 2000, 1, 1, 0, 60, 0, 1 }, { 2000, 1, 1, 0, 0, 60, 1 }, { 65535, 255, 255, 255, 255, 255, 255 },
    };
    static const struct date_time good = { 2000, 1, 1, 0, 0, 0, 0 };
    struct date_time now;
    (void)value;

    for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        tell("bad date", clock_device_set(chip(), &bad[i]));
    }
    tell("clock 1", clock_call_read(chip()->process, &(struct device_call_number){ 1 }, &now));
    tell("clock 1", clock_call_await_second(chip()->process, &(struct device_call_number){ 1 }, &now));
    tell("clock 1", clock_call_set(chip()->process, &(struct clock_call_set){ 1, good }, NULL));
}

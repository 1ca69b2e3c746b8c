/* Clocks that know the date. One that does not know the time says ABSENT until it is set: the checks set it, and leave it near what it was. */
#include <ternion/clock.h>
#include <ternion/clock_device.h>

#include "check.h"

static const struct operation_shape *const operations[] = { CLOCK_DEVICE_PROTOCOL(SHAPE, SHAPE, clock_call) };

static const struct date_time some_time = { .year = 2001, .month = 2, .day = 28, .hours = 12, .minutes = 30, .seconds = 15, .weekday = 3 };

static status_t read_time(struct device *device, struct date_time *time_out)
{
    return clock_call_read(device->process, &(struct device_call_number){ device->number }, time_out);
}

static status_t set_time(struct device *device, const struct date_time *time)
{
    return clock_call_set(device->process, &(struct clock_call_set){ device->number, *time }, NULL);
}

static status_t await_second(struct device *device)
{
    struct date_time time = { 0 };

    return clock_call_await_second(device->process, &(struct device_call_number){ device->number }, &time);
}

static status_t await_second_unheard(struct device *device)
{
    return clock_call_await_second_send(device->process, &(struct device_call_number){ device->number });
}

static bool is_leap_year(uint32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static uint32_t days_of_month(uint32_t year, uint32_t month)
{
    static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    return days[month - 1] + (month == 2 && is_leap_year(year) ? 1 : 0);
}

/* Days from 1 January 1980, which was a Tuesday, to a date. */
static uint32_t days_to(const struct date_time *time)
{
    uint32_t days = time->day - 1U;

    for (uint32_t year = 1980; year < time->year; year++) {
        days += is_leap_year(year) ? 366 : 365;
    }
    for (uint32_t month = 1; month < time->month; month++) {
        days += days_of_month(time->year, month);
    }
    return days;
}

static uint64_t seconds_to(const struct date_time *time)
{
    return days_to(time) * 86400ULL + time->hours * 3600U + time->minutes * 60U + time->seconds;
}

static void expect_date(const struct date_time *time)
{
    EXPECT(time->year >= 1980 && time->year <= 2079 && time->month >= 1 && time->month <= 12);
    EXPECT(time->day >= 1 && time->day <= days_of_month(time->year, time->month));
    EXPECT(time->hours < 24 && time->minutes < 60 && time->seconds < 60);
    EXPECT_EQUAL((days_to(time) + 1) % 7 + 1, time->weekday);
}

/* What it was, or what it was set to if it did not know. */
static struct date_time known_time(struct device *device)
{
    struct date_time time = { 0 };

    status_t status = read_time(device, &time);
    if (status == ABSENT) {
        EXPECT_OK(set_time(device, &some_time));
        status = read_time(device, &time);
    }
    EXPECT_OK(status);
    return time;
}

static void use_clock(struct device *device, uint32_t client, uint32_t turn)
{
    struct date_time time = { 0 };
    (void)client;
    (void)turn;

    status_t status = read_time(device, &time);
    EXPECT(status == OK || status == ABSENT);
}

static void its_time_can_be(struct device *device)
{
    struct date_time time = known_time(device);

    expect_date(&time);
}

static void its_seconds_go_on(struct device *device)
{
    struct date_time before = known_time(device), after = { 0 };
    struct device_call_number request = { device->number };

    for (uint32_t i = 0; i < 3; i++) {
        nanoseconds_t begin_ns = clock_now();

        EXPECT_OK(clock_call_await_second(device->process, &request, &after));
        expect_date(&after);
        EXPECT(seconds_to(&after) == seconds_to(&before) + 1 || (i == 0 && seconds_to(&after) == seconds_to(&before) + 2));
        EXPECT(i == 0 || clock_now() - begin_ns > 500 * MILLISECOND);
        before = after;
    }
}

static void many_wait_for_the_same_second(struct device *device)
{
    process_id_t clients[CLIENTS];

    (void)known_time(device);
    for (uint32_t i = 0; i < CLIENTS; i++) {
        clients[i] = client_linger(device);
    }
    for (uint32_t i = 0; i < CLIENTS; i++) {
        EXPECT_EQUAL(OK, client_wait(clients[i]));
    }
}

static void it_is_set_to_any_date(struct device *device)
{
    static const struct date_time times[] = {
        { 1980, 1, 1, 0, 0, 0, 0 },       { 1999, 12, 31, 23, 58, 0, 1 },  { 2000, 2, 29, 12, 0, 0, 2 },  { 2000, 3, 1, 1, 1, 1, 3 },
        { 2004, 2, 29, 0, 0, 0, 99 },     { 2038, 1, 19, 3, 14, 8, 7 },    { 2079, 12, 31, 11, 59, 0, 0 }, { 2026, 7, 4, 13, 0, 0, 0 },
    };
    struct date_time before = known_time(device);

    for (uint32_t i = 0; i < COUNT(times); i++) {
        struct date_time seen = { 0 };

        EXPECT_OK(set_time(device, &times[i]));
        EXPECT_OK(read_time(device, &seen));
        expect_date(&seen);
        EXPECT(seconds_to(&seen) >= seconds_to(&times[i]) && seconds_to(&seen) <= seconds_to(&times[i]) + 3);
    }
    EXPECT_OK(set_time(device, &before));
}

static void dates_that_are_none_are_refused(struct device *device)
{
    static const struct date_time wrong[] = {
        { 1979, 12, 31, 0, 0, 0, 1 }, { 2080, 1, 1, 0, 0, 0, 1 },   { 0, 1, 1, 0, 0, 0, 1 },      { 65535, 1, 1, 0, 0, 0, 1 },
        { 2000, 0, 1, 0, 0, 0, 1 },   { 2000, 13, 1, 0, 0, 0, 1 },  { 2000, 255, 1, 0, 0, 0, 1 }, { 2000, 1, 0, 0, 0, 0, 1 },
        { 2000, 1, 32, 0, 0, 0, 1 },  { 2001, 2, 29, 0, 0, 0, 1 },  { 2000, 2, 30, 0, 0, 0, 1 },  { 2000, 4, 31, 0, 0, 0, 1 },
        { 2000, 1, 1, 24, 0, 0, 1 },  { 2000, 1, 1, 0, 60, 0, 1 },  { 2000, 1, 1, 0, 0, 60, 1 },  { 2000, 1, 1, 255, 255, 255, 1 },
    };
    struct date_time before = known_time(device), after = { 0 };

    for (uint32_t i = 0; i < COUNT(wrong); i++) {
        status_t status = set_time(device, &wrong[i]);

        if (status != BAD_ARGUMENT) {
            EXPECT_NOT("%u-%u-%u %u:%u:%u: %s", wrong[i].year, wrong[i].month, wrong[i].day, wrong[i].hours, wrong[i].minutes,
                       wrong[i].seconds, status_name(status));
        }
    }
    EXPECT_OK(read_time(device, &after));
    EXPECT(seconds_to(&after) >= seconds_to(&before) && seconds_to(&after) <= seconds_to(&before) + 10);
}

static const struct check checks[] = {
    CHECK(its_time_can_be),
    CHECK(its_seconds_go_on),
    CHECK(many_wait_for_the_same_second),
    CHECK(it_is_set_to_any_date),
    CHECK(dates_that_are_none_are_refused),
};

const struct kind clock_kind = {
    .type = DEVICE_CLOCK,
    .checks = checks,
    .check_count = COUNT(checks),
    .operations = operations,
    .operation_count = COUNT(operations),
    .use = use_clock,
    .linger = await_second,
    .linger_unheard = await_second_unheard,
};

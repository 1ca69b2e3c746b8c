#include "apps/files/stamp.h"

#include <string.h>
#include <time.h>

#include <ternion/calendar.h>

/* A number of so many digits. False: they are not there. */
static bool take(const char **at, unsigned digits, uint32_t *number_out)
{
    uint32_t number = 0;

    for (; digits > 0; digits--, (*at)++) {
        if (**at < '0' || **at > '9') {
            return false;
        }
        number = number * 10 + (uint32_t)(**at - '0');
    }
    *number_out = number;
    return true;
}

/* What is no date comes back as another one. */
static bool to_seconds(const struct calendar_time *time, int64_t *seconds_out)
{
    struct calendar_time again;

    if (time->year < 1970 || time->month < 1 || time->month > 12 || time->day < 1 || time->hours > 23 || time->minutes > 59 || time->seconds > 59) {
        return false;
    }
    *seconds_out = calendar_seconds(time);
    calendar_from_seconds(*seconds_out, &again);
    return again.year == time->year && again.month == time->month && again.day == time->day;
}

static bool take_year(const char **at, size_t digits, int32_t *year_out)
{
    struct calendar_time now;
    uint32_t year;

    if (digits == 8) {
        calendar_from_seconds(time(NULL), &now);
        *year_out = now.year;
        return true;
    }
    if ((digits != 10 && digits != 12) || !take(at, digits == 12 ? 4 : 2, &year)) {
        return false;
    }
    *year_out = (int32_t)(digits == 12 ? year : year < 69 ? 2000 + year : 1900 + year);
    return true;
}

bool stamp_read_digits(const char *text, int64_t *seconds_out)
{
    struct calendar_time time = { 0 };
    const char *at = text;

    if (!take_year(&at, strcspn(text, "."), &time.year) || !take(&at, 2, &time.month) || !take(&at, 2, &time.day) || !take(&at, 2, &time.hours) ||
        !take(&at, 2, &time.minutes)) {
        return false;
    }
    if (*at == '.') {
        at++;
        if (!take(&at, 2, &time.seconds)) {
            return false;
        }
    }
    return *at == '\0' && to_seconds(&time, seconds_out);
}

bool stamp_read_date(const char *text, int64_t *seconds_out)
{
    struct calendar_time time;
    uint32_t year;
    const char *at = text;

    if (!take(&at, 4, &year) || *at++ != '-' || !take(&at, 2, &time.month) || *at++ != '-' || !take(&at, 2, &time.day)) {
        return false;
    }
    time.year = (int32_t)year;
    if (*at != 'T' && *at != ' ') {
        return false;
    }
    at++;
    if (!take(&at, 2, &time.hours) || *at++ != ':' || !take(&at, 2, &time.minutes) || *at++ != ':' || !take(&at, 2, &time.seconds)) {
        return false;
    }
    at += *at == 'Z';
    return *at == '\0' && to_seconds(&time, seconds_out);
}

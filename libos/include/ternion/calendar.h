/* Dates of the Gregorian calendar as seconds since 1970-01-01 00:00, and back. Any thread; nothing blocks. */
#pragma once

#include <stdint.h>

struct calendar_time {
    int32_t year;
    uint32_t month, day;         /* from 1 on */
    uint32_t hours, minutes, seconds;
};

/* Of a date that there is. */
int64_t calendar_seconds(const struct calendar_time *time);

/* Between 1970 and 2400; others are 1970. */
void calendar_from_seconds(int64_t seconds, struct calendar_time *time_out);

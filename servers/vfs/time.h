/* The date, for what is written. */
#pragma once

#include <stdint.h>

/* Begins to ask the clock, in a thread of its own: until it has told, it is not known what time it is. */
void time_begin(void);

/* Seconds since 1970 of a date (Gregorian calendar), and back. */
struct calendar_time {
    int32_t year;
    uint32_t month, day;         /* from 1 on */
    uint32_t hours, minutes, seconds;
};
int64_t time_from_calendar(const struct calendar_time *time);
void time_to_calendar(int64_t seconds, struct calendar_time *time_out);

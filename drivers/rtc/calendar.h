/* The Gregorian calendar, as far as a clock of the years 1980 to 2079 needs it. Portable. */
#pragma once

#include <stdbool.h>

#include <ternion/clock_device.h>

#define CALENDAR_FIRST_YEAR 1980U
#define CALENDAR_LAST_YEAR 2079U

/* Days of a month; month: 1 to 12. */
uint8_t calendar_days(uint16_t year, uint8_t month);

/* 1: Monday to 7: Sunday, of a date that there is. */
uint8_t calendar_weekday(uint16_t year, uint8_t month, uint8_t day);

/* Is there such a date, and such a time of day? The weekday is not looked at. */
bool calendar_has(const struct date_time *time);

/* The year, by its last two digits: there is one in the clock's hundred years. */
uint16_t calendar_year(uint8_t year_of_century);

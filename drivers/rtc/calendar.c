#include "calendar.h"

#define MONTHS 12U
#define FEBRUARY 2U
#define HOURS 24U
#define MINUTES 60U
#define SECONDS 60U
#define DAYS_OF_A_WEEK 7U
#define WEEKDAY_OF_FIRST_DAY 2U  /* 1 January 1980 was a Tuesday */

static bool is_leap_year(uint16_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

uint8_t calendar_days(uint16_t year, uint8_t month)
{
    static const uint8_t days[MONTHS + 1] = { 0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    return month == FEBRUARY && is_leap_year(year) ? 29 : days[month];
}

uint8_t calendar_weekday(uint16_t year, uint8_t month, uint8_t day)
{
    uint32_t days = day - 1U;

    for (uint16_t before = CALENDAR_FIRST_YEAR; before < year; before++) {
        days += is_leap_year(before) ? 366 : 365;
    }
    for (uint8_t before = 1; before < month; before++) {
        days += calendar_days(year, before);
    }
    return (uint8_t)((days + WEEKDAY_OF_FIRST_DAY - 1) % DAYS_OF_A_WEEK + 1);
}

bool calendar_has(const struct date_time *time)
{
    return time->year >= CALENDAR_FIRST_YEAR && time->year <= CALENDAR_LAST_YEAR
        && time->month >= 1 && time->month <= MONTHS
        && time->day >= 1 && time->day <= calendar_days(time->year, time->month)
        && time->hours < HOURS && time->minutes < MINUTES && time->seconds < SECONDS;
}

uint16_t calendar_year(uint8_t year_of_century)
{
    return (uint16_t)(year_of_century < CALENDAR_FIRST_YEAR % 100 ? 2000 + year_of_century : 1900 + year_of_century);
}

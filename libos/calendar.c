#include <ternion/calendar.h>

/* Days from 1970-01-01: an era is 400 years, the year begins with March, so that a leap day is its last. */
#define DAYS_OF_ERA 146097
#define DAYS_TO_1970 719468

int64_t calendar_seconds(const struct calendar_time *time)
{
    int32_t year = time->month <= 2 ? time->year - 1 : time->year;
    int32_t era = (year >= 0 ? year : year - 399) / 400;
    int32_t year_of_era = year - era * 400;
    int32_t month = (int32_t)(time->month + 9) % 12;
    int32_t day_of_year = (153 * month + 2) / 5 + (int32_t)time->day - 1;
    int32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    int64_t days = (int64_t)era * DAYS_OF_ERA + day_of_era - DAYS_TO_1970;

    return days * 86400 + (int64_t)(time->hours * 3600 + time->minutes * 60 + time->seconds);
}

void calendar_from_seconds(int64_t seconds, struct calendar_time *time_out)
{
    uint32_t in_day, days;

    if (seconds < 0 || seconds > 13569465600) {
        seconds = 0;
    }
    days = (uint32_t)(seconds / 86400) + DAYS_TO_1970;
    in_day = (uint32_t)(seconds % 86400);
    uint32_t era = days / DAYS_OF_ERA;
    uint32_t day_of_era = days % DAYS_OF_ERA;
    uint32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    uint32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    uint32_t month = (5 * day_of_year + 2) / 153;

    time_out->day = day_of_year - (153 * month + 2) / 5 + 1;
    time_out->month = month < 10 ? month + 3 : month - 9;
    time_out->year = (int32_t)(year_of_era + era * 400 + (time_out->month <= 2));
    time_out->hours = in_day / 3600;
    time_out->minutes = in_day / 60 % 60;
    time_out->seconds = in_day % 60;
}

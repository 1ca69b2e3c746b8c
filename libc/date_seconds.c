#include "libc/time_of_day.h"

#define DAYS_TO_1970 719468 /* from 1 March of the year 0 to 1 January 1970 */

/* The year begins in March, so that the day that is not always there is its last. */
int64_t date_seconds(unsigned year, unsigned month, unsigned day, unsigned hours, unsigned minutes, unsigned seconds)
{
    int64_t years = (int64_t)year - (month <= 2);
    int64_t months = (month + 9) % 12;                  /* since March */
    int64_t days = 365 * years + years / 4 - years / 100 + years / 400 + (153 * months + 2) / 5 + day - 1;

    return ((days - DAYS_TO_1970) * 24 + hours) * 3600 + minutes * 60 + seconds;
}

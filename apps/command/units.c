#include "apps/command/units.h"

#include <ternion/calendar.h>
#include <ternion/format.h>

const char *units_size(uint64_t bytes, bool human, char text[UNITS_SIZE])
{
    static const char units[] = "KMGTPE";
    uint64_t tenths = 10 * (bytes >> 10) + (10 * (bytes & 1023) + 1023) / 1024;
    unsigned unit = 0;

    if (!human || bytes < 1024) {
        (void)format_text(text, UNITS_SIZE, "%llu", (unsigned long long)bytes);
        return text;
    }
    for (; tenths >= 10240; unit++) {
        tenths = (tenths + 1023) / 1024;
    }
    if (tenths < 100) {
        (void)format_text(text, UNITS_SIZE, "%u.%u%c", (unsigned)(tenths / 10), (unsigned)(tenths % 10), units[unit]);
    } else {
        (void)format_text(text, UNITS_SIZE, "%u%c", (unsigned)((tenths + 9) / 10), units[unit]);
    }
    return text;
}

const char *units_time(int64_t seconds, char text[UNITS_TIME_SIZE])
{
    struct calendar_time time;

    if (seconds == 0) {
        (void)format_text(text, UNITS_TIME_SIZE, "%16s", "-");
        return text;
    }
    calendar_from_seconds(seconds, &time);
    (void)format_text(text, UNITS_TIME_SIZE, "%04u-%02u-%02u %02u:%02u", (unsigned)time.year, (unsigned)time.month, (unsigned)time.day,
                      (unsigned)time.hours, (unsigned)time.minutes);
    return text;
}

/* Bytes that go on with a character of UTF-8 (RFC 3629, section 3: 10xxxxxx) take no column. */
int text_width(const char *text)
{
    int width = 0;

    for (; *text != '\0'; text++) {
        width += ((unsigned char)*text & 0xC0) != 0x80;
    }
    return width;
}

/*
 * a\date: tells the date and the time of day, by the clock that runs while the machine is off.
 *
 *     date                         to the text device screens\text\0
 *     date DEVICE                  to another text device
 *     date log                     to the log
 *     date 2024-02-28T23:59:58     sets the clock
 */
#include <ternion/clock.h>
#include <ternion/clock_device.h>
#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/string.h>
#include <ternion/syscall_table.h>
#include <ternion/text.h>

MANIFEST(.partners = PARTNERS_ALL);

#define CLOCK "clocks\\rtc\\0"
#define USUAL_OUTPUT "screens\\text\\0"
#define LINE_SIZE 64U
#define WEEKDAYS 7U

static struct device rtc;

/* Where the line goes to, or to the log. */
static int print(const char *output, const char *line)
{
    struct device device;

    if (strcmp(output, "log") == 0) {
        log_print(LOG_INFORMATION, "%.*s", (int)strlen(line) - 1, line);
        return 0;
    }
    status_t status = device_open(&device, output, DEVICE_TEXT, clock_after(DEVICE_PATIENCE_NS));
    if (status == OK) {
        status = text_write(&device, line, strlen(line));     /* with its end, or another's line comes between */
    }
    if (status != OK) {
        log_print(LOG_ERROR, "%s: %s", output, status_meaning(status));
    }
    return status == OK ? 0 : 1;
}

static int show(const char *output)
{
    static const char *const days[WEEKDAYS + 1] = {
        "no day", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
    };
    char line[LINE_SIZE];
    struct date_time now;

    status_t status = clock_device_read(&rtc, &now);
    if (status != OK) {
        log_print(LOG_ERROR, "the date is not known: %s", status == ABSENT ? "the clock must be set" : status_meaning(status));
        return 1;
    }
    format_text(line, sizeof line, "%s, %04u-%02u-%02u %02u:%02u:%02u\n", days[now.weekday <= WEEKDAYS ? now.weekday : 0], now.year, now.month,
                now.day, now.hours, now.minutes, now.seconds);
    return print(output, line);
}

/* Takes a number and the character behind it off a text. False: they are not there. */
static bool take(const char **at, char end, uint32_t *number_out)
{
    const char *first = *at;
    uint32_t number = 0;

    while (**at >= '0' && **at <= '9' && *at - first < 4) {
        number = number * 10 + (uint32_t)(*(*at)++ - '0');
    }
    if (*at == first || **at != end) {
        return false;
    }
    (*at)++;
    *number_out = number;
    return true;
}

/* Reads 2024-02-28T23:59:58. False: it is not written so. Whether there is such a date is the driver's to say. */
static bool read_time(const char *text, struct date_time *time_out)
{
    static const char ends[] = { '-', '-', 'T', ':', ':', '\0' };
    uint32_t numbers[sizeof ends];

    for (unsigned i = 0; i < sizeof ends; i++) {
        if (!take(&text, ends[i], &numbers[i]) || (i > 0 && numbers[i] > UINT8_MAX)) {
            return false;
        }
    }
    *time_out = (struct date_time){
        (uint16_t)numbers[0], (uint8_t)numbers[1], (uint8_t)numbers[2], (uint8_t)numbers[3], (uint8_t)numbers[4], (uint8_t)numbers[5], 0
    };
    return true;
}

static int set(const struct date_time *time)
{
    status_t status = clock_device_set(&rtc, time);

    if (status != OK) {
        log_print(LOG_ERROR, "the clock is not set: %s", status == BAD_ARGUMENT ? "there is no such date" : status_meaning(status));
    }
    return status == OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    const char *argument = argc > 1 ? argv[1] : USUAL_OUTPUT;
    struct date_time time;

    status_t status = device_open(&rtc, CLOCK, DEVICE_CLOCK, clock_after(DEVICE_PATIENCE_NS));
    if (status != OK) {
        log_print(LOG_ERROR, "%s: %s", CLOCK, status_meaning(status));
        return 1;
    }
    return read_time(argument, &time) ? set(&time) : show(argument);
}

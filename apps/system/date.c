/* date: the date and the time of day, by the clock that runs while the machine is off. */
#include <string.h>

#include <ternion/clock.h>
#include <ternion/clock_device.h>
#include <ternion/process.h>
#include <ternion/system.h>
#include <ternion/tasks.h>

#include "apps/command/command.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: date [TIME]\n"
    "Tells the date and the time of day (UTC), or sets the clock: TIME is written as 2024-02-28T23:59:58.\n";

#define CLOCK "clocks\\rtc\\0"
#define WEEKDAYS 7U

static struct device rtc;

static void show(void)
{
    static const char *const days[WEEKDAYS + 1] = {
        "no day", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
    };
    struct date_time now;
    status_t status = clock_device_read(&rtc, &now);

    if (status == ABSENT) {
        command_error("the date is not known: the clock must be set");
    } else if (status != OK) {
        command_status(CLOCK, status);
    } else {
        output_format("%s, %04u-%02u-%02u %02u:%02u:%02u\n", days[now.weekday <= WEEKDAYS ? now.weekday : 0], now.year, now.month, now.day,
                      now.hours, now.minutes, now.seconds);
    }
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

/* Whether there is such a date is the driver's to say. */
static struct date_time read_time(const char *text)
{
    static const char ends[] = { '-', '-', 'T', ':', ':', '\0' };
    uint32_t numbers[sizeof ends];
    const char *at = text;

    for (unsigned i = 0; i < sizeof ends; i++) {
        if (!take(&at, ends[i], &numbers[i]) || (i > 0 && numbers[i] > UINT8_MAX)) {
            command_misused("%s is no time as 2024-02-28T23:59:58", text);
        }
    }
    return (struct date_time){
        (uint16_t)numbers[0], (uint8_t)numbers[1], (uint8_t)numbers[2], (uint8_t)numbers[3], (uint8_t)numbers[4], (uint8_t)numbers[5], 0
    };
}

static void set(const char *text, const struct date_time *time)
{
    bool is_application = process_page()->class == CLASS_APPLICATION;
    status_t status = is_application ? tasks_clock(time) : clock_device_set(&rtc, time);

    if (status == BAD_ARGUMENT) {
        command_error("%s: there is no such date", text);
    } else if (status == NOT_ALLOWED) {
        command_error("the clock is for persons to set: programs of a session whose shell s\\tasks is told to trust");
    } else if (status != OK) {
        command_status(CLOCK, status);
    }
}

int main(int argc, char **argv)
{
    struct date_time time = { 0 };

    command_begin(argc, argv, "", help);
    (void)command_option();
    command_expect(0, 1);
    if (command.count > 0) {
        time = read_time(command.operands[0]);
    }
    status_t status = device_open(&rtc, CLOCK, DEVICE_CLOCK, clock_after(DEVICE_PATIENCE_NS));
    if (status != OK) {
        command_error(CLOCK ": there is no such clock: does its driver d\\rtc run?");
    } else if (command.count == 0) {
        show();
    } else {
        set(command.operands[0], &time);
    }
    return command_end();
}

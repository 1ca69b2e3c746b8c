/* sleep: waits. */
#include <string.h>

#include <ternion/clock.h>

#include "apps/command/command.h"

static const char help[] =
    "usage: sleep SECONDS...\n"
    "Waits. SECONDS may have a point and three digits behind it, and m, h or d for minutes, hours or days. Several are added.\n";

#define SECONDS_MAX 100000000U

static nanoseconds_t read_time(const char *text)
{
    nanoseconds_t ms = 0, unit = 100;
    const char *at = text;

    for (; *at >= '0' && *at <= '9' && ms <= SECONDS_MAX * 1000ULL; at++) {
        ms = 10 * ms + (nanoseconds_t)(*at - '0') * 1000;
    }
    bool has_digits = at != text;
    if (*at == '.') {
        for (at++; *at >= '0' && *at <= '9'; at++, unit /= 10) {
            ms += unit * (nanoseconds_t)(*at - '0');
            has_digits = true;
        }
    }
    const char *letter = strchr("smhd", *at);
    nanoseconds_t seconds = *at == 'm' ? 60 : *at == 'h' ? 3600 : *at == 'd' ? 86400 : 1;
    if (!has_digits || letter == NULL || (*at != '\0' && at[1] != '\0') || ms > SECONDS_MAX * 1000ULL) {
        command_misused("%s is no time", text);
    }
    return ms * seconds * MILLISECOND;
}

int main(int argc, char **argv)
{
    nanoseconds_t time_ns = 0;

    command_begin(argc, argv, "", help);
    (void)command_option();
    command_expect(1, 1000000);
    for (int i = 0; i < command.count; i++) {
        time_ns += read_time(command.operands[i]);
    }
    clock_sleep(time_ns);
    return EXIT_DONE;
}

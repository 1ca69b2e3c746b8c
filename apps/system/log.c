/* log: what the log has kept. */
#include <stdlib.h>
#include <string.h>

#include <ternion/log_client.h>
#include <ternion/process.h>

#include "apps/command/command.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: log [-f] [-l LEVEL] [-n LINES]\n"
    "Writes the lines that the log has kept.\n"
    "  -f        and goes on with what comes, until it is ended\n"
    "  -l LEVEL  only what is as urgent: emerg, error, warn, info, debug\n"
    "  -n LINES  only the last ones\n";

#define LINES_MAX 100000U

static log_level_t level = LOG_DEBUG;
static uint32_t last_wanted;         /* 0: all */
static bool follows;

static void read_level(const char *name)
{
    static const char *const names[LOG_LEVEL_COUNT] = LOG_LEVEL_NAMES;

    for (level = 0; level < LOG_LEVEL_COUNT; level++) {
        if (strcmp(names[level], name) == 0) {
            return;
        }
    }
    command_misused("-l: %s is no level: emerg, error, warn, info, debug are", name);
}

static void print(const struct log_line *line)
{
    if (line->lost > 0) {
        output_format("(%u lines are not kept any more)\n", (unsigned)line->lost);
    }
    output_bytes(line->text, line->size);
    output_byte('\n');
}

/* How many lines there are. What is written may become lines of the log itself, and those are not written without end. */
static uint32_t count_lines(process_id_t log)
{
    struct log_line line = { 0 };
    uint32_t count = 0;

    while (log_read(log, line.number, level, 0, &line) == OK) {
        count++;
    }
    return count;
}

/* Writes the last ones of so many lines; the number of the last. */
static status_t copy(process_id_t log, uint32_t count, uint32_t *after)
{
    uint32_t skipped = last_wanted != 0 && count > last_wanted ? count - last_wanted : 0;
    struct log_line line;
    status_t status = OK;

    for (uint32_t i = 0; i < count && status == OK; i++) {
        status = log_read(log, *after, level, 0, &line);
        if (status == OK) {
            *after = line.number;
            if (i >= skipped) {
                print(&line);
            }
        }
    }
    return status == NOTHING ? OK : status;
}

static status_t follow(process_id_t log, uint32_t after)
{
    struct log_line line;
    status_t status = OK;

    while (status == OK) {
        (void)output_flush();
        status = log_read(log, after, level, LOG_READ_WAIT, &line);
        if (status == OK) {
            after = line.number;
            print(&line);
        }
    }
    return status;
}

int main(int argc, char **argv)
{
    uint32_t after = 0;
    process_id_t log;

    command_begin(argc, argv, "fl:n:", help);
    for (int letter; (letter = command_option()) != 0;) {
        switch (letter) {
        case 'f': follows = true; break;
        case 'l': read_level(command.value); break;
        case 'n': last_wanted = (uint32_t)command_number(command.value, LINES_MAX, "-n"); break;
        }
    }
    command_expect(0, 0);
    status_t status = name_find("a\\log", &log);
    if (status == OK) {
        status = copy(log, count_lines(log), &after);
    }
    if (follows && status == OK) {
        status = follow(log, after);
    }
    if (status != OK) {
        command_status("a\\log", status);
    }
    return command_end();
}

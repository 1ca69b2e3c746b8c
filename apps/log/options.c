#include <stddef.h>

#include <ternion/log.h>
#include <ternion/string.h>

#include "options.h"

#define HISTORY_DEFAULT 500U
#define HISTORY_MIN 16U
#define HISTORY_MAX 100000U

static const char *const level_names[LOG_LEVEL_COUNT] = LOG_LEVEL_NAMES;

static bool read_history(const char *text, struct options *options)
{
    uint32_t lines = 0;

    if (*text == '\0') {
        return false;
    }
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9' || lines > HISTORY_MAX) {
            return false;
        }
        lines = lines * 10 + (uint32_t)(*text - '0');
    }
    if (lines < HISTORY_MIN || lines > HISTORY_MAX) {
        return false;
    }
    options->history_lines = lines;
    return true;
}

static bool read_level(const char *text, struct options *options)
{
    for (log_level_t level = 0; level < LOG_LEVEL_COUNT; level++) {
        if (strcmp(text, level_names[level]) == 0) {
            options->level = level;
            return true;
        }
    }
    return false;
}

static bool read_screen(const char *text, struct options *options)
{
    options->screen = *text == '\0';
    return options->screen;
}

static bool read_serial(const char *text, struct options *options)
{
    options->serial = *text == '\0';
    return options->serial;
}

/* The arguments, by how they begin; the rest goes to the function. */
static const struct {
    const char *beginning;
    bool (*read)(const char *rest, struct options *options);
    const char *form;
} arguments_known[] = {
    { "screen", read_screen, "screen" },
    { "serial", read_serial, "serial" },
    { "history=", read_history, "history=LINES, 16 to 100000" },
    { "level=", read_level, "level=emerg, error, warn, info or debug" },
};

static void read_argument(const char *argument, struct options *options)
{
    for (size_t i = 0; i < sizeof arguments_known / sizeof arguments_known[0]; i++) {
        const char *beginning = arguments_known[i].beginning;

        if (strncmp(argument, beginning, strlen(beginning)) == 0) {
            if (!arguments_known[i].read(argument + strlen(beginning), options)) {
                log_print(LOG_WARNING, "argument \"%s\" is skipped: its form is %s", argument,
                          arguments_known[i].form);
            }
            return;
        }
    }
    log_print(LOG_WARNING, "argument \"%s\" is not known and skipped; known are screen, serial, history=LINES "
              "and level=NAME", argument);
}

void options_read(int count, char *const arguments[], struct options *options_out)
{
    *options_out = (struct options){ .history_lines = HISTORY_DEFAULT, .level = LOG_DEBUG };
    for (int i = 1; i < count; i++) {
        read_argument(arguments[i], options_out);
    }
}

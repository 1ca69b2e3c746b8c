#include "options.h"

#include <abi/trace.h>

#include <ternion/log.h>
#include <ternion/string.h>

#define SECONDS_MAX 1000000U
#define COUNT_MAX 1000000000U

static const struct {
    const char *word;
    uint32_t mask;
} masks[] = {
    { "calls", TRACE_CALLS },
    { "events", TRACE_EVENTS },
    { "ports", TRACE_PORTS },
    { "faults", TRACE_FAULTS },
    { "all", TRACE_ALL },
};

static bool add_output(struct options *options, enum output_kind kind, const char *device)
{
    if (options->output_count == OUTPUTS_MAX || (device != NULL && *device == '\0')) {
        return false;
    }
    options->outputs[options->output_count].kind = kind;
    options->outputs[options->output_count].device = device;
    options->output_count++;
    return true;
}

static bool has_file(const struct options *options)
{
    for (uint32_t i = 0; i < options->output_count; i++) {
        if (options->outputs[i].kind == OUTPUT_FILE) {
            return true;
        }
    }
    return false;
}

static bool read_number(const char *text, uint32_t least, uint32_t most, uint32_t *number_out)
{
    uint32_t number = 0;

    if (*text == '\0') {
        return false;
    }
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9' || number > most / 10) {
            return false;
        }
        number = number * 10 + (uint32_t)(*text - '0');
    }
    if (number < least || number > most) {
        return false;
    }
    *number_out = number;
    return true;
}

/* The rest of the argument if it begins so, or NULL. */
static const char *behind(const char *argument, const char *beginning)
{
    size_t size = strlen(beginning);

    return strncmp(argument, beginning, size) == 0 ? argument + size : NULL;
}

static bool read_mask(const char *argument, struct options *options)
{
    for (uint32_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
        if (strcmp(argument, masks[i].word) == 0) {
            options->mask |= masks[i].mask;
            return true;
        }
    }
    return false;
}

static bool read_output(const char *argument, struct options *options)
{
    const char *device;

    if (strcmp(argument, "screen") == 0) {
        return add_output(options, OUTPUT_TEXT, "screens\\text\\0");
    }
    if (strcmp(argument, "serial") == 0) {
        return add_output(options, OUTPUT_TEXT, "lines\\text\\0");
    }
    if (strcmp(argument, "log") == 0) {
        return add_output(options, OUTPUT_LOG, NULL);
    }
    if ((device = behind(argument, "text=")) != NULL) {
        return add_output(options, OUTPUT_TEXT, device);
    }
    return (device = behind(argument, "file=")) != NULL && !has_file(options) && add_output(options, OUTPUT_FILE, device);
}

static bool read_bound(const char *argument, struct options *options)
{
    const char *number;

    if ((number = behind(argument, "count=")) != NULL) {
        return read_number(number, 1, COUNT_MAX, &options->count);
    }
    if ((number = behind(argument, "seconds=")) != NULL) {
        return read_number(number, 1, SECONDS_MAX, &options->seconds);
    }
    if ((number = behind(argument, "records=")) != NULL) {
        return read_number(number, RECORDS_MIN, RECORDS_MAX, &options->records);
    }
    if (strcmp(argument, "summary") == 0) {
        options->summary = true;
        return true;
    }
    return false;
}

/* A name has the prefix of its class. */
static bool read_target(const char *argument, struct options *options)
{
    bool is_name = strlen(argument) > 2 && argument[1] == '\\' && strchr("dsa", argument[0]) != NULL;

    if (!is_name || options->target_count == TARGETS_MAX) {
        return false;
    }
    options->targets[options->target_count++] = argument;
    return true;
}

bool options_read(int count, char *const arguments[], struct options *options_out)
{
    struct options *options = options_out;

    *options = (struct options){ .records = RECORDS_USUAL };
    for (int i = 1; i < count; i++) {
        if (!read_target(arguments[i], options) && !read_mask(arguments[i], options) && !read_output(arguments[i], options)
            && !read_bound(arguments[i], options)) {
            log_print(LOG_WARNING, "argument \"%s\" is skipped: known are d\\NAME s\\NAME a\\NAME calls events ports faults all "
                      "screen serial log text=DEVICE file=DEVICE count=N seconds=N records=N summary", arguments[i]);
        }
    }
    if (options->mask == 0) {
        options->mask = TRACE_ALL;
    }
    if (options->output_count == 0) {
        (void)read_output("log", options);
    }
    if (options->target_count == 0) {
        log_print(LOG_ERROR, "there is nothing to trace: give names of processes, such as d\\serial");
    }
    return options->target_count != 0;
}

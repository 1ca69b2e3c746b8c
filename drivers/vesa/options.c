#include "options.h"

#include <ternion/log.h>
#include <ternion/string.h>

#define MS "ms="

/* False: it is no number up to OPTIONS_MS_MAX. */
static bool read_number(const char *text, uint32_t *number_out)
{
    uint32_t number = 0;

    for (const char *digit = text; *digit != '\0'; digit++) {
        number = number * 10 + (uint32_t)(*digit - '0');
        if (*digit < '0' || *digit > '9' || number > OPTIONS_MS_MAX) {
            return false;
        }
    }
    *number_out = number;
    return *text != '\0';
}

static bool *flag_of(struct options *options, const char *name)
{
    const struct { const char *name; bool *flag; } flags[] = {
        { "shared-data", &options->shared_data }, { "no-linear", &options->no_linear }, { "no-bios", &options->no_bios },
        { "save-state", &options->save_state }, { "trap-ports", &options->trap_ports }, { "report", &options->report },
    };

    for (uint32_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (strcmp(name, flags[i].name) == 0) {
            return flags[i].flag;
        }
    }
    return NULL;
}

static void read_one(struct options *options, const char *argument)
{
    bool *flag = flag_of(options, argument);

    if (flag != NULL) {
        *flag = true;
    } else if (strncmp(argument, MS, sizeof MS - 1) != 0) {
        log_print(LOG_ERROR, "argument %s is not known: known are shared-data, no-linear, no-bios, save-state, trap-ports, report and ms=N", argument);
    } else if (!read_number(argument + sizeof MS - 1, &options->ms) || options->ms < OPTIONS_MS_MIN) {
        log_print(LOG_ERROR, "argument %s: it takes %u to %u milliseconds", argument, OPTIONS_MS_MIN, OPTIONS_MS_MAX);
        options->ms = 0;
    }
}

void options_read(int argc, char *const *argv, struct options *options_out)
{
    int end = argc >= 3 && strcmp(argv[argc - 2], "pci") == 0 ? argc - 2 : argc;

    *options_out = (struct options){ 0 };
    for (int i = 1; i < end; i++) {
        read_one(options_out, argv[i]);
    }
}

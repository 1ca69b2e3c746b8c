#include "options.h"

#include <stddef.h>

#include <ternion/log.h>
#include <ternion/string.h>

#define TMP_KB_MAX (1U << 20)        /* 1 GB */

static void read_mount(struct options *options, char *value)
{
    char *colon = strrchr(value, ':');

    if (colon == NULL || colon[1] != '/') {
        log_print(LOG_ERROR, "mount=%s: DEVICE:/NAME must follow; it is left out", value);
    } else if (options->mount_count == OPTION_MOUNTS_MAX) {
        log_print(LOG_ERROR, "mount=%s: %u are the most; it is left out", value, OPTION_MOUNTS_MAX);
    } else {
        *colon = '\0';
        options->mounts[options->mount_count++] = (struct option_mount){ value, colon + 1 };
    }
}

static void read_size(struct options *options, const char *value)
{
    uint32_t number = 0;

    for (const char *digit = value; *digit >= '0' && *digit <= '9' && number <= TMP_KB_MAX; digit++) {
        number = 10 * number + (uint32_t)(*digit - '0');
        if (digit[1] == '\0' && number != 0 && number <= TMP_KB_MAX) {
            options->tmp_kb = number;
            return;
        }
    }
    log_print(LOG_ERROR, "tmp=%s: a number of kilobytes up to %u must follow", value, TMP_KB_MAX);
}

void options_read(struct options *options, int argc, char **argv)
{
    *options = (struct options){ 0 };
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "mount=", 6) == 0) {
            read_mount(options, argv[i] + 6);
        } else if (strncmp(argv[i], "tmp=", 4) == 0) {
            read_size(options, argv[i] + 4);
        } else {
            log_print(LOG_ERROR, "argument %s is not understood: known are mount=DEVICE:/NAME and tmp=KB", argv[i]);
        }
    }
}

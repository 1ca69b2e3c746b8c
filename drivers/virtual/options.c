#include "options.h"

#include <stdbool.h>
#include <stddef.h>

#include <ternion/log.h>
#include <ternion/string.h>

#include "ram_disk.h"

static bool read_number(const char *text, uint32_t *number_out)
{
    uint32_t number = 0;

    if (*text == '\0') {
        return false;
    }
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9' || __builtin_mul_overflow(number, 10U, &number)
            || __builtin_add_overflow(number, (uint32_t)(*text - '0'), &number)) {
            return false;
        }
    }
    *number_out = number;
    return true;
}

/* What stands behind a mark such as "ram=", or NULL. */
static const char *value_of(const char *argument, const char *mark)
{
    size_t size = strlen(mark);

    return strncmp(argument, mark, size) == 0 ? argument + size : NULL;
}

static void read_disk(struct options *options, const char *value)
{
    uint32_t kilobytes = 0;

    if (!read_number(value, &kilobytes) || kilobytes > RAM_DISK_KB_MAX) {
        log_print(LOG_ERROR, "ram=%s: a number of kilobytes up to %u must follow; there is no such disk", value, RAM_DISK_KB_MAX);
    } else if (options->disk_count == DISKS_MAX) {
        log_print(LOG_ERROR, "ram=%s: %u disks are the most; this one is left out", value, DISKS_MAX);
    } else {
        options->disk_kb[options->disk_count++] = kilobytes;
    }
}

/* ram=0 says that there is no such disk, but for one that an image fills; for an image without ram= there is one, too. */
static void leave_out_empty(struct options *options)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < DISKS_MAX; i++) {
        if (options->disk_kb[i] != 0 || options->images[i] != NULL) {
            options->images[kept] = options->images[i];
            options->disk_kb[kept++] = options->disk_kb[i];
        }
    }
    options->disk_count = kept;
}

static void read_image(struct options *options, const char *value, uint32_t *count)
{
    if (*count == DISKS_MAX) {
        log_print(LOG_ERROR, "image=%s: %u disks are the most; this one is left out", value, DISKS_MAX);
    } else {
        options->images[(*count)++] = value;
    }
}

void options_read(struct options *options, int argc, char **argv)
{
    uint32_t image_count = 0;
    bool has_disk = false;

    *options = (struct options){ 0 };
    for (int i = 1; i < argc; i++) {
        const char *value;

        if ((value = value_of(argv[i], "ram=")) != NULL) {
            has_disk = true;
            read_disk(options, value);
        } else if ((value = value_of(argv[i], "image=")) != NULL) {
            read_image(options, value, &image_count);
        } else {
            log_print(LOG_ERROR, "argument %s is not understood: known are ram=KB and image=MODULE", argv[i]);
        }
    }
    if (!has_disk) {
        options->disk_kb[options->disk_count++] = DISK_KB_USUAL;
    }
    leave_out_empty(options);
}

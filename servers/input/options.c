#include <ternion/log.h>
#include <ternion/string.h>

#include "options.h"

#define LAYOUT "layout="
#define NUM_LOCK_ON "numlock=on"
#define NUM_LOCK_OFF "numlock=off"

static void read_layout(const char *name, struct options *options)
{
    const struct keymap *map = keymap_find(name);

    if (map == NULL) {
        log_print(LOG_WARNING, "there is no key map \"%s\": it stays \"%s\"", name, options->layout->name);
    } else {
        options->layout = map;
    }
}

void options_read(int argc, char **argv, struct options *options_out)
{
    struct options options = { .layout = keymap_find("us") };

    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], LAYOUT, sizeof LAYOUT - 1) == 0) {
            read_layout(argv[i] + sizeof LAYOUT - 1, &options);
        } else if (strcmp(argv[i], NUM_LOCK_ON) == 0) {
            options.locks |= MODIFIER_NUM_LOCK;
        } else if (strcmp(argv[i], NUM_LOCK_OFF) == 0) {
            options.locks &= ~MODIFIER_NUM_LOCK;
        } else {
            log_print(LOG_WARNING, "argument \"%s\" is not known", argv[i]);
        }
    }
    *options_out = options;
}

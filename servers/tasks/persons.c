#include "persons.h"

#include <ternion/log.h>
#include <ternion/string.h>

#define POWER "power="
#define POWER_SIZE (sizeof POWER - 1)

static const char *power = "";       /* names with commas between them */

void persons_read(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], POWER, POWER_SIZE) == 0) {
            power = argv[i] + POWER_SIZE;
        } else {
            log_print(LOG_ERROR, "argument %s is not understood: known is power=NAME,NAME", argv[i]);
        }
    }
}

bool persons_have(const char *name)
{
    size_t size = strlen(name);

    for (const char *at = power; *at != '\0' && size != 0;) {
        const char *comma = strchr(at, ',');
        size_t length = comma == NULL ? strlen(at) : (size_t)(comma - at);

        if (length == size && memcmp(at, name, size) == 0) {
            return true;
        }
        at += comma == NULL ? length : length + 1;
    }
    return false;
}

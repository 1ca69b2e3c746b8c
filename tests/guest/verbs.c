#include "verbs.h"

#include <ternion/log.h>
#include <ternion/string.h>

static void obey(const struct verb *verbs, size_t count, const char *argument)
{
    const char *equals = strchr(argument, '=');
    size_t size = equals != NULL ? (size_t)(equals - argument) : strlen(argument);

    for (size_t i = 0; i < count; i++) {
        if (strlen(verbs[i].name) == size && memcmp(argument, verbs[i].name, size) == 0) {
            verbs[i].run(equals != NULL ? equals + 1 : "");
            return;
        }
    }
    log_print(LOG_ERROR, "argument \"%s\" is not known", argument);
}

void verbs_obey(const struct verb *verbs, size_t count, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        obey(verbs, count, argv[i]);
    }
}

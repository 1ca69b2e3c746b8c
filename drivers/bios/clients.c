#include "clients.h"

#include <ternion/log.h>
#include <ternion/refusals.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#define ARGUMENT "clients="

static const char *names = "";       /* separated by commas */

bool clients_read(const char *argument)
{
    bool is_it = strncmp(argument, ARGUMENT, sizeof ARGUMENT - 1) == 0;

    if (is_it) {
        names = argument + sizeof ARGUMENT - 1;
    }
    return is_it;
}

static bool is_named(const char *name)
{
    size_t length = strlen(name);
    const char *at = names;

    while (strncmp(at, name, length) != 0 || (at[length] != ',' && at[length] != '\0')) {
        at = strchr(at, ',');
        if (at == NULL) {
            return false;
        }
        at++;
    }
    return true;
}

bool clients_may(const struct server_call *call)
{
    static struct refusals refused;
    struct process_information asker;

    if (call->sender_class != CLASS_APPLICATION) {
        return true;
    }
    if (process_information(call->sender, &asker) != OK) {
        return false;                /* it has ended */
    }
    if (is_named(asker.name)) {
        return true;
    }
    if (refusals_note(&refused, call->sender)) {
        log_print(LOG_WARNING, "%s is refused a call of the BIOS: of applications those alone have calls made that the argument " ARGUMENT "NAME,... names",
                  asker.name);
    }
    return false;
}

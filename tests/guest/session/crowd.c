#include "crowd.h"

#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

#include "own_image.h"

#define VERB_SIZE 80U

/* Another one like this; its name is of its starter's ID and a number, so that it is nobody else's. */
static status_t start_another(const char *verb, const char *name, uint32_t number)
{
    char text[VERB_SIZE], full_name[NAME_SIZE_MAX + 1], *verbs[] = { text };
    process_id_t id;

    (void)format_text(text, sizeof text, "%s=%s", verb, name);
    (void)format_text(full_name, sizeof full_name, "%s.%x.%u", name, process_page()->id, (unsigned)number);
    return own_image_start(full_name, 1, verbs, &id);
}

void crowd_bomb(const char *value)
{
    for (uint32_t number = 0;; number++) {
        if (start_another("bomb", value, number) != OK) {
            (void)thread_yield();        /* there is no room now: perhaps later */
        }
    }
}

void crowd_hop(const char *value)
{
    while (start_another("hop", value, 0) != OK) {
        (void)thread_yield();
    }
    process_exit(0);
}

void crowd_count(const char *value)
{
    struct process_information information;
    process_id_t id = 0;
    uint32_t count = 0;

    while (process_next(id, &id) == OK) {
        count += process_information(id, &information) == OK && strncmp(information.name, value, strlen(value)) == 0;
    }
    log_print(LOG_INFORMATION, "%u are %s", (unsigned)count, value);
}

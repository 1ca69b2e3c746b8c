#include "strangers.h"

#include <ternion/log.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#define STRANGERS_MAX 32U
#define KEYS_MAX 16U             /* more wrong ones than any mistake brings */

static struct stranger {
    process_id_t process;        /* IDs are never used again: the dead are no trouble */
    uint32_t count;
} strangers[STRANGERS_MAX];
static unsigned next;            /* where the next one goes: the place of the one that came first */

static struct stranger *find(process_id_t process)
{
    for (unsigned i = 0; i < STRANGERS_MAX; i++) {
        if (strangers[i].process == process) {
            return &strangers[i];
        }
    }
    return NULL;
}

static void tell(process_id_t process)
{
    struct process_information information = { 0 };

    if (process_information(process, &information) == OK) {
        log_print(LOG_WARNING, "%s has given %u wrong keys: it is not listened to any more", information.name, KEYS_MAX);
    }
}

void strangers_count(process_id_t process)
{
    struct stranger *stranger = find(process);

    if (stranger == NULL) {
        stranger = &strangers[next++ % STRANGERS_MAX];
        *stranger = (struct stranger){ process, 0 };
    }
    if (++stranger->count == KEYS_MAX) {
        tell(process);
    }
}

bool strangers_has(process_id_t process)
{
    const struct stranger *stranger = find(process);

    return stranger != NULL && stranger->count >= KEYS_MAX;
}

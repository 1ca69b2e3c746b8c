#include "trap.h"

#include <stdlib.h>
#include <string.h>

#include "execute.h"
#include "shell.h"

static const char *const names[] = { "EXIT", "INT" };
static char *actions[TRAP_COUNT];

const char *trap_name(enum trap trap)
{
    return names[trap];
}

bool trap_find(const char *name, enum trap *trap_out)
{
    static const char *const others[] = { "0", "2" };

    name += strncmp(name, "SIG", 3) == 0 ? 3 : 0;
    for (enum trap trap = 0; trap < TRAP_COUNT; trap++) {
        if (strcmp(name, names[trap]) == 0 || strcmp(name, others[trap]) == 0) {
            *trap_out = trap;
            return true;
        }
    }
    return false;
}

const char *trap_action(enum trap trap)
{
    return actions[trap];
}

void trap_set(enum trap trap, const char *action)
{
    char *copy = action == NULL ? NULL : memory_copy(action, strlen(action));

    free(actions[trap]);
    actions[trap] = copy;
}

void trap_run(enum trap trap)
{
    char *action = actions[trap];
    int status = shell.status;

    if (action == NULL || *action == '\0') {
        return;
    }
    const char *text = arena_copy(&shell.scratch, action, strlen(action)); /* it may change itself */
    if (trap == TRAP_EXIT) {
        trap_set(trap, NULL);
    }
    shell.leaving = LEAVING_NOTHING;
    (void)execute_text(text, 1);
    if (shell.leaving == LEAVING_NOTHING) {
        shell.status = status;
    }
}

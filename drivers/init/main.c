/*
 * d\init, the supervisor: starts what init.list says, watches it, starts again what
 * dies, and ends the machine's work in order. Its protocol stands in ternion/init_client.h.
 */
#include <ternion/init_client.h>
#include <ternion/log.h>
#include <ternion/server.h>
#include <ternion/syscall.h>

#include "bus.h"
#include "changes.h"
#include "image.h"
#include "list.h"
#include "modules.h"
#include "power.h"
#include "supervisor.h"

#define LIST_NAME "init.list"

static void read_list(void)
{
    struct module_information module;
    module_index_t index;
    const void *text;
    struct list list;
    struct program program;

    if (module_find(LIST_NAME, &index, &module) != OK || module_bytes(index, &text) != OK) {
        log_print(LOG_WARNING, "no boot module file:" LIST_NAME ": there is nothing to start or to watch");
        return;
    }
    list_open(&list, text, module.size);
    while (list_next(&list, &program)) {
        supervisor_add(&program);
    }
}

PROTOCOL_SERVER(init, INIT_PROTOCOL, .entry = supervisor_entry, .end_work = power_end_work, .bus_start = bus_start,
                .bus_program = bus_program, .bus_keep = bus_keep, .bus_kept = bus_kept, .changes = changes_wait,
                .grant = supervisor_grant)

static void take(const struct event *event)
{
    switch (event->kind) {
    case EVENT_PROCESS_EXITED:
        supervisor_exited(event->id, event->count);
        break;
    case EVENT_SAVE_STATE:
        (void)state_saved();
        break;
    }
}

int main(void)
{
    struct server server = SERVER(&init_protocol);

    image_read_policy();
    read_list();
    supervisor_begin();
    for (;;) {
        struct event event;
        nanoseconds_t restart_ns = supervisor_deadline();
        nanoseconds_t power_ns = power_deadline();

        /* Not server_wait: what is served may change the deadlines. */
        if (event_wait(&event, restart_ns < power_ns ? restart_ns : power_ns) == OK && !server_serve(&server, &event)) {
            take(&event);
        }
        supervisor_start_due();
        power_force_due();
        changes_tell();
    }
}

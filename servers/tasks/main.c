/*
 * s\tasks: the task manager. It ends, puts to sleep and wakes applications for other applications, and has the machine switched off, by the
 * rules of ternion/tasks.h.
 *
 * One thread: while a tree is ended, nobody can ask to have a part of it woken.
 */
#include <ternion/clock.h>
#include <ternion/init_client.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/process.h>
#include <ternion/server.h>
#include <ternion/syscall.h>
#include <ternion/tasks.h>

#include "persons.h"
#include "session.h"
#include "table.h"
#include "tree.h"

MANIFEST(.partners = PARTNERS_ALL);

#define CODE_MAX 255U
#define CLOCK "clocks\\rtc\\0"
#define CLOCK_PATIENCE_NS (100 * MILLISECOND)

static bool are_flags(uint32_t flags)
{
    return flags == 0 || flags == TASKS_TREE || flags == TASKS_BELOW;
}

static status_t end(struct server_call *call, const struct tasks_end_request *request, struct nothing *reply)
{
    struct target target;

    (void)reply;
    if (!are_flags(request->flags) || request->code > CODE_MAX) {
        return BAD_ARGUMENT;
    }
    status_t status = session_allows(call->sender, request->process, &target);
    if (status != OK) {
        return status;
    }
    return request->flags == 0 ? process_terminate(target.id, request->code) : tree_end(target.id, request->code, request->flags);
}

static status_t sleep(struct server_call *call, const struct tasks_process_request *request, struct nothing *reply)
{
    struct target target;

    (void)reply;
    if (!are_flags(request->flags)) {
        return BAD_ARGUMENT;
    }
    status_t status = session_allows(call->sender, request->process, &target);
    if (status != OK) {
        return status;
    }
    if (target.is_first && request->flags != TASKS_BELOW) {
        return NOT_ALLOWED;
    }
    return request->flags == 0 ? process_sleep(target.id) : tree_sleep(target.id, request->flags);
}

static status_t wake(struct server_call *call, const struct tasks_process_request *request, struct nothing *reply)
{
    struct target target;

    (void)reply;
    if (!are_flags(request->flags)) {
        return BAD_ARGUMENT;
    }
    status_t status = session_allows(call->sender, request->process, &target);
    if (status != OK) {
        return status;
    }
    return request->flags == 0 ? process_wake(target.id) : tree_wake(target.id, request->flags);
}

static status_t power(struct server_call *call, const struct tasks_power_request *request, struct nothing *reply)
{
    process_id_t init;
    status_t status = session_has_power(call->sender);

    (void)reply;
    if (status == OK) {
        status = name_find("d\\init", &init);
    }
    return status == OK ? init_power(init, request->action) : status;
}

/* Nobody else is kept waiting for a driver that is not there. */
static status_t clock(struct server_call *call, const struct date_time *request, struct nothing *reply)
{
    struct device device;
    status_t status = session_has_power(call->sender);

    (void)reply;
    if (status == OK) {
        status = device_open(&device, CLOCK, DEVICE_CLOCK, 0);
    }
    if (status == OK) {
        device.patience_ns = CLOCK_PATIENCE_NS;
        status = clock_device_set(&device, request);
    }
    return status;
}

PROTOCOL_SERVER(tasks_call, TASKS_PROTOCOL, .end = end, .sleep = sleep, .wake = wake, .power = power, .clock = clock)

int main(int argc, char **argv)
{
    struct server server = SERVER(&tasks_call_protocol);

    persons_read(argc, argv);
    MUST(table_begin());
    server_run(&server);
}

/*
 * s\input: what people do with keyboards and pointers, for the programs. Its protocol stands in ternion/input.h.
 *
 * A thread for each device reads it; this one answers the programs, and looks for devices. What was typed is never logged.
 */
#include <ternion/input.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/server.h>
#include <ternion/syscall.h>

#include "clients.h"
#include "options.h"
#include "sources.h"
#include "typing.h"

MANIFEST(
    .role = ROLE_INPUT_SERVER,
    .partners = PARTNERS_ALL,
);

static status_t attach(struct server_call *call, const struct input_attach *request, struct nothing *reply)
{
    (void)reply;
    lock_acquire(&input_lock);
    status_t status = client_attach(call->sender, request);
    lock_release(&input_lock);
    return status;
}

static status_t detach(struct server_call *call, const struct nothing *request, struct nothing *reply)
{
    (void)request;
    (void)reply;
    lock_acquire(&input_lock);
    status_t status = client_detach(call->sender);
    lock_release(&input_lock);
    return status;
}

static status_t read(struct server_call *call, const struct nothing *request, struct input_events *reply)
{
    (void)request;
    (void)reply;
    lock_acquire(&input_lock);
    status_t status = client_read(call);
    lock_release(&input_lock);
    return status;
}

PROTOCOL_SERVER(input_call, INPUT_PROTOCOL, .attach = attach, .detach = detach, .read = read)

static struct server server = SERVER(&input_call_protocol);

static void take(const struct event *event)
{
    switch (event->kind) {
    case EVENT_DEVICES:
        sources_find();
        break;
    case EVENT_PROCESS_EXITED:
        lock_acquire(&input_lock);
        client_ended(event->id);
        lock_release(&input_lock);
        break;
    case EVENT_SAVE_STATE:
        (void)state_saved();
        break;
    }
}

int main(int argc, char **argv)
{
    static const char prefix[] = "input\\";
    struct options options;
    uint32_t watch;

    options_read(argc, argv, &options);
    typing_open(options.layout, options.locks);
    log_print(LOG_INFORMATION, "key map \"%s\"", options.layout->name);
    MUST(device_watch(prefix, sizeof prefix - 1, &watch));
    sources_find();
    for (;;) {
        struct event event;

        MUST(server_wait(&server, &event, FOREVER));
        take(&event);
    }
}

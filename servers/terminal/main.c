/*
 * s\terminal: the screen with the keyboard, and serial lines, as terminals. The protocol stands in ternion/terminal.h, the arguments in
 * options.h.
 *
 * Two threads for each terminal wait for its hardware; this one answers programs, and waits for nothing else.
 */
#include <ternion/init_client.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/terminal.h>

#include "log_level.h"
#include "options.h"
#include "terminal.h"

MANIFEST(.partners = PARTNERS_ALL);

static const struct hardware *const hardware_of[TERMINAL_COUNT] = {
    [TERMINAL_SCREEN] = &screen_hardware,
    [TERMINAL_SERIAL] = &serial_hardware[0],
    [TERMINAL_SERIAL_1] = &serial_hardware[1],
    [TERMINAL_SERIAL_2] = &serial_hardware[2],
    [TERMINAL_SERIAL_3] = &serial_hardware[3],
};

static struct terminal *terminals[TERMINAL_COUNT];   /* NULL: there is none; constant after the start */

/* ---- terminal_call ---- */

static status_t take(struct server_call *call, const struct terminal_handle *handle, struct request request)
{
    if (handle->number >= TERMINAL_COUNT || terminals[handle->number] == NULL) {
        return NOT_ALLOWED;
    }
    request.key[0] = handle->key[0];
    request.key[1] = handle->key[1];
    return call->id == 0 ? OK : terminal_take(terminals[handle->number], call, &request);    /* 0: nobody waits for an answer */
}

/*
 * The name alone says nothing: any program may take it while the owner is away. d\init watches over the right one; it is asked before
 * the lock is taken.
 */
static status_t check_owner(const struct terminal *terminal, process_id_t process)
{
    process_id_t owner;

    return name_find(terminal->owner_name, &owner) == OK && owner == process && init_watches(process) == OK ? OK : NOT_ALLOWED;
}

static status_t claim(struct server_call *call, const struct terminal_claim_request *request, struct terminal_handle *reply)
{
    struct terminal_handle handle = { 0, { request->key[0], request->key[1] } };

    (void)reply;
    if (memchr(request->name, '\0', sizeof request->name) == NULL) {
        return BAD_NAME;
    }
    while (handle.number < TERMINAL_COUNT
           && (terminals[handle.number] == NULL || strcmp(terminal_names[handle.number], request->name) != 0)) {
        handle.number++;
    }
    if (handle.number == TERMINAL_COUNT) {
        return NOT_FOUND;
    }
    status_t status = check_owner(terminals[handle.number], call->sender);
    return status != OK ? status
         : take(call, &handle, (struct request){ .kind = REQUEST_CLAIM, .size = request->names_foreground });
}

static status_t write(struct server_call *call, const struct terminal_handle *request, struct nothing *reply)
{
    (void)reply;
    return take(call, request, (struct request){ .kind = REQUEST_WRITE, .size = call->string_size });
}

static status_t read(struct server_call *call, const struct terminal_read_request *request, struct nothing *reply)
{
    (void)reply;
    if (request->most == 0 || request->most > TERMINAL_READ_MAX) {
        return BAD_ARGUMENT;
    }
    return take(call, &request->terminal,
                (struct request){ .kind = REQUEST_READ, .size = request->most, .milliseconds = request->milliseconds });
}

static status_t mode(struct server_call *call, const struct terminal_mode_request *request, struct terminal_mode_reply *reply)
{
    (void)reply;
    return take(call, &request->terminal, (struct request){ .kind = REQUEST_MODE, .size = request->mode });
}

static status_t size(struct server_call *call, const struct terminal_handle *request, struct terminal_size_reply *reply)
{
    (void)reply;
    return take(call, request, (struct request){ .kind = REQUEST_SIZE });
}

static status_t await_key(struct server_call *call, const struct terminal_handle *request, struct terminal_key_reply *reply)
{
    (void)reply;
    return take(call, request, (struct request){ .kind = REQUEST_AWAIT_KEY });
}

static status_t unread(struct server_call *call, const struct terminal_handle *request, struct nothing *reply)
{
    (void)reply;
    return take(call, request, (struct request){ .kind = REQUEST_UNREAD });
}

static status_t state(struct server_call *call, const struct terminal_handle *request, struct terminal_state_reply *reply)
{
    (void)reply;
    return take(call, request, (struct request){ .kind = REQUEST_STATE });
}

static status_t notify(struct server_call *call, const struct terminal_handle *request, struct nothing *reply)
{
    (void)reply;
    return take(call, request, (struct request){ .kind = REQUEST_NOTIFY });
}

static status_t foreground(struct server_call *call, const struct terminal_handle *request, struct nothing *reply)
{
    (void)reply;
    return take(call, request, (struct request){ .kind = REQUEST_FOREGROUND, .size = call->string_size });
}

PROTOCOL_SERVER(terminal_call, TERMINAL_PROTOCOL, .claim = claim, .write = write, .read = read, .mode = mode, .size = size,
                .await_key = await_key, .unread = unread, .state = state, .notify = notify,
                .foreground = foreground)

static struct server server = SERVER(&terminal_call_protocol);

/* ---- Start and events ---- */

status_t foreground_parent(process_id_t process, process_id_t *parent_out)
{
    struct process_information information;
    status_t status = process_information(process, &information);

    if (status == OK) {
        *parent_out = information.parent;
    }
    return status;
}

static bool start(const struct options *options)
{
    bool any = false;

    for (uint32_t number = 0; number < TERMINAL_COUNT; number++) {
        if (options->owners[number] == NULL) {
            continue;
        }
        struct terminal *terminal = calloc(1, sizeof *terminal);
        MUST(terminal == NULL ? NO_MEMORY : OK);
        terminal->name = terminal_names[number];
        terminal->owner_name = options->owners[number];
        terminal->number = number;
        terminal->hardware = hardware_of[number];
        terminals[number] = terminal;
        hardware_start(terminal);
        log_print(LOG_INFORMATION, "%s is for %s", terminal->name, terminal->owner_name);
        any = true;
    }
    return any;
}

static void process_ended(process_id_t process)
{
    for (uint32_t number = 0; number < TERMINAL_COUNT; number++) {
        if (terminals[number] != NULL) {
            terminal_process_ended(terminals[number], process);
        }
    }
    lock_acquire(&terminals_lock);
    log_level_process_ended(process);
    lock_release(&terminals_lock);
}

/* Does what is due. Returns when something will be, if no event comes. */
static nanoseconds_t look(void)
{
    lock_acquire(&terminals_lock);
    nanoseconds_t first_ns = log_level_look();
    lock_release(&terminals_lock);
    for (uint32_t number = 0; number < TERMINAL_COUNT; number++) {
        nanoseconds_t deadline_ns = terminals[number] == NULL ? FOREVER : terminal_look(terminals[number]);
        first_ns = deadline_ns < first_ns ? deadline_ns : first_ns;
    }
    return first_ns;
}

static void take_event(const struct event *event)
{
    if (server_serve(&server, event)) {
        return;
    }
    if (event->kind == EVENT_PROCESS_EXITED) {
        process_ended(event->id);
    } else if (event->kind == EVENT_SAVE_STATE) {
        (void)state_saved();
    }
}

int main(int argc, char **argv)
{
    struct options options;

    options_read(argc, argv, &options);
    if (!start(&options)) {
        log_print(LOG_ERROR, "there is no terminal: the arguments name none, as screen=a\\shell would");
        return 0;
    }
    for (;;) {
        struct event event;

        if (event_wait(&event, look()) == OK) {
            take_event(&event);
        }
    }
}

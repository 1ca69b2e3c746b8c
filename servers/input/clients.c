#include <ternion/clock.h>
#include <ternion/memory.h>
#include <ternion/syscall.h>

#include "clients.h"
#include "event_queue.h"

#define CLIENTS_MAX 32U
#define WANTS_ALL (INPUT_WANTS_KEYS | INPUT_WANTS_POINTER)

struct client {
    struct client *below;        /* that came before */
    process_id_t process;
    nanoseconds_t since_ns;
    uint32_t wants;
    struct pending_call call;
    bool is_reading;
    struct key_set told;         /* keys that it knows as held */
    uint16_t told_buttons;
    uint16_t foreign_buttons;    /* held since before it had the focus */
    struct event_queue queue;
};

static struct client *top;
static unsigned client_count;
static uint16_t buttons;         /* held on any pointer */

static struct client *find(process_id_t process)
{
    struct client *client = top;

    while (client != NULL && client->process != process) {
        client = client->below;
    }
    return client;
}

static struct client *focus(uint32_t wanted)
{
    struct client *client = top;

    while (client != NULL && !(client->wants & wanted)) {
        client = client->below;
    }
    return client;
}

static void answer(struct client *client)
{
    struct input_events events;

    if (!client->is_reading || !event_queue_has_news(&client->queue)) {
        return;
    }
    event_queue_copy(&client->queue, &events);
    status_t status = input_call_read_answer(&client->call, OK, &events);
    if (status == OK) {
        event_queue_remove(&client->queue, &events);
    }
    client->is_reading = status != OK && status != BAD_ID;
}

/* ---- The focus ---- */

static void release_keys(struct client *client)
{
    for (unsigned key = 0; key < KEY_COUNT; key++) {
        if (key_set_has(&client->told, (uint8_t)key)) {
            event_queue_put_key(&client->queue, &(struct input_key){ .key = (uint8_t)key, .meaning = (uint8_t)key, .action = KEY_RELEASED });
        }
    }
    client->told = (struct key_set){ 0 };
}

static void release_buttons(struct client *client)
{
    if (client->told_buttons != 0) {
        event_queue_put_pointer(&client->queue, &(struct pointer_event){ 0 }, false);
        client->told_buttons = 0;
    }
}

/* After a change of the stack: who had the focus before? */
static void move_focus(struct client *keys_before, struct client *pointer_before)
{
    struct client *pointer_now = focus(INPUT_WANTS_POINTER);

    if (keys_before != NULL && keys_before != focus(INPUT_WANTS_KEYS)) {
        release_keys(keys_before);
        answer(keys_before);
    }
    if (pointer_before == pointer_now) {
        return;
    }
    if (pointer_before != NULL) {
        release_buttons(pointer_before);
        answer(pointer_before);
    }
    if (pointer_now != NULL) {
        pointer_now->foreign_buttons = buttons;
    }
}

/* ---- The stack ---- */

static void take_out(struct client *client)
{
    struct client **link = &top;

    while (*link != client) {
        link = &(*link)->below;
    }
    *link = client->below;
}

static void put_in(struct client *client)
{
    struct client **link = &top;

    while (*link != NULL && (*link)->since_ns > client->since_ns) {
        link = &(*link)->below;
    }
    client->below = *link;
    *link = client;
}

static status_t make(process_id_t process, struct client **client_out)
{
    struct client *client;

    if (client_count == CLIENTS_MAX || (client = calloc(1, sizeof *client)) == NULL) {
        return NO_MEMORY;
    }
    status_t status = process_watch(process);
    if (status != OK && status != EXISTS) {
        free(client);
        return status;
    }
    client->process = process;
    client_count++;
    *client_out = client;
    return OK;
}

status_t client_attach(process_id_t process, const struct input_attach *request)
{
    struct client *keys_before = focus(INPUT_WANTS_KEYS), *pointer_before = focus(INPUT_WANTS_POINTER);
    struct client *client = find(process);
    nanoseconds_t now_ns = clock_now();

    if (request->wants == 0 || (request->wants & ~WANTS_ALL) != 0) {
        return BAD_ARGUMENT;
    }
    if (client != NULL) {
        take_out(client);
    } else {
        status_t status = make(process, &client);
        if (status != OK) {
            return status;
        }
    }
    client->wants = request->wants;
    client->since_ns = request->since_ns < now_ns ? request->since_ns : now_ns;
    put_in(client);
    move_focus(keys_before, pointer_before);
    return OK;
}

static void remove(struct client *client)
{
    struct client *keys_before = focus(INPUT_WANTS_KEYS), *pointer_before = focus(INPUT_WANTS_POINTER);

    take_out(client);
    if (client->is_reading) {    /* by another thread of the process that detaches */
        (void)input_call_read_answer(&client->call, NOT_FOUND, NULL);
    }
    move_focus(keys_before == client ? NULL : keys_before, pointer_before == client ? NULL : pointer_before);
    free(client);
    client_count--;
}

status_t client_detach(process_id_t process)
{
    struct client *client = find(process);

    if (client == NULL) {
        return NOT_FOUND;
    }
    remove(client);
    (void)process_unwatch(process);  /* NOT_FOUND: it has ended, and its event is on the way */
    return OK;
}

void client_ended(process_id_t process)
{
    struct client *client = find(process);

    if (client != NULL) {
        client->is_reading = false;
        remove(client);
    }
}

status_t client_read(const struct server_call *call)
{
    struct client *client = find(call->sender);

    if (client == NULL) {
        return NOT_FOUND;
    }
    if (call->id == 0) {
        return OK;               /* a request without a place for the answer */
    }
    if (client->is_reading) {
        (void)input_call_read_answer(&client->call, BUSY, NULL);
    }
    client->is_reading = true;
    status_t status = server_answer_later(call, &client->call);
    answer(client);
    return status;
}

/* ---- Events ---- */

/* Does a client get an event of a key? */
static bool concerns(struct client *client, const struct input_key *key)
{
    if (key->key == KEY_NONE) {
        return true;
    }
    bool was_told = key_set_has(&client->told, key->key);
    key_set_put(&client->told, key->key, key->action == KEY_PRESSED || (key->action == KEY_REPEATED && was_told));
    return key->action == KEY_PRESSED || was_told;
}

void clients_put_key(const struct input_key *key)
{
    struct client *client = focus(INPUT_WANTS_KEYS);

    if (client != NULL && concerns(client, key)) {
        event_queue_put_key(&client->queue, key);
        answer(client);
    }
}

void clients_put_pointer(const struct pointer_event *pointer)
{
    struct client *client = focus(INPUT_WANTS_POINTER);
    struct pointer_event told = *pointer;

    buttons = pointer->buttons;
    if (client == NULL) {
        return;
    }
    client->foreign_buttons &= buttons;
    told.buttons = buttons & (uint16_t)~client->foreign_buttons;
    bool is_movement = told.buttons == client->told_buttons;
    if (is_movement && told.right == 0 && told.down == 0 && told.wheel == 0) {
        return;
    }
    client->told_buttons = told.buttons;
    event_queue_put_pointer(&client->queue, &told, is_movement);
    answer(client);
}

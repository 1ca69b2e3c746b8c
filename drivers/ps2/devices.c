#include <ternion/clock.h>
#include <ternion/format.h>
#include <ternion/keyboard.h>
#include <ternion/pointer.h>
#include <ternion/syscall.h>

#include "devices.h"
#include "keyboard.h"
#include "mouse.h"
#include "reader.h"
#include "trust.h"

#define WAITING_MAX 16U
#define NAMES_MAX 8U             /* keyboards or pointers in a machine: other drivers may have the first names */
#define NAME_BYTES_MAX 24U

/* Its index is the number that requests say. */
static struct device_entry {
    struct peripheral *peripheral;
    const char *name;            /* a template, for a number */
    device_type_t type;
    size_t (*describe)(char *text, size_t size);
    void (*initialise)(nanoseconds_t now_ns);
    device_id_t id;              /* 0: it has no name yet; one that it has it keeps */
    struct reader reader;
} entries[] = {
    { .peripheral = &keyboard, .name = "input\\keyboard\\%u", .type = DEVICE_KEYBOARD,
      .describe = keyboard_describe, .initialise = keyboard_initialise },
    { .peripheral = &mouse, .name = "input\\pointer\\%u", .type = DEVICE_POINTER,
      .describe = mouse_describe, .initialise = mouse_initialise },
};
#define ENTRIES (sizeof entries / sizeof entries[0])

/* Who waits until a device has obeyed. The answer to all of these requests is a status alone. */
static struct waiting {
    struct pending_call call;
    const struct operation_shape *shape;
    const struct peripheral *peripheral;
    uint32_t steps;
} waiting[WAITING_MAX];
static unsigned waiting_count;

/* Once it has been there it has a name, and can be read; whether something is plugged in now is another question. */
static struct device_entry *find_entry(uint32_t number, device_type_t type)
{
    if (number >= ENTRIES || entries[number].id == 0 || (type != DEVICE_NONE && entries[number].type != type)) {
        return NULL;
    }
    return &entries[number];
}

static status_t answer_when_done(const struct server_call *call, const struct peripheral *peripheral, uint32_t steps)
{
    struct waiting *new = &waiting[waiting_count];

    *new = (struct waiting){ .shape = call->shape, .peripheral = peripheral, .steps = steps };
    waiting_count++;
    return server_answer_later(call, &new->call);
}

/* ---- Requests about any device ---- */

static status_t describe(struct server_call *call, const struct device_call_number *request, struct device_call_description *reply)
{
    const struct device_entry *entry = find_entry(request->number, DEVICE_NONE);

    if (entry == NULL) {
        return ABSENT;
    }
    reply->type = entry->type;
    size_t size = entry->describe(call->buffer, DEVICE_DESCRIPTION_MAX);
    server_give_string(call, call->buffer, (uint32_t)size);
    return OK;
}

static status_t initialise(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    struct device_entry *entry = find_entry(request->number, DEVICE_NONE);
    (void)reply;

    if (entry == NULL) {
        return ABSENT;
    }
    if (waiting_count == WAITING_MAX) {
        return BUSY;
    }
    entry->initialise(clock_now());
    return answer_when_done(call, entry->peripheral, entry->peripheral->kind->steps);
}

/* ---- Keyboard ---- */

static status_t read_keys(struct server_call *call, const struct device_call_number *request, struct key_events *reply)
{
    struct device_entry *entry = find_entry(request->number, DEVICE_KEYBOARD);
    (void)reply;

    return entry == NULL ? ABSENT : reader_wait(&entry->reader, call);
}

static status_t set_lights(struct server_call *call, const struct keyboard_call_lights *request, struct nothing *reply)
{
    (void)reply;
    if (find_entry(request->number, DEVICE_KEYBOARD) == NULL) {
        return ABSENT;
    }
    if (waiting_count == WAITING_MAX) {
        return BUSY;
    }
    if (!keyboard_change_lights(request->lights, clock_now())) {
        return BAD_ARGUMENT;
    }
    return answer_when_done(call, &keyboard, STEP_BIT(KEYBOARD_LIGHTS));
}

static status_t set_repeat(struct server_call *call, const struct keyboard_call_repeat *request, struct nothing *reply)
{
    (void)reply;
    if (find_entry(request->number, DEVICE_KEYBOARD) == NULL) {
        return ABSENT;
    }
    if (waiting_count == WAITING_MAX) {
        return BUSY;
    }
    if (!keyboard_change_repeat(request->delay_ms, request->per_second, clock_now())) {
        return BAD_ARGUMENT;
    }
    return answer_when_done(call, &keyboard, STEP_BIT(KEYBOARD_REPEAT));
}

static status_t read_state(struct server_call *call, const struct device_call_number *request, struct keyboard_state *reply)
{
    (void)call;
    if (find_entry(request->number, DEVICE_KEYBOARD) == NULL) {
        return ABSENT;
    }
    reply->lights = keyboard_lights();
    reply->held = key_queue.held;
    return OK;
}

/* ---- Pointer ---- */

static status_t read_pointer(struct server_call *call, const struct device_call_number *request, struct pointer_events *reply)
{
    struct device_entry *entry = find_entry(request->number, DEVICE_POINTER);
    (void)reply;

    return entry == NULL ? ABSENT : reader_wait(&entry->reader, call);
}

PROTOCOL_SERVER(device_call, DEVICE_PROTOCOL, .describe = describe, .initialise = initialise)
PROTOCOL_SERVER(keyboard_call, KEYBOARD_PROTOCOL, .read = read_keys, .set_lights = set_lights, .set_repeat = set_repeat,
                .state = read_state)
PROTOCOL_SERVER(pointer_call, POINTER_PROTOCOL, .read = read_pointer)

struct server devices_server = SERVER(&device_call_protocol, &keyboard_call_protocol, &pointer_call_protocol);

/* ---- Answers ---- */

static void answer_key_reader(struct reader *reader)
{
    struct key_events events;

    if (!reader->is_waiting || !key_queue_has_news(&key_queue)) {
        return;
    }
    key_queue_copy(&key_queue, &events);
    status_t status = keyboard_call_read_answer(&reader->call, OK, &events);
    if (status == OK) {
        key_queue_remove(&key_queue, &events);
    }
    reader->is_waiting = status != OK && status != BAD_ID;
}

static void answer_pointer_reader(struct reader *reader)
{
    struct pointer_events events;

    if (!reader->is_waiting || !pointer_queue_has_news(&pointer_queue)) {
        return;
    }
    pointer_queue_copy(&pointer_queue, &events);
    status_t status = pointer_call_read_answer(&reader->call, OK, &events);
    if (status == OK) {
        pointer_queue_remove(&pointer_queue, &events);
    }
    reader->is_waiting = status != OK && status != BAD_ID;
}

static void answer_waiting(void)
{
    for (unsigned i = waiting_count; i-- > 0;) {
        if (peripheral_has_done(waiting[i].peripheral, waiting[i].steps)) {
            (void)server_answer(&waiting[i].call, waiting[i].shape, waiting[i].peripheral->is_present ? OK : ABSENT, NULL, NULL);
            waiting[i] = waiting[--waiting_count];
        }
    }
}

/* ---- Names ---- */

static void add_name(struct device_entry *entry)
{
    status_t status = EXISTS;

    for (unsigned number = 0; status == EXISTS && number < NAMES_MAX; number++) {
        char name[NAME_BYTES_MAX];
        size_t size = format_text(name, sizeof name, entry->name, number);

        status = device_register(name, size, entry->type, (uint32_t)(entry - entries), &entry->id);
    }
    TRUST(status);
}

void devices_update(void)
{
    answer_key_reader(&entries[0].reader);
    answer_pointer_reader(&entries[1].reader);
    answer_waiting();
    for (struct device_entry *entry = entries; entry < entries + ENTRIES; entry++) {
        if (entry->peripheral->is_present && entry->id == 0) {
            add_name(entry);
        }
    }
}

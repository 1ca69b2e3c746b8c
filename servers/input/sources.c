#include <ternion/clock.h>
#include <ternion/keyboard.h>
#include <ternion/log.h>
#include <ternion/pointer.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>
#include <ternion/thread.h>

#include "clients.h"
#include "sources.h"
#include "typing.h"

#define PREFIX "input\\"
#define SOURCES_MAX 16U
#define STACK_BYTES 8192U
#define PAUSE_NS (100 * MILLISECOND)     /* after a device has refused: it may be new, or have another reader for the moment */

struct source {
    char name[DEVICE_NAME_MAX + 1];  /* constant, like the type */
    device_type_t type;
    process_id_t process;            /* the driver; input_lock protects it. 0: it is not there, or not asked for its state yet */
    uint32_t number;                 /* its own for the device; likewise */
    struct key_set held;             /* a keyboard's keys; likewise */
    uint16_t buttons;                /* a pointer's; likewise */
};

struct lock input_lock;

static struct source sources[SOURCES_MAX];
static unsigned source_count;

/* Waits until the device is there. */
static void find(const struct source *source, struct device_information *information_out)
{
    while (device_find(source->name, (uint32_t)strlen(source->name), FOREVER, information_out) != OK
           || information_out->type != source->type) {
        clock_sleep(PAUSE_NS);
    }
}

/* ---- Keyboards ---- */

/* All keyboards show the same locks. Nobody waits for the answer: a keyboard that is slow, or hangs, delays nothing. */
static void show_lights(void)
{
    for (struct source *source = sources; source < sources + source_count; source++) {
        if (source->process != 0 && source->type == DEVICE_KEYBOARD) {
            (void)keyboard_call_set_lights_send(source->process, &(struct keyboard_call_lights){ source->number, typing_lights() });
        }
    }
}

static void leave_keyboard(struct source *source)
{
    lock_acquire(&input_lock);
    source->process = 0;
    typing_release(&source->held);
    lock_release(&input_lock);
}

/* From now on its lights are those of all. */
static status_t enter_keyboard(struct source *source, const struct device_information *information)
{
    struct keyboard_state state;
    status_t status = keyboard_call_state(information->process, &(struct device_call_number){ information->number }, &state);

    if (status != OK) {
        return status;
    }
    lock_acquire(&input_lock);
    source->process = information->process;
    source->number = information->number;
    typing_take_over(&source->held, &state);
    show_lights();
    lock_release(&input_lock);
    return OK;
}

static void take_keys(struct source *source, const struct key_events *events)
{
    lock_acquire(&input_lock);
    uint32_t lights = typing_lights();

    if (events->lost > 0) {
        typing_release(&source->held);
    }
    for (uint32_t i = 0; i < events->count && i < KEY_EVENTS_MAX; i++) {
        typing_take(&source->held, &events->events[i]);
    }
    if (typing_lights() != lights) {
        show_lights();
    }
    lock_release(&input_lock);
}

/* Not keyboard_read: if the driver dies, the next one may be there before this process hears of it, and would be asked instead. */
static status_t run_keyboard(struct source *source, const struct device_information *information)
{
    struct key_events events;
    status_t status = enter_keyboard(source, information);

    while (status == OK) {
        status = keyboard_call_read(information->process, &(struct device_call_number){ information->number }, &events);
        if (status == OK) {
            take_keys(source, &events);
        }
    }
    leave_keyboard(source);
    return status;
}

/* ---- Pointers ---- */

static uint16_t all_buttons(void)
{
    uint16_t buttons = 0;

    for (struct source *source = sources; source < sources + source_count; source++) {
        buttons |= source->buttons;
    }
    return buttons;
}

static void take_pointer(struct source *source, const struct pointer_event *event)
{
    struct pointer_event merged = *event;

    source->buttons = event->buttons;
    merged.buttons = all_buttons();
    clients_put_pointer(&merged);
}

static status_t run_pointer(struct source *source, const struct device_information *information)
{
    struct pointer_events events;
    status_t status;

    do {
        status = pointer_call_read(information->process, &(struct device_call_number){ information->number }, &events);
        lock_acquire(&input_lock);
        for (uint32_t i = 0; status == OK && i < events.count && i < POINTER_EVENTS_MAX; i++) {
            take_pointer(source, &events.events[i]);
        }
        if (status != OK) {
            take_pointer(source, &(struct pointer_event){ 0 });      /* no button is held any more */
        }
        lock_release(&input_lock);
    } while (status == OK);
    return status;
}

/* ---- Threads ---- */

static void run(void *argument)
{
    struct source *source = argument;

    for (;;) {
        struct device_information information;

        find(source, &information);
        log_print(LOG_INFORMATION, "reading %s", source->name);
        status_t status = source->type == DEVICE_KEYBOARD ? run_keyboard(source, &information) : run_pointer(source, &information);
        log_print(LOG_INFORMATION, "%s: %s", source->name, status_meaning(status));
        if (status != PEER_DIED && status != BAD_ID) {
            clock_sleep(PAUSE_NS);
        }
    }
}

static bool is_known(const struct device_information *information)
{
    for (unsigned i = 0; i < source_count; i++) {
        if (strcmp(sources[i].name, information->name) == 0 && sources[i].type == information->type) {
            return true;
        }
    }
    return false;
}

static void start(const struct device_information *information)
{
    struct source *source = &sources[source_count];

    if (source_count == SOURCES_MAX) {
        log_print(LOG_WARNING, "%s is one device too many: it is not read", information->name);
        return;
    }
    memcpy(source->name, information->name, sizeof source->name);
    source->type = information->type;
    lock_acquire(&input_lock);           /* others go through the list */
    source_count++;
    lock_release(&input_lock);
    MUST(thread_start(run, source, STACK_BYTES, NULL));
}

void sources_find(void)
{
    struct device_information information = { 0 };

    while (device_next(information.id, &information) == OK) {
        bool is_input = strncmp(information.name, PREFIX, sizeof PREFIX - 1) == 0
                        && (information.type == DEVICE_KEYBOARD || information.type == DEVICE_POINTER);

        if (is_input && !is_known(&information)) {
            start(&information);
        }
    }
}

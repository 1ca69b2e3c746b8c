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
    struct device device;            /* its thread's own */
    struct key_set held;             /* input_lock protects it: a keyboard's keys */
    uint16_t buttons;                /* likewise: a pointer's */
    process_id_t process;            /* likewise: the driver, for lights; 0: it is not there */
    uint32_t number;                 /* likewise */
};

struct lock input_lock;

static struct source sources[SOURCES_MAX];
static unsigned source_count;

/* Waits until the device is there. Its calls shall not wait for another driver: what was held is released in between. */
static void find(struct source *source)
{
    while (device_open(&source->device, source->name, source->type, FOREVER) != OK) {
        clock_sleep(PAUSE_NS);
    }
    source->device.patience_ns = 0;
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

/* What it says from now on comes from this driver. */
static void follow(struct source *source)
{
    source->process = source->device.process;
    source->number = source->device.number;
    show_lights();
}

static status_t enter_keyboard(struct source *source)
{
    struct keyboard_state state;
    status_t status = keyboard_read_state(&source->device, &state);

    if (status != OK) {
        return status;
    }
    lock_acquire(&input_lock);
    typing_take_over(&source->held, &state);
    follow(source);
    lock_release(&input_lock);
    return OK;
}

static void take_keys(struct source *source, const struct key_events *events)
{
    uint32_t lights;

    lock_acquire(&input_lock);
    lights = typing_lights();
    bool is_other_driver = source->device.process != source->process;
    if (is_other_driver || events->lost > 0) {
        typing_release(&source->held);
    }
    for (uint32_t i = 0; i < events->count; i++) {
        typing_take(&source->held, &events->events[i]);
    }
    if (is_other_driver) {
        follow(source);
    } else if (typing_lights() != lights) {
        show_lights();
    }
    lock_release(&input_lock);
}

static status_t run_keyboard(struct source *source)
{
    struct key_events events;
    status_t status = enter_keyboard(source);

    while (status == OK) {
        status = keyboard_read(&source->device, &events);
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

static status_t run_pointer(struct source *source)
{
    struct pointer_events events;
    status_t status;

    while ((status = pointer_read(&source->device, &events)) == OK) {
        lock_acquire(&input_lock);
        for (uint32_t i = 0; i < events.count; i++) {
            take_pointer(source, &events.events[i]);
        }
        lock_release(&input_lock);
    }
    lock_acquire(&input_lock);
    take_pointer(source, &(struct pointer_event){ 0 });
    lock_release(&input_lock);
    return status;
}

/* ---- Threads ---- */

static void run(void *argument)
{
    struct source *source = argument;

    for (;;) {
        find(source);
        log_print(LOG_INFORMATION, "reading %s", source->name);
        status_t status = source->type == DEVICE_KEYBOARD ? run_keyboard(source) : run_pointer(source);
        log_print(LOG_INFORMATION, "%s: %s", source->name, status_meaning(status));
        clock_sleep(PAUSE_NS);
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

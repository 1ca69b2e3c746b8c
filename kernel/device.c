#include "device.h"

#include <abi/device.h>

#include "event.h"
#include "heap.h"
#include "process.h"
#include "string.h"
#include "syscall_handlers.h"
#include "system_page.h"
#include "thread.h"
#include "user_memory.h"

enum entry_kind { ENTRY_DEVICE, ENTRY_BINDING, ENTRY_WATCH, ENTRY_KINDS };

#define REGISTRATIONS_OF_BARRED 8U       /* that a process may make in its life if its partners are not all */

struct name {
    uint32_t size;               /* bytes */
    char text[DEVICE_NAME_MAX + 1];
};

struct entry {
    uint32_t id;                 /* constant, as all but count */
    enum entry_kind kind;
    struct list node;            /* in entries[kind] */
    struct process *process;
    struct list process_node;    /* in process->devices */
    struct name name;            /* of a watch: what names begin with */
    device_type_t type;          /* of a device */
    uint32_t number;
    struct name target;          /* of a binding */
    struct event_source source;  /* of a watch */
    uint32_t count;              /* changes since its event was delivered */
};

struct id_table device_table;

static struct list entries[ENTRY_KINDS];
static uint32_t watches;
static struct list finders;      /* threads in device_find, through queue_node */

void devices_initialise(void)
{
    for (uint32_t kind = 0; kind < ENTRY_KINDS; kind++) {
        list_initialise(&entries[kind]);
    }
    list_initialise(&finders);
}

/* ---- Names ---- */

/* Parts of printable ASCII, with a backslash between them. `may_end_open`: a prefix may end anywhere, and be empty. */
static bool name_is_good(const struct name *name, bool may_end_open)
{
    bool part_is_open = false;

    for (uint32_t i = 0; i < name->size; i++) {
        char character = name->text[i];

        if (character <= ' ' || character > '~' || (character == '\\' && !part_is_open)) {
            return false;
        }
        part_is_open = character != '\\';
    }
    return part_is_open || may_end_open;
}

/* OK, BAD_NAME, BAD_ADDRESS. */
static status_t name_read(struct name *name_out, const void USER *text, uint32_t size, bool is_prefix)
{
    if (size > DEVICE_NAME_MAX) {
        return BAD_NAME;
    }
    memset(name_out, 0, sizeof *name_out);
    name_out->size = size;
    status_t status = user_read(name_out->text, text, size);
    return status == OK && !name_is_good(name_out, is_prefix) ? BAD_NAME : status;
}

static bool names_are_equal(const struct name *name, const struct name *other)
{
    return name->size == other->size && memcmp(name->text, other->text, name->size) == 0;
}

static struct entry *entry_find(enum entry_kind kind, const struct name *name)
{
    LIST_FOR_EACH(node, &entries[kind]) {
        struct entry *entry = LIST_ENTRY(node, struct entry, node);

        if (names_are_equal(&entry->name, name)) {
            return entry;
        }
    }
    return NULL;
}

/* Where a name leads; NULL: nowhere. A binding leads to the device of its target's name, never to another binding. */
static const struct entry *name_look_up(const struct name *name, bool *is_bound_out)
{
    const struct entry *binding = entry_find(ENTRY_BINDING, name);

    *is_bound_out = binding != NULL;
    return entry_find(ENTRY_DEVICE, binding == NULL ? name : &binding->target);
}

/* ---- Telling of changes ---- */

static void watches_tell(const struct name *name)
{
    LIST_FOR_EACH(node, &entries[ENTRY_WATCH]) {
        struct entry *watch = LIST_ENTRY(node, struct entry, node);

        if (watch->name.size <= name->size && memcmp(watch->name.text, name->text, watch->name.size) == 0) {
            watch->count++;
            event_post(&watch->process->events, &watch->source);
        }
    }
}

/* What a name leads to has changed; so has what names lead to that are bound to it. */
static void name_changed(const struct name *name)
{
    struct list *node;

    system_page->device_changes++;
    watches_tell(name);
    LIST_FOR_EACH(at, &entries[ENTRY_BINDING]) {
        const struct entry *binding = LIST_ENTRY(at, struct entry, node);

        if (names_are_equal(&binding->target, name)) {
            watches_tell(&binding->name);
        }
    }
    while ((node = list_take_first(&finders)) != NULL) {
        thread_unblock(LIST_ENTRY(node, struct thread, queue_node));
    }
}

static void watch_describe(const struct event_source *source, struct event *event_out)
{
    const struct entry *watch = LIST_ENTRY(source, struct entry, source);

    event_out->kind = EVENT_DEVICES;
    event_out->id = watch->id;
    event_out->count = watch->count;
}

static void watch_delivered(struct event_source *source)
{
    LIST_ENTRY(source, struct entry, source)->count = 0;
}

static const struct event_source_type watch_type = { true, watch_describe, watch_delivered };

/* ---- Entries ---- */

/* Anybody may watch: that shall keep neither servers from watching nor drivers from registering. The last places are for the system's own drivers. */
static bool has_room(enum entry_kind kind, bool reserve)
{
    uint32_t most_watches = device_table.capacity / (thread_current->process->class == CLASS_APPLICATION ? 4 : 2);

    return (kind != ENTRY_WATCH || watches < most_watches)
        && device_table.used < device_table.capacity - (reserve ? 0 : device_table.capacity / 8);
}

/* An entry of the running process. OK, NO_MEMORY, OVER_QUOTA. */
static status_t entry_create(enum entry_kind kind, const struct name *name, struct entry **entry_out)
{
    struct process *self = thread_current->process;
    status_t status = has_room(kind, self->space.reserve) ? account_charge(&self->account, RESOURCE_OBJECTS, 1) : NO_MEMORY;

    if (status != OK) {
        return status;
    }
    struct entry *entry = heap_allocate(sizeof *entry, self->space.reserve);
    if (entry == NULL || !id_table_add(&device_table, entry, &entry->id)) {
        heap_free(entry);
        account_release(&self->account, RESOURCE_OBJECTS, 1);
        return NO_MEMORY;
    }
    event_source_initialise(&entry->source, &watch_type);
    entry->kind = kind;
    entry->process = self;
    entry->name = *name;
    list_append(&entries[kind], &entry->node);
    watches += kind == ENTRY_WATCH;
    list_append(&self->devices, &entry->process_node);
    *entry_out = entry;
    return OK;
}

static void entry_end(struct entry *entry)
{
    event_withdraw(&entry->source);
    id_table_remove(&device_table, entry->id);
    list_remove(&entry->node);
    list_remove(&entry->process_node);
    account_release(&entry->process->account, RESOURCE_OBJECTS, 1);
    if (entry->kind == ENTRY_WATCH) {
        watches--;
    } else {
        name_changed(&entry->name);
    }
    heap_free(entry);
}

/* The running process's entry with this ID, or NULL. */
static struct entry *own_entry(uint32_t id, enum entry_kind kind)
{
    struct entry *entry = id_table_find(&device_table, id);

    return entry != NULL && entry->kind == kind && entry->process == thread_current->process ? entry : NULL;
}

void devices_driver_ended(struct process *process)
{
    LIST_FOR_EACH_SAFE(node, &process->devices) {
        struct entry *entry = LIST_ENTRY(node, struct entry, process_node);

        if (entry->kind == ENTRY_DEVICE) {
            entry_end(entry);
        }
    }
}

void devices_process_ended(struct process *process)
{
    while (!list_is_empty(&process->devices)) {
        entry_end(LIST_ENTRY(process->devices.next, struct entry, process_node));
    }
}

uint32_t device_entry_count(void)
{
    return device_table.used;
}

/* ---- System calls ---- */

status_t sys_device_register(const void USER *text, uint32_t size, uint32_t type, uint32_t number, device_id_t *id_out)
{
    struct entry *entry;
    struct name name;

    if (type == DEVICE_NONE || type >= DEVICE_TYPE_COUNT) {
        return BAD_ARGUMENT;
    }
    status_t status = name_read(&name, text, size, false);
    if (status != OK) {
        return status;
    }
    if (!access_has_device_type(&thread_current->process->access, type)) {
        return NOT_ALLOWED;
    }
    if (entry_find(ENTRY_DEVICE, &name) != NULL) {
        return EXISTS;
    }
    /* Names are seen by all: who may not speak to all shall not tell them much by names. */
    if (thread_current->process->access.partners != PARTNERS_ALL && thread_current->process->registrations == REGISTRATIONS_OF_BARRED) {
        return OVER_QUOTA;
    }
    status = entry_create(ENTRY_DEVICE, &name, &entry);
    if (status != OK) {
        return status;
    }
    thread_current->process->registrations++;
    entry->type = type;
    entry->number = number;
    *id_out = entry->id;
    name_changed(&name);
    return OK;
}

static status_t own_entry_end(uint32_t id, enum entry_kind kind)
{
    struct entry *entry = own_entry(id, kind);

    if (entry == NULL) {
        return BAD_ID;
    }
    entry_end(entry);
    return OK;
}

status_t sys_device_remove(device_id_t id)
{
    return own_entry_end(id, ENTRY_DEVICE);
}

static status_t information_write(uint32_t id, const struct name *name, const struct entry *device, bool is_bound,
                                  struct device_information USER *information_out)
{
    struct device_information information = { .id = id, .flags = is_bound ? DEVICE_IS_BOUND : 0 };

    memcpy(information.name, name->text, name->size);
    if (device != NULL) {
        information.type = device->type;
        information.process = device->process->id;
        information.number = process_may_call(thread_current->process, device->process) ? device->number : 0;
    }
    return user_write(information_out, &information, sizeof information);
}

/* OK, BAD_NAME, BAD_ADDRESS, NOT_FOUND. */
static status_t device_find(const void USER *text, uint32_t size, struct device_information USER *information_out)
{
    struct name name;
    bool is_bound;
    status_t status = name_read(&name, text, size, false);

    if (status != OK) {
        return status;
    }
    const struct entry *device = name_look_up(&name, &is_bound);
    return device == NULL ? NOT_FOUND : information_write(device->id, &name, device, is_bound, information_out);
}

static status_t finder_sleep(struct thread *thread);

/* Something has changed, or the deadline has passed. The arguments are where the caller left them: in its registers. */
static status_t finder_continue(struct thread *thread)
{
    const struct registers *registers = &thread->registers;
    status_t status = device_find((const void USER *)registers->ebx, registers->edx, (struct device_information USER *)registers->ebp);

    if (status != NOT_FOUND) {
        return status;
    }
    return thread_deadline_passed(thread) ? TIMED_OUT : finder_sleep(thread);
}

static status_t finder_sleep(struct thread *thread)
{
    list_append(&finders, &thread->queue_node);
    thread_block(thread, finder_continue);
    return OK;
}

status_t sys_device_find(const void USER *name, uint32_t name_size, nanoseconds_t deadline_ns, struct device_information USER *information_out)
{
    status_t status = device_find(name, name_size, information_out);

    if (status != NOT_FOUND || deadline_ns == 0) {
        return status;
    }
    return thread_set_deadline(thread_current, deadline_ns) ? finder_sleep(thread_current) : TIMED_OUT;
}

status_t sys_device_next(device_id_t after, struct device_information USER *information_out)
{
    const struct entry *entry;

    while ((entry = id_table_next(&device_table, after)) != NULL) {
        bool is_bound = entry->kind == ENTRY_BINDING;

        after = entry->id;
        if (is_bound || (entry->kind == ENTRY_DEVICE && entry_find(ENTRY_BINDING, &entry->name) == NULL)) {
            return information_write(entry->id, &entry->name, is_bound ? entry_find(ENTRY_DEVICE, &entry->target) : entry, is_bound,
                                     information_out);
        }
    }
    return NOT_FOUND;
}

status_t sys_device_watch(const void USER *prefix, uint32_t prefix_size, uint32_t *id_out)
{
    struct entry *entry;
    struct name name;
    status_t status = name_read(&name, prefix, prefix_size, true);

    if (status == OK) {
        status = entry_create(ENTRY_WATCH, &name, &entry);
    }
    if (status == OK) {
        *id_out = entry->id;
    }
    return status;
}

status_t sys_device_unwatch(uint32_t id)
{
    return own_entry_end(id, ENTRY_WATCH);
}

status_t sys_device_bind(const void USER *text, uint32_t size, const struct device_name USER *target)
{
    struct device_name wanted;
    struct name name;
    struct name target_name = { .size = 0 };
    struct entry *entry;
    status_t status = name_read(&name, text, size, false);

    if (status == OK) {
        status = user_read(&wanted, target, sizeof wanted);
    }
    if (status != OK) {
        return status;
    }
    if (wanted.size > DEVICE_NAME_MAX) {
        return BAD_NAME;
    }
    target_name.size = wanted.size;
    memcpy(target_name.text, wanted.text, wanted.size);
    if (!name_is_good(&target_name, false)) {
        return BAD_NAME;
    }
    if (!access_has_right(&thread_current->process->access, RIGHT_BIND_DEVICES)) {
        return NOT_ALLOWED;
    }
    if (entry_find(ENTRY_BINDING, &name) != NULL) {
        return EXISTS;
    }
    status = entry_create(ENTRY_BINDING, &name, &entry);
    if (status == OK) {
        entry->target = target_name;
        name_changed(&name);
    }
    return status;
}

status_t sys_device_unbind(const void USER *text, uint32_t size)
{
    struct name name;
    status_t status = name_read(&name, text, size, false);

    if (status != OK) {
        return status;
    }
    struct entry *binding = entry_find(ENTRY_BINDING, &name);
    if (binding == NULL || binding->process != thread_current->process) {
        return NOT_FOUND;
    }
    entry_end(binding);
    return OK;
}

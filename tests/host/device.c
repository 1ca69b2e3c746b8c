/* Names of devices: registered, found, waited for, watched, bound and left behind; at random, against tables that are searched whole. */
#include "device.h"

#include <abi/device.h>
#include <abi/system.h>
#include <stdlib.h>
#include <string.h>

#include "actor.h"
#include "clock.h"
#include "i386/timer.h"
#include "system_page.h"

#define PROCESSES 5U
#define ENTRIES 80U
#define STEPS 600000U
#define BARRED_REGISTRATIONS 8U  /* that a process which may not speak to all may make in its life */

/* Few names, some of which begin like others. */
static const char *const names[] = { "disks\\ram\\0", "disks\\ram\\1", "disks\\ram\\10", "disks\\floppy\\0", "a", "input\\keyboard\\0" };
#define NAMES (sizeof names / sizeof names[0])
static const char *const prefixes[] = { "", "d", "disks\\", "disks\\ram\\1", "disks\\ram\\0", "z", "disks\\ram\\1000", "input\\" };
#define PREFIXES (sizeof prefixes / sizeof prefixes[0])

enum kind { NOTHING_THERE, DEVICE, BINDING, WATCH };

static struct model_entry {
    enum kind kind;
    uint32_t id;                 /* 0: nobody was told, of a binding */
    uint32_t made;               /* the older one goes first */
    uint32_t owner;
    const char *name;            /* or prefix */
    const char *target;
    device_type_t type;
    uint32_t number;
    uint32_t count;
} entries[ENTRIES];

static struct model_process {
    struct actor actor;
    struct access access;
    uint32_t registrations;
    uint32_t objects;
    const char *wanted;          /* that it waits for; NULL: it does not */
    nanoseconds_t deadline_ns;
    bool woken;
} processes[PROCESSES];

static uint32_t changes;
static uint32_t made;
static uint32_t waited, found;   /* finders that slept, and those of them that found it then */

/* ---- The model ---- */

static struct model_entry *model_find(enum kind kind, const char *name)
{
    for (uint32_t i = 0; i < ENTRIES; i++) {
        if (entries[i].kind == kind && strcmp(entries[i].name, name) == 0) {
            return &entries[i];
        }
    }
    return NULL;
}

static struct model_entry *model_lead(const char *name, bool *is_bound_out)
{
    struct model_entry *binding = model_find(BINDING, name);

    *is_bound_out = binding != NULL;
    return model_find(DEVICE, binding == NULL ? name : binding->target);
}

static uint32_t model_count(enum kind kind)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < ENTRIES; i++) {
        count += kind == NOTHING_THERE ? entries[i].kind != NOTHING_THERE : entries[i].kind == kind;
    }
    return count;
}

static struct model_entry *model_add(enum kind kind, uint32_t owner, const char *name)
{
    struct model_entry *entry = entries;

    while (entry->kind != NOTHING_THERE) {
        CHECK(++entry < entries + ENTRIES);
    }
    *entry = (struct model_entry){ .kind = kind, .made = ++made, .owner = owner, .name = name };
    processes[owner].objects++;
    return entry;
}

static void tell(const char *name)
{
    for (uint32_t i = 0; i < ENTRIES; i++) {
        if (entries[i].kind == WATCH && strncmp(name, entries[i].name, strlen(entries[i].name)) == 0) {
            entries[i].count++;
        }
    }
}

static void model_changed(const char *name)
{
    changes++;
    tell(name);
    for (uint32_t i = 0; i < ENTRIES; i++) {
        if (entries[i].kind == BINDING && strcmp(entries[i].target, name) == 0) {
            tell(entries[i].name);
        }
    }
    for (uint32_t i = 0; i < PROCESSES; i++) {
        processes[i].woken |= processes[i].wanted != NULL;
    }
}

static void model_end(struct model_entry *entry)
{
    bool is_watch = entry->kind == WATCH;

    entry->kind = NOTHING_THERE;
    processes[entry->owner].objects--;
    if (!is_watch) {
        model_changed(entry->name);
    }
}

/* ---- What is in the caller's memory ---- */

struct room {
    char name[DEVICE_NAME_MAX + 8];
    struct device_name target;
    struct device_information information;
};

static struct room *room_of(const struct model_process *process)
{
    _Static_assert(sizeof(struct room) <= sizeof process->actor.memory->buffer, "the room fits");
    return (struct room *)process->actor.memory->buffer;
}

static const char *put_name(const struct model_process *process, const char *name)
{
    return strcpy(room_of(process)->name, name);
}

static const char *some_name(void)
{
    return names[random_below(NAMES)];
}

static bool may_call(const struct model_process *self, const struct model_process *other)
{
    return self == other
        || ((self->access.partners >> other->access.role & 1) != 0 && (other->access.partners >> self->access.role & 1) != 0);
}

/* What device_find and device_next write for this process. */
static void check_information(const struct model_process *self, const char *name, const struct model_entry *device, bool is_bound, uint32_t id)
{
    const struct device_information *information = &room_of(self)->information;

    CHECK(strcmp(information->name, name) == 0);
    CHECK(id == 0 || information->id == id);
    CHECK_EQUAL(information->flags, is_bound ? DEVICE_IS_BOUND : 0);
    CHECK_EQUAL(information->type, device == NULL ? DEVICE_NONE : device->type);
    CHECK_EQUAL(information->process, device == NULL ? 0 : processes[device->owner].actor.process->id);
    CHECK_EQUAL(information->number, device == NULL || !may_call(self, &processes[device->owner]) ? 0 : device->number);
}

/* ---- Operations ---- */

/* Roles whose types are known: others have none. */
static bool may_register(const struct access *access, device_type_t type)
{
    return (access->rights & RIGHT_ASSIGN_ROLES) != 0 || (access->role == ROLE_INPUT && (type == DEVICE_KEYBOARD || type == DEVICE_POINTER))
        || (access->role == ROLE_STORAGE && (type == DEVICE_STORAGE || type == DEVICE_STREAM));
}

static status_t expect_entry(enum kind kind, const struct model_process *self)
{
    if ((kind == WATCH && model_count(WATCH) >= MACHINE_DEVICES / 2) || model_count(NOTHING_THERE) >= MACHINE_DEVICES - 1
        || (!self->actor.process->space.reserve && model_count(NOTHING_THERE) >= MACHINE_DEVICES - MACHINE_DEVICES / 8)) {
        return NO_MEMORY;
    }
    return self->objects < self->actor.process->account.limits[RESOURCE_OBJECTS] ? OK : OVER_QUOTA;
}

static void some_register(uint32_t i)
{
    struct model_process *self = &processes[i];
    device_type_t type = random_below(DEVICE_TYPE_COUNT + 1);
    uint32_t number = random_next() | 1;
    const char *name = some_name();
    status_t expected = expect_entry(DEVICE, self);
    device_id_t id;

    if (self->access.partners != PARTNERS_ALL && self->registrations == BARRED_REGISTRATIONS) {
        expected = OVER_QUOTA;
    }
    expected = model_find(DEVICE, name) != NULL ? EXISTS : expected;
    expected = type == DEVICE_NONE || type == DEVICE_TYPE_COUNT ? BAD_ARGUMENT : !may_register(&self->access, type) ? NOT_ALLOWED : expected;
    bool fails = random_one_in(30) && expected == OK;
    heap_fail_after(fails ? 0 : UINT32_MAX);
    CHECK_EQUAL(sys_device_register(put_name(self, name), (uint32_t)strlen(name), type, number, &id), fails ? NO_MEMORY : expected);
    heap_fail_after(UINT32_MAX);
    if (expected == OK && !fails) {
        struct model_entry *entry = model_add(DEVICE, i, name);

        entry->id = id;
        entry->type = type;
        entry->number = number;
        self->registrations++;
        model_changed(name);
    }
}

/* An ID to try: mostly of an entry that lives, of whatever kind. */
static uint32_t some_id(void)
{
    const struct model_entry *entry = &entries[random_below(ENTRIES)];

    for (uint32_t i = 0; i < 20 && (entry->kind == NOTHING_THERE || entry->id == 0); i++) {
        entry = &entries[random_below(ENTRIES)];
    }
    return random_one_in(10) ? random_edgy() : entry->id;
}

static struct model_entry *own_entry(uint32_t i, uint32_t id, enum kind kind)
{
    for (uint32_t at = 0; at < ENTRIES; at++) {
        if (entries[at].kind == kind && entries[at].id == id && entries[at].owner == i && id != 0) {
            return &entries[at];
        }
    }
    return NULL;
}

static void some_end(uint32_t i)
{
    bool watch = random_one_in(2);
    uint32_t id = some_id();
    struct model_entry *entry = own_entry(i, id, watch ? WATCH : DEVICE);

    CHECK_EQUAL(watch ? sys_device_unwatch(id) : sys_device_remove(id), entry == NULL ? BAD_ID : OK);
    if (entry != NULL) {
        model_end(entry);
    }
}

static void some_watch(uint32_t i)
{
    const char *prefix = prefixes[random_below(PREFIXES)];
    status_t expected = expect_entry(WATCH, &processes[i]);
    uint32_t id;

    CHECK_EQUAL(sys_device_watch(put_name(&processes[i], prefix), (uint32_t)strlen(prefix), &id), expected);
    if (expected == OK) {
        model_add(WATCH, i, prefix)->id = id;
    }
}

static void some_bind(uint32_t i)
{
    struct model_process *self = &processes[i];
    const char *name = some_name(), *target = some_name();
    bool may = (self->access.rights & RIGHT_BIND_DEVICES) != 0;
    status_t expected = !may ? NOT_ALLOWED : model_find(BINDING, name) != NULL ? EXISTS : expect_entry(BINDING, self);

    room_of(self)->target = (struct device_name){ .size = (uint32_t)strlen(target) };
    memcpy(room_of(self)->target.text, target, strlen(target));
    CHECK_EQUAL(sys_device_bind(put_name(self, name), (uint32_t)strlen(name), &room_of(self)->target), expected);
    if (expected == OK) {
        model_add(BINDING, i, name)->target = target;
        model_changed(name);
    }
}

static void some_unbind(uint32_t i)
{
    const char *name = some_name();
    struct model_entry *binding = model_find(BINDING, name);
    bool own = binding != NULL && binding->owner == i;

    CHECK_EQUAL(sys_device_unbind(put_name(&processes[i], name), (uint32_t)strlen(name)), own ? OK : NOT_FOUND);
    if (own) {
        model_end(binding);
    }
}

/* A find that cannot end now sleeps. Its arguments are where the kernel looks for them again: in the registers. */
static void some_find(uint32_t i)
{
    struct model_process *self = &processes[i];
    struct room *room = room_of(self);
    struct registers *registers = &self->actor.thread->registers;
    const char *name = some_name();
    nanoseconds_t deadline_ns = random_one_in(2) ? 0 : random_one_in(12) ? FOREVER : clock_now() + random_below(5 * TIMER_TICK_NS);
    bool is_bound;
    struct model_entry *device = model_lead(name, &is_bound);

    registers->ebx = (uint32_t)(uintptr_t)put_name(self, name);
    registers->edx = (uint32_t)strlen(name);
    registers->ebp = (uint32_t)(uintptr_t)&room->information;
    bool is_past = deadline_ns != 0 && deadline_ns <= clock_now();
    bool sleeps = device == NULL && deadline_ns != 0 && !is_past;
    status_t expected = device != NULL || sleeps ? OK : deadline_ns == 0 ? NOT_FOUND : TIMED_OUT;
    CHECK_EQUAL(sys_device_find(room->name, registers->edx, deadline_ns, &room->information), expected);
    CHECK_EQUAL(self->actor.thread->blocked, sleeps ? BLOCKED_CONTINUATION : BLOCKED_NOT);
    if (device != NULL) {
        check_information(self, name, device, is_bound, device->id);
    }
    if (sleeps) {
        self->wanted = name;
        self->deadline_ns = deadline_ns;
        self->woken = false;
    }
}

/* A deadline is met by the second tick behind it. */
static bool is_late(const struct model_process *process)
{
    return process->deadline_ns <= clock_now() && clock_now() - process->deadline_ns > 2 * TIMER_TICK_NS;
}

/* A finder that was woken, by a change or its deadline, looks again. */
static void finder_runs(uint32_t i)
{
    struct model_process *self = &processes[i];
    bool is_bound;
    struct model_entry *device = model_lead(self->wanted, &is_bound);

    CHECK(ready_has(self->actor.thread));
    status_t status = actor_run(&self->actor);
    if (self->actor.thread->blocked != BLOCKED_NOT) {
        CHECK(device == NULL && !is_late(self));
        self->woken = false;
        return;
    }
    CHECK_EQUAL(status, device != NULL ? OK : TIMED_OUT);
    CHECK(device != NULL || self->deadline_ns <= clock_now());
    waited++;
    found += device != NULL;
    if (device != NULL) {
        check_information(self, self->wanted, device, is_bound, device->id);
    }
    self->wanted = NULL;
}

/* All that device_next tells is there, each once; and all that is there is told. */
static void some_list(uint32_t i)
{
    struct model_process *self = &processes[i];
    const struct device_information *information = &room_of(self)->information;
    uint32_t expected = model_count(BINDING), told = 0;
    device_id_t id = 0;

    for (uint32_t at = 0; at < ENTRIES; at++) {
        expected += entries[at].kind == DEVICE && model_find(BINDING, entries[at].name) == NULL;
    }
    while (sys_device_next(id, &room_of(self)->information) == OK) {
        bool is_bound;
        struct model_entry *device = model_lead(information->name, &is_bound);

        CHECK(is_bound || device != NULL);
        check_information(self, information->name, device, is_bound, is_bound ? 0 : device->id);
        id = information->id;
        CHECK(++told <= expected);
    }
    CHECK_EQUAL(told, expected);
}

static void some_events(uint32_t i)
{
    const struct event *event = &processes[i].actor.memory->event;

    while (sys_event_poll(&processes[i].actor.memory->event) == OK) {
        struct model_entry *watch = own_entry(i, event->id, WATCH);

        CHECK(watch != NULL && event->kind == EVENT_DEVICES && event->count > 0);
        CHECK_EQUAL(event->count, watch->count);
        watch->count = 0;
    }
    for (uint32_t at = 0; at < ENTRIES; at++) {
        CHECK(entries[at].kind != WATCH || entries[at].owner != i || entries[at].count == 0);
    }
}

/* ---- Processes ---- */

static struct access some_access(void)
{
    struct access access = { .partners = PARTNERS_ALL, .role = random_one_in(2) ? ROLE_INPUT : ROLE_STORAGE };

    if (random_one_in(3)) {
        access.partners = ROLE_BIT(ROLE_INPUT);
    }
    if (random_one_in(2)) {
        access.rights = RIGHT_BIND_DEVICES | (random_one_in(2) ? RIGHT_ASSIGN_ROLES : 0);
    }
    return access;
}

static void process_begin(uint32_t i)
{
    struct grant limits = { .limits = { [RESOURCE_OBJECTS] = random_one_in(2) ? 0 : 4 } };
    struct process *process;

    processes[i] = (struct model_process){ .access = some_access() };
    CHECK_EQUAL(machine_process_create(CLASS_DRIVER, "d\\driver", NULL, &limits, &processes[i].access, &process), OK);
    process->space.reserve = random_one_in(2);
    processes[i].actor = actor_in(process);
}

/* The oldest that this process has, of devices alone or of all; NULL: none. */
static struct model_entry *oldest(uint32_t i, bool devices_alone)
{
    struct model_entry *found = NULL;

    for (uint32_t at = 0; at < ENTRIES; at++) {
        bool fits = devices_alone ? entries[at].kind == DEVICE : entries[at].kind != NOTHING_THERE;

        if (fits && entries[at].owner == i && (found == NULL || entries[at].made < found->made)) {
            found = &entries[at];
        }
    }
    return found;
}

/* It ends, or is a driver no more: then what is not the driver's stays. */
static void some_end_of_driver(uint32_t i, bool dies)
{
    struct model_process *self = &processes[i];

    self->wanted = dies ? NULL : self->wanted;
    if (dies) {
        actor_end(&self->actor);
    } else {
        devices_driver_ended(self->actor.process);
    }
    for (struct model_entry *entry; (entry = oldest(i, !dies)) != NULL;) {
        model_end(entry);
    }
    if (dies) {
        user_memory_remove(self->actor.memory);
        free(self->actor.memory);
        process_begin(i);
    }
}

/* ---- The run ---- */

static void check_all(void)
{
    CHECK_EQUAL(device_entry_count(), model_count(NOTHING_THERE));
    CHECK_EQUAL(system_page->device_changes, changes);
    for (uint32_t i = 0; i < PROCESSES; i++) {
        const struct model_process *process = &processes[i];

        CHECK_EQUAL(process->actor.process->account.used[RESOURCE_OBJECTS], process->objects);
        if (process->wanted != NULL) {
            CHECK_EQUAL(process->actor.thread->blocked, process->woken ? BLOCKED_NOT : BLOCKED_CONTINUATION);
        }
    }
}

static void some_ticks(void)
{
    for (uint32_t ticks = random_below(6); ticks > 0; ticks--) {
        clock_tick();
        for (uint32_t i = 0; i < PROCESSES; i++) {
            struct model_process *process = &processes[i];

            if (process->wanted != NULL && !process->woken && process->actor.thread->blocked == BLOCKED_NOT) {
                CHECK(clock_now() >= process->deadline_ns);
                process->woken = true;
            }
            CHECK(process->wanted == NULL || process->woken || !is_late(process));
        }
    }
}

static void step(void)
{
    uint32_t i = random_below(PROCESSES);

    if (processes[i].wanted != NULL && processes[i].woken) {
        finder_runs(i);
        return;
    }
    if (random_one_in(60)) {
        some_end_of_driver(i, random_one_in(2));
        return;
    }
    if (processes[i].wanted != NULL) {
        some_ticks();
        return;
    }
    actor_run(&processes[i].actor);
    switch (random_below(12)) {
    case 0:
    case 1:
    case 2:
        some_register(i);
        break;
    case 3:
    case 4:
        some_end(i);
        break;
    case 5:
        some_watch(i);
        break;
    case 6:
        some_bind(i);
        break;
    case 7:
        some_unbind(i);
        break;
    case 8:
    case 9:
        some_find(i);
        break;
    case 10:
        some_list(i);
        break;
    default:
        some_events(i);
    }
}

static void begin(void)
{
    machine_begin();
    changes = system_page->device_changes;
    for (uint32_t i = 0; i < PROCESSES; i++) {
        process_begin(i);
    }
}

static void devices_agree_with_the_model_whatever_happens(void)
{
    begin();
    for (uint32_t i = 0; i < STEPS; i++) {
        step();
        check_all();
        if (random_one_in(10)) {
            some_ticks();
            check_all();
        }
    }
    for (uint32_t i = 0; i < PROCESSES; i++) {
        actor_end(&processes[i].actor);
    }
    CHECK_EQUAL(device_entry_count(), 0);
    CHECK_EQUAL(heap_objects(), 0);
    CHECK(made > STEPS / 25 && waited > STEPS / 60 && found > STEPS / 600);
}

/* ---- Names ---- */

static bool name_is_good(const char *name, uint32_t size, bool is_prefix)
{
    char text[DEVICE_NAME_MAX + 2] = "\\";

    if (size > DEVICE_NAME_MAX) {
        return false;
    }
    memcpy(text + 1, name, size);
    for (uint32_t i = 1; i <= size; i++) {
        uint8_t byte = (uint8_t)text[i];

        if (byte < 0x21 || byte > 0x7E || (byte == '\\' && text[i - 1] == '\\')) {
            return false;
        }
    }
    return is_prefix || (size > 0 && text[size] != '\\');
}

static void check_name(struct model_process *self, const char *name, uint32_t size)
{
    bool good = name_is_good(name, size, false);
    device_id_t id;
    uint32_t watch;

    memcpy(room_of(self)->name, name, size < sizeof room_of(self)->name ? size : sizeof room_of(self)->name);
    CHECK_EQUAL(sys_device_find(room_of(self)->name, size, 0, &room_of(self)->information), good ? NOT_FOUND : BAD_NAME);
    CHECK_EQUAL(sys_device_unbind(room_of(self)->name, size), good ? NOT_FOUND : BAD_NAME);
    CHECK_EQUAL(sys_device_register(room_of(self)->name, size, DEVICE_STORAGE, 1, &id), good ? OK : BAD_NAME);
    if (good) {
        CHECK_EQUAL(sys_device_remove(id), OK);
    }
    bool good_prefix = name_is_good(name, size, true);
    CHECK_EQUAL(sys_device_watch(room_of(self)->name, size, &watch), good_prefix ? OK : BAD_NAME);
    if (good_prefix) {
        CHECK_EQUAL(sys_device_unwatch(watch), OK);
    }
    room_of(self)->target = (struct device_name){ .size = size };
    memcpy(room_of(self)->target.text, name, size < sizeof room_of(self)->target.text ? size : sizeof room_of(self)->target.text);
    strcpy(room_of(self)->name, "x");
    CHECK_EQUAL(sys_device_bind(room_of(self)->name, 1, &room_of(self)->target), good ? OK : BAD_NAME);
    if (good) {
        CHECK_EQUAL(sys_device_unbind(room_of(self)->name, 1), OK);
    }
}

static void every_byte_at_every_place_is_good_or_bad_as_the_rules_say(void)
{
    static char name[DEVICE_NAME_MAX + 8];

    begin();
    processes[0].actor = actor_new("d\\all", NULL, NULL);
    actor_run(&processes[0].actor);
    for (uint32_t size = 0; size <= DEVICE_NAME_MAX + 3; size = size < 5 || size > DEVICE_NAME_MAX - 3 ? size + 1 : size + 14) {
        memset(name, 'n', sizeof name);
        check_name(&processes[0], name, size);
        for (uint32_t at = 0; at < size; at = at < 3 || at + 3 >= size ? at + 1 : size - 3) {
            for (uint32_t byte = 0; byte < 256; byte++) {
                name[at] = (char)byte;
                check_name(&processes[0], name, size);
            }
            name[at] = '\\';
            for (uint32_t other = 0; other < size; other += 1 + size / 4) {
                name[other] = '\\';
                check_name(&processes[0], name, size);
                name[other] = 'n';
                name[at] = '\\';
            }
            name[at] = 'n';
        }
    }
}

static void bad_addresses_are_told_and_nothing_is_made(void)
{
    begin();
    struct model_process *self = &processes[0];
    self->actor = actor_new("d\\all", NULL, NULL);
    char *beyond = (char *)(self->actor.memory + 1) - 3;
    uint32_t id;

    actor_run(&self->actor);
    (void)put_name(self, "a");
    CHECK_EQUAL(sys_device_register(beyond, 4, DEVICE_STORAGE, 0, &id), BAD_ADDRESS);
    CHECK_EQUAL(sys_device_watch(beyond, 4, &id), BAD_ADDRESS);
    CHECK_EQUAL(sys_device_find(beyond, 4, 0, &room_of(self)->information), BAD_ADDRESS);
    CHECK_EQUAL(sys_device_unbind(beyond, 4), BAD_ADDRESS);
    CHECK_EQUAL(sys_device_bind(beyond, 4, &room_of(self)->target), BAD_ADDRESS);
    CHECK_EQUAL(sys_device_bind(room_of(self)->name, 1, (struct device_name *)beyond), BAD_ADDRESS);
    CHECK_EQUAL(device_entry_count(), 0);
    CHECK_EQUAL(sys_device_register(room_of(self)->name, 1, DEVICE_STORAGE, 0, &id), OK);
    CHECK_EQUAL(sys_device_find(room_of(self)->name, 1, FOREVER, (struct device_information *)beyond), BAD_ADDRESS);
    CHECK_EQUAL(sys_device_next(0, (struct device_information *)beyond), BAD_ADDRESS);
    CHECK_EQUAL(self->actor.thread->blocked, BLOCKED_NOT);
}

static const struct test tests[] = {
    TEST(devices_agree_with_the_model_whatever_happens),
    TEST(every_byte_at_every_place_is_good_or_bad_as_the_rules_say),
    TEST(bad_addresses_are_told_and_nothing_is_made),
};
TEST_MAIN(tests)

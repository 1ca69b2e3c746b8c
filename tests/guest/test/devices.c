/* Names of devices: who may register which, who finds them, who waits for them and watches them, and what becomes of them. */
#include <abi/device.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "files.h"
#include "peer.h"

#define STACK_BYTES 4096U
#define SHORT_NS (30 * MILLISECOND)
#define LONG_NS (5 * SECOND)
#define ENTRIES 512U             /* that the kernel has, for all */
#define BARRED_REGISTRATIONS 8U

static device_id_t add(const char *name, device_type_t type, uint32_t number)
{
    device_id_t id;

    EXPECT_OK(device_register(name, (uint32_t)strlen(name), type, number, &id));
    return id;
}

static status_t find(const char *name, nanoseconds_t deadline_ns, struct device_information *information_out)
{
    return device_find(name, (uint32_t)strlen(name), deadline_ns, information_out);
}

static uint32_t watch(const char *prefix)
{
    uint32_t id;

    EXPECT_OK(device_watch(prefix, (uint32_t)strlen(prefix), &id));
    return id;
}

static status_t bind(const char *name, const char *target)
{
    struct device_name to = { .size = (uint32_t)strlen(target) };

    memcpy(to.text, target, to.size);
    return device_bind(name, (uint32_t)strlen(name), &to);
}

static status_t unbind(const char *name)
{
    return device_unbind(name, (uint32_t)strlen(name));
}

static void expect_leads(const char *name, process_id_t process, device_type_t type, uint32_t number, uint32_t flags)
{
    struct device_information information;

    EXPECT_OK(find(name, 0, &information));
    EXPECT_EQUAL(process, information.process);
    EXPECT_EQUAL(type, information.type);
    EXPECT_EQUAL(number, information.number);
    EXPECT_EQUAL(flags, information.flags);
    EXPECT(strcmp(name, information.name) == 0);
}

static void expect_absent(const char *name)
{
    struct device_information information;

    EXPECT_STATUS(NOT_FOUND, find(name, 0, &information));
    EXPECT_STATUS(TIMED_OUT, find(name, 1, &information));
}

static void expect_watch_event(uint32_t watch_id, uint32_t count)
{
    struct event event;

    test_wait_event(&event, EVENT_DEVICES);
    EXPECT_EQUAL(watch_id, event.id);
    EXPECT_EQUAL(count, event.count);
}

static void expect_no_event(void)
{
    struct event event;

    EXPECT_STATUS(NOTHING, event_poll(&event));
}

/* ---- Registering ---- */

static void registered_device_is_found_until_it_is_removed(void)
{
    uint32_t before = system_page()->device_changes;
    device_id_t id = add("tests\\one\\0", DEVICE_STORAGE, 0xFFFFFFFF);

    expect_leads("tests\\one\\0", process_page()->id, DEVICE_STORAGE, 0xFFFFFFFF, 0);
    EXPECT_EQUAL(before + 1, system_page()->device_changes);
    device_id_t other;
    EXPECT_STATUS(EXISTS, device_register("tests\\one\\0", 11, DEVICE_CLOCK, 1, &other));
    expect_absent("tests\\one\\1");
    EXPECT_OK(device_remove(id));
    expect_absent("tests\\one\\0");
    EXPECT_STATUS(BAD_ID, device_remove(id));
    EXPECT_EQUAL(before + 2, system_page()->device_changes);
    EXPECT(add("tests\\one\\0", DEVICE_STORAGE, 0) != id);
}

static void types_that_are_none_are_refused(void)
{
    device_id_t id;

    EXPECT_STATUS(BAD_ARGUMENT, device_register("tests", 5, DEVICE_NONE, 0, &id));
    for (uint32_t type = DEVICE_TYPE_COUNT; type != 0; type <<= 1) {
        EXPECT_STATUS(BAD_ARGUMENT, device_register("tests", 5, type, 0, &id));
    }
    expect_absent("tests");
}

/* Bytes that a name may have, and where a backslash may stand. */
static bool name_is_good(const char *name, uint32_t size)
{
    bool after_backslash = true;

    for (uint32_t i = 0; i < size; i++) {
        uint8_t byte = (uint8_t)name[i];

        if (byte < 0x21 || byte > 0x7E || (byte == '\\' && after_backslash)) {
            return false;
        }
        after_backslash = byte == '\\';
    }
    return size <= DEVICE_NAME_MAX && !after_backslash;
}

static void try_name(const char *name, uint32_t size)
{
    device_id_t id;
    bool good = name_is_good(name, size);
    status_t status = device_register(name, size, DEVICE_STREAM, 0, &id);

    if (status != (good ? OK : BAD_NAME)) {
        EXPECT_NOT("a name of %u bytes that begins with 0x%x: %u", size, (uint8_t)name[0], status);
    }
    struct device_information information;
    EXPECT_STATUS(good ? OK : BAD_NAME, device_find(name, size, 0, &information));
    if (good) {
        EXPECT_OK(device_remove(id));
    }
}

static void every_byte_of_a_name_is_good_or_bad_as_the_rules_say(void)
{
    static const uint32_t sizes[] = { 1, 2, 3, 30, DEVICE_NAME_MAX };
    char name[DEVICE_NAME_MAX + 2];

    for (uint32_t i = 0; i < COUNT(sizes); i++) {
        for (uint32_t place = 0; place < 3; place++) {
            memset(name, 'n', sizeof name);
            for (uint32_t byte = 0; byte < 256; byte++) {
                name[place * (sizes[i] - 1) / 2] = (char)byte;
                try_name(name, sizes[i]);
            }
        }
    }
    try_name("a\\b\\c\\d", 7);
    try_name("a\\\\b", 4);
    memset(name, 'n', sizeof name);
    try_name(name, 0);
    try_name(name, DEVICE_NAME_MAX + 1);
}

/* Registers each type, as its role allows. */
static void devices_typist(int argc, char **argv)
{
    static const struct {
        device_type_t type;
        uint32_t roles;
    } types[] = {
        { DEVICE_TEXT, ROLE_BIT(ROLE_DISPLAY) | ROLE_BIT(ROLE_LINE) }, { DEVICE_LINE, ROLE_BIT(ROLE_LINE) },
        { DEVICE_KEYBOARD, ROLE_BIT(ROLE_INPUT) }, { DEVICE_POINTER, ROLE_BIT(ROLE_INPUT) }, { DEVICE_STORAGE, ROLE_BIT(ROLE_STORAGE) },
        { DEVICE_STREAM, ROLE_BIT(ROLE_STORAGE) | ROLE_BIT(ROLE_PLATFORM) }, { DEVICE_BUS, ROLE_BIT(ROLE_BUS) },
        { DEVICE_CLOCK, ROLE_BIT(ROLE_PLATFORM) }, { DEVICE_TONE, ROLE_BIT(ROLE_PLATFORM) | ROLE_BIT(ROLE_AUDIO) },
        { DEVICE_DISPLAY, ROLE_BIT(ROLE_DISPLAY) }, { DEVICE_AUDIO, ROLE_BIT(ROLE_AUDIO) }, { DEVICE_NETWORK, ROLE_BIT(ROLE_NETWORK) },
    };
    struct process_information information;
    (void)argc;
    (void)argv;

    EXPECT_EQUAL(DEVICE_TYPE_COUNT - 1, COUNT(types));
    EXPECT_OK(process_information(SELF, &information));
    for (uint32_t i = 0; i < COUNT(types); i++) {
        bool may = (types[i].roles & ROLE_BIT(information.role)) != 0;
        device_id_t id;

        EXPECT_STATUS(may ? OK : NOT_ALLOWED, device_register("tests\\type", 10, types[i].type, 0, &id));
        EXPECT_OK(may ? device_remove(id) : OK);
    }
    EXPECT_OK(process_information(SELF, &information));
    EXPECT_EQUAL(0, information.strikes);
}

static void each_role_registers_its_types_and_no_others(void)
{
    for (uint32_t role = 0; role < ROLE_COUNT; role++) {
        struct access access = { .role = role, .partners = PARTNERS_ALL };
        process_id_t typist;

        EXPECT_OK(test_spawn_with(CLASS_DRIVER, &access, "devices_typist", &typist, NULL));
        EXPECT_EQUAL(0, test_wait_exit(typist));
    }
}

/* ---- Owners ---- */

/* Registers the name in its argument, tells so, and waits for a message. */
static void devices_owner(int argc, char **argv)
{
    struct message ready = { .words = { 1 } };
    struct event event;

    (void)add(argv[argc - 1], DEVICE_STORAGE, 7);
    EXPECT_OK(message_send(process_page()->parent, &ready));
    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_OK(event.words[0] == PEER_QUIT ? OK : process_downgrade(CLASS_SERVER));
    if (event.words[0] != PEER_QUIT) {
        EXPECT_OK(message_send(process_page()->parent, &ready));
        test_wait_event(&event, EVENT_MESSAGE);
    }
}

static process_id_t start_owner(const char *name)
{
    process_id_t owner;
    struct event event;

    EXPECT_OK(test_spawn(CLASS_DRIVER, "devices_owner", &owner, name, NULL));
    test_wait_event(&event, EVENT_MESSAGE);
    return owner;
}

static void devices_of_others_are_theirs_and_go_with_them(void)
{
    struct device_information information;
    process_id_t owner = start_owner("tests\\theirs");

    expect_leads("tests\\theirs", owner, DEVICE_STORAGE, 7, 0);
    EXPECT_OK(find("tests\\theirs", 0, &information));
    EXPECT_STATUS(BAD_ID, device_remove(information.id));
    EXPECT_STATUS(BAD_ID, device_unwatch(information.id));
    uint32_t id = watch("tests\\theirs");
    EXPECT_OK(process_terminate(owner, 0));
    expect_absent("tests\\theirs");
    expect_watch_event(id, 1);
    EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(owner));
    EXPECT_OK(device_unwatch(id));
}

static void devices_go_when_their_owner_is_no_driver_any_more(void)
{
    process_id_t owner = start_owner("tests\\theirs");
    uint32_t id = watch("");
    struct event event;

    peer_tell(owner, 1, 0);
    expect_watch_event(id, 1);
    test_wait_event(&event, EVENT_MESSAGE);
    expect_absent("tests\\theirs");
    EXPECT_OK(device_unwatch(id));
    peer_quit(owner);
}

/* Bindings and watches are anybody's: who gives up being a driver keeps them. */
static void bindings_and_watches_stay_when_their_owner_is_no_driver_any_more(void)
{
    process_id_t owner = start_owner("tests\\theirs");
    uint32_t id = watch("tests\\");

    EXPECT_OK(bind("tests\\bound", "tests\\theirs"));
    expect_watch_event(id, 1);
    EXPECT_OK(process_downgrade(CLASS_APPLICATION));
    expect_leads("tests\\bound", owner, DEVICE_STORAGE, 7, DEVICE_IS_BOUND);
    peer_tell(owner, PEER_QUIT, 0);
    expect_watch_event(id, 2);   /* the name, and the one that is bound to it */
    EXPECT_EQUAL(0, test_wait_exit(owner));
    EXPECT_OK(unbind("tests\\bound"));
    EXPECT_OK(device_unwatch(id));
}

/* ---- Waiting ---- */

struct finder {
    const char *name;
    nanoseconds_t deadline_ns;
    status_t status;
    struct device_information information;
    bool done;
};

static void finder_run(void *argument)
{
    struct finder *finder = argument;

    finder->status = find(finder->name, finder->deadline_ns, &finder->information);
    finder->done = true;
}

static thread_id_t finder_start(struct finder *finder)
{
    thread_id_t thread;

    finder->done = false;
    EXPECT_OK(thread_start(finder_run, finder, STACK_BYTES, &thread));
    clock_sleep(A_MOMENT_NS);
    EXPECT(!finder->done);
    return thread;
}

static void finder_wakes_when_its_name_appears_and_not_before(void)
{
    struct finder finder = { .name = "tests\\late", .deadline_ns = clock_after(LONG_NS) };
    struct finder other = { .name = "tests\\later", .deadline_ns = FOREVER };

    (void)finder_start(&finder);
    (void)finder_start(&other);
    device_id_t decoy = add("tests\\lat", DEVICE_STORAGE, 0);
    clock_sleep(A_MOMENT_NS);
    EXPECT(!finder.done && !other.done);
    device_id_t late = add("tests\\late", DEVICE_STORAGE, 3);
    clock_sleep(A_MOMENT_NS);
    EXPECT(finder.done && !other.done);
    EXPECT_OK(finder.status);
    EXPECT_EQUAL(late, finder.information.id);
    EXPECT_EQUAL(3, finder.information.number);
    EXPECT_OK(device_remove(decoy));
    EXPECT_OK(device_remove(late));
    clock_sleep(A_MOMENT_NS);
    EXPECT(!other.done);
    EXPECT_OK(bind("tests\\later", "tests\\target"));
    clock_sleep(A_MOMENT_NS);
    EXPECT(!other.done);         /* bound to nothing */
    (void)add("tests\\target", DEVICE_STORAGE, 4);
    clock_sleep(A_MOMENT_NS);
    EXPECT(other.done);
    EXPECT_OK(other.status);
    EXPECT_EQUAL(DEVICE_IS_BOUND, other.information.flags);
}

static void finder_gives_up_at_its_deadline(void)
{
    struct device_information information;
    nanoseconds_t begin_ns = clock_now();

    EXPECT_STATUS(TIMED_OUT, find("tests\\never", begin_ns + SHORT_NS, &information));
    EXPECT(clock_now() >= begin_ns + SHORT_NS && clock_now() < begin_ns + SHORT_NS + A_MOMENT_NS);
    EXPECT_STATUS(TIMED_OUT, find("tests\\never", begin_ns, &information));
    EXPECT_STATUS(NOT_FOUND, find("tests\\never", 0, &information));
    EXPECT_STATUS(BAD_NAME, find("tests\\", FOREVER, &information));
}

static void devices_waiter(int argc, char **argv)
{
    struct device_information information;

    (void)find(argv[argc - 1], FOREVER, &information);
    EXPECT_NOT("it was found");
}

/* One that dies in the middle of it, and one thread that is ended. */
static void finder_that_dies_leaves_nothing(void)
{
    struct finder finder = { .name = "tests\\never", .deadline_ns = FOREVER };
    process_id_t waiter;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "devices_waiter", &waiter, "tests\\never", NULL));
    thread_id_t thread = finder_start(&finder);
    peer_kill(waiter);
    EXPECT_OK(thread_terminate(thread));
    (void)add("tests\\never", DEVICE_STORAGE, 0);    /* wakes those who wait: there are none */
    clock_sleep(A_MOMENT_NS);
    EXPECT(!finder.done);
}

/* It is put to sleep while it waits: what happens meanwhile it finds when it wakes. */
static void finder_that_sleeps_finds_it_later(void)
{
    struct finder finder = { .name = "tests\\slow", .deadline_ns = FOREVER };
    thread_id_t thread = finder_start(&finder);

    EXPECT_OK(thread_sleep(thread));
    (void)add("tests\\slow", DEVICE_STORAGE, 0);
    clock_sleep(A_MOMENT_NS);
    EXPECT(!finder.done);
    EXPECT_OK(thread_wake(thread));
    clock_sleep(A_MOMENT_NS);
    EXPECT(finder.done);
    EXPECT_OK(finder.status);
}

/* ---- All of them ---- */

/* How many devices device_next tells whose names begin so. */
static uint32_t count_devices(const char *prefix)
{
    struct device_information information;
    device_id_t id = 0;
    uint32_t count = 0;

    while (device_next(id, &information) == OK) {
        struct device_information found;

        id = information.id;
        count += strncmp(information.name, prefix, strlen(prefix)) == 0;
        EXPECT_STATUS(information.type == DEVICE_NONE ? NOT_FOUND : OK, find(information.name, 0, &found));
        EXPECT(information.type == DEVICE_NONE || (found.process == information.process && found.number == information.number
                                                   && found.flags == information.flags));
    }
    return count;
}

static void all_devices_are_told_once(void)
{
    device_id_t ids[20];
    char name[] = "tests\\row\\a";

    EXPECT(count_devices("") > 0);       /* those of the system */
    for (uint32_t i = 0; i < COUNT(ids); i++) {
        name[10] = (char)('a' + i);
        ids[i] = add(name, DEVICE_STORAGE, i);
        EXPECT_EQUAL(i + 1, count_devices("tests\\row\\"));
    }
    EXPECT_OK(bind("tests\\row\\a", "tests\\row\\b"));   /* goes before the device of its name */
    EXPECT_OK(bind("tests\\row\\z", "tests\\nothing"));
    EXPECT_EQUAL(COUNT(ids) + 1, count_devices("tests\\row\\"));
    for (uint32_t i = 0; i < COUNT(ids); i += 2) {
        EXPECT_OK(device_remove(ids[i]));
    }
    EXPECT_EQUAL(COUNT(ids) / 2 + 2, count_devices("tests\\row\\"));
    (void)watch("tests\\row\\");         /* is none */
    EXPECT_EQUAL(COUNT(ids) / 2 + 2, count_devices("tests\\row\\"));
}

/* The last one seen goes, and the walk goes on. */
static void walk_survives_the_end_of_the_last_one_seen(void)
{
    struct device_information information;
    device_id_t one = add("tests\\one", DEVICE_STORAGE, 0), other = add("tests\\other", DEVICE_STORAGE, 0);
    device_id_t seen = 0;

    do {                         /* which of them comes first is the table's affair */
        EXPECT_OK(device_next(seen, &information));
        seen = information.id;
    } while (seen != one && seen != other);
    EXPECT_OK(device_remove(seen));
    EXPECT_OK(device_next(seen, &information));
    EXPECT_STATUS(NOT_FOUND, device_next(0xFFFFFFFF, &information));
}

/* ---- Watching ---- */

static void watch_hears_of_names_that_begin_with_its_prefix(void)
{
    uint32_t all = watch(""), some = watch("tests\\wa"), exact = watch("tests\\watched"), longer = watch("tests\\watched\\0");

    device_id_t id = add("tests\\watched", DEVICE_STORAGE, 0);
    expect_watch_event(all, 1);
    expect_watch_event(some, 1);
    expect_watch_event(exact, 1);
    expect_no_event();
    EXPECT_OK(device_remove(id));
    (void)add("tests\\watched", DEVICE_STORAGE, 0);
    (void)add("tests\\wander", DEVICE_STORAGE, 0);
    (void)add("tests\\other", DEVICE_STORAGE, 0);
    expect_watch_event(all, 4);
    expect_watch_event(some, 3);
    expect_watch_event(exact, 2);
    expect_no_event();
    EXPECT_OK(device_unwatch(some));
    EXPECT_STATUS(BAD_ID, device_unwatch(some));
    EXPECT_STATUS(BAD_ID, device_remove(exact));
    (void)add("tests\\watched\\0", DEVICE_STORAGE, 0);
    EXPECT_OK(device_unwatch(all));      /* and its event with it */
    expect_watch_event(exact, 1);
    expect_watch_event(longer, 1);
    expect_no_event();
}

/* ---- Binding ---- */

static void bound_name_leads_to_its_target(void)
{
    uint32_t watch_id = watch("tests\\name");
    device_id_t one = add("tests\\name", DEVICE_STORAGE, 1);
    (void)add("tests\\two", DEVICE_CLOCK, 2);
    process_id_t self = process_page()->id;

    expect_watch_event(watch_id, 1);
    EXPECT_OK(bind("tests\\name", "tests\\two"));
    expect_leads("tests\\name", self, DEVICE_CLOCK, 2, DEVICE_IS_BOUND);
    EXPECT_STATUS(EXISTS, bind("tests\\name", "tests\\three"));
    expect_watch_event(watch_id, 1);
    EXPECT_OK(device_remove(one));       /* behind the binding */
    expect_leads("tests\\name", self, DEVICE_CLOCK, 2, DEVICE_IS_BOUND);
    expect_watch_event(watch_id, 1);
    EXPECT_OK(unbind("tests\\name"));
    expect_absent("tests\\name");
    EXPECT_STATUS(NOT_FOUND, unbind("tests\\name"));
    EXPECT_OK(bind("tests\\name", "tests\\name"));       /* to itself: the device of that name */
    expect_absent("tests\\name");
    (void)add("tests\\name", DEVICE_STORAGE, 3);
    expect_leads("tests\\name", self, DEVICE_STORAGE, 3, DEVICE_IS_BOUND);
    EXPECT_OK(unbind("tests\\name"));
    expect_leads("tests\\name", self, DEVICE_STORAGE, 3, 0);
}

/* A binding leads to a device, never on to where that name is bound. */
static void bindings_are_not_followed_twice(void)
{
    (void)add("tests\\b", DEVICE_STORAGE, 2);
    (void)add("tests\\c", DEVICE_STORAGE, 3);
    EXPECT_OK(bind("tests\\a", "tests\\b"));
    EXPECT_OK(bind("tests\\b", "tests\\c"));
    expect_leads("tests\\a", process_page()->id, DEVICE_STORAGE, 2, DEVICE_IS_BOUND);
    expect_leads("tests\\b", process_page()->id, DEVICE_STORAGE, 3, DEVICE_IS_BOUND);
    EXPECT_OK(bind("tests\\x", "tests\\y"));
    EXPECT_OK(bind("tests\\y", "tests\\x"));
    expect_absent("tests\\x");
}

static void devices_binder(int argc, char **argv)
{
    struct message ready = { .words = { 1 } };
    struct event event;
    (void)argc;
    (void)argv;

    EXPECT_OK(bind("tests\\one", "tests\\two"));
    EXPECT_STATUS(NOT_FOUND, unbind("tests\\parents"));
    EXPECT_OK(message_send(process_page()->parent, &ready));
    test_wait_event(&event, EVENT_MESSAGE);
}

static void binding_is_its_makers_and_goes_with_him(void)
{
    process_id_t binder;
    struct event event;

    (void)add("tests\\one", DEVICE_STORAGE, 1);
    (void)add("tests\\two", DEVICE_STORAGE, 2);
    EXPECT_OK(bind("tests\\parents", "tests\\two"));
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "devices_binder", &binder, NULL));
    test_wait_event(&event, EVENT_MESSAGE);
    expect_leads("tests\\one", process_page()->id, DEVICE_STORAGE, 2, DEVICE_IS_BOUND);
    EXPECT_STATUS(NOT_FOUND, unbind("tests\\one"));
    EXPECT_STATUS(EXISTS, bind("tests\\one", "tests\\one"));
    peer_kill(binder);
    expect_leads("tests\\one", process_page()->id, DEVICE_STORAGE, 1, 0);
}

/* ---- Who may not speak to the driver ---- */

static void devices_barred(int argc, char **argv)
{
    struct device_information information;

    EXPECT_OK(find(argv[argc - 1], 0, &information));
    EXPECT_EQUAL(0, information.number);
    EXPECT_EQUAL(process_page()->parent, information.process);
    for (uint32_t i = 0; i < BARRED_REGISTRATIONS; i++) {
        EXPECT_OK(device_remove(add("tests\\barred", DEVICE_STORAGE, 5)));
    }
    device_id_t id;
    EXPECT_STATUS(OVER_QUOTA, device_register("tests\\barred", 12, DEVICE_STORAGE, 5, &id));
    EXPECT_OK(find(argv[argc - 1], 0, &information));
}

/* The test's role is none, and the other one's partners are all but that: so neither sees the other's numbers. */
static void number_of_a_device_is_for_those_who_may_call_its_driver(void)
{
    struct access access = { .role = ROLE_STORAGE, .partners = PARTNERS_ALL & ~ROLE_BIT(ROLE_NONE), .strikes = 1 };
    process_id_t barred;
    struct process_information information;

    (void)add("tests\\number", DEVICE_STORAGE, 77);
    uint32_t id = watch("tests\\barred");
    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &access, "devices_barred", &barred, "tests\\number", NULL));
    EXPECT_OK(process_information(barred, &information));
    struct event event;
    test_wait_event(&event, EVENT_DEVICES);          /* it got to the end: a failure would be its strike */
    uint32_t changes = event.count;
    while (event_wait(&event, clock_after(LONG_NS)) == OK && event.kind == EVENT_DEVICES) {
        changes += event.count;
    }
    EXPECT(event.kind == EVENT_PROCESS_EXITED && event.count == 0);
    EXPECT_EQUAL(2 * BARRED_REGISTRATIONS, changes);
    EXPECT_OK(device_unwatch(id));
}

/* ---- More than there is ---- */

/* Watches until there is no room, then a little less, so that it can say so; ends when it is told. */
static void devices_watcher(int argc, char **argv)
{
    uint32_t count = 0, ids[ENTRIES];
    struct event event;
    status_t status;
    (void)argc;
    (void)argv;

    while ((status = device_watch("tests\\full", 10, &ids[count])) == OK) {
        count++;
        EXPECT(count <= ENTRIES / 2);
    }
    for (uint32_t i = 0; i < 4; i++) {
        EXPECT_OK(device_unwatch(ids[--count]));
    }
    peer_tell(process_page()->parent, count, status);
    for (uint32_t i = 0; i < count; i++) {
        test_wait_event(&event, EVENT_DEVICES);
        EXPECT_EQUAL(1, event.count);
    }
    test_wait_event(&event, EVENT_MESSAGE);
}

static void watcher_cannot_take_all_the_places(void)
{
    process_id_t watcher = peer_start(CLASS_APPLICATION, "devices_watcher");
    struct event event;

    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT(event.words[0] > 20 && (event.words[1] == NO_MEMORY || event.words[1] == OVER_QUOTA));
    device_id_t id = add("tests\\full", DEVICE_STORAGE, 0);
    peer_quit(watcher);
    EXPECT_OK(device_remove(id));
}

static void registrations_without_end_are_held_by_what_there_is(void)
{
    struct test_ledger before;
    char name[] = "tests\\many\\0000";
    device_id_t ids[ENTRIES];
    uint32_t count = 0;
    status_t status;

    test_ledger_take(&before);
    for (;;) {
        for (uint32_t i = 0, rest = count; i < 4; i++, rest /= 10) {
            name[14 - i] = (char)('0' + rest % 10);
        }
        status = device_register(name, 15, DEVICE_STORAGE, count, &ids[count]);
        if (status != OK) {
            break;
        }
        count++;
        EXPECT(count < ENTRIES);
    }
    EXPECT(status == NO_MEMORY || status == OVER_QUOTA);
    EXPECT(count > 30);
    while (count-- > 0) {
        EXPECT_OK(device_remove(ids[count]));
    }
    test_ledger_expect_same(&before);
}

const struct test devices_tests[] = {
    TEST(CLASS_DRIVER, registered_device_is_found_until_it_is_removed),
    TEST(CLASS_DRIVER, types_that_are_none_are_refused),
    TEST(CLASS_DRIVER, every_byte_of_a_name_is_good_or_bad_as_the_rules_say),
    TEST(CLASS_DRIVER, each_role_registers_its_types_and_no_others),
    TEST(CLASS_DRIVER, devices_of_others_are_theirs_and_go_with_them),
    TEST(CLASS_DRIVER, devices_go_when_their_owner_is_no_driver_any_more),
    TEST(CLASS_DRIVER, bindings_and_watches_stay_when_their_owner_is_no_driver_any_more),
    TEST(CLASS_DRIVER, finder_wakes_when_its_name_appears_and_not_before),
    TEST(CLASS_APPLICATION, finder_gives_up_at_its_deadline),
    TEST(CLASS_DRIVER, finder_that_dies_leaves_nothing),
    TEST(CLASS_DRIVER, finder_that_sleeps_finds_it_later),
    TEST(CLASS_DRIVER, all_devices_are_told_once),
    TEST(CLASS_DRIVER, walk_survives_the_end_of_the_last_one_seen),
    TEST(CLASS_DRIVER, watch_hears_of_names_that_begin_with_its_prefix),
    TEST(CLASS_DRIVER, bound_name_leads_to_its_target),
    TEST(CLASS_DRIVER, bindings_are_not_followed_twice),
    TEST(CLASS_DRIVER, binding_is_its_makers_and_goes_with_him),
    TEST(CLASS_DRIVER, number_of_a_device_is_for_those_who_may_call_its_driver),
    TEST(CLASS_DRIVER, watcher_cannot_take_all_the_places),
    TEST(CLASS_DRIVER, registrations_without_end_are_held_by_what_there_is),
};
const uint32_t devices_test_count = COUNT(devices_tests);
const struct role devices_roles[] = {
    ROLE(devices_typist), ROLE(devices_owner), ROLE(devices_waiter), ROLE(devices_binder), ROLE(devices_barred),
    ROLE(devices_watcher),
};
const uint32_t devices_role_count = COUNT(devices_roles);

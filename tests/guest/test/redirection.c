/* Names of devices that are bound elsewhere while clients use them. */
#include <ternion/string.h>

#include "disk.h"
#include "files.h"

#define FRONT "t\\front"
#define FRONT_SIZE (sizeof FRONT - 1)
#define LEFT "t\\left"
#define RIGHT "t\\right"
#define ABSENT_NAME "t\\absent"

#define LEFT_SALT 3U
#define RIGHT_SALT 4U            /* the second disk of the driver of LEFT */
#define OTHER_SALT 9U

#define TURNS 60U
#define PATIENCE_NS (8 * SECOND)

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

static status_t find(const char *name, nanoseconds_t deadline_ns)
{
    struct device_information information;

    return device_find(name, (uint32_t)strlen(name), deadline_ns, &information);
}

static process_id_t start_pair(void)
{
    process_id_t driver = disk_driver_start(LEFT_SALT, LEFT, RIGHT);

    disk_wait(RIGHT);
    return driver;
}

/* Takes an event that has come or comes now, behind others that come with it: what ends tells several at once. */
static void take_both(uint32_t first_kind, uint32_t second_kind)
{
    struct event events[2];

    for (uint32_t i = 0; i < 2; i++) {
        EXPECT_OK(event_wait(&events[i], clock_after(PATIENCE_NS)));
        EXPECT(events[i].kind == first_kind || events[i].kind == second_kind);
        EXPECT(events[i].kind != EVENT_DEVICES || events[i].count == 1);
        EXPECT(events[i].kind != EVENT_PROCESS_EXITED || events[i].count == 0 || events[i].count == EXIT_TERMINATED);
    }
    EXPECT(events[0].kind != events[1].kind);
}

static void end(process_id_t id)
{
    EXPECT_OK(process_terminate(id, 0));
    (void)test_wait_exit(id);
}

/* ---- A client that reads on ---- */

/* What the reader has seen, in memory that it shares with the test. */
struct seen {
    volatile uint32_t reads[2];      /* from LEFT, from RIGHT */
    volatile uint32_t wants_to_end;
};

static struct seen *seen_create(struct shared_handle *handle_out)
{
    EXPECT_OK(shared_create(1, handle_out));
    return (struct seen *)handle_out->address;
}

static process_id_t reader_start(const struct shared_handle *handle)
{
    process_id_t id;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "redirection_reader", &id, test_digits(handle->id).text,
                         test_digits((uint32_t)handle->key).text, test_digits((uint32_t)(handle->key >> 32)).text, NULL));
    return id;
}

/* Reads blocks, each of which must be wholly of one of the two disks. */
static void redirection_reader(int argc, char **argv)
{
    uint32_t blocks[4 * DISK_BLOCK_SIZE / sizeof(uint32_t)];
    uint32_t address, pages;
    struct storage_size size;
    struct device device;
    (void)argc;

    EXPECT_OK(shared_join(test_number(argv[1]), (uint64_t)test_number(argv[3]) << 32 | test_number(argv[2]), 0, &address, &pages));
    struct seen *seen = (struct seen *)address;
    EXPECT_OK(device_open(&device, FRONT, DEVICE_STORAGE, clock_after(PATIENCE_NS)));
    EXPECT_OK(storage_size(&device, &size));
    for (uint32_t number = 0; seen->wants_to_end == 0; number = (number + 4) % DISK_BLOCKS) {
        EXPECT_OK(storage_read(&device, number, 4, blocks));
        bool is_right = disk_block_is(blocks, RIGHT_SALT, number);
        for (uint32_t block = 0; block < 4; block++) {
            EXPECT(disk_block_is(&blocks[block * DISK_BLOCK_SIZE / sizeof(uint32_t)], is_right ? RIGHT_SALT : LEFT_SALT, number + block));
        }
        seen->reads[is_right]++;
    }
}

/* Until the reader has read from there since now. */
static void wait_for_read(struct seen *seen, uint32_t side)
{
    nanoseconds_t deadline_ns = clock_after(PATIENCE_NS);
    uint32_t before = seen->reads[side];

    while (seen->reads[side] == before) {
        EXPECT(clock_now() < deadline_ns);
        (void)thread_delay(clock_after(MILLISECOND / 4));
    }
}

static uint32_t take_changes(uint32_t watch, uint32_t expected)
{
    uint32_t changes = 0;

    while (changes < expected) {
        struct event event;

        test_wait_event(&event, EVENT_DEVICES);
        EXPECT_EQUAL(watch, event.id);
        EXPECT(event.count != 0);
        changes += event.count;
    }
    return changes;
}

static void client_reads_on_while_its_device_is_bound_elsewhere_and_back(void)
{
    process_id_t driver = start_pair();
    struct shared_handle handle;
    struct seen *seen = seen_create(&handle);
    uint32_t watch;

    EXPECT_OK(device_watch(FRONT, FRONT_SIZE, &watch));
    EXPECT_OK(bind(FRONT, LEFT));
    (void)reader_start(&handle);
    for (uint32_t turn = 0; turn < TURNS; turn++) {
        wait_for_read(seen, turn % 2);
        EXPECT_OK(unbind(FRONT));
        EXPECT_OK(bind(FRONT, turn % 2 == 0 ? RIGHT : LEFT));
    }
    wait_for_read(seen, TURNS % 2);
    seen->wants_to_end = 1;
    EXPECT_EQUAL(1 + 2 * TURNS, take_changes(watch, 1 + 2 * TURNS));
    take_both(EVENT_PROCESS_EXITED, EVENT_SHARED_RELEASED);
    EXPECT_OK(shared_leave(handle.id));
    EXPECT_OK(unbind(FRONT));
    EXPECT_EQUAL(1, take_changes(watch, 1));
    EXPECT_OK(device_unwatch(watch));
    end(driver);
}

/* ---- Where a binding leads ---- */

static void binding_goes_before_the_device_of_the_name_and_back(void)
{
    process_id_t pair = start_pair();
    process_id_t other = disk_driver_start(OTHER_SALT, FRONT, NULL);
    struct device_information information;

    disk_wait(FRONT);
    EXPECT_EQUAL(OTHER_SALT, disk_salt(FRONT));
    EXPECT_OK(bind(FRONT, LEFT));
    EXPECT_EQUAL(LEFT_SALT, disk_salt(FRONT));
    EXPECT_OK(device_find(FRONT, FRONT_SIZE, 0, &information));
    EXPECT(information.process == pair && information.number == 0 && information.flags == DEVICE_IS_BOUND);
    EXPECT(strcmp(information.name, FRONT) == 0);
    EXPECT_OK(unbind(FRONT));
    EXPECT_EQUAL(OTHER_SALT, disk_salt(FRONT));
    EXPECT_OK(device_find(FRONT, FRONT_SIZE, 0, &information));
    EXPECT(information.process == other && information.flags == 0);
    end(other);
    end(pair);
}

static void binding_leads_to_a_device_and_to_no_other_binding(void)
{
    process_id_t pair = start_pair();

    EXPECT_OK(bind(FRONT, LEFT));
    EXPECT_OK(bind(LEFT, RIGHT));
    EXPECT_EQUAL(RIGHT_SALT, disk_salt(LEFT));
    EXPECT_EQUAL(LEFT_SALT, disk_salt(FRONT));       /* the device of that name */
    EXPECT_OK(bind(ABSENT_NAME, RIGHT));
    EXPECT_OK(unbind(FRONT));
    EXPECT_OK(bind(FRONT, ABSENT_NAME));
    EXPECT_STATUS(NOT_FOUND, find(FRONT, 0));        /* there is a binding of that name, but no device */
    EXPECT_OK(unbind(FRONT));
    EXPECT_OK(bind(FRONT, FRONT));                   /* and so this is no loop */
    EXPECT_STATUS(NOT_FOUND, find(FRONT, 0));
    EXPECT_OK(bind(RIGHT, LEFT));                    /* nor is this: they have changed places */
    EXPECT_EQUAL(RIGHT_SALT, disk_salt(LEFT));
    EXPECT_EQUAL(LEFT_SALT, disk_salt(RIGHT));
    EXPECT_OK(unbind(FRONT));
    EXPECT_OK(unbind(LEFT));
    EXPECT_OK(unbind(RIGHT));
    EXPECT_OK(unbind(ABSENT_NAME));
    EXPECT_EQUAL(LEFT_SALT, disk_salt(LEFT));
    end(pair);
}

static void name_is_bound_once_and_unbound_by_who_bound_it(void)
{
    process_id_t pair = start_pair();

    EXPECT_OK(bind(FRONT, LEFT));
    EXPECT_STATUS(EXISTS, bind(FRONT, RIGHT));
    EXPECT_EQUAL(LEFT_SALT, disk_salt(FRONT));
    EXPECT_OK(unbind(FRONT));
    EXPECT_STATUS(NOT_FOUND, unbind(FRONT));
    EXPECT_STATUS(NOT_FOUND, unbind(LEFT));
    end(pair);
}

/* ---- Targets that are not there ---- */

static void client_waits_for_the_target_of_a_binding(void)
{
    uint32_t block[DISK_BLOCK_SIZE / sizeof(uint32_t)];
    process_id_t other = disk_driver_start(OTHER_SALT, FRONT, NULL);
    struct storage_size size;
    struct device device;

    disk_wait(FRONT);
    EXPECT_OK(device_open(&device, FRONT, DEVICE_STORAGE, 0));
    EXPECT_OK(storage_size(&device, &size));
    EXPECT_OK(bind(FRONT, ABSENT_NAME));             /* then so is the name, though a device has it */
    EXPECT_STATUS(NOT_FOUND, find(FRONT, 0));
    device.patience_ns = 30 * MILLISECOND;
    EXPECT_STATUS(TIMED_OUT, storage_read(&device, 0, 1, block));
    device.patience_ns = 0;
    EXPECT_STATUS(NOT_FOUND, storage_read(&device, 0, 1, block));
    device.patience_ns = DEVICE_PATIENCE_NS;
    process_id_t target = disk_driver_start(LEFT_SALT, ABSENT_NAME, NULL);
    EXPECT_OK(storage_read(&device, 7, 1, block));
    EXPECT(disk_block_is(block, LEFT_SALT, 7));
    end(target);
    device.patience_ns = 0;
    EXPECT_STATUS(NOT_FOUND, storage_read(&device, 7, 1, block));
    EXPECT_OK(unbind(FRONT));
    EXPECT_OK(storage_read(&device, 7, 1, block));
    EXPECT(disk_block_is(block, OTHER_SALT, 7));
    end(other);
}

/* A name that is bound changes when its target does. */
static void watcher_of_a_bound_name_hears_of_its_target(void)
{
    uint32_t watch;

    EXPECT_OK(device_watch(FRONT, FRONT_SIZE, &watch));
    EXPECT_OK(bind(FRONT, LEFT));
    EXPECT_EQUAL(1, take_changes(watch, 1));
    process_id_t pair = start_pair();
    EXPECT_EQUAL(1, take_changes(watch, 1));
    EXPECT_OK(process_terminate(pair, 0));
    take_both(EVENT_DEVICES, EVENT_PROCESS_EXITED);
    EXPECT_OK(unbind(FRONT));
    EXPECT_EQUAL(1, take_changes(watch, 1));
    EXPECT_OK(device_unwatch(watch));
}

static void client_of_another_type_is_told_so_by_its_next_call(void)
{
    uint32_t block[DISK_BLOCK_SIZE / sizeof(uint32_t)];
    process_id_t pair = start_pair();
    struct storage_size size;
    struct device device;
    device_id_t id;

    EXPECT_OK(bind(FRONT, LEFT));
    EXPECT_OK(device_open(&device, FRONT, DEVICE_STORAGE, 0));
    EXPECT_OK(storage_size(&device, &size));
    EXPECT_OK(device_register(ABSENT_NAME, sizeof ABSENT_NAME - 1, DEVICE_TONE, 0, &id));
    EXPECT_OK(unbind(FRONT));
    EXPECT_OK(bind(FRONT, ABSENT_NAME));
    EXPECT_STATUS(BAD_PROTOCOL, storage_read(&device, 0, 1, block));
    EXPECT_OK(unbind(FRONT));
    EXPECT_OK(bind(FRONT, RIGHT));
    EXPECT_OK(storage_read(&device, 0, 1, block));
    EXPECT(disk_block_is(block, RIGHT_SALT, 0));
    EXPECT_OK(unbind(FRONT));
    EXPECT_OK(device_remove(id));
    end(pair);
}

/* ---- The end of who bound it ---- */

static void redirection_binder(int argc, char **argv)
{
    struct event event;
    (void)argc;

    EXPECT_OK(bind(argv[1], argv[2]));
    EXPECT_OK(event_wait(&event, FOREVER));
}

static void name_leads_back_when_its_binder_ends(void)
{
    process_id_t pair = start_pair();
    process_id_t binder;
    uint32_t watch;

    EXPECT_OK(device_watch(LEFT, sizeof LEFT - 1, &watch));
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "redirection_binder", &binder, LEFT, RIGHT, NULL));
    EXPECT_EQUAL(1, take_changes(watch, 1));
    EXPECT_EQUAL(RIGHT_SALT, disk_salt(LEFT));
    EXPECT_STATUS(NOT_FOUND, unbind(LEFT));          /* it is another's */
    EXPECT_STATUS(EXISTS, bind(LEFT, RIGHT));
    EXPECT_OK(process_terminate(binder, 0));
    take_both(EVENT_DEVICES, EVENT_PROCESS_EXITED);
    EXPECT_EQUAL(LEFT_SALT, disk_salt(LEFT));
    EXPECT_OK(device_unwatch(watch));
    end(pair);
}

const struct test redirection_tests[] = {
    TEST_WITHIN(20, CLASS_DRIVER, client_reads_on_while_its_device_is_bound_elsewhere_and_back),
    TEST(CLASS_DRIVER, binding_goes_before_the_device_of_the_name_and_back),
    TEST(CLASS_DRIVER, binding_leads_to_a_device_and_to_no_other_binding),
    TEST(CLASS_DRIVER, name_is_bound_once_and_unbound_by_who_bound_it),
    TEST(CLASS_DRIVER, client_waits_for_the_target_of_a_binding),
    TEST(CLASS_DRIVER, watcher_of_a_bound_name_hears_of_its_target),
    TEST(CLASS_DRIVER, client_of_another_type_is_told_so_by_its_next_call),
    TEST(CLASS_DRIVER, name_leads_back_when_its_binder_ends),
};
const uint32_t redirection_test_count = COUNT(redirection_tests);
const struct role redirection_roles[] = { ROLE(redirection_reader), ROLE(redirection_binder) };
const uint32_t redirection_role_count = COUNT(redirection_roles);

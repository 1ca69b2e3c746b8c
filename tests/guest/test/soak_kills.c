/*
 * A driver that is ended a thousand times, and started again by the test, as the supervisor would at its first death; four clients use it
 * all the time. What they notice may be a delay, and nothing else.
 */
#include <ternion/log.h>
#include <ternion/stream.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "module_image.h"
#include "dice.h"
#include "disk.h"
#include "files.h"

#define KILLS 1000U
#define CLIENTS 4U
#define DISK "t\\stubborn"
#define PAUSE_MOST_NS (2 * MILLISECOND)
#define ROUND 10U                /* so often killed, each client must have come forward */
#define PATIENCE_NS (20 * SECOND)
#define SEED 90125U

/* ---- What clients and test share ---- */

struct board {
    volatile uint32_t wants_to_end;
    volatile uint32_t turns[CLIENTS];
    volatile uint32_t worst_us[CLIENTS];
    volatile uint32_t media;         /* RAM disk: how often the medium was another */
};

static struct board *board;
static uint32_t own_number;

static void turn_done(nanoseconds_t begin_ns)
{
    uint32_t took_us = (uint32_t)((clock_now() - begin_ns) / MICROSECOND);

    if (took_us > board->worst_us[own_number]) {
        board->worst_us[own_number] = took_us;
    }
    board->turns[own_number]++;
}

/* ---- Clients ---- */

#define BLOCKS_MOST 64U

static uint32_t blocks[BLOCKS_MOST * DISK_BLOCK_SIZE / sizeof(uint32_t)];

static void open_disk(struct device *device, const char *name, uint32_t blocks_expected)
{
    struct storage_size size;

    EXPECT_OK(device_open(device, name, DEVICE_STORAGE, clock_after(PATIENCE_NS)));
    EXPECT_OK(storage_size(device, &size));
    EXPECT(size.blocks == blocks_expected && size.block_size == DISK_BLOCK_SIZE);
}

/* Reads of one to 64 blocks; every other turn it writes them, too. */
static void use_disk(void)
{
    struct dice dice = dice_take(SEED + own_number);
    struct device device;

    open_disk(&device, DISK, DISK_BLOCKS);
    while (board->wants_to_end == 0) {
        nanoseconds_t begin_ns = clock_now();
        uint32_t count = dice_between(&dice, 1, BLOCKS_MOST);
        uint32_t first = dice_throw(&dice, DISK_BLOCKS - count + 1);

        EXPECT_OK(storage_read(&device, first, count, blocks));
        for (uint32_t i = 0; i < count; i++) {
            EXPECT(disk_block_is(&blocks[i * DISK_BLOCK_SIZE / sizeof blocks[0]], 0, first + i));
        }
        if (own_number % 2 == 0) {
            EXPECT_OK(storage_write(&device, first, count, blocks));
        }
        turn_done(begin_ns);
    }
}

static bool all_are(const uint8_t *bytes, uint32_t size, uint8_t value)
{
    return size == 0 || (bytes[0] == value && memcmp(bytes, bytes + 1, size - 1) == 0);
}

static void use_streams(void)
{
    struct device zero, random;
    uint8_t *bytes = (uint8_t *)blocks;

    EXPECT_OK(device_open(&zero, "streams\\zero", DEVICE_STREAM, clock_after(PATIENCE_NS)));
    EXPECT_OK(device_open(&random, "streams\\random", DEVICE_STREAM, clock_after(PATIENCE_NS)));
    while (board->wants_to_end == 0) {
        nanoseconds_t begin_ns = clock_now();
        uint32_t size;

        EXPECT_OK(stream_read(&random, bytes, 512, &size));
        EXPECT_EQUAL(512, size);
        EXPECT(!all_are(bytes, size, bytes[0]));
        memset(bytes, 0xA5, sizeof blocks);
        EXPECT_OK(stream_read(&zero, bytes, sizeof blocks, &size));
        EXPECT(size == sizeof blocks && all_are(bytes, size, 0));
        EXPECT_OK(stream_write(&zero, bytes, sizeof blocks));
        turn_done(begin_ns);
    }
}

static uint32_t medium_of(struct device *device)
{
    bool is_present;
    uint32_t changes;

    EXPECT_OK(storage_media(device, &is_present, &changes));
    EXPECT(is_present);
    return changes;
}

/* What a RAM disk held goes with its driver, but then it says that the medium is another. */
static void use_ram_disk(void)
{
    uint8_t *bytes = (uint8_t *)blocks;
    struct device device;

    open_disk(&device, "disks\\ram\\0", 512);
    for (uint32_t turn = 1; board->wants_to_end == 0; turn++) {
        nanoseconds_t begin_ns = clock_now();
        uint32_t before = medium_of(&device);

        memset(bytes, (int)(turn % 255 + 1), 8 * DISK_BLOCK_SIZE);
        EXPECT_OK(storage_write(&device, 8 * own_number, 8, bytes));
        EXPECT_OK(storage_read(&device, 8 * own_number, 8, bytes));
        bool is_what_was_written = all_are(bytes, 8 * DISK_BLOCK_SIZE, (uint8_t)(turn % 255 + 1));
        if (medium_of(&device) == before) {
            EXPECT(is_what_was_written);
        } else {
            EXPECT(is_what_was_written || all_are(bytes, 8 * DISK_BLOCK_SIZE, 0));
            board->media++;
        }
        turn_done(begin_ns);
    }
}

static void soak_kills_client(int argc, char **argv)
{
    uint32_t address, pages;

    EXPECT(argc == 6);
    EXPECT_OK(shared_join(test_number(argv[1]), (uint64_t)test_number(argv[3]) << 32 | test_number(argv[2]), 0, &address, &pages));
    board = (struct board *)address;
    own_number = test_number(argv[4]);
    if (strcmp(argv[5], "disk") == 0) {
        use_disk();
    } else if (own_number % 2 == 0) {
        use_streams();
    } else {
        use_ram_disk();
    }
}

/* ---- Drivers ---- */

static process_id_t start_disk(void)
{
    return disk_driver_start(0, DISK, NULL);
}

/* d\virtual itself, which the supervisor does not start in this boot list. */
static process_id_t start_virtual(void)
{
    static const char name[] = "stubborn";
    static struct spawn spawn = { .class = CLASS_DRIVER, .flags = SPAWN_WATCH, .name = name, .name_size = sizeof name - 1 };
    elf_reason_t reason;
    process_id_t id;

    if (spawn.image == NULL) {
        spawn.image = module_map_named("virtual.elf", &spawn.image_size);
    }
    EXPECT_OK(process_spawn(&spawn, &id, &reason));
    return id;
}

/* ---- The test ---- */

static void wait_for_turns(const uint32_t *before)
{
    nanoseconds_t deadline_ns = clock_after(PATIENCE_NS);

    for (uint32_t i = 0; i < CLIENTS; i++) {
        while (board->turns[i] == before[i]) {
            if (clock_now() >= deadline_ns) {
                EXPECT_NOT("client %u does not come forward", i);
            }
            EXPECT_OK(thread_delay(clock_after(MILLISECOND)));
        }
    }
}

/* Ends the driver and starts it again, so often; all clients must come forward meanwhile. */
static process_id_t kill_again_and_again(process_id_t driver, process_id_t (*start)(void))
{
    struct dice dice = dice_take(SEED);
    uint32_t turns[CLIENTS] = { 0 };

    for (uint32_t kill = 0; kill < KILLS; kill++) {
        if (kill % ROUND == 0) {
            wait_for_turns(turns);
            for (uint32_t i = 0; i < CLIENTS; i++) {
                turns[i] = board->turns[i];
            }
        }
        EXPECT_OK(thread_delay(clock_after(dice_throw(&dice, (uint32_t)PAUSE_MOST_NS))));
        EXPECT_OK(process_terminate(driver, 0));
        EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(driver));
        driver = start();
    }
    return driver;
}

static void end_clients(uint32_t count)
{
    uint32_t ended = 0;

    board->wants_to_end = 1;
    while (ended < count) {
        struct event event;

        EXPECT_OK(event_wait(&event, clock_after(PATIENCE_NS)));
        EXPECT(event.kind == EVENT_PROCESS_EXITED || event.kind == EVENT_SHARED_RELEASED);
        EXPECT(event.kind != EVENT_PROCESS_EXITED || event.count == 0);
        ended += event.kind == EVENT_PROCESS_EXITED ? 1 : 0;
    }
}

static void check_clients(const char *kind, process_id_t (*start)(void))
{
    struct shared_handle handle;
    uint32_t turns = 0, worst_us = 0;

    EXPECT_OK(shared_create(1, &handle));
    board = (struct board *)handle.address;
    process_id_t driver = start();
    for (uint32_t i = 0; i < CLIENTS; i++) {
        process_id_t client;

        EXPECT_OK(test_spawn(CLASS_APPLICATION, "soak_kills_client", &client, test_digits(handle.id).text,
                             test_digits((uint32_t)handle.key).text, test_digits((uint32_t)(handle.key >> 32)).text, test_digits(i).text,
                             kind, NULL));
    }
    driver = kill_again_and_again(driver, start);
    end_clients(CLIENTS);
    for (uint32_t i = 0; i < CLIENTS; i++) {
        turns += board->turns[i];
        worst_us = board->worst_us[i] > worst_us ? board->worst_us[i] : worst_us;
    }
    log_print(LOG_INFORMATION, "%u deaths, %u turns of clients, the longest of %u us, %u other media", KILLS, turns, worst_us, board->media);
    EXPECT(strcmp(kind, "disk") == 0 || board->media != 0);
    EXPECT_OK(process_terminate(driver, 0));
    while (driver != 0) {
        struct event event;

        EXPECT_OK(event_wait(&event, clock_after(PATIENCE_NS)));
        driver = event.kind == EVENT_PROCESS_EXITED ? 0 : driver;
    }
    EXPECT_OK(shared_leave(handle.id));
}

static void clients_of_a_disk_notice_nothing_of_a_thousand_deaths_of_its_driver(void)
{
    check_clients("disk", start_disk);
}

static void clients_of_virtual_devices_notice_a_thousand_deaths_by_the_medium_alone(void)
{
    check_clients("virtual", start_virtual);
}

const struct test soak_kills_tests[] = {
    TEST_SOAK(60, CLASS_DRIVER, clients_of_a_disk_notice_nothing_of_a_thousand_deaths_of_its_driver),
    TEST_SOAK(60, CLASS_DRIVER, clients_of_virtual_devices_notice_a_thousand_deaths_by_the_medium_alone),
};
const uint32_t soak_kills_test_count = COUNT(soak_kills_tests);
const struct role soak_kills_roles[] = { ROLE(soak_kills_client) };
const uint32_t soak_kills_role_count = COUNT(soak_kills_roles);

/* s\vfs: drivers of disks that lie to it, and one that hangs. */
#include <ternion/process.h>
#include <ternion/server.h>
#include <ternion/storage.h>
#include <ternion/string.h>
#include <ternion/thread.h>

#include "dice.h"
#include "files.h"
#include "vfs_place.h"

#define LIAR "t\\liar"

enum lie { LIE_BLOCK_SIZE, LIE_HUGE, LIE_NO_BLOCKS, LIE_SHORT, LIE_STATUS, LIE_OTHER_MEDIUM, LIE_NOISE, LIE_FAT_NOISE, LIE_ISO_NOISE, LIE_HANGS, LIES };

static uint32_t lie;
static struct dice noise;

static status_t size(struct server_call *call, const struct device_call_number *request, struct storage_size *reply)
{
    (void)call;
    (void)request;
    *reply = (struct storage_size){ .blocks = lie == LIE_HUGE ? UINT64_MAX : lie == LIE_NO_BLOCKS ? 0 : 4096,
                                    .block_size = lie == LIE_BLOCK_SIZE ? 1U << 31 : 512 };
    return OK;
}

/* What makes a disk look like FAT or a CD; all else is noise. */
static void make_noise(uint32_t first, uint8_t *bytes, uint32_t bytes_size)
{
    static const uint8_t bpb[] = { 0xEB, 0x3C, 0x90, 'L', 'I', 'A', 'R', ' ', ' ', ' ', ' ', 0, 2, 1, 1, 0, 2, 224, 0, 0x40, 0x0B, 0xF0, 9, 0 };
    static const uint8_t descriptor[] = { 1, 'C', 'D', '0', '0', '1', 1 };

    for (uint32_t i = 0; i < bytes_size; i++) {
        bytes[i] = (uint8_t)dice_throw(&noise, 256);
    }
    if (lie == LIE_FAT_NOISE && first == 0) {
        memcpy(bytes, bpb, sizeof bpb);
        bytes[510] = 0x55;
        bytes[511] = 0xAA;
    }
    if (lie == LIE_ISO_NOISE && first == 64) {
        memcpy(bytes, descriptor, sizeof descriptor);
        bytes[128] = 0;
        bytes[129] = 8;
        bytes[156 + 25] = 2;
    }
    if (lie == LIE_ISO_NOISE && first == 68) {
        memcpy(bytes, "\xFF" "CD001", 6);
    }
}

static status_t read_blocks(struct server_call *call, const struct storage_call_range *request, struct nothing *reply)
{
    uint32_t bytes = request->count * 512U;
    (void)reply;

    if (lie == LIE_HANGS) {
        clock_sleep(FOREVER);
    }
    if (lie == LIE_STATUS) {
        return dice_throw(&noise, 2) == 0 ? DISCARDED : BAD_ID;
    }
    make_noise(request->first_low, call->buffer, bytes);
    server_give_string(call, call->buffer, lie == LIE_SHORT ? bytes / 2 : bytes);
    return OK;
}

static status_t write_blocks(struct server_call *call, const struct storage_call_range *request, struct nothing *reply)
{
    (void)call;
    (void)request;
    (void)reply;
    return dice_throw(&noise, 2) == 0 ? OK : FAULT;
}

static status_t media(struct server_call *call, const struct device_call_number *request, struct storage_call_media_reply *reply)
{
    static uint32_t changes;
    (void)call;
    (void)request;

    changes += lie == LIE_OTHER_MEDIUM;
    *reply = (struct storage_call_media_reply){ .is_present = lie != LIE_OTHER_MEDIUM || changes % 3 != 0, .changes = changes };
    return OK;
}

PROTOCOL_SERVER(storage_call, STORAGE_PROTOCOL, .size = size, .read = read_blocks, .write = write_blocks, .media = media)

static struct server liar_server = SERVER(&storage_call_protocol);

static void vfs_liar_disk(int argc, char **argv)
{
    device_id_t id;
    (void)argc;

    lie = test_number(argv[1]);
    noise = dice_take(lie + 1);
    EXPECT_OK(device_register(LIAR, sizeof LIAR - 1, DEVICE_STORAGE, 0, &id));
    server_run(&liar_server);
}

static process_id_t server_now(void)
{
    process_id_t server;

    EXPECT_OK(name_find(VFS_SERVER, &server));
    return server;
}

static uint32_t mounted;         /* 1 and a status, when it is known */

static void mount_liar(void *unused)
{
    (void)unused;
    __atomic_store_n(&mounted, 1 + vfs_mount(LIAR, "/liar", NULL, 0), __ATOMIC_SEQ_CST);
}

static process_id_t start_liar(uint32_t kind)
{
    struct device_information information;
    process_id_t driver;

    EXPECT_OK(test_spawn(CLASS_DRIVER, "vfs_liar_disk", &driver, test_digits(kind).text, NULL));
    EXPECT_OK(device_find(LIAR, sizeof LIAR - 1, clock_after(5 * SECOND), &information));
    return driver;
}

/* Whatever it tells, using it ends. */
static void use_liar(void)
{
    struct vfs_file file;
    uint32_t count, cursor = 0;

    for (uint32_t turn = 0; turn < 10; turn++) {
        if (vfs_file_open(&file, "/liar", VFS_READ) == OK) {
            (void)vfs_file_list(&file, &cursor, test_scratch, &count);
            vfs_file_close(&file);
        }
        if (vfs_file_open(&file, "/liar/file", VFS_READ | VFS_WRITE | VFS_CREATE) == OK) {
            (void)vfs_file_write(&file, 0, "text", 4, &count, NULL);
            (void)vfs_file_read(&file, 0, test_scratch, 100, &count);
            vfs_file_close(&file);
        }
        (void)vfs_path_make_directory("/liar/directory");
        (void)vfs_path_remove("/liar/file", false);
    }
}

static void drivers_that_lie_harm_nobody(void)
{
    process_id_t server = server_now();

    for (uint32_t kind = 0; kind < LIE_HANGS; kind++) {
        process_id_t driver = start_liar(kind);

        if (vfs_mount(LIAR, "/liar", NULL, 0) == OK) {
            use_liar();
            status_t status = vfs_unmount("/liar");
            EXPECT(status == OK || status == FAULT);
        }
        EXPECT_OK(process_terminate(driver, 0));
        EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(driver));
        if (vfs_unmount("/liar") != NOT_FOUND) {
            EXPECT_STATUS(NOT_FOUND, vfs_unmount("/liar"));
        }
    }
    EXPECT_EQUAL(server, server_now());
}

/* It keeps those waiting who wait for it, until it ends, and nobody else. */
static void driver_that_hangs_is_waited_for_by_its_users_alone(void)
{
    process_id_t driver = start_liar(LIE_HANGS);

    EXPECT_OK(thread_start(mount_liar, NULL, 16384, NULL));
    clock_sleep(50 * MILLISECOND);
    vfs_place = "/fat12";
    vfs_expect_text("readme.txt", "hello\n");
    vfs_write_text("readme too.txt", "written meanwhile");
    vfs_remove_file("readme too.txt");
    EXPECT_EQUAL(0, __atomic_load_n(&mounted, __ATOMIC_SEQ_CST));
    EXPECT_OK(process_terminate(driver, 0));
    EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(driver));
    nanoseconds_t deadline_ns = clock_after(20 * SECOND);
    while (__atomic_load_n(&mounted, __ATOMIC_SEQ_CST) == 0) {
        EXPECT(clock_now() < deadline_ns);
        clock_sleep(10 * MILLISECOND);
    }
    EXPECT_EQUAL(ABSENT, mounted - 1);
}

const struct test vfs_liars_tests[] = {
    TEST_OF(GROUP_FILES, 90, CLASS_DRIVER, drivers_that_lie_harm_nobody),
    TEST_OF(GROUP_FILES, 40, CLASS_DRIVER, driver_that_hangs_is_waited_for_by_its_users_alone),
};
const uint32_t vfs_liars_test_count = COUNT(vfs_liars_tests);
const struct role vfs_liars_roles[] = { ROLE(vfs_liar_disk) };
const uint32_t vfs_liars_role_count = COUNT(vfs_liars_roles);

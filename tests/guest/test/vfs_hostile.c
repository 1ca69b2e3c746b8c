/* s\vfs: requests that nobody should make. The disks are those of files.list. */
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>

#include "dice.h"
#include "files.h"
#include "vfs_place.h"

#define OPERATIONS 22U           /* of the protocol, and two that it has not */
#define FRAMES_MORE 8U
#define SENT 4000U
#define CURSORS 200U

static process_id_t server_now(void)
{
    process_id_t server;

    EXPECT_OK(name_find(VFS_SERVER, &server));
    return server;
}

static uint32_t frames_of_server(void)
{
    struct process_information information;

    EXPECT_OK(process_information(server_now(), &information));
    return information.frames;
}

/* Files and directories of every file system. */
static const struct {
    const char *path;
    uint32_t flags;
} places[] = {
    { "/tmp/hostile", VFS_READ | VFS_WRITE | VFS_CREATE }, { "/fat16/hostile", VFS_READ | VFS_WRITE | VFS_CREATE },
    { "/cd/readme.txt", VFS_READ }, { "/boot/init.list", VFS_READ }, { "/processes/s\\vfs", VFS_READ }, { "/devices/disks\\ram\\0", VFS_READ },
    { "/", VFS_READ }, { "/tmp", VFS_READ }, { "/fat12", VFS_READ }, { "/fat32/many", VFS_READ }, { "/cd", VFS_READ }, { "/joliet/many", VFS_READ },
    { "/boot", VFS_READ }, { "/processes", VFS_READ }, { "/devices", VFS_READ }, { "/dev", VFS_READ },
};

/* A fresh handle. */
static uint32_t open_place(uint32_t i)
{
    struct payload path = { .string = places[i].path, .string_size = (uint32_t)strlen(places[i].path) };
    struct vfs_call_opened opened;

    EXPECT_OK(vfs_call_open(server_now(), &(struct vfs_call_flags){ places[i].flags }, &opened, &path));
    return opened.handle;
}

static void close_place(uint32_t handle)
{
    (void)vfs_call_close(server_now(), &(struct vfs_call_handle){ handle }, NULL);
}

static void remove_places(void)
{
    EXPECT_OK(vfs_path_remove("/tmp/hostile", false));
    EXPECT_OK(vfs_path_remove("/fat16/hostile", false));
}

/* ---- Shapes ---- */

/* Whatever it is, an answer comes, and it is a status. */
static void call_with(uint32_t operation, uint32_t handle, uint32_t word, uint32_t size, uint32_t pages)
{
    struct message message = { .words = { PROTOCOL_HEADER(0x0021, 1, operation), handle, word, word }, .string = test_scratch,
                               .string_size = size };
    struct reply reply = { .buffer = test_scratch, .buffer_size = TEST_SCRATCH_SIZE };
    uint32_t address = 0;

    if (pages != 0) {
        EXPECT_OK(memory_allocate(pages, 0, &address));
        message.pages = (void *)address;
        message.page_count = pages;
        message.page_flags = word % 2 == 0 ? PAGES_GIVE : PAGES_SHARE;
    }
    memset(test_scratch, 'x', TEST_SCRATCH_SIZE);
    memcpy(test_scratch, "/hostile", 8);
    status_t status = message_call(server_now(), &message, &reply);
    EXPECT(status == OK || status == DISCARDED);
    EXPECT(status != OK || reply.words[0] < STATUS_COUNT);
    if (reply.page_count != 0) {
        EXPECT_OK(memory_free(reply.pages, reply.page_count));
    }
    if (pages != 0) {
        (void)memory_free(address, pages);           /* unless they were given */
    }
}

static void try_shapes(uint32_t place, uint32_t operation)
{
    static const uint32_t sizes[] = { 0, 1, 12, VFS_PATH_MAX, VFS_PATH_MAX + 1, 2 * VFS_PATH_MAX + 2, VFS_TRANSFER_MAX, VFS_TRANSFER_MAX + 1,
                                      TEST_SCRATCH_SIZE };
    uint32_t handle = open_place(place);

    for (uint32_t i = 0; i < COUNT(sizes); i++) {
        call_with(operation, handle, 0, sizes[i], 0);
        call_with(operation, handle, UINT32_MAX, sizes[i], 0);
    }
    call_with(operation, handle, 0, 0, 1);
    call_with(operation, handle, UINT32_MAX, 12, 3);
    close_place(handle);
}

static void requests_of_every_shape_are_answered(void)
{
    process_id_t server = server_now();
    uint32_t frames = 0;

    for (uint32_t turn = 0; turn < 2; turn++) {          /* in the first it takes the memory that it needs */
        frames = frames_of_server();
        for (uint32_t place = 0; place < COUNT(places); place++) {
            for (uint32_t operation = 0; operation < OPERATIONS; operation++) {
                try_shapes(place, operation);
            }
        }
        remove_places();
    }
    EXPECT_EQUAL(server, server_now());
    EXPECT(frames_of_server() <= frames + FRAMES_MORE);
    EXPECT_EQUAL(0, vfs_open_files("/tmp") + vfs_open_files("/fat16") + vfs_open_files("/cd"));
}

/* ---- Numbers ---- */

static void read_at(uint32_t handle, uint64_t position, uint32_t count)
{
    struct vfs_call_range range = { handle, (uint32_t)position, (uint16_t)(position >> 32), (uint16_t)count };
    struct payload room = { .buffer = test_scratch, .buffer_size = TEST_SCRATCH_SIZE };
    struct payload pages = { 0 };
    struct vfs_call_bytes bytes;
    struct vfs_call_few few;

    status_t status = vfs_call_read(server_now(), &range, NULL, &room);
    EXPECT(status == OK || status == BAD_ARGUMENT || status == IS_DIRECTORY);
    EXPECT(status != OK || room.reply_string_size <= count);
    status = vfs_call_read_few(server_now(), &range, &few);
    EXPECT(status == OK || status == BAD_ARGUMENT || status == IS_DIRECTORY);
    status = vfs_call_read_pages(server_now(), &range, &bytes, &pages);
    EXPECT(status == OK || status == BAD_ARGUMENT || status == IS_DIRECTORY);
    if (status == OK && pages.reply_page_count != 0) {
        EXPECT(pages.reply_page_count <= count);
        EXPECT_OK(memory_free((uint32_t)pages.reply_pages, pages.reply_page_count));
    }
}

static void numbers_that_wrap_reach_nothing(void)
{
    static const uint64_t positions[] = { 0, 1, 4095, 4096, 0x7FFFFFFF, 0xFFFFF000, 0xFFFFFFFF, 1ULL << 32, (1ULL << 32) + 4096, (1ULL << 47),
                                          VFS_POSITION_MAX - 4095, VFS_POSITION_MAX };
    static const uint32_t counts[] = { 0, 1, 8, 9, 256, 257, 32768, 32769, 65535 };

    for (uint32_t place = 0; place < COUNT(places); place++) {
        uint32_t handle = open_place(place);

        for (uint32_t i = 0; i < COUNT(positions) * COUNT(counts); i++) {
            read_at(handle, positions[i / COUNT(counts)], counts[i % COUNT(counts)]);
        }
        close_place(handle);
    }
    remove_places();
}

static void cursors_that_nobody_gave_end(void)
{
    struct dice dice = dice_take(1);

    for (uint32_t place = 0; place < COUNT(places); place++) {
        uint32_t handle = open_place(place);

        for (uint32_t i = 0; i < CURSORS; i++) {
            uint32_t cursor = i < 4 ? UINT32_MAX - i : i < 8 ? 0x7FFFFFFF + i : dice_throw(&dice, UINT32_MAX) >> dice_throw(&dice, 32);
            struct payload room = { .buffer = test_scratch, .buffer_size = VFS_LIST_MAX };
            struct vfs_call_next next;

            status_t status = vfs_call_list(server_now(), &(struct vfs_call_cursor){ handle, cursor }, &next, &room);
            EXPECT(status == OK || status == FAULT || status == NOT_DIRECTORY);
            (void)vfs_call_mounts(server_now(), &(struct vfs_call_cursor){ 0, cursor | 16 }, &(struct vfs_mount_description){ 0 });
        }
        close_place(handle);
    }
    remove_places();
}

/* ---- Handles of others ---- */

static void vfs_thief(int argc, char **argv)
{
    uint32_t handle = test_number(argv[1]);
    struct payload room = { .buffer = test_scratch, .buffer_size = TEST_SCRATCH_SIZE };
    struct payload bytes = { .string = test_scratch, .string_size = 4 };
    struct vfs_call_written written;
    struct vfs_call_bytes read;
    struct vfs_call_next next;
    struct vfs_passed passed = { .handle = handle };
    process_id_t server = server_now();
    (void)argc;

    EXPECT_STATUS(NOT_FOUND, vfs_call_read(server, &(struct vfs_call_range){ handle, 0, 0, 4 }, NULL, &room));
    EXPECT_STATUS(NOT_FOUND, vfs_call_read_few(server, &(struct vfs_call_range){ handle, 0, 0, 4 }, &(struct vfs_call_few){ 0 }));
    EXPECT_STATUS(NOT_FOUND, vfs_call_read_pages(server, &(struct vfs_call_range){ handle, 0, 0, 1 }, &read, &room));
    EXPECT_STATUS(NOT_FOUND, vfs_call_write(server, &(struct vfs_call_range){ handle, 0, 0, 4 }, &written, &bytes));
    EXPECT_STATUS(NOT_FOUND, vfs_call_describe(server, &(struct vfs_call_handle){ handle }, &(struct vfs_description){ 0 }));
    EXPECT_STATUS(NOT_FOUND, vfs_call_resize(server, &(struct vfs_call_size){ handle, 0, 0 }, NULL));
    EXPECT_STATUS(NOT_FOUND, vfs_call_list(server, &(struct vfs_call_cursor){ handle, 0 }, &next, &room));
    EXPECT_STATUS(NOT_FOUND, vfs_call_synchronise(server, &(struct vfs_call_handle){ handle }, NULL));
    EXPECT_STATUS(NOT_FOUND, vfs_call_pass(server, &(struct vfs_call_handle){ handle }, &(struct vfs_passed){ 0 }));
    EXPECT_STATUS(NOT_FOUND, vfs_call_take(server, &passed, &(struct vfs_call_opened){ 0 }));
    EXPECT_STATUS(NOT_FOUND, vfs_call_close(server, &(struct vfs_call_handle){ handle }, NULL));
    for (uint32_t i = 1; i < 4096; i++) {                /* all places that a handle may have, and the same one in other lives */
        EXPECT_STATUS(NOT_FOUND, vfs_call_close(server, &(struct vfs_call_handle){ handle ^ i }, NULL));
        EXPECT_STATUS(NOT_FOUND, vfs_call_close(server, &(struct vfs_call_handle){ handle + (i << 12) }, NULL));
    }
}

static void handles_of_others_lead_nowhere(void)
{
    static const char *const files[] = { "/tmp/hostile", "/fat16/hostile" };

    for (uint32_t i = 0; i < COUNT(files); i++) {
        struct vfs_file file;
        process_id_t thief;
        uint32_t count;
        char bytes[8];

        EXPECT_OK(vfs_file_open(&file, files[i], VFS_READ | VFS_WRITE | VFS_CREATE));
        EXPECT_OK(vfs_file_write(&file, 0, "mine", 4, &count, NULL));
        EXPECT_OK(test_spawn(CLASS_DRIVER, "vfs_thief", &thief, test_digits(file.handle).text, NULL));
        EXPECT_EQUAL(0, test_wait_exit(thief));
        EXPECT_OK(vfs_file_read(&file, 0, bytes, sizeof bytes, &count));
        EXPECT(count == 4 && memcmp(bytes, "mine", 4) == 0);
        vfs_file_close(&file);
    }
    remove_places();
}

/* ---- Requests that nobody waits for ---- */

static void requests_that_are_only_sent_fill_nothing(void)
{
    uint32_t handle = open_place(1);
    uint32_t frames = frames_of_server();
    struct message message = { .words = { PROTOCOL_HEADER(0x0021, 1, 5), handle, 0, 16384U << 16 }, .string = test_scratch, .string_size = 16384 };

    for (uint32_t i = 0; i < SENT; i++) {
        status_t status = message_send(server_now(), &message);

        EXPECT(status == OK || status == OVER_QUOTA);
        if (i % 64 == 0) {
            EXPECT(frames_of_server() <= frames + 64);
        }
    }
    close_place(handle);
    EXPECT_OK(vfs_path_remove("/fat16/hostile", false));
}

const struct test vfs_hostile_tests[] = {
    TEST_OF(GROUP_FILES, 60, CLASS_APPLICATION, requests_of_every_shape_are_answered),
    TEST_OF(GROUP_FILES, 30, CLASS_APPLICATION, numbers_that_wrap_reach_nothing),
    TEST_OF(GROUP_FILES, 30, CLASS_APPLICATION, cursors_that_nobody_gave_end),
    TEST_OF(GROUP_FILES, 30, CLASS_DRIVER, handles_of_others_lead_nowhere),
    TEST_OF(GROUP_FILES, 60, CLASS_APPLICATION, requests_that_are_only_sent_fill_nothing),
};
const uint32_t vfs_hostile_test_count = COUNT(vfs_hostile_tests);
const struct role vfs_hostile_roles[] = { ROLE(vfs_thief) };
const uint32_t vfs_hostile_role_count = COUNT(vfs_hostile_roles);

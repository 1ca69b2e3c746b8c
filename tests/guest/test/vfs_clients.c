/* s\vfs: many clients, much, and what they do wrong. */
#include <ternion/format.h>
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/thread.h>

#include "dice.h"
#include "files.h"
#include "vfs_place.h"

#define READERS 64U
#define FILES 10000U
#define STACK_BYTES 16384U

static void create(const char *path)
{
    struct vfs_file file;

    EXPECT_OK(vfs_file_open(&file, path, VFS_WRITE | VFS_CREATE));
    vfs_file_close(&file);
}

/* ---- Much ---- */

static void ten_thousand_files_have_room_in_one_directory(void)
{
    char path[64];

    EXPECT_OK(vfs_path_make_directory("/tmp/many"));
    for (uint32_t i = 0; i < FILES; i++) {
        format_text(path, sizeof path, "/tmp/many/file-%u", i);
        create(path);
    }
    EXPECT_EQUAL(FILES, vfs_count_entries("/tmp/many", ""));
    EXPECT_EQUAL(1, vfs_count_entries("/tmp/many", "file-9999"));
    for (uint32_t i = 0; i < FILES; i++) {
        format_text(path, sizeof path, "/tmp/many/file-%u", i);
        EXPECT_OK(vfs_path_remove(path, false));
    }
    EXPECT_OK(vfs_path_remove("/tmp/many", true));
}

static void files_that_fill_tmp_are_told_so_and_it_is_usable_again(void)
{
    uint8_t *bytes = test_scratch;
    struct vfs_file file;
    uint32_t count = 0;
    uint64_t size = 0;
    status_t status = OK;

    EXPECT_OK(vfs_file_open(&file, "/tmp/full", VFS_READ | VFS_WRITE | VFS_CREATE));
    while (status == OK) {
        status = vfs_file_write(&file, size, bytes, VFS_TRANSFER_MAX, &count, NULL);
        size += count;
        EXPECT(size <= 4U << 20);
    }
    EXPECT_STATUS(NO_SPACE, status);
    EXPECT(size >= 1U << 20);
    EXPECT_STATUS(NO_SPACE, vfs_file_write(&file, size + PAGE_SIZE, bytes, 1, &count, NULL));
    EXPECT_OK(vfs_file_resize(&file, 0));
    EXPECT_OK(vfs_file_write(&file, 0, bytes, VFS_TRANSFER_MAX, &count, NULL));
    vfs_file_close(&file);
    EXPECT_OK(vfs_path_remove("/tmp/full", false));
}

/* ---- Readers ---- */

static struct vfs_file shared;
static uint32_t expected_sum;
static uint32_t finished;

static uint32_t sum_of(struct vfs_file *file)
{
    uint8_t bytes[1000];
    uint32_t sum = 0, count;
    uint64_t position = 0;

    do {
        EXPECT_OK(vfs_file_read(file, position, bytes, sizeof bytes, &count));
        for (uint32_t i = 0; i < count; i++) {
            sum = sum * 31 + bytes[i];
        }
        position += count;
    } while (count == sizeof bytes);
    return sum;
}

static void reader(void *unused)
{
    (void)unused;
    struct vfs_file own;

    EXPECT_OK(vfs_file_open(&own, "/boot/hello_driver.elf", VFS_READ));
    EXPECT_EQUAL(expected_sum, sum_of(&own));
    EXPECT_EQUAL(expected_sum, sum_of(&shared));
    vfs_file_close(&own);
    __atomic_fetch_add(&finished, 1, __ATOMIC_SEQ_CST);
}

static void file_is_read_by_sixty_four_at_once(void)
{
    EXPECT_OK(vfs_file_open(&shared, "/boot/hello_driver.elf", VFS_READ));
    expected_sum = sum_of(&shared);
    for (uint32_t i = 0; i < READERS; i++) {
        EXPECT_OK(thread_start(reader, NULL, STACK_BYTES, NULL));
    }
    while (__atomic_load_n(&finished, __ATOMIC_SEQ_CST) < READERS) {
        clock_sleep(MILLISECOND);
    }
    vfs_file_close(&shared);
}

static process_id_t server_now(void)
{
    process_id_t server;

    EXPECT_OK(name_wait(VFS_SERVER, clock_after(5 * SECOND), &server));
    return server;
}

static void vfs_reads_on(int argc, char **argv)
{
    struct vfs_file file;
    (void)argc;

    expected_sum = test_number(argv[1]);
    EXPECT_OK(vfs_file_open(&file, "/boot/hello_driver.elf", VFS_READ));
    process_id_t first = server_now();
    while (server_now() == first) {
        EXPECT_EQUAL(expected_sum, sum_of(&file));
    }
    EXPECT_EQUAL(expected_sum, sum_of(&file));
    vfs_file_close(&file);
}

static void files_are_read_on_when_the_file_server_dies(void)
{
    process_id_t readers[4];
    uint32_t count;

    EXPECT_OK(vfs_file_open(&shared, "/boot/hello_driver.elf", VFS_READ));
    expected_sum = sum_of(&shared);
    for (uint32_t i = 0; i < COUNT(readers); i++) {
        EXPECT_OK(test_spawn(CLASS_APPLICATION, "vfs_reads_on", &readers[i], test_digits(expected_sum).text, NULL));
    }
    clock_sleep(50 * MILLISECOND);
    create("/tmp/lost");
    struct vfs_file lost;
    EXPECT_OK(vfs_file_open(&lost, "/tmp/lost", VFS_READ | VFS_WRITE));
    EXPECT_OK(process_terminate(server_now(), 0));
    EXPECT_EQUAL(expected_sum, sum_of(&shared));
    for (uint32_t i = 0; i < COUNT(readers); i++) {
        struct event event;

        test_wait_event(&event, EVENT_PROCESS_EXITED);   /* in whatever order */
        EXPECT_EQUAL(0, event.count);
    }
    EXPECT_STATUS(NOT_FOUND, vfs_file_write(&lost, 0, "x", 1, &count, NULL));
    vfs_file_close(&lost);
    vfs_file_close(&shared);
}

/* ---- Clients that end ---- */

static void vfs_opens_all_it_can(int argc, char **argv)
{
    uint32_t opened = 0;
    struct vfs_file file;
    (void)argc;
    (void)argv;

    while (vfs_file_open(&file, "/tmp/removed", VFS_READ) == OK) {
        opened++;
        EXPECT(opened <= 1000);
    }
    EXPECT_EQUAL(256, opened);
}

static void files_of_clients_that_end_are_closed(void)
{
    struct vfs_mount_description mount;
    struct vfs_file file;
    uint8_t *bytes = test_scratch;
    uint32_t count;
    uint64_t before = 0, after = 1;
    process_id_t id;

    for (uint32_t turn = 0; turn < 20; turn++) {         /* more than the server has handles, if it keeps them */
        EXPECT_OK(vfs_file_open(&file, "/tmp/removed", VFS_WRITE | VFS_CREATE));
        EXPECT_OK(vfs_file_write(&file, 0, bytes, TEST_SCRATCH_SIZE, &count, NULL));
        vfs_file_close(&file);
        EXPECT_OK(test_spawn(CLASS_APPLICATION, "vfs_opens_all_it_can", &id, NULL));
        EXPECT_EQUAL(0, test_wait_exit(id));
        EXPECT_OK(vfs_path_remove("/tmp/removed", false));
        for (uint32_t i = 0; vfs_mount_at(i, &mount) == OK; i++) {
            after = strcmp(mount.path, "/tmp") == 0 ? mount.free : after;
        }
        before = turn == 0 ? after : before;
    }
    EXPECT_EQUAL(before, after);
}

static void vfs_takes(int argc, char **argv)
{
    const struct vfs_passed passed = { test_number(argv[1]), test_number(argv[2]), test_number(argv[3]) };
    char text[8];
    struct vfs_file file;
    uint32_t count;
    (void)argc;

    EXPECT_OK(vfs_file_take(&file, &passed, "/none", VFS_READ));
    EXPECT_OK(vfs_file_read(&file, 0, text, sizeof text, &count));
    EXPECT(count == 6 && memcmp(text, "passed", 6) == 0);
    vfs_file_close(&file);
}

static void files_are_passed_on_to_other_processes(void)
{
    struct vfs_file file;
    struct vfs_passed passed;
    process_id_t id;
    uint32_t count;

    EXPECT_OK(vfs_file_open(&file, "/tmp/passed", VFS_READ | VFS_WRITE | VFS_CREATE));
    EXPECT_OK(vfs_file_write(&file, 0, "passed", 6, &count, NULL));
    EXPECT_OK(vfs_path_remove("/tmp/passed", false));
    EXPECT_OK(vfs_file_pass(&file, &passed));
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "vfs_takes", &id, test_digits(passed.handle).text, test_digits(passed.key_low).text,
                         test_digits(passed.key_high).text, NULL));
    EXPECT_EQUAL(0, test_wait_exit(id));
    vfs_file_close(&file);
    EXPECT_STATUS(NOT_FOUND, vfs_file_take(&file, &passed, "/tmp/passed", VFS_READ));
}

/* ---- Requests that nobody should make ---- */

static void hostile_requests_about_files_are_refused(void)
{
    uint8_t *bytes = test_scratch;
    process_id_t server = server_now();
    struct vfs_call_opened opened;
    struct payload path = { .string = "/tmp/hostile", .string_size = 12 };
    struct payload string = { .string = bytes, .string_size = 100 };
    struct payload room = { .buffer = bytes, .buffer_size = VFS_TRANSFER_MAX };
    struct vfs_call_written written;

    EXPECT_OK(vfs_call_open(server, &(struct vfs_call_flags){ VFS_READ | VFS_WRITE | VFS_CREATE }, &opened, &path));
    EXPECT_STATUS(NOT_FOUND, vfs_call_close(server, &(struct vfs_call_handle){ opened.handle + 1 }, NULL));
    EXPECT_STATUS(NOT_FOUND, vfs_call_close(server, &(struct vfs_call_handle){ opened.handle ^ 1U << 31 }, NULL));
    EXPECT_STATUS(BAD_ARGUMENT, vfs_call_write(server, &(struct vfs_call_range){ opened.handle, 0, 0, 99 }, &written, &string));
    EXPECT_STATUS(TOO_BIG, vfs_call_write(server, &(struct vfs_call_range){ opened.handle, 0, 0xFFFF, 100 }, &written, &string));
    EXPECT_STATUS(BAD_ARGUMENT, vfs_call_read(server, &(struct vfs_call_range){ opened.handle, 0, 0, 0xFFFF }, NULL, &room));
    EXPECT_STATUS(TOO_BIG, vfs_call_resize(server, &(struct vfs_call_size){ opened.handle, 0, 0xFFFFFFFF }, NULL));
    path = (struct payload){ .string = "/tmp/a\0b", .string_size = 8 };
    EXPECT_STATUS(BAD_NAME, vfs_call_make_directory(server, NULL, NULL, &path));
    EXPECT_STATUS(NOT_FOUND, vfs_call_rename(server, NULL, NULL, &(struct payload){ .string = "/tmp/x\0/tmp/y", .string_size = 13 }));
    EXPECT_STATUS(BAD_NAME, vfs_call_rename(server, NULL, NULL, &(struct payload){ .string = "/tmp/x\0", .string_size = 7 }));
    EXPECT_STATUS(BAD_NAME, vfs_call_rename(server, NULL, NULL, &(struct payload){ .string = "/tmp/x", .string_size = 6 }));
    EXPECT_STATUS(NOT_ALLOWED, vfs_mount("disks\\ram\\0", "/x", NULL, 0));
    EXPECT_STATUS(NOT_ALLOWED, vfs_unmount("/tmp"));
    EXPECT_OK(vfs_call_close(server, &(struct vfs_call_handle){ opened.handle }, NULL));
    EXPECT_STATUS(NOT_FOUND, vfs_call_close(server, &(struct vfs_call_handle){ opened.handle }, NULL));
    EXPECT_OK(vfs_path_remove("/tmp/hostile", false));
}

static uint32_t word(struct dice *dice)
{
    return dice_throw(dice, UINT32_MAX) >> dice_throw(dice, 32);
}

/* Anything at all, in all words and strings: whatever is answered, the server lives. */
static void random_requests_do_not_harm_the_file_server(void)
{
    static uint8_t bytes[256];
    process_id_t server = server_now();
    struct dice dice = dice_take(1);

    for (uint32_t turn = 0; turn < 3000; turn++) {
        struct message message = { .words = { PROTOCOL_HEADER(0x0021, 1, dice_throw(&dice, 22)), word(&dice),
                                              word(&dice), word(&dice) },
                                   .string = bytes, .string_size = dice_throw(&dice, sizeof bytes) };
        struct reply reply = { .buffer = bytes, .buffer_size = sizeof bytes };

        for (uint32_t i = 0; i < message.string_size; i++) {
            bytes[i] = "/tmpx/.\0"[dice_throw(&dice, 8)];
        }
        if (protocol_header_number(message.words[0]) == 10) {
            continue;            /* it would make directories with such names */
        }
        (void)message_call(server, &message, &reply);
        if (reply.page_count != 0) {
            EXPECT_OK(memory_free(reply.pages, reply.page_count));
        }
    }
    EXPECT_EQUAL(server, server_now());
}

const struct test vfs_clients_tests[] = {
    TEST_OF(GROUP_FILES, 30, CLASS_APPLICATION, ten_thousand_files_have_room_in_one_directory),
    TEST(CLASS_APPLICATION, files_that_fill_tmp_are_told_so_and_it_is_usable_again),
    TEST(CLASS_APPLICATION, file_is_read_by_sixty_four_at_once),
    TEST(CLASS_SERVER, files_are_read_on_when_the_file_server_dies),
    TEST(CLASS_APPLICATION, files_of_clients_that_end_are_closed),
    TEST(CLASS_APPLICATION, files_are_passed_on_to_other_processes),
    TEST(CLASS_APPLICATION, hostile_requests_about_files_are_refused),
    TEST(CLASS_APPLICATION, random_requests_do_not_harm_the_file_server),
};
const uint32_t vfs_clients_test_count = COUNT(vfs_clients_tests);
const struct role vfs_clients_roles[] = { ROLE(vfs_reads_on), ROLE(vfs_opens_all_it_can), ROLE(vfs_takes) };
const uint32_t vfs_clients_role_count = COUNT(vfs_clients_roles);

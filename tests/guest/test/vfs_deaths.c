/*
 * s\vfs is killed at random moments, and started again by the test, as the supervisor would: under those who read, who notice nothing; and under
 * those who write, who are told the truth. The disks are those of file_server.list.
 */
#include <ternion/format.h>
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>

#include "dice.h"
#include "files.h"
#include "module_spawn.h"
#include "vfs_place.h"

#define READERS 6U
#define READER_DEATHS 150U
#define WRITERS 3U
#define WRITER_DEATHS 250U
#define NAMERS 2U
#define RECORD 100U              /* bytes */
#define RECORDS_LEAST 20U
#define LIFE_US 40000U            /* of s\vfs, at most; it has mounted its disks after some 6,000 */
#define LARGE_BYTES 300000U
#define ENOUGH "t\\enough"       /* a device of this name says that it is */
#define DISK "disks\\ram\\0"
#define DISK_SECTORS 2880U

static process_id_t server;

static void start_server(void)
{
    server = module_spawn("vfs.elf", CLASS_SERVER, "vfs", "s\\vfs", "mount=disks\\ram\\0:/fat12", "mount=disks\\image\\cd:/cd", "tmp=1024", NULL);
}

static void end_server(void)
{
    EXPECT_OK(process_terminate(server, 0));
    EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(server));
}

static bool is_enough(void)
{
    struct device_information information;

    return device_find(ENOUGH, sizeof ENOUGH - 1, 0, &information) == OK;
}

/* So many deaths, while others go on; then it is enough, and they end well. */
static void kill_server(uint32_t deaths, uint32_t others, uint32_t seed)
{
    struct dice dice = dice_take(seed);
    struct event event;
    device_id_t id;

    for (uint32_t i = 0; i < deaths; i++) {
        clock_sleep(dice_throw(&dice, LIFE_US) * MICROSECOND);
        end_server();
        start_server();
    }
    EXPECT_OK(device_register(ENOUGH, sizeof ENOUGH - 1, DEVICE_TONE, 0, &id));
    for (uint32_t i = 0; i < others; i++) {
        EXPECT_OK(event_wait(&event, clock_after(20 * SECOND)));
        EXPECT(event.kind == EVENT_PROCESS_EXITED && event.count == 0);
    }
    EXPECT_OK(device_remove(id));
}

/* ---- Who reads ---- */

static void read_part(struct vfs_file *file, struct dice *dice)
{
    uint32_t at = dice_throw(dice, LARGE_BYTES), size = dice_throw(dice, 3000), count;
    void *pages;

    EXPECT_OK(vfs_file_read(file, at, test_scratch, size, &count));
    EXPECT_EQUAL(size < LARGE_BYTES - at ? size : LARGE_BYTES - at, count);
    for (uint32_t i = 0; i < count; i++) {
        EXPECT(test_scratch[i] == vfs_byte(at + i, 0));
    }
    at -= at % PAGE_SIZE;
    EXPECT_OK(vfs_file_read_pages(file, at, 1, &pages, &count));
    EXPECT(((uint8_t *)pages)[count - 1] == vfs_byte(at + count - 1, 0));
    EXPECT_OK(memory_free((uint32_t)pages, PAGES(count)));
}

static void vfs_patient_reader(int argc, char **argv)
{
    static const char *const places[] = { "/cd", "/fat12" };
    uint32_t number = test_number(argv[1]), turns = 0;
    struct dice dice = dice_take(number + 1);
    struct vfs_description description;
    struct vfs_file file, list;
    char byte;
    uint32_t count, cursor;
    (void)argc;

    vfs_place = places[number % COUNT(places)];
    vfs_open(&file, "deep/er/file.bin", VFS_READ);
    vfs_open(&list, "", VFS_READ);
    for (; !is_enough(); turns++) {
        read_part(&file, &dice);
        EXPECT_OK(vfs_file_describe(&file, &description));
        EXPECT_EQUAL(LARGE_BYTES, description.size);
        EXPECT_STATUS(IS_DIRECTORY, vfs_file_read(&list, 0, &byte, 1, &count));
        cursor = 0;
        EXPECT_OK(vfs_file_list(&list, &cursor, test_scratch, &count));
        EXPECT(count != 0);
        vfs_expect_text("readme.txt", "hello\n");
    }
    vfs_file_close(&list);
    vfs_file_close(&file);
    EXPECT(turns > 10);
}

static void readers_do_not_notice_that_the_file_server_dies(void)
{
    process_id_t id;

    start_server();
    for (uint32_t i = 0; i < READERS; i++) {
        EXPECT_OK(test_spawn(CLASS_APPLICATION, "vfs_patient_reader", &id, test_digits(i).text, NULL));
    }
    kill_server(READER_DEATHS, READERS, 1);
    end_server();
}

/* ---- Who writes ---- */

static void make_record(char record[RECORD + 1], uint32_t writer, uint32_t number)
{
    memset(record, '.', RECORD);
    record[format_text(record, RECORD, "writer %u, record %u ", writer, number)] = '.';
    record[RECORD - 1] = '\n';
}

/* Is the record there that nobody knows of? */
static bool is_written(struct vfs_file *file, uint32_t number)
{
    struct vfs_description description;

    EXPECT_OK(vfs_file_describe(file, &description));
    EXPECT(description.size == number * RECORD || description.size == (number + 1) * RECORD);
    return description.size != number * RECORD;
}

static void write_record(struct vfs_file *file, uint32_t writer, uint32_t number, uint32_t *doubts)
{
    char record[RECORD + 1];
    uint32_t count;
    status_t status;

    make_record(record, writer, number);
    while ((status = vfs_file_write(file, 0, record, RECORD, &count, NULL)) == PEER_DIED) {
        ++*doubts;
        if (is_written(file, number)) {
            return;
        }
    }
    EXPECT_OK(status);
    EXPECT_EQUAL(RECORD, count);
}

static void expect_records(const char *name, uint32_t writer, uint32_t count)
{
    char record[RECORD + 1], found[RECORD];
    struct vfs_file file;
    uint32_t read;

    vfs_open(&file, name, VFS_READ);
    EXPECT(file.size_at_open == count * RECORD);
    for (uint32_t i = 0; i < count; i++) {
        make_record(record, writer, i);
        EXPECT_OK(vfs_file_read(&file, i * RECORD, found, RECORD, &read));
        EXPECT(read == RECORD && memcmp(record, found, RECORD) == 0);
    }
    vfs_file_close(&file);
}

static void vfs_sure_writer(int argc, char **argv)
{
    uint32_t writer = test_number(argv[1]), number = 0, doubts = 0;
    char name[30];
    struct vfs_file file;
    (void)argc;

    vfs_place = "/fat12";
    format_text(name, sizeof name, "written by %u.txt", writer);
    vfs_open(&file, name, VFS_WRITE | VFS_CREATE | VFS_APPEND);
    for (; !is_enough(); number++) {
        write_record(&file, writer, number, &doubts);
    }
    vfs_file_close(&file);
    expect_records(name, writer, number);
    EXPECT(number > RECORDS_LEAST);
    EXPECT(doubts != 0);
}

/* After PEER_DIED it is there, or not, and nothing else: doing it again does it. */
static void make_surely(const char *name, bool is_directory)
{
    status_t status;

    do {
        status = is_directory ? vfs_path_make_directory(vfs_at(name)) : vfs_open_status(name, VFS_WRITE | VFS_CREATE | VFS_EXCLUSIVE);
        status_t found = vfs_open_status(name, VFS_READ);
        EXPECT(found == OK || (status == PEER_DIED && found == NOT_FOUND));
    } while (status == PEER_DIED);
    EXPECT(status == OK || status == EXISTS);
}

static void remove_surely(const char *name, bool is_directory)
{
    status_t status;

    do {
        status = vfs_path_remove(vfs_at(name), is_directory);
        status_t found = vfs_open_status(name, VFS_READ);
        EXPECT(found == NOT_FOUND || (status == PEER_DIED && found == OK));
    } while (status == PEER_DIED);
    EXPECT(status == OK || status == NOT_FOUND);
}

static status_t rename_surely(const char *from, const char *to)
{
    status_t status;

    while ((status = vfs_path_rename(vfs_at(from), vfs_at(to))) == PEER_DIED) {
    }
    return status == NOT_FOUND ? vfs_open_status(to, VFS_READ) : status;     /* it was done before the server died */
}

static void vfs_sure_namer(int argc, char **argv)
{
    char name[40], other[40];
    uint32_t turns = 0;
    (void)argc;

    vfs_place = "/fat12/many";
    format_text(name, sizeof name, "a file that comes and goes %s", argv[1]);
    format_text(other, sizeof other, "renamed %s", argv[1]);
    for (; !is_enough(); turns++) {
        make_surely(name, false);
        EXPECT_OK(rename_surely(name, other));
        EXPECT_STATUS(NOT_FOUND, vfs_open_status(name, VFS_READ));
        remove_surely(other, false);
        make_surely(name, true);
        remove_surely(name, true);
    }
    EXPECT(turns > 4);
}

static void writers_are_told_the_truth_when_the_file_server_dies(void)
{
    process_id_t id;

    start_server();
    for (uint32_t i = 0; i < WRITERS; i++) {
        EXPECT_OK(test_spawn(CLASS_APPLICATION, "vfs_sure_writer", &id, test_digits(i).text, NULL));
    }
    for (uint32_t i = 0; i < NAMERS; i++) {
        EXPECT_OK(test_spawn(CLASS_APPLICATION, "vfs_sure_namer", &id, test_digits(i).text, NULL));
    }
    kill_server(WRITER_DEATHS, WRITERS + NAMERS, 2);
    vfs_disk_give(DISK, "fat12", DISK_SECTORS);
    end_server();
}

/* ---- The driver of the disk ---- */

static void files_on_a_disk_whose_driver_died_are_absent(void)
{
    struct vfs_file file;
    process_id_t driver;
    uint32_t count;
    char byte;

    start_server();
    vfs_place = "/fat12";
    vfs_write_text("lost", "with the driver");
    vfs_open(&file, "readme.txt", VFS_READ);
    EXPECT_OK(vfs_file_read(&file, 0, &byte, 1, &count));
    EXPECT_OK(name_find("d\\virtual", &driver));
    EXPECT_OK(process_terminate(driver, 0));             /* d\init starts it again */
    EXPECT_STATUS(ABSENT, vfs_file_read(&file, 0, &byte, 1, &count));
    vfs_expect_text("readme.txt", "hello\n");            /* of the image, with which the disk begins again */
    EXPECT_STATUS(NOT_FOUND, vfs_open_status("lost", VFS_READ));
    EXPECT_STATUS(ABSENT, vfs_file_read(&file, 0, &byte, 1, &count));
    vfs_file_close(&file);
    end_server();
}

const struct test vfs_deaths_tests[] = {
    TEST_OF(GROUP_FILE_SERVER, 90, CLASS_DRIVER, readers_do_not_notice_that_the_file_server_dies),
    TEST_OF(GROUP_FILE_SERVER, 90, CLASS_DRIVER, writers_are_told_the_truth_when_the_file_server_dies),
    TEST_OF(GROUP_FILE_SERVER, 60, CLASS_DRIVER, files_on_a_disk_whose_driver_died_are_absent),
};
const uint32_t vfs_deaths_test_count = COUNT(vfs_deaths_tests);
const struct role vfs_deaths_roles[] = { ROLE(vfs_patient_reader), ROLE(vfs_sure_writer), ROLE(vfs_sure_namer) };
const uint32_t vfs_deaths_role_count = COUNT(vfs_deaths_roles);

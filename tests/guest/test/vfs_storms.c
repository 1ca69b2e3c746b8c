/* s\vfs: much of everything, many at once, and clients that end in the middle. The disks are those of files.list. */
#include <ternion/format.h>
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>

#include "dice.h"
#include "files.h"
#include "module_spawn.h"
#include "vfs_place.h"

#define READERS 64U
#define READS 40U
#define LARGE_BYTES 300000U
#define FULL_BYTES 100000U       /* of a file */
#define FAT_FILES 300U
#define NODES_MAX 16384U         /* of /tmp */
#define CLIENTS 4U
#define KILLS 2000U
#define KILLS_FIRST 500U         /* after which s\vfs has all the memory that it needs */
#define FRAMES_MORE 8U

/* ---- Much ---- */

static void many_files_have_room_in_a_directory_of_fat(void)
{
    char name[40];

    vfs_place = "/fat16/storm";
    EXPECT_OK(vfs_path_make_directory(vfs_place));
    for (uint32_t i = 0; i < FAT_FILES; i++) {
        format_text(name, sizeof name, "FILE%u", i);
        EXPECT_OK(vfs_open_status(name, VFS_WRITE | VFS_CREATE | VFS_EXCLUSIVE));
    }
    EXPECT_EQUAL(FAT_FILES, vfs_count_entries(vfs_place, ""));
    EXPECT_EQUAL(1, vfs_count_entries(vfs_place, "FILE123"));
    for (uint32_t i = 0; i < FAT_FILES; i++) {
        format_text(name, sizeof name, "file%u", (i * 7) % FAT_FILES);
        vfs_remove_file(name);
    }
    EXPECT_OK(vfs_path_remove(vfs_place, true));
}

static void tmp_has_so_many_names_and_no_more(void)
{
    uint32_t made = 0;
    char name[40];
    status_t status = OK;

    vfs_place = "/tmp/storm";
    EXPECT_OK(vfs_path_make_directory(vfs_place));
    while (status == OK) {
        format_text(name, sizeof name, "%u", made);
        status = vfs_open_status(name, VFS_WRITE | VFS_CREATE);
        made += status == OK;
    }
    EXPECT_STATUS(NO_SPACE, status);
    EXPECT(made <= NODES_MAX && made > NODES_MAX - 20);
    EXPECT_STATUS(NO_SPACE, vfs_path_make_directory(vfs_at("directory")));
    EXPECT_OK(vfs_path_rename(vfs_at("0"), vfs_at("renamed")));
    EXPECT_OK(vfs_path_rename(vfs_at("renamed"), vfs_at("0")));
    EXPECT_EQUAL(made, vfs_count_entries(vfs_place, ""));
    for (uint32_t i = made; i > 0; i--) {
        format_text(name, sizeof name, "%u", i - 1);
        vfs_remove_file(name);
    }
    EXPECT_OK(vfs_path_remove(vfs_place, true));
}

/* ---- Full ---- */

static void fill_bytes(uint32_t at, uint32_t size, uint32_t salt)
{
    for (uint32_t i = 0; i < size; i++) {
        test_scratch[i] = vfs_byte(at + i, salt);
    }
}

/* Writes a file until there is no more room: how many bytes it got. */
static uint32_t write_until_full(uint32_t number, status_t *status_out)
{
    char name[20];
    struct vfs_file file;
    uint32_t at = 0, count = 0;

    format_text(name, sizeof name, "FILE%u", number);
    *status_out = vfs_file_open(&file, vfs_at(name), VFS_WRITE | VFS_CREATE);
    while (*status_out == OK && at < FULL_BYTES) {
        uint32_t size = FULL_BYTES - at < 30000 ? FULL_BYTES - at : 30000;

        fill_bytes(at, size, number);
        *status_out = vfs_file_write(&file, at, test_scratch, size, &count, NULL);
        at += count;
    }
    vfs_file_close(&file);
    return at;
}

static void expect_filled(uint32_t number, uint32_t size)
{
    char name[20];
    struct vfs_file file;
    uint32_t count;

    format_text(name, sizeof name, "FILE%u", number);
    vfs_open(&file, name, VFS_READ);
    EXPECT_EQUAL(size, file.size_at_open);
    for (uint32_t at = 0; at < size; at += count) {
        EXPECT_OK(vfs_file_read(&file, at, test_scratch, TEST_SCRATCH_SIZE, &count));
        for (uint32_t i = 0; i < count; i++) {
            EXPECT(test_scratch[i] == vfs_byte(at + i, number));
        }
    }
    vfs_file_close(&file);
}

static void fill_and_empty(const char *place)
{
    struct vfs_mount_description before, full, after;
    uint32_t number = 0, last = 0;
    status_t status = OK;
    char name[20];

    vfs_place = place;
    vfs_mount_of(place, &before);
    EXPECT_OK(vfs_path_make_directory(place));
    while (status == OK) {
        last = write_until_full(number++, &status);
    }
    EXPECT_STATUS(NO_SPACE, status);
    vfs_mount_of(place, &full);
    EXPECT(full.free < 4096);
    for (uint32_t i = 0; i + 1 < number; i++) {
        expect_filled(i, FULL_BYTES);
    }
    expect_filled(number - 1, last);
    vfs_remove_file("FILE0");
    EXPECT_EQUAL(FULL_BYTES, write_until_full(0, &status));
    EXPECT_OK(status);
    expect_filled(0, FULL_BYTES);
    for (uint32_t i = 0; i < number; i++) {
        format_text(name, sizeof name, "FILE%u", i);
        vfs_remove_file(name);
    }
    EXPECT_OK(vfs_path_remove(place, true));
    vfs_mount_of(place, &after);
    EXPECT(before.free == after.free);
}

static void file_systems_that_are_full_lose_nothing_and_have_room_again(void)
{
    fill_and_empty("/tmp/full");
    fill_and_empty("/fat12/full");
}

/* ---- Many readers ---- */

static void vfs_storm_reader(int argc, char **argv)
{
    static const char *const paths[] = { "/cd/deep/er/file.bin", "/fat16/deep/er/file.bin", "/fat32/deep/er/file.bin", "/joliet/deep/er/file.bin" };
    uint32_t number = test_number(argv[1]);
    struct dice dice = dice_take(number + 1);
    struct vfs_file file;
    uint32_t count;
    void *pages;
    (void)argc;

    EXPECT_OK(vfs_file_open(&file, paths[number % COUNT(paths)], VFS_READ));
    EXPECT_EQUAL(LARGE_BYTES, file.size_at_open);
    for (uint32_t turn = 0; turn < READS; turn++) {
        uint32_t at = dice_throw(&dice, LARGE_BYTES), size = dice_throw(&dice, 5000);

        EXPECT_OK(vfs_file_read(&file, at, test_scratch, size, &count));
        EXPECT_EQUAL(size < LARGE_BYTES - at ? size : LARGE_BYTES - at, count);
        for (uint32_t i = 0; i < count; i++) {
            EXPECT(test_scratch[i] == vfs_byte(at + i, 0));
        }
        at -= at % PAGE_SIZE;
        EXPECT_OK(vfs_file_read_pages(&file, at, 2, &pages, &count));
        EXPECT(((uint8_t *)pages)[0] == vfs_byte(at, 0) && ((uint8_t *)pages)[count - 1] == vfs_byte(at + count - 1, 0));
        EXPECT_OK(memory_free((uint32_t)pages, PAGES(count)));
    }
    vfs_file_close(&file);
}

static void disks_are_read_by_sixty_four_processes_at_once(void)
{
    process_id_t readers[READERS];
    struct event event;

    for (uint32_t i = 0; i < READERS; i++) {
        EXPECT_OK(test_spawn(CLASS_APPLICATION, "vfs_storm_reader", &readers[i], test_digits(i).text, NULL));
    }
    for (uint32_t i = 0; i < READERS; i++) {
        EXPECT_OK(event_wait(&event, clock_after(60 * SECOND)));
        EXPECT(event.kind == EVENT_PROCESS_EXITED && event.count == 0);
    }
}

/* ---- Clients that are killed ---- */

static uint8_t entries[VFS_LIST_MAX] __attribute__((aligned(4)));

static process_id_t spawn_client(uint32_t seed)
{
    static uint32_t number;
    char name[20];

    format_text(name, sizeof name, "storm%u", ++number);
    return module_spawn("storm.elf", CLASS_APPLICATION, name, test_digits(seed).text, NULL);
}

static void kill_clients(uint32_t kills, uint32_t seed)
{
    process_id_t clients[CLIENTS];
    struct dice dice = dice_take(seed);

    for (uint32_t i = 0; i < CLIENTS; i++) {
        clients[i] = spawn_client(seed + i);
    }
    for (uint32_t turn = 0; turn < kills; turn++) {
        uint32_t victim = dice_throw(&dice, CLIENTS);

        clock_sleep(dice_throw(&dice, 1500) * MICROSECOND);
        EXPECT_OK(process_terminate(clients[victim], 0));
        EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(clients[victim]));
        clients[victim] = spawn_client(seed + 1000 + turn);
    }
    for (uint32_t i = 0; i < CLIENTS; i++) {
        EXPECT_OK(process_terminate(clients[i], 0));
        EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(clients[i]));
    }
}

static uint32_t open_files_of_all(void)
{
    struct vfs_mount_description mount;
    uint32_t count = 0;

    for (uint32_t i = 0; vfs_mount_at(i, &mount) == OK; i++) {
        count += mount.open_files;
    }
    return count;
}

/* What clients have left in a directory; it goes, too. */
static void clean(const char *place)
{
    const struct vfs_entry *entry;
    uint32_t cursor = 0, size, offset = 0;
    struct vfs_file directory;
    char name[VFS_NAME_MAX + 1];

    vfs_place = place;
    EXPECT_OK(vfs_file_open(&directory, place, VFS_READ | VFS_DIRECTORY));
    EXPECT_OK(vfs_file_list(&directory, &cursor, entries, &size));
    for (; (entry = vfs_entry_at(entries, size, offset)) != NULL; offset += entry->entry_size) {
        format_text(name, sizeof name, "%.*s", entry->name_size, entry->name);
        EXPECT_OK(vfs_path_remove(vfs_at(name), entry->kind == VFS_KIND_DIRECTORY));
    }
    vfs_file_close(&directory);
    EXPECT_OK(vfs_path_remove(place, true));
}

static uint32_t frames_of_server(void)
{
    struct process_information information;
    process_id_t server;

    EXPECT_OK(name_find(VFS_SERVER, &server));
    EXPECT_OK(process_information(server, &information));
    return information.frames;
}

/* One storm; what is left of it in s\vfs. */
static uint32_t storm(uint32_t kills, uint32_t seed)
{
    static const char *const places[] = { "/tmp/storm", "/fat16/storm", "/fat12/storm" };
    struct vfs_mount_description before[COUNT(places)], after;
    uint32_t open_before = open_files_of_all();

    for (uint32_t i = 0; i < COUNT(places); i++) {
        vfs_mount_of(places[i], &before[i]);
        EXPECT_OK(vfs_path_make_directory(places[i]));
    }
    kill_clients(kills, seed);
    nanoseconds_t deadline_ns = clock_after(10 * SECOND);
    while (open_files_of_all() != open_before) {         /* the end of a client is told behind its requests */
        EXPECT(clock_now() < deadline_ns);
        clock_sleep(10 * MILLISECOND);
    }
    for (uint32_t i = 0; i < COUNT(places); i++) {
        clean(places[i]);
        vfs_mount_of(places[i], &after);
        EXPECT(before[i].free == after.free);
    }
    return frames_of_server();
}

static void clients_killed_in_the_middle_leave_nothing_behind(void)
{
    uint32_t frames = storm(KILLS_FIRST, 1);

    EXPECT(storm(KILLS, 5000) <= frames + FRAMES_MORE);
}

/* ---- Mounts that come and go ---- */

#define MOUNTS 120U

static bool may_be(status_t status)
{
    return status == OK || status == NOT_FOUND || status == BUSY || status == FAULT;
}

/* Uses what may be mounted or not, until there is a file that says that it is enough. */
static void vfs_storm_visitor(int argc, char **argv)
{
    struct vfs_mount_description mount;
    struct vfs_description description;
    struct vfs_file file;
    uint32_t turns = 0, found = 0, count;
    char byte;
    (void)argc;
    (void)argv;

    while (vfs_path_describe("/tmp/enough", &description) != OK) {
        status_t status = vfs_file_open(&file, "/come and go/readme.txt", VFS_READ);

        EXPECT(may_be(status));
        if (status == OK) {
            EXPECT_OK(vfs_file_read(&file, 0, &byte, 1, &count));
            EXPECT(count == 1 && byte == 'h');
            vfs_file_close(&file);
            found++;
        }
        EXPECT(may_be(vfs_path_describe("/come and go/many", &description)));
        for (uint32_t i = 0; vfs_mount_at(i, &mount) == OK; i++) {
            EXPECT(mount.path[0] == '/');
        }
        (void)vfs_synchronise();
        turns++;
    }
    EXPECT(turns > MOUNTS / 4 && found > 0);
}

static void nobody_waits_for_a_mount_that_has_gone(void)
{
    process_id_t visitors[CLIENTS];
    uint32_t unmounted = 0;
    struct event event;

    vfs_disk_fill(VFS_SPARE_DISK);
    for (uint32_t i = 0; i < CLIENTS; i++) {
        EXPECT_OK(test_spawn(CLASS_APPLICATION, "vfs_storm_visitor", &visitors[i], NULL));
    }
    for (uint32_t turn = 0; turn < MOUNTS; turn++) {
        clock_sleep(MILLISECOND);
        EXPECT_STATUS(FAULT, vfs_mount(VFS_OTHER_SPARE_DISK, "/come and go", NULL, 0));
        EXPECT_OK(vfs_mount(VFS_SPARE_DISK, "/come and go", NULL, 0));
        clock_sleep(MILLISECOND);
        nanoseconds_t deadline_ns = clock_after(5 * SECOND);
        status_t status;
        while ((status = vfs_unmount("/come and go")) == BUSY) {
            EXPECT(clock_now() < deadline_ns);
        }
        EXPECT_OK(status);
        unmounted++;
    }
    EXPECT_OK(vfs_path_make_directory("/tmp/enough"));
    for (uint32_t i = 0; i < CLIENTS; i++) {
        EXPECT_OK(event_wait(&event, clock_after(10 * SECOND)));
        EXPECT(event.kind == EVENT_PROCESS_EXITED && event.count == 0);
    }
    EXPECT_OK(vfs_path_remove("/tmp/enough", true));
    EXPECT_EQUAL(MOUNTS, unmounted);
    vfs_disk_clear(VFS_SPARE_DISK);
}

const struct test vfs_storms_tests[] = {
    TEST_OF(GROUP_FILES, 30, CLASS_APPLICATION, many_files_have_room_in_a_directory_of_fat),
    TEST_OF(GROUP_FILES, 60, CLASS_APPLICATION, tmp_has_so_many_names_and_no_more),
    TEST_OF(GROUP_FILES, 60, CLASS_APPLICATION, file_systems_that_are_full_lose_nothing_and_have_room_again),
    TEST_OF(GROUP_FILES, 90, CLASS_APPLICATION, disks_are_read_by_sixty_four_processes_at_once),
    TEST_OF(GROUP_FILES, 200, CLASS_SERVER, clients_killed_in_the_middle_leave_nothing_behind),
    TEST_OF(GROUP_FILES, 90, CLASS_SERVER, nobody_waits_for_a_mount_that_has_gone),
};
const uint32_t vfs_storms_test_count = COUNT(vfs_storms_tests);
const struct role vfs_storms_roles[] = { ROLE(vfs_storm_reader), ROLE(vfs_storm_visitor) };
const uint32_t vfs_storms_role_count = COUNT(vfs_storms_roles);

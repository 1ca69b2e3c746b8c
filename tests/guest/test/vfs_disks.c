/* s\vfs: file systems on devices. */
#include <ternion/memory.h>
#include <ternion/server.h>
#include <ternion/storage.h>
#include <ternion/string.h>
#include <ternion/thread.h>

#include "files.h"
#include "vfs_place.h"

#define RAM_DISK "disks\\ram\\0"
#define SLOW_DISK "t\\slow"
#define SLOW_NS (150 * MILLISECOND)
#define STACK_BYTES 16384U

/* A FAT12 file system of 400 sectors: sector 0, a table of 2 sectors, a root directory of 1, clusters of 1. */
#define SECTOR 512U
#define TABLE 1U
#define ROOT 3U
#define DATA 4U
#define SIZE 1000U               /* bytes of FILE.TXT: clusters 2 and 5 */

static uint8_t byte_of(uint32_t at)
{
    return (uint8_t)(at * 3 + at / 256);
}

static void fill_boot_sector(uint8_t sector[SECTOR])
{
    static const uint8_t bpb[] = { 0xEB, 0x3C, 0x90, 'T', 'E', 'R', 'N', 'I', 'O', 'N', ' ', 0, 2, 1, 1, 0, 1, 16, 0, 0x90, 1, 0xF8, 2, 0 };

    memset(sector, 0, SECTOR);
    memcpy(sector, bpb, sizeof bpb);
    sector[510] = 0x55;
    sector[511] = 0xAA;
}

static void fill_sector(uint32_t number, uint8_t sector[SECTOR])
{
    static const uint8_t table[] = { 0xF8, 0xFF, 0xFF, 0x05, 0xF0, 0xFF, 0xFF, 0xFF, 0xFF };    /* 2 → 5, 3 and 5 are ends */
    static const uint8_t entry[] = "FILE    TXT\x20\x18";
    static const uint8_t folder[] = "FOLDER     \x10\x08";
    uint32_t offset = number == DATA ? 0 : SECTOR;

    memset(sector, 0, SECTOR);
    if (number == 0) {
        fill_boot_sector(sector);
    } else if (number == TABLE) {
        memcpy(sector, table, sizeof table);
    } else if (number == ROOT) {
        memcpy(sector, entry, sizeof entry - 1);
        sector[26] = 2;
        sector[28] = SIZE & 0xFF;
        sector[29] = SIZE >> 8;
        memcpy(sector + 32, folder, sizeof folder - 1);
        sector[32 + 26] = 3;
    } else if (number == DATA || number == DATA + 3) {
        for (uint32_t i = 0; i < SECTOR; i++) {
            sector[i] = byte_of(offset + i);
        }
    }
}

static void make_disk(struct device *disk)
{
    uint8_t sector[SECTOR];
    struct storage_size size;

    EXPECT_OK(device_open(disk, RAM_DISK, DEVICE_STORAGE, clock_after(5 * SECOND)));
    EXPECT_OK(storage_size(disk, &size));
    for (uint32_t number = 0; number < DATA + 4; number++) {
        fill_sector(number, sector);
        EXPECT_OK(storage_write(disk, number, 1, sector));
    }
}

static void clear_disk(struct device *disk)
{
    static const uint8_t sector[SECTOR];

    for (uint32_t number = 0; number < 400; number++) {
        EXPECT_OK(storage_write(disk, number, 1, sector));
    }
}

static void expect_contents(struct vfs_file *file)
{
    uint8_t bytes[SIZE + 10];
    uint32_t count;
    void *address;

    EXPECT_OK(vfs_file_read(file, 0, bytes, sizeof bytes, &count));
    EXPECT_EQUAL(SIZE, count);
    for (uint32_t i = 0; i < SIZE; i++) {
        EXPECT(bytes[i] == byte_of(i));
    }
    EXPECT_OK(vfs_file_read(file, 510, bytes, 4, &count));
    EXPECT(count == 4 && bytes[3] == byte_of(513));
    EXPECT_OK(vfs_file_read_pages(file, 0, 4, &address, &count));
    EXPECT_EQUAL(SIZE, count);
    EXPECT(((uint8_t *)address)[999] == byte_of(999) && ((uint8_t *)address)[1000] == 0);
    EXPECT_OK(memory_free((uint32_t)address, 1));
}

static void disk_is_mounted_read_and_unmounted(void)
{
    struct device disk;
    struct vfs_file file, other;

    EXPECT_STATUS(FAULT, vfs_mount(RAM_DISK, "/d", NULL, 0));
    make_disk(&disk);
    EXPECT_STATUS(BAD_ARGUMENT, vfs_mount(RAM_DISK, "/d", "ext2", 0));
    EXPECT_STATUS(EXISTS, vfs_mount(RAM_DISK, "/tmp", NULL, 0));
    EXPECT_STATUS(BAD_NAME, vfs_mount(RAM_DISK, "/a/b", NULL, 0));
    EXPECT_OK(vfs_mount(RAM_DISK, "/d", NULL, 0));
    EXPECT_OK(vfs_file_open(&file, "/d/file.TXT", VFS_READ));
    expect_contents(&file);
    EXPECT_EQUAL(2, vfs_count_entries("/d", ""));
    EXPECT_EQUAL(1, vfs_count_entries("/d", "file.txt"));
    EXPECT_EQUAL(0, vfs_count_entries("/d/folder", ""));
    vfs_place = "/d";
    vfs_write_text("written", "and read");
    vfs_expect_text("written", "and read");
    vfs_remove_file("written");
    EXPECT_STATUS(NOT_FOUND, vfs_file_open(&other, "/d/new", VFS_READ));
    EXPECT_STATUS(BUSY, vfs_unmount("/d"));
    vfs_file_close(&file);
    EXPECT_OK(vfs_synchronise());
    EXPECT_OK(vfs_unmount("/d"));
    EXPECT_STATUS(NOT_FOUND, vfs_file_open(&file, "/d/file.txt", VFS_READ));
    clear_disk(&disk);
}

/* ---- A disk that takes its time ---- */

static status_t size(struct server_call *call, const struct device_call_number *request, struct storage_size *reply)
{
    (void)call;
    (void)request;
    *reply = (struct storage_size){ .blocks = 400, .block_size = SECTOR, .flags = STORAGE_READ_ONLY };
    return OK;
}

static status_t read_blocks(struct server_call *call, const struct storage_call_range *request, struct nothing *reply)
{
    (void)reply;
    clock_sleep(SLOW_NS);
    for (uint32_t i = 0; i < request->count && i < STORAGE_TRANSFER_MAX / SECTOR; i++) {
        fill_sector(request->first_low + i, (uint8_t *)call->buffer + i * SECTOR);
    }
    server_give_string(call, call->buffer, request->count * SECTOR);
    return OK;
}

static status_t media(struct server_call *call, const struct device_call_number *request, struct storage_call_media_reply *reply)
{
    (void)call;
    (void)request;
    *reply = (struct storage_call_media_reply){ .is_present = 1, .changes = 1 };
    return OK;
}

PROTOCOL_SERVER(storage_call, STORAGE_PROTOCOL, .size = size, .read = read_blocks, .media = media)

static struct server slow_server = SERVER(&storage_call_protocol);

static void vfs_slow_disk(int argc, char **argv)
{
    device_id_t id;
    (void)argc;
    (void)argv;

    EXPECT_OK(device_register(SLOW_DISK, sizeof SLOW_DISK - 1, DEVICE_STORAGE, 0, &id));
    server_run(&slow_server);
}

static uint32_t slow_readers_done;

static void read_slowly(void *unused)
{
    struct vfs_file file;
    (void)unused;

    EXPECT_OK(vfs_file_open(&file, "/slow/file.txt", VFS_READ));
    expect_contents(&file);
    vfs_file_close(&file);
    __atomic_fetch_add(&slow_readers_done, 1, __ATOMIC_SEQ_CST);
}

static void slow_disk_keeps_no_other_file_system_waiting(void)
{
    struct device_information information;
    struct vfs_file file;
    process_id_t driver;
    uint32_t count, served = 0;
    char byte;

    EXPECT_OK(test_spawn(CLASS_DRIVER, "vfs_slow_disk", &driver, NULL));
    EXPECT_OK(device_find(SLOW_DISK, sizeof SLOW_DISK - 1, clock_after(5 * SECOND), &information));
    EXPECT_OK(vfs_mount(SLOW_DISK, "/slow", "fat", 0));
    for (uint32_t i = 0; i < 3; i++) {
        EXPECT_OK(thread_start(read_slowly, NULL, STACK_BYTES, NULL));
    }
    (void)thread_yield();
    while (__atomic_load_n(&slow_readers_done, __ATOMIC_SEQ_CST) < 3) {
        nanoseconds_t begin_ns = clock_now();

        EXPECT_OK(vfs_file_open(&file, "/boot/init.list", VFS_READ));
        EXPECT_OK(vfs_file_read(&file, 0, &byte, 1, &count));
        vfs_file_close(&file);
        EXPECT(clock_now() - begin_ns < SLOW_NS / 2);
        served++;
        clock_sleep(5 * MILLISECOND);
    }
    EXPECT(served > 10);
    EXPECT_OK(vfs_unmount("/slow"));
    EXPECT_OK(process_terminate(driver, 0));
    (void)test_wait_exit(driver);
}

const struct test vfs_disks_tests[] = {
    TEST(CLASS_SERVER, disk_is_mounted_read_and_unmounted),
    TEST(CLASS_DRIVER, slow_disk_keeps_no_other_file_system_waiting),
};
const uint32_t vfs_disks_test_count = COUNT(vfs_disks_tests);
const struct role vfs_disks_roles[] = { ROLE(vfs_slow_disk) };
const uint32_t vfs_disks_role_count = COUNT(vfs_disks_roles);

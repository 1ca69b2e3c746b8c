#include "vfs_place.h"

#include <ternion/format.h>
#include <ternion/port.h>
#include <ternion/storage.h>
#include <ternion/string.h>

#include "test.h"

const char *vfs_place = "/tmp";

const char *vfs_at(const char *name)
{
    static char paths[4][VFS_PATH_MAX + 10];
    static uint32_t turn;
    char *path = paths[turn++ % 4];

    format_text(path, sizeof paths[0], "%s/%s", vfs_place, name);
    return path;
}

void vfs_open(struct vfs_file *file, const char *name, uint32_t flags)
{
    EXPECT_OK(vfs_file_open(file, vfs_at(name), flags));
}

void vfs_write_text(const char *name, const char *text)
{
    struct vfs_file file;
    uint32_t count;

    vfs_open(&file, name, VFS_WRITE | VFS_CREATE | VFS_TRUNCATE);
    EXPECT_OK(vfs_file_write(&file, 0, text, (uint32_t)strlen(text), &count, NULL));
    EXPECT_EQUAL(strlen(text), count);
    vfs_file_close(&file);
}

void vfs_expect_text(const char *name, const char *text)
{
    char buffer[200];
    struct vfs_file file;
    uint32_t count;

    vfs_open(&file, name, VFS_READ);
    EXPECT_OK(vfs_file_read(&file, 0, buffer, sizeof buffer, &count));
    EXPECT_EQUAL(strlen(text), count);
    EXPECT(memcmp(buffer, text, count) == 0);
    vfs_file_close(&file);
}

void vfs_remove_file(const char *name)
{
    EXPECT_OK(vfs_path_remove(vfs_at(name), false));
}

void vfs_make_directory(const char *name)
{
    EXPECT_OK(vfs_path_make_directory(vfs_at(name)));
}

void vfs_remove_directory(const char *name)
{
    EXPECT_OK(vfs_path_remove(vfs_at(name), true));
}

status_t vfs_open_status(const char *name, uint32_t flags)
{
    struct vfs_file file;
    status_t status = vfs_file_open(&file, vfs_at(name), flags);

    vfs_file_close(&file);
    return status;
}

uint32_t vfs_count_entries(const char *path, const char *name)
{
    static uint8_t buffer[VFS_LIST_MAX] __attribute__((aligned(4)));
    uint32_t length = (uint32_t)strlen(name);
    uint32_t cursor = 0, size = 0, count = 0;
    struct vfs_file directory;

    EXPECT_OK(vfs_file_open(&directory, path, VFS_READ | VFS_DIRECTORY));
    do {
        const struct vfs_entry *entry;

        EXPECT_OK(vfs_file_list(&directory, &cursor, buffer, &size));
        for (uint32_t offset = 0; (entry = vfs_entry_at(buffer, size, offset)) != NULL; offset += entry->entry_size) {
            count += length == 0 || (entry->name_size == length && memcmp(entry->name, name, length) == 0);
        }
    } while (size != 0);
    vfs_file_close(&directory);
    return count;
}

void vfs_mount_of(const char *path, struct vfs_mount_description *mount_out)
{
    const char *slash = strchr(path + 1, '/');
    size_t size = slash == NULL ? strlen(path) : (size_t)(slash - path);

    for (uint32_t i = 0; vfs_mount_at(i, mount_out) == OK; i++) {
        if (strlen(mount_out->path) == size && memcmp(mount_out->path, path, size) == 0) {
            return;
        }
    }
    EXPECT_NOT("%s is not mounted", path);
}

uint32_t vfs_open_files(const char *path)
{
    struct vfs_mount_description mount;

    vfs_mount_of(path, &mount);
    return mount.open_files;
}

/* ---- Disks ---- */

#define SECTOR 512U

static void open_disk(struct device *disk, const char *device)
{
    struct storage_size size;

    EXPECT_OK(device_open(disk, device, DEVICE_STORAGE, clock_after(5 * SECOND)));
    EXPECT_OK(storage_size(disk, &size));
}

void vfs_disk_fill(const char *device)
{
    struct vfs_file image;
    struct device disk;
    uint32_t count;

    open_disk(&disk, device);
    EXPECT_OK(vfs_file_open(&image, "/boot/images/fat12", VFS_READ));
    for (uint32_t at = 0; at < image.size_at_open; at += count) {
        memset(test_scratch, 0, TEST_SCRATCH_SIZE);
        EXPECT_OK(vfs_file_read(&image, at, test_scratch, TEST_SCRATCH_SIZE, &count));
        EXPECT_OK(storage_write(&disk, at / SECTOR, (count + SECTOR - 1) / SECTOR, test_scratch));
    }
    vfs_file_close(&image);
}

void vfs_disk_clear(const char *device)
{
    struct device disk;

    open_disk(&disk, device);
    memset(test_scratch, 0, TEST_SCRATCH_SIZE);
    for (uint32_t first = 0; first < VFS_SPARE_SECTORS; first += TEST_SCRATCH_SIZE / SECTOR) {
        EXPECT_OK(storage_write(&disk, first, TEST_SCRATCH_SIZE / SECTOR, test_scratch));
    }
}

/* ---- To the host ---- */

#define HOST_PORT 0xE9           /* QEMU's debug console */

static void say(const void *bytes, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        port_write8(HOST_PORT, ((const uint8_t *)bytes)[i]);
    }
}

static bool is_same(const void *left, const void *right)
{
    const uint32_t *left_words = left, *right_words = right;
    uint32_t word = 0;

    while (word < SECTOR / sizeof *left_words && left_words[word] == right_words[word]) {
        word++;
    }
    return word == SECTOR / sizeof *left_words;
}

void vfs_disk_give(const char *device, const char *name, uint32_t sectors)
{
    static uint8_t before[TEST_SCRATCH_SIZE] __attribute__((aligned(4)));
    const uint32_t step = TEST_SCRATCH_SIZE / SECTOR;
    struct vfs_file image;
    struct device disk;
    char line[40];
    uint32_t count;

    open_disk(&disk, device);
    format_text(line, sizeof line, "/boot/images/%s", name);
    EXPECT_OK(vfs_file_open(&image, line, VFS_READ));
    say(line, (uint32_t)format_text(line, sizeof line, "DISK %s\n", name));
    for (uint32_t first = 0; first < sectors; first += step) {
        uint32_t part = sectors - first < step ? sectors - first : step;

        memset(before, 0, sizeof before);
        EXPECT_OK(vfs_file_read(&image, first * SECTOR, before, sizeof before, &count));
        EXPECT_OK(storage_read(&disk, first, part, test_scratch));
        for (uint32_t i = 0; i < part; i++) {
            uint32_t number = first + i;

            if (!is_same(before + i * SECTOR, test_scratch + i * SECTOR)) {
                say("S", 1);
                say(&number, sizeof number);
                say(test_scratch + i * SECTOR, SECTOR);
            }
        }
    }
    say("E", 1);
    vfs_file_close(&image);
}

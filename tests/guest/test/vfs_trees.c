/*
 * s\vfs: disks that other people's tools made, as boot modules: mounted from the start, mounted by hand, changed under whoever uses them, and at
 * last given back to the host, which looks at them again. tests/system/disks.py makes them.
 */
#include <ternion/device.h>
#include <ternion/format.h>
#include <ternion/memory.h>
#include <ternion/storage.h>
#include <ternion/string.h>

#include "files.h"
#include "vfs_sentences.h"

#define LARGE_BYTES 300000U
#define MANY 100U
#define SPARE VFS_SPARE_DISK
#define OTHER_SPARE VFS_OTHER_SPARE_DISK
#define SECTOR 512U
#define FRONT "t\\front"

/* ---- What is on them ---- */

static void expect_large(const char *name, uint32_t salt)
{
    struct vfs_file file;
    uint32_t count;

    vfs_open(&file, name, VFS_READ);
    EXPECT_EQUAL(LARGE_BYTES, file.size_at_open);
    for (uint32_t at = 0; at < LARGE_BYTES; at += count) {
        EXPECT_OK(vfs_file_read(&file, at, test_scratch, TEST_SCRATCH_SIZE, &count));
        EXPECT(count != 0);
        for (uint32_t i = 0; i < count; i++) {
            EXPECT(test_scratch[i] == vfs_byte(at + i, salt));
        }
    }
    vfs_file_close(&file);
}

static void expect_tree(const char *path)
{
    vfs_place = path;
    EXPECT_EQUAL(1, vfs_count_entries(path, "readme.txt"));
    EXPECT_EQUAL(1, vfs_count_entries(path, "A long name with spaces.text"));
    EXPECT_EQUAL(MANY, vfs_count_entries(vfs_at("many"), ""));
    EXPECT_EQUAL(1, vfs_count_entries(vfs_at("many"), "file-99"));
    vfs_expect_text("readme.txt", "hello\n");
    vfs_expect_text("A long name with spaces.text", "long\n");
    expect_large("deep/er/file.bin", 0);
}

static void trees_are_what_the_host_put_there(void)
{
    expect_tree("/fat12");
    expect_tree("/fat16");
    expect_tree("/fat32");
    expect_tree("/cd");
    expect_tree("/joliet");
}

static void cd_has_long_names_and_deep_directories(void)
{
    char name[VFS_NAME_MAX + 1];

    memset(name, 'n', 250);
    name[250] = '\0';
    vfs_place = "/cd";
    vfs_expect_text(name, "very long\n");
    EXPECT_EQUAL(1, vfs_count_entries("/cd", name));
    vfs_expect_text("1/2/3/4/5/6/7/8/9/10/bottom.txt", "bottom\n");
    EXPECT_STATUS(NOT_FOUND, vfs_open_status("rr_moved", VFS_READ));
}

static void mounts_say_what_they_are(void)
{
    static const struct {
        const char *path, *device, *type;
        uint32_t flags;
    } mounts[] = {
        { "/fat12", "disks\\ram\\0", "fat", 0 }, { "/fat16", "disks\\ram\\1", "fat", 0 }, { "/fat32", "disks\\ram\\2", "fat", 0 },
        { "/cd", "disks\\image\\cd", "iso9660", VFS_IS_READ_ONLY }, { "/joliet", "disks\\image\\joliet", "iso9660", VFS_IS_READ_ONLY },
        { "/boot", "", "boot", VFS_IS_READ_ONLY }, { "/tmp", "", "memory", 0 },
    };
    struct vfs_mount_description mount;

    for (uint32_t i = 0; i < COUNT(mounts); i++) {
        vfs_mount_of(mounts[i].path, &mount);
        EXPECT(strcmp(mount.device, mounts[i].device) == 0 && strcmp(mount.type, mounts[i].type) == 0);
        EXPECT_EQUAL(mounts[i].flags, mount.flags);
        EXPECT(mounts[i].flags != 0 || (mount.free != 0 && mount.free <= mount.size));
        EXPECT_EQUAL(1, vfs_count_entries("/", mounts[i].path + 1));
    }
}

/* ---- Mounted by hand ---- */

static uint32_t sum_of_disk(const char *device)
{
    struct storage_size size;
    struct device disk;
    uint32_t sum = 0;

    EXPECT_OK(device_open(&disk, device, DEVICE_STORAGE, clock_after(5 * SECOND)));
    EXPECT_OK(storage_size(&disk, &size));
    for (uint32_t first = 0; first < VFS_SPARE_SECTORS; first += TEST_SCRATCH_SIZE / SECTOR) {
        const uint32_t *words = (const uint32_t *)test_scratch;

        EXPECT_OK(storage_read(&disk, first, TEST_SCRATCH_SIZE / SECTOR, test_scratch));
        for (uint32_t i = 0; i < TEST_SCRATCH_SIZE / sizeof *words; i++) {
            sum = sum * 31 + words[i];
        }
    }
    return sum;
}

static void disks_are_mounted_and_unmounted_while_the_system_runs(void)
{
    EXPECT_STATUS(FAULT, vfs_mount(SPARE, "/run", NULL, 0));
    vfs_disk_fill(SPARE);
    EXPECT_STATUS(FAULT, vfs_mount(SPARE, "/run", "iso9660", 0));
    EXPECT_STATUS(BAD_ARGUMENT, vfs_mount(SPARE, "/run", "ext2", 0));
    EXPECT_STATUS(EXISTS, vfs_mount(SPARE, "/fat12", NULL, 0));
    EXPECT_STATUS(BAD_NAME, vfs_mount(SPARE, "/run/below", NULL, 0));
    EXPECT_STATUS(BAD_NAME, vfs_mount(SPARE, "/", NULL, 0));
    EXPECT_STATUS(FAULT, vfs_mount("disks\\image\\cd", "/run", "fat", 0));
    EXPECT_OK(vfs_mount(SPARE, "/run", NULL, 0));
    expect_tree("/run");
    vfs_write_text("kept", "over an unmount");
    EXPECT_OK(vfs_unmount("/run"));
    EXPECT_STATUS(NOT_FOUND, vfs_open_status("kept", VFS_READ));
    EXPECT_STATUS(NOT_FOUND, vfs_unmount("/run"));
    EXPECT_OK(vfs_mount(SPARE, "/run", "fat", VFS_IS_READ_ONLY));
    vfs_expect_text("kept", "over an unmount");
    nothing_can_be_changed();
    EXPECT_OK(vfs_unmount("/run/"));
    EXPECT_OK(vfs_mount("disks\\image\\cd", "/run", NULL, 0));
    expect_tree("/run");
    EXPECT_OK(vfs_unmount("/run"));
    EXPECT_STATUS(ABSENT, vfs_mount("disks\\none", "/run", NULL, 0));
    vfs_disk_clear(SPARE);
}

/* ---- Another medium ---- */

static void bind_front(const char *target)
{
    struct device_name to = { .size = (uint32_t)strlen(target) };

    memcpy(to.text, target, to.size);
    EXPECT_OK(device_bind(FRONT, sizeof FRONT - 1, &to));
}

static void unbind_front(void)
{
    EXPECT_OK(device_unbind(FRONT, sizeof FRONT - 1));
}

#define SERIAL_NUMBER 39U        /* in the first sector of FAT12: the specification, "Boot Sector and BPB Structure" */

static void renumber(const char *device)
{
    struct storage_size size;
    struct device disk;

    EXPECT_OK(device_open(&disk, device, DEVICE_STORAGE, clock_after(5 * SECOND)));
    EXPECT_OK(storage_size(&disk, &size));
    EXPECT_OK(storage_read(&disk, 0, 1, test_scratch));
    test_scratch[SERIAL_NUMBER]++;
    EXPECT_OK(storage_write(&disk, 0, 1, test_scratch));
}

/* Two disks that are alike but for a text on the second one; the name leads to the first. */
static void begin_copies(const char *name, const char *text)
{
    vfs_disk_fill(SPARE);
    vfs_disk_fill(OTHER_SPARE);
    EXPECT_OK(vfs_mount(OTHER_SPARE, "/run", NULL, 0));
    vfs_place = "/run";
    vfs_write_text(name, text);
    EXPECT_OK(vfs_unmount("/run"));
    bind_front(SPARE);
    EXPECT_OK(vfs_mount(FRONT, "/front", NULL, 0));
    vfs_place = "/front";
}

/* The second one is another volume, too. */
static void begin_front(void)
{
    begin_copies("second", "on the second disk");
    renumber(OTHER_SPARE);
}

static void end_front(void)
{
    EXPECT_OK(vfs_unmount("/front"));
    unbind_front();
    vfs_disk_clear(SPARE);
    vfs_disk_clear(OTHER_SPARE);
}

static void expect_absent(struct vfs_file *file, struct vfs_file *directory)
{
    static uint8_t entries[VFS_LIST_MAX] __attribute__((aligned(4)));
    struct vfs_description description;
    uint32_t count, cursor = 0;
    char bytes[20];
    void *pages;

    EXPECT_STATUS(ABSENT, vfs_file_read(file, 0, bytes, 1, &count));
    EXPECT_STATUS(ABSENT, vfs_file_read(file, 0, bytes, sizeof bytes, &count));
    EXPECT_STATUS(ABSENT, vfs_file_read_pages(file, 0, 1, &pages, &count));
    EXPECT_STATUS(ABSENT, vfs_file_write(file, 0, "x", 1, &count, NULL));
    EXPECT_STATUS(ABSENT, vfs_file_resize(file, 1));
    EXPECT_STATUS(ABSENT, vfs_file_describe(file, &description));
    EXPECT_STATUS(ABSENT, vfs_file_synchronise(file));
    EXPECT_STATUS(ABSENT, vfs_file_list(directory, &cursor, entries, &count));
}

static void another_medium_is_found_and_nothing_of_the_old_one_gets_there(void)
{
    struct vfs_file file, directory, gone, found;
    uint32_t count;

    begin_front();
    expect_tree("/front");
    vfs_write_text("gone", "removed, but open");
    vfs_open(&file, "readme.txt", VFS_READ | VFS_WRITE);
    vfs_open(&directory, "many", VFS_READ);
    vfs_open(&gone, "gone", VFS_READ | VFS_WRITE);
    vfs_remove_file("gone");
    unbind_front();
    bind_front(OTHER_SPARE);
    uint32_t sum = sum_of_disk(OTHER_SPARE);
    expect_absent(&file, &directory);
    vfs_expect_text("second", "on the second disk");    /* while files of the first are open */
    expect_absent(&file, &directory);
    vfs_open(&found, "second", VFS_READ);
    EXPECT_STATUS(ABSENT, vfs_file_write(&gone, 0, "x", 1, &count, NULL));
    EXPECT_EQUAL(4, vfs_open_files("/front"));
    EXPECT_STATUS(BUSY, vfs_unmount("/front"));
    vfs_file_close(&gone);                               /* whose clusters are on the other disk */
    vfs_file_close(&file);
    vfs_file_close(&directory);
    vfs_file_close(&found);
    EXPECT_EQUAL(0, vfs_open_files("/front"));
    EXPECT_EQUAL(sum, sum_of_disk(OTHER_SPARE));
    unbind_front();
    bind_front(SPARE);
    expect_tree("/front");
    EXPECT_STATUS(NOT_FOUND, vfs_open_status("second", VFS_READ));
    end_front();
}

/* A driver takes over from another one: paths and open files go on. */
static void another_device_with_the_same_volume_goes_on(void)
{
    struct vfs_file file, large, directory;
    static uint8_t entries[VFS_LIST_MAX] __attribute__((aligned(4)));
    uint32_t count, cursor = 0, size;
    char byte;

    begin_copies("second", "on the second disk");
    vfs_open(&file, "readme.txt", VFS_READ | VFS_WRITE);
    vfs_open(&large, "deep/er/file.bin", VFS_READ);
    vfs_open(&directory, "many", VFS_READ);
    EXPECT_OK(vfs_file_read(&large, 0, &byte, 1, &count));
    unbind_front();
    bind_front(OTHER_SPARE);
    EXPECT_OK(vfs_file_write(&file, 6, "written\n", 8, &count, NULL));
    EXPECT_OK(vfs_file_read(&large, LARGE_BYTES - 1, &byte, 1, &count));
    EXPECT(count == 1 && (uint8_t)byte == vfs_byte(LARGE_BYTES - 1, 0));
    EXPECT_OK(vfs_file_list(&directory, &cursor, entries, &size));
    EXPECT(size != 0);
    vfs_expect_text("second", "on the second disk");
    vfs_expect_text("readme.txt", "hello\nwritten\n");
    vfs_file_close(&file);
    vfs_file_close(&large);
    vfs_file_close(&directory);
    EXPECT_OK(vfs_unmount("/front"));
    EXPECT_OK(vfs_mount(SPARE, "/front", NULL, 0));
    vfs_expect_text("readme.txt", "hello\n");
    EXPECT_OK(vfs_unmount("/front"));
    EXPECT_OK(vfs_mount(OTHER_SPARE, "/front", NULL, 0));
    vfs_expect_text("readme.txt", "hello\nwritten\n");
    end_front();
}

/* The same serial number, and another file where one is open. */
static void copy_that_went_its_own_way_is_another_medium(void)
{
    struct vfs_file file, large;
    uint32_t count;
    char byte;

    begin_copies("readme.txt", "longer on the second disk");
    vfs_open(&file, "readme.txt", VFS_READ | VFS_WRITE);
    vfs_open(&large, "deep/er/file.bin", VFS_READ);
    unbind_front();
    bind_front(OTHER_SPARE);
    uint32_t sum = sum_of_disk(OTHER_SPARE);
    EXPECT_STATUS(ABSENT, vfs_file_write(&file, 0, "x", 1, &count, NULL));
    EXPECT_STATUS(ABSENT, vfs_file_read(&large, 0, &byte, 1, &count));
    vfs_expect_text("readme.txt", "longer on the second disk");
    vfs_file_close(&file);
    vfs_file_close(&large);
    EXPECT_EQUAL(sum, sum_of_disk(OTHER_SPARE));
    end_front();
}

/* A name that leads nowhere keeps nobody waiting for ever; a removed file is closed when another medium is there. */
static void medium_that_has_gone_is_absent_until_it_is_back(void)
{
    struct vfs_file file, gone;
    char byte;
    uint32_t count;

    begin_front();
    vfs_open(&file, "readme.txt", VFS_READ);
    vfs_write_text("gone", "removed, but open");
    vfs_open(&gone, "gone", VFS_READ);
    vfs_remove_file("gone");
    unbind_front();
    EXPECT_STATUS(ABSENT, vfs_file_read(&file, 0, &byte, 1, &count));
    EXPECT_STATUS(ABSENT, vfs_open_status("readme.txt", VFS_READ));
    bind_front(SPARE);
    EXPECT_OK(vfs_file_read(&file, 0, &byte, 1, &count));        /* it is the same one */
    unbind_front();
    bind_front(OTHER_SPARE);
    uint32_t sum = sum_of_disk(OTHER_SPARE);
    vfs_file_close(&gone);                               /* before any other request sees the new medium */
    vfs_file_close(&file);
    EXPECT_EQUAL(0, vfs_open_files("/front"));
    EXPECT_EQUAL(sum, sum_of_disk(OTHER_SPARE));
    vfs_expect_text("second", "on the second disk");
    end_front();
}

/* ---- Back to the host ---- */

/* Something that the host can look for. */
static void leave(const char *path)
{
    struct vfs_file file;
    uint32_t count;

    vfs_place = path;
    vfs_make_directory("left behind");
    vfs_write_text("left behind/a text with a long name.txt", "written by the guest\n");
    vfs_write_text("left behind/SHORT.TXT", "short\n");
    vfs_open(&file, "left behind/large.bin", VFS_WRITE | VFS_CREATE | VFS_APPEND);
    for (uint32_t at = 0; at < LARGE_BYTES; at += count) {
        uint32_t size = LARGE_BYTES - at < 12345 ? LARGE_BYTES - at : 12345;

        for (uint32_t i = 0; i < size; i++) {
            test_scratch[i] = vfs_byte(at + i, 5);
        }
        EXPECT_OK(vfs_file_write(&file, 0, test_scratch, size, &count, NULL));
    }
    vfs_file_close(&file);
    EXPECT_OK(vfs_path_rename(vfs_at("left behind/SHORT.TXT"), vfs_at("many/file-5")));
    vfs_remove_file("many/file-6");
    expect_large("left behind/large.bin", 5);
}

static void disks_are_given_to_the_host(void)
{
    static const struct {
        const char *path, *device, *name;
        uint32_t sectors;
    } disks[] = { { "/fat12", "disks\\ram\\0", "fat12", 2880 }, { "/fat16", "disks\\ram\\1", "fat16", 18000 },
                  { "/fat32", "disks\\ram\\2", "fat32", 68000 } };

    for (uint32_t i = 0; i < COUNT(disks); i++) {
        leave(disks[i].path);
        EXPECT_OK(vfs_synchronise());
        EXPECT_OK(vfs_unmount(disks[i].path));
        vfs_disk_give(disks[i].device, disks[i].name, disks[i].sectors);
        EXPECT_OK(vfs_mount(disks[i].device, disks[i].path, NULL, 0));
        expect_large("left behind/large.bin", 5);
    }
}

const struct test vfs_trees_tests[] = {
    TEST_OF(GROUP_FILES, 30, CLASS_APPLICATION, trees_are_what_the_host_put_there),
    TEST_OF(GROUP_FILES, 0, CLASS_APPLICATION, cd_has_long_names_and_deep_directories),
    TEST_OF(GROUP_FILES, 0, CLASS_APPLICATION, mounts_say_what_they_are),
    TEST_OF(GROUP_FILES, 60, CLASS_SERVER, disks_are_mounted_and_unmounted_while_the_system_runs),
    TEST_OF(GROUP_FILES, 60, CLASS_DRIVER, another_medium_is_found_and_nothing_of_the_old_one_gets_there),
    TEST_OF(GROUP_FILES, 60, CLASS_DRIVER, another_device_with_the_same_volume_goes_on),
    TEST_OF(GROUP_FILES, 60, CLASS_DRIVER, copy_that_went_its_own_way_is_another_medium),
    TEST_OF(GROUP_FILES, 60, CLASS_DRIVER, medium_that_has_gone_is_absent_until_it_is_back),
    TEST_OF(GROUP_FILES, 120, CLASS_DRIVER, disks_are_given_to_the_host),
};
const uint32_t vfs_trees_test_count = COUNT(vfs_trees_tests);
const struct role vfs_trees_roles[] = { };
const uint32_t vfs_trees_role_count = COUNT(vfs_trees_roles);

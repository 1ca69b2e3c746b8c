/* s\vfs: what is there without disks. */
#include <ternion/memory.h>
#include <ternion/string.h>

#include "files.h"
#include "vfs_place.h"

static void boot_modules_are_files(void)
{
    static uint8_t bytes[PAGE_SIZE], pages_bytes[PAGE_SIZE];
    struct vfs_description description;
    struct vfs_file file;
    uint32_t count, page_count;
    void *address;

    EXPECT_OK(vfs_file_open(&file, "/boot/init.list", VFS_READ));
    EXPECT(file.is_read_only && file.kind == VFS_KIND_FILE && file.size_at_open > 100);
    EXPECT_OK(vfs_file_read(&file, 0, bytes, sizeof bytes, &count));
    EXPECT(count > 100 && memcmp(bytes, "# What d\\init starts", 20) == 0);
    EXPECT_OK(vfs_file_read_pages(&file, 0, 1, &address, &page_count));
    memcpy(pages_bytes, address, PAGE_SIZE);
    EXPECT_EQUAL(count, page_count);
    EXPECT(memcmp(bytes, pages_bytes, count) == 0);
    EXPECT_OK(memory_free((uint32_t)address, 1));
    EXPECT_OK(vfs_file_describe(&file, &description));
    EXPECT_EQUAL(VFS_IS_READ_ONLY, description.flags);
    vfs_file_close(&file);
    EXPECT_STATUS(NOT_ALLOWED, vfs_file_open(&file, "/boot/init.list", VFS_WRITE));
    EXPECT_STATUS(NOT_ALLOWED, vfs_file_open(&file, "/boot/new", VFS_WRITE | VFS_CREATE));
    EXPECT_STATUS(NOT_ALLOWED, vfs_path_remove("/boot/init.list", false));
    EXPECT_STATUS(NOT_ALLOWED, vfs_path_rename("/boot/init.list", "/boot/x"));
    EXPECT_STATUS(NOT_ALLOWED, vfs_path_make_directory("/boot/x"));
    EXPECT_EQUAL(1, vfs_count_entries("/boot", "d\\test"));
}

static void file_systems_are_listed_in_the_root(void)
{
    static const char *const names[] = { "boot", "tmp", "processes", "devices" };
    struct vfs_mount_description mount;
    struct vfs_file file;
    uint32_t found = 0;

    for (uint32_t i = 0; i < COUNT(names); i++) {
        EXPECT_EQUAL(1, vfs_count_entries("/", names[i]));
    }
    for (uint32_t i = 0; vfs_mount_at(i, &mount) == OK; i++) {
        found += strcmp(mount.path, "/tmp") == 0 && strcmp(mount.type, "memory") == 0 && mount.free <= mount.size && mount.free != 0;
    }
    EXPECT_EQUAL(1, found);
    EXPECT_STATUS(NOT_ALLOWED, vfs_path_make_directory("/new"));
    EXPECT_STATUS(NOT_ALLOWED, vfs_file_open(&file, "/new", VFS_WRITE | VFS_CREATE));
    EXPECT_STATUS(NOT_FOUND, vfs_file_open(&file, "/new", VFS_WRITE));
    EXPECT_STATUS(NOT_FOUND, vfs_file_open(&file, "/new/", VFS_WRITE | VFS_CREATE));
    EXPECT_STATUS(NOT_ALLOWED, vfs_path_rename("/tmp", "/new"));
    EXPECT_STATUS(NOT_FOUND, vfs_file_open(&file, "/new/x", VFS_WRITE | VFS_CREATE));
    EXPECT_STATUS(BAD_NAME, vfs_file_open(&file, "tmp/x", VFS_WRITE | VFS_CREATE));
    EXPECT_STATUS(BAD_NAME, vfs_file_open(&file, "", VFS_READ));
    EXPECT_STATUS(BUSY, vfs_path_remove("/tmp", true));
}

static void processes_and_devices_are_files_of_text(void)
{
    char text[600];
    struct vfs_file file;
    uint32_t count;

    EXPECT_OK(vfs_file_open(&file, "/processes/s\\vfs", VFS_READ));
    EXPECT_OK(vfs_file_read(&file, 0, text, sizeof text - 1, &count));
    text[count] = '\0';
    EXPECT(memcmp(text, "id ", 3) == 0 && strchr(text, '\n') != NULL);
    vfs_file_close(&file);
    EXPECT_EQUAL(1, vfs_count_entries("/processes", "d\\test"));
    EXPECT_OK(vfs_file_open(&file, "/devices/streams\\null", VFS_READ));
    EXPECT_OK(vfs_file_read(&file, 0, text, sizeof text - 1, &count));
    EXPECT(count > 10);
    vfs_file_close(&file);
    EXPECT_EQUAL(1, vfs_count_entries("/devices", "streams\\null"));
    EXPECT_EQUAL(1, vfs_count_entries("/dev", "null"));
    EXPECT_STATUS(NOT_FOUND, vfs_file_open(&file, "/processes/a\\nobody", VFS_READ));
    EXPECT_STATUS(NOT_ALLOWED, vfs_file_open(&file, "/processes/s\\vfs", VFS_WRITE));
}

const struct test vfs_files_tests[] = {
    TEST(CLASS_APPLICATION, boot_modules_are_files),
    TEST(CLASS_APPLICATION, file_systems_are_listed_in_the_root),
    TEST(CLASS_APPLICATION, processes_and_devices_are_files_of_text),
};
const uint32_t vfs_files_test_count = COUNT(vfs_files_tests);
const struct role vfs_files_roles[] = { };
const uint32_t vfs_files_role_count = COUNT(vfs_files_roles);

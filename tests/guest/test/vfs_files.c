/* s\vfs: what every file system that can be written to promises, and /boot. */
#include <ternion/format.h>
#include <ternion/memory.h>
#include <ternion/string.h>

#include "files.h"
#include "vfs_place.h"

#define PATH_SIZE 300U

/* Of the place that the cases run in. */
static const char *place;

static const char *at(const char *name)
{
    static char paths[4][PATH_SIZE];
    static uint32_t turn;
    char *path = paths[turn++ % 4];

    format_text(path, PATH_SIZE, "%s/%s", place, name);
    return path;
}

static void open_file(struct vfs_file *file, const char *name, uint32_t flags)
{
    EXPECT_OK(vfs_file_open(file, at(name), flags));
}

static void write_file(const char *name, const char *text)
{
    struct vfs_file file;
    uint32_t count;

    open_file(&file, name, VFS_WRITE | VFS_CREATE | VFS_TRUNCATE);
    EXPECT_OK(vfs_file_write(&file, 0, text, (uint32_t)strlen(text), &count, NULL));
    EXPECT_EQUAL(strlen(text), count);
    vfs_file_close(&file);
}

static void expect_text(const char *name, const char *text)
{
    char buffer[200];
    struct vfs_file file;
    uint32_t count;

    open_file(&file, name, VFS_READ);
    EXPECT_OK(vfs_file_read(&file, 0, buffer, sizeof buffer, &count));
    EXPECT_EQUAL(strlen(text), count);
    EXPECT(memcmp(buffer, text, count) == 0);
    vfs_file_close(&file);
}

static status_t open_status(const char *name, uint32_t flags)
{
    struct vfs_file file;
    status_t status = vfs_file_open(&file, at(name), flags);

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

/* ---- The cases ---- */

static void case_open_flags(void)
{
    struct vfs_description description;

    EXPECT_STATUS(NOT_FOUND, open_status("file", VFS_READ));
    EXPECT_STATUS(NOT_FOUND, open_status("file", VFS_READ | VFS_WRITE));
    EXPECT_STATUS(BAD_ARGUMENT, open_status("file", 0));
    EXPECT_STATUS(BAD_ARGUMENT, open_status("file", VFS_READ | VFS_CREATE));
    EXPECT_STATUS(BAD_ARGUMENT, open_status("file", VFS_WRITE | VFS_EXCLUSIVE));
    EXPECT_STATUS(BAD_ARGUMENT, open_status("file", VFS_READ | 1U << 20));
    EXPECT_OK(open_status("file", VFS_WRITE | VFS_CREATE | VFS_EXCLUSIVE));
    EXPECT_STATUS(EXISTS, open_status("file", VFS_WRITE | VFS_CREATE | VFS_EXCLUSIVE));
    EXPECT_STATUS(NOT_DIRECTORY, open_status("file", VFS_READ | VFS_DIRECTORY));
    EXPECT_STATUS(NOT_DIRECTORY, open_status("file/", VFS_READ));
    EXPECT_STATUS(NOT_DIRECTORY, open_status("file/x", VFS_READ));
    EXPECT_STATUS(IS_DIRECTORY, open_status("", VFS_READ | VFS_WRITE));
    write_file("file", "twelve bytes");
    EXPECT_OK(vfs_path_describe(at("./../../../file/.."), &description));
    EXPECT_OK(vfs_path_describe(at("file"), &description));
    EXPECT_EQUAL(VFS_KIND_FILE, description.kind);
    EXPECT_EQUAL(12, description.size);
    EXPECT_OK(open_status("file", VFS_WRITE | VFS_TRUNCATE));
    expect_text("file", "");
    EXPECT_OK(vfs_path_remove(at("file"), false));
    EXPECT_STATUS(NOT_FOUND, vfs_path_remove(at("file"), false));
}

static void case_positions(void)
{
    static uint8_t page[3 * PAGE_SIZE];
    struct vfs_file file, other;
    uint64_t end = 0;
    uint32_t count;

    open_file(&file, "positions", VFS_READ | VFS_WRITE | VFS_CREATE);
    EXPECT_OK(vfs_file_write(&file, 10000, "x", 1, &count, &end));
    EXPECT_EQUAL(10001, end);
    EXPECT_OK(vfs_file_read(&file, 5000, page, sizeof page, &count));
    EXPECT_EQUAL(5001, count);
    EXPECT(page[0] == 0 && page[4999] == 0 && page[5000] == 'x');
    EXPECT_OK(vfs_file_read(&file, 10001, page, sizeof page, &count));
    EXPECT_EQUAL(0, count);
    EXPECT_OK(vfs_file_read(&file, VFS_POSITION_MAX, page, 1, &count));
    EXPECT_EQUAL(0, count);
    open_file(&other, "positions", VFS_WRITE | VFS_APPEND);
    EXPECT_OK(vfs_file_write(&other, 0, "end", 3, &count, &end));
    EXPECT_EQUAL(10004, end);
    EXPECT_STATUS(NOT_ALLOWED, vfs_file_read(&other, 0, page, 1, &count));
    vfs_file_close(&other);
    EXPECT_OK(vfs_file_resize(&file, 10002));
    EXPECT_OK(vfs_file_resize(&file, 12000));
    EXPECT_OK(vfs_file_read(&file, 10000, page, sizeof page, &count));
    EXPECT_EQUAL(2000, count);
    EXPECT(page[0] == 'x' && page[1] == 'e' && page[2] == 0 && page[1999] == 0);
    EXPECT_OK(vfs_file_resize(&file, 0));
    EXPECT_OK(vfs_file_resize(&file, 9000));
    EXPECT_OK(vfs_file_read(&file, 0, page, sizeof page, &count));
    EXPECT_EQUAL(9000, count);
    for (uint32_t i = 0; i < count; i++) {
        EXPECT(page[i] == 0);
    }
    EXPECT_OK(vfs_file_synchronise(&file));
    vfs_file_close(&file);
    EXPECT_OK(vfs_path_remove(at("positions"), false));
}

static void case_pages(void)
{
    static uint8_t page[PAGE_SIZE];
    struct vfs_file file;
    uint32_t count, done = 0;
    void *address;

    open_file(&file, "pages", VFS_READ | VFS_WRITE | VFS_CREATE);
    for (uint32_t i = 0; i < 10; i++) {
        memset(page, (int)i + 1, sizeof page);
        EXPECT_OK(vfs_file_write(&file, i * PAGE_SIZE, page, i == 9 ? 100 : PAGE_SIZE, &count, NULL));
    }
    while (done < 9 * PAGE_SIZE + 100) {
        EXPECT_OK(vfs_file_read_pages(&file, done, 4, &address, &count));
        EXPECT(count != 0 && count <= 4 * PAGE_SIZE);
        for (uint32_t i = 0; i < count; i++) {
            EXPECT(((uint8_t *)address)[i] == (done + i) / PAGE_SIZE + 1);
        }
        EXPECT(count % PAGE_SIZE == 0 || ((uint8_t *)address)[count] == 0);
        EXPECT_OK(memory_free((uint32_t)address, PAGES(count)));
        done += count;
    }
    EXPECT_OK(vfs_file_read_pages(&file, 10 * PAGE_SIZE, 4, &address, &count));
    EXPECT(count == 0 && address == NULL);
    EXPECT_STATUS(BAD_ARGUMENT, vfs_file_read_pages(&file, 1, 4, &address, &count));
    vfs_file_close(&file);
    EXPECT_OK(vfs_path_remove(at("pages"), false));
}

static void case_directories(void)
{
    EXPECT_OK(vfs_path_make_directory(at("one")));
    EXPECT_STATUS(EXISTS, vfs_path_make_directory(at("one/")));
    EXPECT_STATUS(NOT_FOUND, vfs_path_make_directory(at("two/three")));
    EXPECT_OK(vfs_path_make_directory(at("one/two")));
    write_file("one/two/A long name, with spaces and ~1.text", "deep");
    expect_text("one/./two//A long name, with spaces and ~1.text", "deep");
    EXPECT_EQUAL(1, vfs_count_entries(at("one"), "two"));
    EXPECT_EQUAL(1, vfs_count_entries(at("one"), ""));
    EXPECT_EQUAL(1, vfs_count_entries(at("one/two"), "A long name, with spaces and ~1.text"));
    EXPECT_STATUS(NOT_EMPTY, vfs_path_remove(at("one"), true));
    EXPECT_STATUS(IS_DIRECTORY, vfs_path_remove(at("one/two"), false));
    EXPECT_STATUS(NOT_DIRECTORY, vfs_path_remove(at("one/two/A long name, with spaces and ~1.text"), true));
    EXPECT_OK(vfs_path_remove(at("one/two/A long name, with spaces and ~1.text"), false));
    EXPECT_OK(vfs_path_remove(at("one/two"), true));
    EXPECT_OK(vfs_path_remove(at("one"), true));
    EXPECT_STATUS(NOT_FOUND, vfs_path_remove(at("one"), true));
}

static void case_renames(void)
{
    write_file("a", "first");
    write_file("b", "second");
    EXPECT_OK(vfs_path_make_directory(at("d")));
    EXPECT_OK(vfs_path_rename(at("a"), at("another name")));
    EXPECT_STATUS(NOT_FOUND, open_status("a", VFS_READ));
    EXPECT_OK(vfs_path_rename(at("another name"), at("b")));
    expect_text("b", "first");
    EXPECT_OK(vfs_path_rename(at("b"), at("d/b")));
    expect_text("d/b", "first");
    EXPECT_STATUS(BAD_ARGUMENT, vfs_path_rename(at("d"), at("d/d")));
    EXPECT_STATUS(NOT_FOUND, vfs_path_rename(at("no"), at("yes")));
    write_file("f", "f");
    EXPECT_STATUS(IS_DIRECTORY, vfs_path_rename(at("f"), at("d")));
    EXPECT_STATUS(NOT_DIRECTORY, vfs_path_rename(at("d"), at("f")));
    EXPECT_STATUS(OTHER_FILE_SYSTEM, vfs_path_rename(at("f"), "/boot/f"));
    EXPECT_OK(vfs_path_make_directory(at("e")));
    EXPECT_STATUS(NOT_EMPTY, vfs_path_rename(at("e"), at("d")));
    EXPECT_OK(vfs_path_rename(at("d"), at("e")));
    expect_text("e/b", "first");
    EXPECT_OK(vfs_path_rename(at("e"), at("e")));
    EXPECT_OK(vfs_path_remove(at("e/b"), false));
    EXPECT_OK(vfs_path_remove(at("e"), true));
    EXPECT_OK(vfs_path_remove(at("f"), false));
}

/* A file without a name lives as long as it is open. */
static void case_removed_while_open(void)
{
    char buffer[8];
    struct vfs_file file;
    uint32_t count;

    write_file("gone", "still here");
    open_file(&file, "gone", VFS_READ | VFS_WRITE);
    EXPECT_OK(vfs_path_remove(at("gone"), false));
    EXPECT_STATUS(NOT_FOUND, open_status("gone", VFS_READ));
    write_file("gone", "another");
    EXPECT_OK(vfs_file_read(&file, 0, buffer, 5, &count));
    EXPECT(count == 5 && memcmp(buffer, "still", 5) == 0);
    vfs_file_close(&file);
    expect_text("gone", "another");
    EXPECT_OK(vfs_path_remove(at("gone"), false));
}

/* Another client gets the file that is meant, not its name, and no more rights than there were. */
static void case_passed_on(void)
{
    char buffer[16];
    struct vfs_file file, taken;
    struct vfs_passed passed, again;
    uint32_t count;
    uint64_t end;

    write_file("passed", "this one");
    open_file(&file, "passed", VFS_READ | VFS_WRITE);
    EXPECT_OK(vfs_file_pass(&file, &passed));
    EXPECT_OK(vfs_file_pass(&file, &again));
    EXPECT(memcmp(&passed, &again, sizeof passed) == 0);
    EXPECT_OK(vfs_path_remove(at("passed"), false));
    write_file("passed", "another");
    EXPECT_OK(vfs_file_take(&taken, &passed, at("passed"), VFS_READ | VFS_WRITE));
    vfs_file_close(&file);
    EXPECT_OK(vfs_file_read(&taken, 0, buffer, sizeof buffer, &count));
    EXPECT(count == 8 && memcmp(buffer, "this one", 8) == 0);
    EXPECT_OK(vfs_file_write(&taken, VFS_POSITION_END, "!", 1, &count, &end));
    EXPECT_EQUAL(9, end);
    vfs_file_close(&taken);
    EXPECT_OK(vfs_file_take(&taken, &passed, at("passed"), VFS_READ));     /* nobody has it any more: what has the name now */
    EXPECT_EQUAL(7, taken.size_at_open);
    EXPECT_OK(vfs_file_pass(&taken, &passed));
    EXPECT_OK(vfs_file_take(&file, &passed, at("passed"), VFS_READ | VFS_WRITE));
    EXPECT_STATUS(NOT_ALLOWED, vfs_file_write(&file, 0, "!", 1, &count, NULL));
    vfs_file_close(&file);
    passed.key_high ^= 1;
    EXPECT_STATUS(NOT_FOUND, vfs_file_take(&file, &passed, at("none"), VFS_READ));
    vfs_file_close(&taken);
    EXPECT_OK(vfs_path_remove(at("passed"), false));
}

void vfs_run_cases(const char *path)
{
    place = path;
    uint32_t before = vfs_count_entries(path, "");
    case_open_flags();
    case_positions();
    case_pages();
    case_directories();
    case_renames();
    case_removed_while_open();
    case_passed_on();
    EXPECT_EQUAL(before, vfs_count_entries(path, ""));
}

static void files_of_tmp_keep_all_promises(void)
{
    EXPECT_OK(vfs_path_make_directory("/tmp/promises"));
    vfs_run_cases("/tmp/promises");
    EXPECT_OK(vfs_path_remove("/tmp/promises", true));
}

/* ---- What cannot be written to ---- */

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
    EXPECT_STATUS(NOT_FOUND, vfs_file_open(&file, "/processes/a\\nobody", VFS_READ));
    EXPECT_STATUS(NOT_ALLOWED, vfs_file_open(&file, "/processes/s\\vfs", VFS_WRITE));
}

const struct test vfs_files_tests[] = {
    TEST(CLASS_APPLICATION, files_of_tmp_keep_all_promises),
    TEST(CLASS_APPLICATION, boot_modules_are_files),
    TEST(CLASS_APPLICATION, file_systems_are_listed_in_the_root),
    TEST(CLASS_APPLICATION, processes_and_devices_are_files_of_text),
};
const uint32_t vfs_files_test_count = COUNT(vfs_files_tests);
const struct role vfs_files_roles[] = { };
const uint32_t vfs_files_role_count = COUNT(vfs_files_roles);

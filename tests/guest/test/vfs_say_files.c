/* Sentences about files and what they hold. */
#include <ternion/memory.h>
#include <ternion/string.h>

#include "test.h"
#include "vfs_sentences.h"

#define LARGE_BYTES 150000U
#define PART_BYTES 5000U
#define HANDLES_MAX 256U

void files_open_as_their_flags_say(void)
{
    EXPECT_STATUS(NOT_FOUND, vfs_open_status("file", VFS_READ));
    EXPECT_STATUS(NOT_FOUND, vfs_open_status("file", VFS_READ | VFS_WRITE));
    EXPECT_STATUS(NOT_FOUND, vfs_open_status("file", VFS_WRITE | VFS_TRUNCATE | VFS_APPEND));
    EXPECT_STATUS(NOT_FOUND, vfs_open_status("file", VFS_WRITE | VFS_CREATE | VFS_DIRECTORY));
    EXPECT_STATUS(BAD_ARGUMENT, vfs_open_status("file", 0));
    EXPECT_STATUS(BAD_ARGUMENT, vfs_open_status("file", VFS_DIRECTORY));
    EXPECT_STATUS(BAD_ARGUMENT, vfs_open_status("file", VFS_READ | VFS_CREATE));
    EXPECT_STATUS(BAD_ARGUMENT, vfs_open_status("file", VFS_READ | VFS_TRUNCATE));
    EXPECT_STATUS(BAD_ARGUMENT, vfs_open_status("file", VFS_READ | VFS_APPEND));
    EXPECT_STATUS(BAD_ARGUMENT, vfs_open_status("file", VFS_WRITE | VFS_EXCLUSIVE));
    EXPECT_STATUS(BAD_ARGUMENT, vfs_open_status("file", VFS_READ | 128U));
    EXPECT_STATUS(BAD_ARGUMENT, vfs_open_status("file", VFS_READ | 1U << 31));
    EXPECT_STATUS(NOT_FOUND, vfs_open_status("none/file", VFS_WRITE | VFS_CREATE));
    EXPECT_OK(vfs_open_status("file", VFS_WRITE | VFS_CREATE));
    EXPECT_OK(vfs_open_status("file", VFS_WRITE | VFS_CREATE | VFS_TRUNCATE | VFS_APPEND));
    EXPECT_OK(vfs_open_status("file", VFS_READ | VFS_WRITE));
    EXPECT_STATUS(NOT_DIRECTORY, vfs_open_status("file", VFS_READ | VFS_DIRECTORY));
    EXPECT_STATUS(NOT_DIRECTORY, vfs_open_status("file/x", VFS_WRITE | VFS_CREATE));
    EXPECT_STATUS(IS_DIRECTORY, vfs_open_status("", VFS_READ | VFS_WRITE));
    EXPECT_STATUS(IS_DIRECTORY, vfs_open_status("", VFS_WRITE | VFS_DIRECTORY));
    EXPECT_OK(vfs_open_status("", VFS_READ));
    vfs_remove_file("file");
    EXPECT_STATUS(NOT_FOUND, vfs_open_status("file", VFS_READ));
}

void exclusive_creation_makes_a_file_once(void)
{
    EXPECT_OK(vfs_open_status("file", VFS_WRITE | VFS_CREATE | VFS_EXCLUSIVE));
    vfs_write_text("file", "kept");
    EXPECT_STATUS(EXISTS, vfs_open_status("file", VFS_WRITE | VFS_CREATE | VFS_EXCLUSIVE));
    EXPECT_STATUS(EXISTS, vfs_open_status("file", VFS_WRITE | VFS_CREATE | VFS_EXCLUSIVE | VFS_TRUNCATE));
    vfs_expect_text("file", "kept");
    vfs_make_directory("directory");
    EXPECT_STATUS(EXISTS, vfs_open_status("directory", VFS_WRITE | VFS_CREATE | VFS_EXCLUSIVE));
    EXPECT_STATUS(EXISTS, vfs_open_status("", VFS_WRITE | VFS_CREATE | VFS_EXCLUSIVE));
    vfs_remove_directory("directory");
    vfs_remove_file("file");
    EXPECT_OK(vfs_open_status("file", VFS_WRITE | VFS_CREATE | VFS_EXCLUSIVE));
    vfs_remove_file("file");
}

void truncation_empties_a_file_for_all_who_have_it_open(void)
{
    struct vfs_description description;
    struct vfs_file file;
    uint32_t count;
    char byte;

    vfs_write_text("file", "twelve bytes");
    vfs_open(&file, "file", VFS_READ | VFS_WRITE);
    EXPECT_EQUAL(12, file.size_at_open);
    EXPECT_OK(vfs_open_status("file", VFS_WRITE | VFS_TRUNCATE));
    EXPECT_OK(vfs_file_describe(&file, &description));
    EXPECT_EQUAL(0, description.size);
    EXPECT_OK(vfs_file_read(&file, 0, &byte, 1, &count));
    EXPECT_EQUAL(0, count);
    EXPECT_OK(vfs_file_write(&file, 3, "x", 1, &count, NULL));
    EXPECT_OK(vfs_file_read(&file, 0, &byte, 1, &count));
    EXPECT(count == 1 && byte == 0);             /* nothing of what was there */
    vfs_file_close(&file);
    vfs_remove_file("file");
}

void handles_do_what_they_were_opened_for(void)
{
    static uint8_t entries[VFS_LIST_MAX] __attribute__((aligned(4)));
    struct vfs_file reader, writer, directory;
    uint32_t count, cursor = 0;
    char bytes[20];
    void *pages;

    vfs_write_text("file", "text");
    vfs_open(&reader, "file", VFS_READ);
    vfs_open(&writer, "file", VFS_WRITE);
    vfs_open(&directory, "", VFS_READ);
    EXPECT_EQUAL(VFS_KIND_FILE, reader.kind);
    EXPECT_EQUAL(VFS_KIND_DIRECTORY, directory.kind);
    EXPECT_STATUS(NOT_ALLOWED, vfs_file_write(&reader, 0, "x", 1, &count, NULL));
    EXPECT_EQUAL(0, count);
    EXPECT_STATUS(NOT_ALLOWED, vfs_file_resize(&reader, 0));
    EXPECT_STATUS(NOT_ALLOWED, vfs_file_read(&writer, 0, bytes, 1, &count));
    EXPECT_STATUS(NOT_ALLOWED, vfs_file_read(&writer, 0, bytes, sizeof bytes, &count));
    EXPECT_STATUS(NOT_ALLOWED, vfs_file_read_pages(&writer, 0, 1, &pages, &count));
    EXPECT_STATUS(NOT_DIRECTORY, vfs_file_list(&reader, &cursor, entries, &count));
    EXPECT_STATUS(IS_DIRECTORY, vfs_file_read(&directory, 0, bytes, 1, &count));
    EXPECT_STATUS(IS_DIRECTORY, vfs_file_read(&directory, 0, bytes, sizeof bytes, &count));
    EXPECT_STATUS(IS_DIRECTORY, vfs_file_read_pages(&directory, 0, 1, &pages, &count));
    EXPECT_STATUS(IS_DIRECTORY, vfs_file_write(&directory, 0, "x", 1, &count, NULL));
    EXPECT_STATUS(IS_DIRECTORY, vfs_file_resize(&directory, 0));
    EXPECT_OK(vfs_file_synchronise(&writer));
    EXPECT_OK(vfs_file_synchronise(&directory));
    vfs_file_close(&reader);
    vfs_file_close(&writer);
    vfs_file_close(&directory);
    vfs_expect_text("file", "text");
    vfs_remove_file("file");
}

void positions_are_the_programs_own(void)
{
    struct vfs_file file;
    uint64_t end = 0;
    uint32_t count;
    char bytes[40];

    vfs_open(&file, "file", VFS_READ | VFS_WRITE | VFS_CREATE);
    EXPECT_OK(vfs_file_write(&file, 0, "0123456789abcdefghij", 20, &count, &end));
    EXPECT(count == 20 && end == 20);
    EXPECT_OK(vfs_file_write(&file, 5, "-----", 5, &count, &end));
    EXPECT(count == 5 && end == 10);
    EXPECT_OK(vfs_file_read(&file, 0, bytes, sizeof bytes, &count));
    EXPECT(count == 20 && memcmp(bytes, "01234-----abcdefghij", 20) == 0);
    EXPECT_OK(vfs_file_read(&file, 18, bytes, sizeof bytes, &count));
    EXPECT(count == 2 && memcmp(bytes, "ij", 2) == 0);
    EXPECT_OK(vfs_file_read(&file, 18, bytes, 8, &count));
    EXPECT(count == 2 && memcmp(bytes, "ij", 2) == 0);
    EXPECT_OK(vfs_file_read(&file, 20, bytes, 1, &count));
    EXPECT_EQUAL(0, count);
    EXPECT_OK(vfs_file_read(&file, VFS_POSITION_MAX, bytes, sizeof bytes, &count));
    EXPECT_EQUAL(0, count);
    EXPECT_OK(vfs_file_read(&file, UINT64_MAX, bytes, sizeof bytes, &count));
    EXPECT_EQUAL(0, count);
    EXPECT_OK(vfs_file_read(&file, 3, bytes, 0, &count));
    EXPECT_EQUAL(0, count);
    EXPECT_OK(vfs_file_write(&file, 3, bytes, 0, &count, &end));
    EXPECT_EQUAL(0, count);
    vfs_file_close(&file);
    vfs_remove_file("file");
}

static void expect_byte_among_zeroes(struct vfs_file *file, uint32_t size, uint32_t place, uint8_t byte)
{
    uint8_t *bytes = test_scratch;
    uint32_t count;

    EXPECT_OK(vfs_file_read(file, 0, bytes, TEST_SCRATCH_SIZE, &count));
    EXPECT_EQUAL(size, count);
    for (uint32_t i = 0; i < count; i++) {
        EXPECT(bytes[i] == (i == place ? byte : 0));
    }
}

void holes_are_zeroes(void)
{
    struct vfs_file file;
    uint64_t end = 0;
    uint32_t count;

    vfs_open(&file, "file", VFS_READ | VFS_WRITE | VFS_CREATE);
    memset(test_scratch, 0xA5, 30000);
    EXPECT_OK(vfs_file_write(&file, 0, test_scratch, 30000, &count, NULL));
    EXPECT_OK(vfs_file_resize(&file, 0));                /* what was there is not seen again */
    EXPECT_OK(vfs_file_write(&file, 10000, "x", 1, &count, &end));
    EXPECT_EQUAL(10001, end);
    expect_byte_among_zeroes(&file, 10001, 10000, 'x');
    EXPECT_OK(vfs_file_resize(&file, 25000));
    expect_byte_among_zeroes(&file, 25000, 10000, 'x');
    EXPECT_OK(vfs_file_resize(&file, 10000));
    EXPECT_OK(vfs_file_write(&file, 25000, "y", 1, &count, &end));
    expect_byte_among_zeroes(&file, 25001, 25000, 'y');
    vfs_file_close(&file);
    vfs_remove_file("file");
}

void appended_bytes_stand_behind_the_end(void)
{
    struct vfs_file first, second;
    uint64_t end = 0;
    uint32_t count;

    vfs_open(&first, "file", VFS_WRITE | VFS_CREATE | VFS_APPEND);
    vfs_open(&second, "file", VFS_WRITE | VFS_APPEND);
    EXPECT_OK(vfs_file_write(&first, 0, "one ", 4, &count, &end));
    EXPECT_EQUAL(4, end);
    EXPECT_OK(vfs_file_write(&second, 0, "two ", 4, &count, &end));
    EXPECT_EQUAL(8, end);
    EXPECT_OK(vfs_file_write(&first, 1000, "three", 5, &count, &end));
    EXPECT_EQUAL(13, end);
    EXPECT_OK(vfs_file_resize(&first, 3));
    EXPECT_OK(vfs_file_write(&second, 0, "!", 1, &count, &end));
    EXPECT_EQUAL(4, end);
    vfs_file_close(&first);
    vfs_open(&first, "file", VFS_WRITE);
    EXPECT_OK(vfs_file_write(&first, VFS_POSITION_END, "?", 1, &count, &end));
    EXPECT_EQUAL(5, end);
    vfs_file_close(&first);
    vfs_file_close(&second);
    vfs_expect_text("file", "one!?");
    vfs_remove_file("file");
}

void files_become_as_long_as_is_asked(void)
{
    static const uint32_t sizes[] = { 0, 1, 511, 512, 513, 4095, 4096, 4097, 40000, 4096, 100, 0, 12000, 0 };
    struct vfs_description description;
    struct vfs_file file;
    uint32_t count;

    vfs_open(&file, "file", VFS_READ | VFS_WRITE | VFS_CREATE);
    for (uint32_t i = 0; i < COUNT(sizes); i++) {
        EXPECT_OK(vfs_file_resize(&file, sizes[i]));
        EXPECT_OK(vfs_file_resize(&file, sizes[i]));
        EXPECT_OK(vfs_file_describe(&file, &description));
        EXPECT(description.size == sizes[i]);
        EXPECT_OK(vfs_path_describe(vfs_at("file"), &description));
        EXPECT(description.size == sizes[i]);
        EXPECT_OK(vfs_file_read(&file, 0, test_scratch, TEST_SCRATCH_SIZE, &count));
        EXPECT_EQUAL(sizes[i], count);
    }
    vfs_file_close(&file);
    vfs_remove_file("file");
}

void sizes_that_cannot_be_are_told(void)
{
    struct vfs_mount_description before, after;
    struct vfs_file file;
    uint32_t count;

    vfs_mount_of(vfs_place, &before);
    vfs_open(&file, "file", VFS_READ | VFS_WRITE | VFS_CREATE);
    EXPECT_OK(vfs_file_write(&file, 0, "kept", 4, &count, NULL));
    EXPECT_STATUS(TOO_BIG, vfs_file_resize(&file, 1ULL << 40));
    EXPECT_STATUS(TOO_BIG, vfs_file_resize(&file, UINT64_MAX));
    EXPECT_STATUS(TOO_BIG, vfs_file_write(&file, 1ULL << 40, "x", 1, &count, NULL));
    EXPECT_EQUAL(0, count);
    EXPECT_STATUS(TOO_BIG, vfs_file_write(&file, VFS_POSITION_MAX - 1, "x", 1, &count, NULL));
    EXPECT_STATUS(TOO_BIG, vfs_file_write(&file, UINT64_MAX, "x", 1, &count, NULL));
    if (strcmp(before.type, "fat") == 0) {               /* which has no holes */
        EXPECT_STATUS(NO_SPACE, vfs_file_resize(&file, 0xFFFFFFFF));
    }
    vfs_file_close(&file);
    vfs_expect_text("file", "kept");
    vfs_remove_file("file");
    vfs_mount_of(vfs_place, &after);
    EXPECT(before.free == after.free);
}

void pages_show_what_was_written(void)
{
    struct vfs_file file;
    uint32_t count, done = 0;
    void *address;

    vfs_open(&file, "file", VFS_READ | VFS_WRITE | VFS_CREATE);
    for (uint32_t i = 0; i < 10; i++) {
        memset(test_scratch, (int)i + 1, PAGE_SIZE);
        EXPECT_OK(vfs_file_write(&file, i * PAGE_SIZE, test_scratch, i == 9 ? 100 : PAGE_SIZE, &count, NULL));
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
    EXPECT_OK(vfs_file_read_pages(&file, 0, 0, &address, &count));
    EXPECT(count == 0 && address == NULL);
    EXPECT_STATUS(BAD_ARGUMENT, vfs_file_read_pages(&file, 1, 4, &address, &count));
    EXPECT_STATUS(BAD_ARGUMENT, vfs_file_read_pages(&file, 0, VFS_PAGES_MAX + 1, &address, &count));
    vfs_file_close(&file);
    vfs_remove_file("file");
}

static void expect_pattern(struct vfs_file *file, uint32_t piece)
{
    for (uint32_t at = 0; at < LARGE_BYTES; at += piece) {
        uint32_t wanted = LARGE_BYTES - at < piece ? LARGE_BYTES - at : piece;
        uint32_t count;

        EXPECT_OK(vfs_file_read(file, at, test_scratch, piece, &count));
        EXPECT_EQUAL(wanted, count);
        for (uint32_t i = 0; i < count; i++) {
            EXPECT(test_scratch[i] == vfs_byte(at + i, 1));
        }
    }
}

void large_files_hold_what_two_handles_wrote(void)
{
    struct vfs_file files[2];
    uint32_t count;

    vfs_open(&files[0], "file", VFS_READ | VFS_WRITE | VFS_CREATE);
    vfs_open(&files[1], "file", VFS_READ | VFS_WRITE);
    for (uint32_t turn = 0; turn < 2; turn++) {          /* the odd parts first */
        for (uint32_t part = 1 - turn; part < LARGE_BYTES / PART_BYTES; part += 2) {
            for (uint32_t i = 0; i < PART_BYTES; i++) {
                test_scratch[i] = vfs_byte(part * PART_BYTES + i, 1);
            }
            EXPECT_OK(vfs_file_write(&files[turn], part * PART_BYTES, test_scratch, PART_BYTES, &count, NULL));
        }
    }
    expect_pattern(&files[0], TEST_SCRATCH_SIZE);
    expect_pattern(&files[1], 1999);
    vfs_file_close(&files[0]);
    vfs_file_close(&files[1]);
    vfs_remove_file("file");
}

void removed_files_live_as_long_as_they_are_open(void)
{
    struct vfs_description description;
    struct vfs_file file;
    uint32_t count;
    char bytes[20];

    vfs_write_text("gone", "still here");
    vfs_open(&file, "gone", VFS_READ | VFS_WRITE);
    vfs_remove_file("gone");
    EXPECT_STATUS(NOT_FOUND, vfs_open_status("gone", VFS_READ));
    EXPECT_STATUS(NOT_FOUND, vfs_path_remove(vfs_at("gone"), false));
    EXPECT_EQUAL(0, vfs_count_entries(vfs_place, ""));
    vfs_write_text("gone", "another");
    EXPECT_OK(vfs_file_write(&file, 10, ", longer", 8, &count, NULL));
    EXPECT_OK(vfs_file_read(&file, 0, bytes, sizeof bytes, &count));
    EXPECT(count == 18 && memcmp(bytes, "still here, longer", 18) == 0);
    EXPECT_OK(vfs_file_describe(&file, &description));
    EXPECT_EQUAL(18, description.size);
    EXPECT_OK(vfs_file_resize(&file, 5));
    vfs_file_close(&file);
    vfs_expect_text("gone", "another");
    vfs_remove_file("gone");
}

/* Another client gets the file that is meant, not its name, and no more rights than there were. */
void files_are_passed_on(void)
{
    char buffer[16];
    struct vfs_file file, taken;
    struct vfs_passed passed;
    uint32_t count;

    vfs_write_text("passed", "this one");
    vfs_open(&file, "passed", VFS_READ);
    EXPECT_OK(vfs_file_pass(&file, &passed));
    vfs_remove_file("passed");
    vfs_write_text("passed", "another");
    EXPECT_OK(vfs_file_take(&taken, &passed, vfs_at("passed"), VFS_READ));
    vfs_file_close(&file);
    EXPECT_OK(vfs_file_read(&taken, 0, buffer, sizeof buffer, &count));
    EXPECT(count == 8 && memcmp(buffer, "this one", 8) == 0);
    EXPECT_STATUS(NOT_ALLOWED, vfs_file_write(&taken, 0, "x", 1, &count, NULL));
    vfs_file_close(&taken);
    EXPECT_OK(vfs_file_take(&taken, &passed, vfs_at("passed"), VFS_READ));    /* nobody has it any more: what has the name now */
    EXPECT_EQUAL(7, taken.size_at_open);
    vfs_file_close(&taken);
    vfs_remove_file("passed");
}

void clients_have_so_many_files_open_and_no_more(void)
{
    static struct vfs_file files[HANDLES_MAX + 1];
    uint32_t before = vfs_open_files(vfs_place);

    vfs_write_text("file", "text");
    for (uint32_t i = 0; i < HANDLES_MAX; i++) {
        vfs_open(&files[i], "file", VFS_READ);
    }
    EXPECT_EQUAL(before + HANDLES_MAX, vfs_open_files(vfs_place));
    EXPECT_STATUS(OVER_QUOTA, vfs_file_open(&files[HANDLES_MAX], vfs_at("file"), VFS_READ));
    EXPECT_STATUS(OVER_QUOTA, vfs_file_open(&files[HANDLES_MAX], "/boot", VFS_READ));
    vfs_file_close(&files[100]);
    vfs_open(&files[100], "file", VFS_READ);
    for (uint32_t i = 0; i < HANDLES_MAX; i++) {
        vfs_file_close(&files[i]);
    }
    EXPECT_EQUAL(before, vfs_open_files(vfs_place));
    vfs_remove_file("file");
}

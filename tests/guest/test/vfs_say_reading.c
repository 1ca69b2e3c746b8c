/* Sentences about what is there already, and cannot be changed perhaps. */
#include <ternion/format.h>
#include <ternion/memory.h>
#include <ternion/string.h>

#include "test.h"
#include "vfs_sentences.h"

#define DEPTH_MAX 4U
#define FILES_MAX 60U            /* of a tree */
#define BYTES_MAX 100000U        /* of a file */

/* ---- All files of a tree ---- */

struct walk {
    void (*visit)(const char *path, const struct vfs_entry *entry);
    uint32_t left;               /* files */
};

static void walk(struct walk *state, const char *path, uint32_t depth)
{
    uint8_t *buffer = malloc(VFS_LIST_MAX);
    uint32_t cursor = 0, size;
    struct vfs_file directory;

    EXPECT_OK(vfs_file_open(&directory, path, VFS_READ | VFS_DIRECTORY));
    do {
        const struct vfs_entry *entry;

        EXPECT_OK(vfs_file_list(&directory, &cursor, buffer, &size));
        for (uint32_t offset = 0; (entry = vfs_entry_at(buffer, size, offset)) != NULL && state->left > 0; offset += entry->entry_size) {
            char below[VFS_PATH_MAX + 1];

            format_text(below, sizeof below, "%s/%.*s", path, entry->name_size, entry->name);
            state->left--;
            state->visit(below, entry);
            if (entry->kind == VFS_KIND_DIRECTORY && depth < DEPTH_MAX) {
                walk(state, below, depth + 1);
            }
        }
    } while (size != 0 && state->left > 0);
    vfs_file_close(&directory);
    free(buffer);
}

/* ---- Reading ---- */

static uint32_t add(uint32_t sum, const uint8_t *bytes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        sum = sum * 31 + bytes[i];
    }
    return sum;
}

static uint32_t sum_by_pieces(struct vfs_file *file, uint32_t piece, uint32_t size)
{
    uint32_t sum = 0, count;

    for (uint32_t at = 0; at < size; at += count) {
        uint32_t wanted = size - at < piece ? size - at : piece;

        EXPECT_OK(vfs_file_read(file, at, test_scratch, wanted, &count));
        EXPECT_EQUAL(wanted, count);
        sum = add(sum, test_scratch, count);
    }
    return sum;
}

static uint32_t sum_by_pages(struct vfs_file *file, uint32_t size)
{
    uint32_t sum = 0, count;
    void *pages;

    for (uint32_t at = 0; at < size; at += count) {
        EXPECT_OK(vfs_file_read_pages(file, at, 7, &pages, &count));
        EXPECT(count != 0);
        sum = add(sum, pages, count < size - at ? count : size - at);
        EXPECT_OK(memory_free((uint32_t)pages, PAGES(count)));
    }
    return sum;
}

static void read_in_every_way(const char *path, const struct vfs_entry *entry)
{
    struct vfs_file file;
    uint32_t count;

    if (entry->kind != VFS_KIND_FILE) {
        return;
    }
    EXPECT_OK(vfs_file_open(&file, path, VFS_READ));
    uint32_t size = file.size_at_open < BYTES_MAX ? (uint32_t)file.size_at_open : BYTES_MAX;
    uint32_t sum = sum_by_pieces(&file, TEST_SCRATCH_SIZE, size);
    EXPECT_EQUAL(sum, sum_by_pieces(&file, 999, size));
    EXPECT_EQUAL(sum, sum_by_pages(&file, size));
    uint32_t few = size < 50 ? size : 50;
    EXPECT_EQUAL(sum_by_pieces(&file, 50, few), sum_by_pieces(&file, 3, few));
    EXPECT_OK(vfs_file_read(&file, file.size_at_open, test_scratch, 100, &count));
    EXPECT_EQUAL(0, count);
    vfs_file_close(&file);
}

void everything_is_read_in_whatever_way(void)
{
    struct walk state = { read_in_every_way, FILES_MAX };

    walk(&state, vfs_place, 0);
    EXPECT(state.left < FILES_MAX);
}

/* ---- Descriptions ---- */

static void compare(const char *path, const struct vfs_entry *entry)
{
    struct vfs_description by_path, by_handle;
    struct vfs_file file;

    EXPECT_OK(vfs_path_describe(path, &by_path));
    EXPECT_EQUAL(entry->kind, by_path.kind);
    EXPECT_EQUAL(entry->number, (uint32_t)by_path.number);
    EXPECT_OK(vfs_file_open(&file, path, VFS_READ));
    EXPECT_OK(vfs_file_describe(&file, &by_handle));
    EXPECT(memcmp(&by_path, &by_handle, sizeof by_path) == 0);
    EXPECT(file.kind == by_path.kind && file.size_at_open == by_path.size);
    EXPECT_EQUAL((by_path.flags & VFS_IS_READ_ONLY) != 0, file.is_read_only);
    vfs_file_close(&file);
}

void lists_and_descriptions_agree(void)
{
    struct walk state = { compare, FILES_MAX };

    walk(&state, vfs_place, 0);
    EXPECT(state.left < FILES_MAX);
}

/* ---- What is not there, and what cannot be ---- */

void what_is_not_there_is_told(void)
{
    struct vfs_description description;

    EXPECT_STATUS(NOT_FOUND, vfs_open_status("none", VFS_READ));
    EXPECT_STATUS(NOT_FOUND, vfs_open_status("none/none", VFS_READ));
    EXPECT_STATUS(NOT_FOUND, vfs_path_describe(vfs_at("none"), &description));
    EXPECT_STATUS(NOT_FOUND, vfs_path_remove(vfs_at("none"), false));
    EXPECT_STATUS(NOT_FOUND, vfs_path_remove(vfs_at("none/none"), true));
    EXPECT_STATUS(NOT_FOUND, vfs_path_rename(vfs_at("none"), vfs_at("other")));
    EXPECT_STATUS(NOT_FOUND, vfs_path_make_directory(vfs_at("none/none")));
}

/* A file and a directory, if there are any. */
static char found[2][VFS_PATH_MAX + 1];

static void keep(const char *path, const struct vfs_entry *entry)
{
    char *place = found[entry->kind == VFS_KIND_DIRECTORY];

    if (place[0] == '\0') {
        format_text(place, sizeof found[0], "%s", path);
    }
}

void nothing_can_be_changed(void)
{
    struct walk state = { keep, FILES_MAX };
    const char *file_path = found[0], *directory = found[1];
    struct vfs_file file;
    uint32_t count;

    walk(&state, vfs_place, 0);
    EXPECT(file_path[0] != '\0');
    EXPECT_STATUS(NOT_ALLOWED, vfs_file_open(&file, file_path, VFS_READ | VFS_WRITE));
    EXPECT_STATUS(NOT_ALLOWED, vfs_file_open(&file, file_path, VFS_WRITE | VFS_TRUNCATE));
    EXPECT_STATUS(EXISTS, vfs_file_open(&file, file_path, VFS_WRITE | VFS_CREATE | VFS_EXCLUSIVE));
    EXPECT_STATUS(NOT_ALLOWED, vfs_open_status("new", VFS_WRITE | VFS_CREATE));
    EXPECT_STATUS(NOT_ALLOWED, vfs_path_make_directory(vfs_at("new")));
    EXPECT_STATUS(EXISTS, vfs_path_make_directory(file_path));
    EXPECT_STATUS(NOT_ALLOWED, vfs_path_remove(file_path, false));
    EXPECT_STATUS(NOT_DIRECTORY, vfs_path_remove(file_path, true));
    EXPECT_STATUS(NOT_ALLOWED, vfs_path_rename(file_path, vfs_at("new")));
    EXPECT_STATUS(NOT_ALLOWED, vfs_path_set_changed(file_path, 1000000000));
    EXPECT_STATUS(BUSY, vfs_path_remove(vfs_place, true));
    EXPECT_STATUS(BUSY, vfs_path_rename(vfs_place, vfs_place));
    if (directory[0] != '\0') {
        EXPECT_STATUS(IS_DIRECTORY, vfs_path_remove(directory, false));
        EXPECT_STATUS(NOT_ALLOWED, vfs_path_remove(directory, true));
        EXPECT_STATUS(NOT_ALLOWED, vfs_path_rename(directory, vfs_at("new")));
    }
    EXPECT_OK(vfs_file_open(&file, file_path, VFS_READ));
    EXPECT(file.is_read_only);
    EXPECT_STATUS(NOT_ALLOWED, vfs_file_write(&file, 0, "x", 1, &count, NULL));
    EXPECT_STATUS(NOT_ALLOWED, vfs_file_resize(&file, 0));
    EXPECT_OK(vfs_file_synchronise(&file));
    vfs_file_close(&file);
}

/* Sentences about what names and paths consist of. */
#include <ternion/format.h>
#include <ternion/string.h>

#include "test.h"
#include "vfs_sentences.h"

#define PART 200U                /* bytes of the directories in a long path */

static char text[VFS_PATH_MAX + 20];

void names_have_255_bytes_and_no_more(void)
{
    char name[VFS_NAME_MAX + 2];

    memset(name, 'x', sizeof name);
    name[VFS_NAME_MAX] = '\0';
    vfs_write_text(name, "long");
    EXPECT_EQUAL(1, vfs_count_entries(vfs_place, name));
    vfs_expect_text(name, "long");
    name[0] = 'y';
    EXPECT_STATUS(NOT_FOUND, vfs_open_status(name, VFS_READ));
    vfs_make_directory(name);
    EXPECT_EQUAL(1, vfs_count_entries(vfs_place, name));
    vfs_remove_directory(name);
    name[0] = 'x';
    EXPECT_OK(vfs_path_rename(vfs_at(name), vfs_at("short")));
    EXPECT_OK(vfs_path_rename(vfs_at("short"), vfs_at(name)));
    vfs_remove_file(name);
    name[VFS_NAME_MAX] = 'x';
    name[VFS_NAME_MAX + 1] = '\0';
    vfs_write_text("short", "short");
    EXPECT_STATUS(TOO_BIG, vfs_open_status(name, VFS_WRITE | VFS_CREATE));
    EXPECT_STATUS(TOO_BIG, vfs_path_describe(vfs_at(name), &(struct vfs_description){ 0 }));
    EXPECT_STATUS(TOO_BIG, vfs_path_make_directory(vfs_at(name)));
    EXPECT_STATUS(TOO_BIG, vfs_path_remove(vfs_at(name), false));
    EXPECT_STATUS(TOO_BIG, vfs_path_rename(vfs_at("short"), vfs_at(name)));
    EXPECT_STATUS(TOO_BIG, vfs_path_rename(vfs_at(name), vfs_at("short")));
    EXPECT_EQUAL(1, vfs_count_entries(vfs_place, ""));
    vfs_remove_file("short");
}

/* Makes directories below the place until a name of one part fits behind them; the path's length. */
static uint32_t make_deep(void)
{
    uint32_t size = (uint32_t)format_text(text, sizeof text, "%s", vfs_place);

    while (VFS_PATH_MAX - size > VFS_NAME_MAX + 1) {
        text[size] = '/';
        memset(text + size + 1, 'd', PART);
        size += PART + 1;
        text[size] = '\0';
        EXPECT_OK(vfs_path_make_directory(text));
    }
    return size;
}

static void remove_deep(uint32_t size)
{
    for (uint32_t place = (uint32_t)strlen(vfs_place); size > place; size -= PART + 1) {
        text[size] = '\0';
        EXPECT_OK(vfs_path_remove(text, true));
    }
}

void paths_have_1023_bytes_and_no_more(void)
{
    uint32_t depth = make_deep();
    struct vfs_description description;
    struct vfs_file file;
    uint32_t count;
    char byte;

    text[depth] = '/';
    memset(text + depth + 1, 'f', VFS_PATH_MAX - depth - 1);
    text[VFS_PATH_MAX] = '\0';
    EXPECT_OK(vfs_file_open(&file, text, VFS_READ | VFS_WRITE | VFS_CREATE));
    EXPECT_OK(vfs_file_write(&file, 0, "x", 1, &count, NULL));
    vfs_file_close(&file);
    EXPECT_OK(vfs_path_describe(text, &description));
    EXPECT_EQUAL(1, description.size);
    EXPECT_OK(vfs_file_open(&file, text, VFS_READ));
    EXPECT_OK(vfs_file_read(&file, 0, &byte, 1, &count));
    EXPECT(count == 1 && byte == 'x');
    vfs_file_close(&file);
    EXPECT_OK(vfs_path_rename(text, vfs_at("short")));
    EXPECT_OK(vfs_path_rename(vfs_at("short"), text));
    text[VFS_PATH_MAX] = '/';                            /* means nothing, but is one byte more */
    text[VFS_PATH_MAX + 1] = '\0';
    EXPECT_STATUS(TOO_BIG, vfs_file_open(&file, text, VFS_READ));
    EXPECT_STATUS(TOO_BIG, vfs_path_describe(text, &description));
    EXPECT_STATUS(TOO_BIG, vfs_path_make_directory(text));
    EXPECT_STATUS(TOO_BIG, vfs_path_remove(text, false));
    EXPECT_STATUS(TOO_BIG, vfs_path_rename(text, vfs_at("short")));
    EXPECT_STATUS(TOO_BIG, vfs_path_rename(vfs_at("short"), text));
    text[VFS_PATH_MAX] = '\0';
    EXPECT_OK(vfs_path_remove(text, false));
    remove_deep(depth);
}

/* ---- Bytes ---- */

static bool is_fat(void)
{
    struct vfs_mount_description mount;

    vfs_mount_of(vfs_place, &mount);
    return strcmp(mount.type, "fat") == 0;
}

/* What FAT's long names have no place for; a byte above 7Fh alone is no UTF-8. */
static bool fat_refuses(uint32_t byte)
{
    return byte < 0x20 || byte >= 0x7F || strchr("\"*:<>?\\|", (int)byte) != NULL;
}

static void expect_refused(const char *name)
{
    EXPECT_STATUS(BAD_NAME, vfs_open_status(name, VFS_WRITE | VFS_CREATE));
    EXPECT_STATUS(NOT_FOUND, vfs_open_status(name, VFS_READ));
    EXPECT_STATUS(BAD_NAME, vfs_path_make_directory(vfs_at(name)));
    EXPECT_STATUS(BAD_NAME, vfs_path_rename(vfs_at("file"), vfs_at(name)));
}

/* Capital letters come first, and FAT takes small ones for the same. */
static uint32_t create_all(bool is_on_fat)
{
    char name[] = "a?b";
    uint32_t made = 0;

    for (uint32_t byte = 1; byte < 256; byte++) {
        name[1] = (char)byte;
        if (byte == '/') {
            continue;
        }
        if (is_on_fat && fat_refuses(byte)) {
            expect_refused(name);
        } else if (is_on_fat && byte >= 'a' && byte <= 'z') {
            EXPECT_STATUS(EXISTS, vfs_open_status(name, VFS_WRITE | VFS_CREATE | VFS_EXCLUSIVE));
        } else {
            EXPECT_OK(vfs_open_status(name, VFS_WRITE | VFS_CREATE | VFS_EXCLUSIVE));
            made++;
        }
    }
    return made;
}

void names_have_every_byte_or_are_refused(void)
{
    bool is_on_fat = is_fat();
    char name[] = "a?b";

    vfs_write_text("file", "kept");
    uint32_t made = create_all(is_on_fat);
    EXPECT_EQUAL(made + 1, vfs_count_entries(vfs_place, ""));
    EXPECT_EQUAL(is_on_fat ? 60 : 254, made);
    for (uint32_t byte = 1; byte < 256; byte++) {
        bool is_there = byte != '/' && !(is_on_fat && (fat_refuses(byte) || (byte >= 'a' && byte <= 'z')));

        name[1] = (char)byte;
        if (is_there) {
            EXPECT_EQUAL(1, vfs_count_entries(vfs_place, name));
            vfs_remove_file(name);
        }
    }
    vfs_write_text("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80 UTF-8", "kept");
    EXPECT_EQUAL(1, vfs_count_entries(vfs_place, "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80 UTF-8"));
    vfs_remove_file("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80 UTF-8");
    if (is_on_fat) {
        expect_refused("dot.");
        expect_refused("space ");
        expect_refused("...");
        expect_refused("half\xC3");
        expect_refused("surrogate\xED\xA0\x80");
    }
    vfs_expect_text("file", "kept");
    vfs_remove_file("file");
}

/* Sentences about lists, and about what files are said to be. */
#include <ternion/format.h>
#include <ternion/string.h>

#include "dice.h"
#include "test.h"
#include "vfs_sentences.h"

#define STAYING 80U
#define CHANGING 40U
#define CHANGES 6U               /* between two parts of a list */
#define NAME_SIZE 140U

static uint8_t entries[VFS_LIST_MAX] __attribute__((aligned(4)));

/* ---- While names change ---- */

#define OTHER "other"

/* Names so long that a list comes in several parts; those of a kind need more room than others. */
static const char *long_name(const char *kind, uint32_t number)
{
    static char name[NAME_SIZE];
    size_t size = format_text(name, sizeof name, "%s %u ", kind, number);
    size_t end = kind[0] == OTHER[0] ? NAME_SIZE - 1 : 90;

    memset(name + size, 'l', end - size);
    name[end] = '\0';
    return name;
}

static uint8_t seen[STAYING];

/* Each name is one that was there at some time; those that stay are counted. */
static void take(const struct vfs_entry *entry)
{
    for (uint32_t number = 0; number < STAYING; number++) {
        const char *name = long_name("stays", number);

        if (entry->name_size == strlen(name) && memcmp(entry->name, name, entry->name_size) == 0) {
            seen[number]++;
            return;
        }
    }
    EXPECT(entry->name_size > 8 && (memcmp(entry->name, "changes ", 8) == 0 || memcmp(entry->name, "other ", 6) == 0));
}

/* Takes away, makes and renames, of others than those that stay. */
static void change_some(struct dice *dice, bool is_there[CHANGING])
{
    for (uint32_t turn = 0; turn < CHANGES; turn++) {
        uint32_t number = dice_throw(dice, CHANGING);
        const char *kind = dice_throw(dice, 2) == 0 ? "changes" : OTHER;

        if (is_there[number]) {
            if (vfs_path_remove(vfs_at(long_name("changes", number)), false) != OK) {
                vfs_remove_file(long_name(OTHER, number));
            }
        } else {
            EXPECT_OK(vfs_open_status(long_name(kind, number), VFS_WRITE | VFS_CREATE));
        }
        is_there[number] = !is_there[number];
    }
}

static void list_once(struct dice *dice, bool is_there[CHANGING])
{
    struct vfs_file directory;
    uint32_t cursor = 0, size, parts = 0;

    memset(seen, 0, sizeof seen);
    vfs_open(&directory, "", VFS_READ);
    do {
        const struct vfs_entry *entry;

        EXPECT_OK(vfs_file_list(&directory, &cursor, entries, &size));
        for (uint32_t offset = 0; (entry = vfs_entry_at(entries, size, offset)) != NULL; offset += entry->entry_size) {
            take(entry);
        }
        parts++;
        change_some(dice, is_there);
    } while (size != 0);
    vfs_file_close(&directory);
    EXPECT(parts > 2);
    for (uint32_t number = 0; number < STAYING; number++) {
        EXPECT_EQUAL(1, seen[number]);
    }
}

void lists_see_each_name_once_while_others_change(void)
{
    bool is_there[CHANGING] = { false };
    struct dice dice = dice_take(1);

    for (uint32_t number = 0; number < STAYING; number++) {
        EXPECT_OK(vfs_open_status(long_name("stays", number), VFS_WRITE | VFS_CREATE));
        if (number % 8 == 0) {
            change_some(&dice, is_there);
        }
    }
    for (uint32_t turn = 0; turn < 2; turn++) {
        list_once(&dice, is_there);
    }
    for (uint32_t number = 0; number < STAYING; number++) {
        vfs_remove_file(long_name("stays", number));
    }
    for (uint32_t number = 0; number < CHANGING; number++) {
        if (is_there[number] && vfs_path_remove(vfs_at(long_name("changes", number)), false) != OK) {
            vfs_remove_file(long_name(OTHER, number));
        }
    }
}

/* ---- Descriptions ---- */

void descriptions_tell_files_apart(void)
{
    struct vfs_description one, other, place, again;
    struct vfs_mount_description mount;
    struct vfs_file file;
    uint32_t count;

    vfs_write_text("one", "1");
    vfs_make_directory("other");
    EXPECT_OK(vfs_path_describe(vfs_at("one"), &one));
    EXPECT_OK(vfs_path_describe(vfs_at("other"), &other));
    EXPECT_OK(vfs_path_describe(vfs_place, &place));
    vfs_mount_of(vfs_place, &mount);
    EXPECT(one.number != other.number && one.number != place.number && other.number != place.number);
    EXPECT(one.kind == VFS_KIND_FILE && other.kind == VFS_KIND_DIRECTORY && place.kind == VFS_KIND_DIRECTORY);
    EXPECT(one.size == 1 && other.size == 0);
    EXPECT(one.file_system == mount.file_system && other.file_system == mount.file_system);
    EXPECT(one.flags == 0 && one.block_size >= 512);
    vfs_open(&file, "one", VFS_WRITE);
    EXPECT_OK(vfs_file_write(&file, 1, "23", 2, &count, NULL));
    EXPECT_OK(vfs_file_describe(&file, &again));
    EXPECT(again.number == one.number && again.size == 3 && again.changed_s >= one.changed_s);
    vfs_remove_file("one");
    vfs_write_text("one", "another");
    EXPECT_OK(vfs_path_describe(vfs_at("one"), &one));
    EXPECT_OK(vfs_file_describe(&file, &again));
    EXPECT(again.number != one.number);
    vfs_file_close(&file);
    vfs_remove_file("one");
    vfs_remove_directory("other");
}

static int64_t changed_s(const char *name)
{
    struct vfs_description description;

    EXPECT_OK(vfs_path_describe(vfs_at(name), &description));
    return description.changed_s;
}

void files_were_written_when_clients_say(void)
{
    struct vfs_file file;
    uint32_t count;

    vfs_write_text("file", "text");
    vfs_make_directory("directory");
    EXPECT_OK(vfs_path_set_changed(vfs_at("file"), 1000000000));
    EXPECT_OK(vfs_path_set_changed(vfs_at("directory"), 1000000002));
    EXPECT(changed_s("file") == 1000000000 && changed_s("directory") == 1000000002);
    vfs_expect_text("file", "text");
    vfs_open(&file, "file", VFS_READ);
    EXPECT_OK(vfs_file_set_changed(&file, 1000000004));
    EXPECT_EQUAL(1000000004, changed_s("file"));
    EXPECT_OK(vfs_file_set_changed(&file, INT64_MAX));
    EXPECT(changed_s("file") >= 4354819198);
    EXPECT_OK(vfs_file_set_changed(&file, -1));
    EXPECT(changed_s("file") <= 315532800);
    EXPECT_OK(vfs_file_set_changed(&file, VFS_TIME_NOW));
    EXPECT(changed_s("file") >= 0);
    vfs_file_close(&file);
    EXPECT_OK(vfs_path_set_changed(vfs_at("file"), 1000000000));
    vfs_open(&file, "file", VFS_WRITE);
    EXPECT_OK(vfs_file_write(&file, 0, "T", 1, &count, NULL));
    EXPECT(changed_s("file") != 1000000000);
    vfs_file_close(&file);
    EXPECT_STATUS(NOT_FOUND, vfs_path_set_changed(vfs_at("none"), 1000000000));
    EXPECT_STATUS(NOT_DIRECTORY, vfs_path_set_changed(vfs_at("file/"), 1000000000));
    vfs_remove_file("file");
    vfs_remove_directory("directory");
}

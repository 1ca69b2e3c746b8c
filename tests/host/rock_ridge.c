/* ISO 9660 where it is not simple: names and records that go on elsewhere, whole and damaged. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disk_image.h"
#include "servers/vfs/iso9660_susp.h"
#include "servers/vfs/path.h"
#include "test.h"

#define LONG_NAMES 120U
#define BLOCK 2048U

static struct image image;
static struct file_system *file_system;

static void make(const char *tree_command, const char *image_command)
{
    image_make_by(&image, tree_command, image_command);
    CHECK_EQUAL(image_mount(&image, &file_system), OK);
}

static void remount(void)
{
    file_system->operations->end(file_system);
    CHECK_EQUAL(image_mount(&image, &file_system), OK);
}

static void end(void)
{
    file_system->operations->end(file_system);
    image_free(&image);
}

/* What a file holds; NULL: there is no such file. */
static const char *text_of(const char *path)
{
    static char text[100];
    struct node *node;

    if (path_find(file_system, path, (uint32_t)strlen(path), &node) != OK) {
        return NULL;
    }
    CHECK(node->kind == VFS_KIND_FILE && node->size < sizeof text);
    CHECK(node->size == 0 || file_system->operations->read(node, 0, text, (uint32_t)node->size) == OK);
    text[node->size] = '\0';
    node_release(node);
    return text;
}

static bool has_text(const char *path, const char *text)
{
    const char *found = text_of(path);

    return found != NULL && strcmp(found, text) == 0;
}

/* How often a name is in a directory; NULL: how many names there are. */
static uint32_t count(const char *path, const char *name)
{
    struct directory_entry entry;
    uint32_t cursor = 0, found = 0;
    struct node *node;

    CHECK_EQUAL(path_find(file_system, path, (uint32_t)strlen(path), &node), OK);
    while (file_system->operations->list(node, &cursor, &entry) == OK) {
        found += name == NULL || (entry.name_size == strlen(name) && memcmp(entry.name, name, entry.name_size) == 0);
    }
    node_release(node);
    return found;
}

/* ---- Whole ---- */

/* No more links than that: xorriso 1.5.4 fails where they fill much of their area. */
#define LINKS 5U
static const char long_names[] = "cd tree && for i in $(seq 100 219); do n=$(printf \"%$((i + 35))s\" $i | tr ' ' n); echo $i >$n; done; "
                                 "for i in $(seq 100 104); do ln -s $i/$i/target link-$i; done";
#define LONG_TREE (LONG_NAMES + LINKS)

static void long_name(uint32_t number, char *name)
{
    memset(name, 'n', number + 32);
    sprintf(name + number + 32, "%u", number);
}

static void names_that_go_on_elsewhere_are_whole(void)
{
    make(long_names, "xorriso -as mkisofs -R -o image tree");
    CHECK_EQUAL(count("", NULL), LONG_TREE);
    for (uint32_t i = 100; i < 100 + LONG_NAMES; i++) {
        char name[VFS_NAME_MAX + 1], text[8];

        long_name(i, name);
        sprintf(text, "%u\n", i);
        CHECK(has_text(name, text));
        CHECK_EQUAL(count("", name), 1);
    }
    CHECK(has_text("link-104", ""));     /* there are no links: what is one is an empty file */
    end();
}

static const char deep_tree[] = "mkdir -p tree/1/2/3/4/5/6/7/8/9/10/11 && echo deep >tree/1/2/3/4/5/6/7/8/9/10/11/deep.txt && "
                                "echo up >tree/1/2/3/4/5/6/7/8/up.txt";

#define MOVED_TO_ROOT "xorriso -compliance deep_paths_off -rockridge on -outdev image -map tree /"

static void check_deep(const char *image_command)
{
    make(deep_tree, image_command);
    CHECK(has_text("1/2/3/4/5/6/7/8/9/10/11/deep.txt", "deep\n"));
    CHECK(has_text("1/2/3/4/5/6/7/8/up.txt", "up\n"));
    CHECK_EQUAL(count("1/2/3/4/5/6/7", "8"), 1);
    CHECK_EQUAL(count("1/2/3/4/5/6/7", NULL), 1);
    CHECK_EQUAL(count("1/2/3/4/5/6/7/8", NULL), 2);
    CHECK_EQUAL(count("", NULL), 1);
    CHECK(text_of("8/up.txt") == NULL && text_of("rr_moved/8/up.txt") == NULL);
    end();
}

static void directories_that_were_moved_are_where_they_belong(void)
{
    check_deep(MOVED_TO_ROOT);
    check_deep("xorriso -compliance deep_paths_off -as mkisofs -R -rr_reloc_dir rr_moved -o image tree");
}

/* ---- By hand ---- */

/* The record with an identifier of eight letters. */
static uint8_t *record_with(const char *identifier)
{
    for (size_t at = 16 * BLOCK; at + 50 < image.size; at++) {
        if (memcmp(image.bytes + at, identifier, 8) == 0) {
            return image.bytes + at - 33;
        }
    }
    FAIL("no record has %s", identifier);
}

/* Writers make such records from 4 GB on: these are two files that lie side by side, made one. */
static void files_in_several_parts_are_one(void)
{
    struct node *node;
    char byte;

    make("head -c 4096 /dev/zero | tr '\\0' a >tree/aaaaaaaa && head -c 3000 /dev/zero | tr '\\0' b >tree/bbbbbbbb && echo c >tree/cccccccc",
         "xorriso -as mkisofs -R -o image tree");
    record_with("AAAAAAAA")[25] |= 128;
    remount();
    CHECK_EQUAL(path_find(file_system, "bbbbbbbb", 8, &node), OK);
    CHECK_EQUAL(node->size, 4096 + 3000);
    CHECK(file_system->operations->read(node, 4095, &byte, 1) == OK && byte == 'a');
    CHECK(file_system->operations->read(node, 4096, &byte, 1) == OK && byte == 'b');
    CHECK(file_system->operations->read(node, 7095, &byte, 1) == OK && byte == 'b');
    node_release(node);
    CHECK(text_of("aaaaaaaa") == NULL);
    record_with("AAAAAAAA")[11] = 8;             /* 2,048 bytes: the parts are apart now */
    remount();
    CHECK_EQUAL(count("", NULL), 1);
    CHECK(has_text("cccccccc", "c\n"));
    end();
}

static void take_record(const char *system_use, uint32_t size, uint8_t record[ISO_RECORD_MAX])
{
    memset(record, 0, ISO_RECORD_MAX);
    record[0] = (uint8_t)(34 + size);
    record[32] = 1;
    record[33] = 'X';
    memcpy(record + 34, system_use, size);
}

static void entries_are_found_behind_what_other_systems_put_there(void)
{
    uint8_t record[ISO_RECORD_MAX];
    struct iso_susp susp;
    struct cache cache;
    uint32_t skip = 99;

    take_record("SP\x07\x01\xBE\xEF\x05", 7, record);
    CHECK(iso_susp_begins(record, &skip) && skip == 5);
    take_record("\0\0\0\0\0\0XA\0\0\0\0\0\0SP\x07\x01\xBE\xEF\x0E", 21, record);
    CHECK(iso_susp_begins(record, &skip) && skip == 14);
    take_record("SP\x07\x01\xBE\xFF\x05", 7, record);
    CHECK(!iso_susp_begins(record, &skip));
    take_record("", 0, record);
    CHECK(!iso_susp_begins(record, &skip));
    take_record("12345NM\x07\x01\0ab" "NM\x06\x01\0c" "ST\x04\x01NM\x06\x01\0d", 5 + 7 + 6 + 4 + 6, record);
    CHECK_EQUAL(iso_susp_read(&cache, record, 5, &susp), OK);
    CHECK(susp.name.size == 3 && memcmp(susp.name.text, "abc", 3) == 0);
    CHECK_EQUAL(iso_susp_read(&cache, record, 250, &susp), OK);
    CHECK_EQUAL(susp.name.size, 0);
    take_record("NM\x07\x01\0a/", 7, record);
    CHECK_EQUAL(iso_susp_read(&cache, record, 0, &susp), OK);
    CHECK_EQUAL(susp.name.size, 0);
}

/* ---- Damaged ---- */

/* Puts a number into each CE entry. Returns how many there are. */
static uint32_t patch_continuations(uint32_t offset, uint32_t number)
{
    uint32_t found = 0;

    for (size_t at = 16 * BLOCK; at + 28 < image.size; at++) {
        uint8_t *entry = image.bytes + at;

        if (entry[0] == 'C' && entry[1] == 'E' && entry[2] == 28) {
            for (uint32_t i = 0; i < 4; i++) {
                entry[offset + i] = (uint8_t)(number >> 8 * i);
            }
            found++;
        }
    }
    return found;
}

/* Every place that is damaged like this leaves short names, and all files can be read. */
static void check_damaged(uint32_t offset, uint32_t number)
{
    image_make_by(&image, long_names, "xorriso -as mkisofs -R -o image tree");
    CHECK(patch_continuations(offset, number) > LONG_NAMES / 2);
    CHECK_EQUAL(image_mount(&image, &file_system), OK);
    CHECK_EQUAL(count("", NULL), LONG_TREE);
    CHECK_EQUAL(image_visit(file_system), LONG_TREE);
    end();
}

static void continuations_that_lie_nowhere_are_passed_over(void)
{
    check_damaged(4, 0xFFFFFFFF);
    check_damaged(12, 2049);
    check_damaged(20, 0xFFFFFFFF);
    check_damaged(4, 1);
}

/* The first entry of each continuation area is a CE that leads back to it. */
static void continuations_that_are_loops_end(void)
{
    image_make_by(&image, long_names, "xorriso -as mkisofs -R -o image tree");
    for (size_t at = 16 * BLOCK; at + 28 < image.size; at++) {
        const uint8_t *entry = image.bytes + at;

        if (entry[0] == 'C' && entry[1] == 'E' && entry[2] == 28) {
            size_t area = (size_t)iso_little_32(entry + 4) * BLOCK + iso_little_32(entry + 12);

            CHECK(area + 28 <= image.size);
            memmove(image.bytes + area, entry, 28);
        }
    }
    CHECK_EQUAL(image_mount(&image, &file_system), OK);
    CHECK_EQUAL(count("", NULL), LONG_TREE);
    CHECK_EQUAL(image_visit(file_system), LONG_TREE);
    end();
}

static void moved_directories_that_are_none_are_told_of(void)
{
    uint32_t patched = 0;

    make(deep_tree, MOVED_TO_ROOT);
    for (size_t at = 16 * BLOCK; at + 12 < image.size; at++) {
        if (memcmp(image.bytes + at, "CL\x0C\x01", 4) == 0) {
            image.bytes[at + 4] += 10;        /* what a file holds */
            patched++;
        }
    }
    CHECK_EQUAL(patched, 1);
    remount();
    CHECK(path_find(file_system, "1/2/3/4/5/6/7/8", 15, &(struct node *){ NULL }) == FAULT);
    CHECK_EQUAL(count("1/2/3/4/5/6/7", NULL), 1);
    end();
}

static const struct test tests[] = {
    TEST(names_that_go_on_elsewhere_are_whole),
    TEST(directories_that_were_moved_are_where_they_belong),
    TEST(files_in_several_parts_are_one),
    TEST(entries_are_found_behind_what_other_systems_put_there),
    TEST(continuations_that_lie_nowhere_are_passed_over),
    TEST(continuations_that_are_loops_end),
    TEST(moved_directories_that_are_none_are_told_of),
};

TEST_MAIN(tests)

/* FAT and ISO 9660, on images that other people's tools made, whole and damaged. */
#include <stdlib.h>
#include <string.h>

#include "disk_image.h"
#include "servers/vfs/path.h"
#include "test.h"

#define DAMAGES 120U

static struct node *find(struct file_system *file_system, const char *path)
{
    struct node *node;

    CHECK_EQUAL(path_find(file_system, path, (uint32_t)strlen(path), &node), OK);
    return node;
}

static void check_large(struct file_system *file_system)
{
    static uint8_t bytes[IMAGE_LARGE_SIZE];
    struct node *node = find(file_system, "deep/er/file.bin");

    CHECK_EQUAL(node->size, IMAGE_LARGE_SIZE);
    for (uint32_t turn = 0; turn < 200; turn++) {
        uint32_t at = turn == 0 ? 0 : random_below(IMAGE_LARGE_SIZE);
        uint32_t size = turn == 0 ? IMAGE_LARGE_SIZE : random_below(IMAGE_LARGE_SIZE - at) / (1 + random_below(50));

        CHECK_EQUAL(node->file_system->operations->read(node, at, bytes, size), OK);
        for (uint32_t i = 0; i < size; i++) {
            CHECK(bytes[i] == image_byte(at + i));
        }
    }
    node_release(node);
}

static void check_tree(enum image_kind kind)
{
    struct file_system *file_system;
    struct image image;
    struct node *node;
    char text[6];

    image_make(&image, kind);
    CHECK_EQUAL(image_mount(&image, &file_system), OK);
    CHECK_EQUAL(image_visit(file_system), 3 + IMAGE_MANY);
    node = find(file_system, "readme.txt");
    CHECK(node->size == 6 && file_system->operations->read(node, 0, text, 6) == OK && memcmp(text, "hello\n", 6) == 0);
    CHECK(node->changed_s > 1600000000);
    node_release(node);
    node = find(file_system, IMAGE_LONG_NAME);
    CHECK(node->size == 5);
    node_release(node);
    CHECK_EQUAL(path_find(file_system, "readme.tx", 9, &node), NOT_FOUND);
    CHECK_EQUAL(path_find(file_system, "readme.txt/x", 12, &node), NOT_DIRECTORY);
    check_large(file_system);
    file_system->operations->end(file_system);
    image_free(&image);
}

static void files_of_fat12_are_read(void) { check_tree(IMAGE_FAT12); }
static void files_of_fat16_are_read(void) { check_tree(IMAGE_FAT16); }
static void files_of_fat32_are_read(void) { check_tree(IMAGE_FAT32); }
static void files_with_rock_ridge_names_are_read(void) { check_tree(IMAGE_ROCK_RIDGE); }
static void files_with_joliet_names_are_read(void) { check_tree(IMAGE_JOLIET); }

/* ---- Writing: random operations, with fsck.fat as the judge ---- */

#define NAMES 12U
#define BYTES_MAX 60000U

static struct {
    bool exists;
    uint32_t size;
    uint8_t bytes[BYTES_MAX];
} model[NAMES];

static const char *const names[NAMES] = {
    "A", "b.c", "SHORT.TXT", "short.tx", "A name that needs two parts.text", "another such name that needs three parts.x",
    "\xC3\xA4\xE2\x82\xAC.utf", "x.y.z", ".hidden", "UPPER~1.TXT", "with space", "twelve char",
};

static struct node *open_name(struct node *directory, uint32_t i)
{
    struct node *node = NULL;
    uint32_t size = (uint32_t)strlen(names[i]);

    CHECK_EQUAL(directory->file_system->operations->look_up(directory, names[i], size, &node), model[i].exists ? OK : NOT_FOUND);
    if (node == NULL) {
        status_t status = directory->file_system->operations->create(directory, names[i], size, VFS_KIND_FILE, &node);

        CHECK_EQUAL(status, OK);
        model[i].exists = true;
        model[i].size = 0;
        memset(model[i].bytes, 0, BYTES_MAX);
    }
    return node;
}

static void change(struct node *node, uint32_t i)
{
    const struct file_system_operations *operations = node->file_system->operations;
    static uint8_t bytes[20000];
    uint32_t position = random_below(BYTES_MAX - sizeof bytes), size = 1 + random_below(sizeof bytes - 1), count = 0;

    for (uint32_t at = 0; at < size; at++) {
        bytes[at] = (uint8_t)random_next();
    }
    if (random_one_in(3)) {
        CHECK_EQUAL(operations->resize(node, position), OK);
        memset(model[i].bytes + position, 0, BYTES_MAX - position);
        model[i].size = position;
    } else {
        CHECK_EQUAL(operations->write(node, position, bytes, size, &count), OK);
        CHECK_EQUAL(count, size);
        memcpy(model[i].bytes + position, bytes, size);
        model[i].size = model[i].size > position + size ? model[i].size : position + size;
    }
    CHECK_EQUAL(node->size, model[i].size);
    CHECK(model[i].size == 0 || operations->read(node, 0, bytes, model[i].size < sizeof bytes ? model[i].size : sizeof bytes) == OK);
    CHECK(memcmp(bytes, model[i].bytes, model[i].size < sizeof bytes ? model[i].size : sizeof bytes) == 0);
}

/* To a name that is another file's perhaps. */
static void rename_over(struct node *directory, uint32_t from, struct node *node, uint32_t to)
{
    const struct file_system_operations *operations = directory->file_system->operations;
    struct node *replaced = NULL;

    if (model[to].exists) {
        replaced = open_name(directory, to);
    }
    CHECK_EQUAL(operations->rename(directory, names[from], (uint32_t)strlen(names[from]), node, directory, names[to],
                                   (uint32_t)strlen(names[to]), replaced), OK);
    if (replaced != NULL) {
        CHECK(replaced->number != node->number);
        node_release(replaced);
    }
    model[to] = model[from];
    model[from].exists = false;
}

static void one_turn(struct node *directory)
{
    const struct file_system_operations *operations = directory->file_system->operations;
    uint32_t i = random_below(NAMES), other = random_below(NAMES);
    struct node *node = open_name(directory, i);

    if (random_one_in(5)) {
        CHECK_EQUAL(operations->remove(directory, names[i], (uint32_t)strlen(names[i]), node), OK);
        model[i].exists = false;
    } else if (random_one_in(5) && other != i) {
        rename_over(directory, i, node, other);
    } else {
        change(node, i);
    }
    node_release(node);
}

static void check_writing(enum image_kind kind)
{
    struct file_system *file_system;
    struct image image;
    struct node *directory;
    uint64_t before, after, size;

    image_make(&image, kind);
    CHECK_EQUAL(image_mount(&image, &file_system), OK);
    file_system->operations->space(file_system, &size, &before);
    CHECK_EQUAL(file_system->operations->create(file_system->root, "New folder", 10, VFS_KIND_DIRECTORY, &directory), OK);
    for (uint32_t turn = 0; turn < 300; turn++) {
        one_turn(directory);
        if (turn % 100 == 99) {
            image_check(&image);
        }
    }
    for (uint32_t i = 0; i < NAMES; i++) {
        struct node *node = open_name(directory, i);

        CHECK_EQUAL(file_system->operations->remove(directory, names[i], (uint32_t)strlen(names[i]), node), OK);
        node_release(node);
    }
    CHECK_EQUAL(file_system->operations->remove(file_system->root, "New folder", 10, directory), OK);
    node_release(directory);
    file_system->operations->space(file_system, &size, &after);
    CHECK_EQUAL(after, before);
    image_check(&image);
    check_large(file_system);
    file_system->operations->end(file_system);
    image_free(&image);
}

static void files_of_fat12_are_written(void) { check_writing(IMAGE_FAT12); }
static void files_of_fat16_are_written(void) { check_writing(IMAGE_FAT16); }
static void files_of_fat32_are_written(void) { check_writing(IMAGE_FAT32); }

static void make_file(struct node *directory, const char *name)
{
    struct node *node;

    CHECK_EQUAL(directory->file_system->operations->create(directory, name, (uint32_t)strlen(name), VFS_KIND_FILE, &node), OK);
    node_release(node);
}

static void remove_file(struct node *directory, const char *name)
{
    const struct file_system_operations *operations = directory->file_system->operations;
    struct node *node;

    CHECK_EQUAL(operations->look_up(directory, name, (uint32_t)strlen(name), &node), OK);
    CHECK_EQUAL(operations->remove(directory, name, (uint32_t)strlen(name), node), OK);
    node_release(node);
}

/* Two names of two parts each go, and one of four comes in their place: what stands at the cursor is the middle of it. */
static void list_that_goes_on_in_the_middle_of_a_name_passes_it_over(void)
{
    struct file_system *file_system;
    struct directory_entry entry;
    struct image image;
    struct node *directory;
    uint32_t cursor = 0;

    image_make(&image, IMAGE_FAT12);
    CHECK_EQUAL(image_mount(&image, &file_system), OK);
    CHECK_EQUAL(file_system->operations->create(file_system->root, "New folder", 10, VFS_KIND_DIRECTORY, &directory), OK);
    make_file(directory, "first of two parts.x");
    make_file(directory, "second of two parts.x");
    make_file(directory, "third");
    CHECK_EQUAL(file_system->operations->list(directory, &cursor, &entry), OK);
    CHECK(entry.name_size == 20 && memcmp(entry.name, "first of two parts.x", 20) == 0);
    remove_file(directory, "first of two parts.x");
    remove_file(directory, "second of two parts.x");
    make_file(directory, "a name that is so long that it needs four parts.x");
    CHECK_EQUAL(file_system->operations->list(directory, &cursor, &entry), OK);
    CHECK(entry.name_size == 5 && memcmp(entry.name, "third", 5) == 0);
    CHECK_EQUAL(file_system->operations->list(directory, &cursor, &entry), NOT_FOUND);
    node_release(directory);
    image_check(&image);
    file_system->operations->end(file_system);
    image_free(&image);
}

/* The label stands in the root directory as if it were a file. */
static void label_takes_nobodys_name(void)
{
    struct file_system *file_system;
    struct image image;

    image_make_by(&image, "true", "mkfs.fat -F 12 -n TERNION -C image 1440");
    CHECK_EQUAL(image_mount(&image, &file_system), OK);
    CHECK(path_find(file_system, "TERNION", 7, &(struct node *){ NULL }) == NOT_FOUND);
    make_file(file_system->root, "TERNION");
    CHECK_EQUAL(image_visit(file_system), 1);
    remove_file(file_system->root, "TERNION");
    image_check(&image);
    file_system->operations->end(file_system);
    image_free(&image);
}

/* Visits an image of which something was changed. */
static void visit_damaged(struct image *image)
{
    struct file_system *file_system;

    if (image_mount(image, &file_system) == OK) {
        (void)image_visit(file_system);
        file_system->operations->end(file_system);
    }
}

/* The first part holds what describes the rest. */
static void check_damages(enum image_kind kind, size_t interesting)
{
    struct image image, damaged;

    image_make(&image, kind);
    uint8_t *copy = malloc(image.size);
    for (uint32_t turn = 0; turn < DAMAGES; turn++) {
        size_t size = random_one_in(8) ? random_below((uint32_t)image.size) : image.size;

        memcpy(copy, image.bytes, image.size);
        for (uint32_t i = random_below(20) + 1; i > 0; i--) {
            uint32_t limit = random_one_in(4) ? 512 : (uint32_t)interesting;
            uint32_t at = (kind >= IMAGE_ROCK_RIDGE ? 32768 : 0) + random_below(limit);

            copy[at] = random_one_in(2) ? (uint8_t)random_next() : copy[at] ^ (uint8_t)(1U << random_below(8));
        }
        image_of(&damaged, copy, size);
        visit_damaged(&damaged);
    }
    free(copy);
    image_free(&image);
}

static void damaged_fat12_does_no_harm(void) { check_damages(IMAGE_FAT12, 20000); }
static void damaged_fat16_does_no_harm(void) { check_damages(IMAGE_FAT16, 60000); }
static void damaged_fat32_does_no_harm(void) { check_damages(IMAGE_FAT32, 600000); }
static void damaged_iso9660_does_no_harm(void) { check_damages(IMAGE_ROCK_RIDGE, 60000); }

/* All chains lead back to their first cluster. */
static void chains_that_are_loops_end(void)
{
    struct image image;

    image_make(&image, IMAGE_FAT16);
    uint32_t table = (image.bytes[14] | image.bytes[15] << 8) * 512U;
    for (uint32_t cluster = 2; cluster < 4000; cluster++) {
        image.bytes[table + 2 * cluster] = (uint8_t)(cluster - cluster % 2 + 2);
        image.bytes[table + 2 * cluster + 1] = (uint8_t)((cluster - cluster % 2 + 2) >> 8);
    }
    visit_damaged(&image);
    image_free(&image);
}

static void empty_disk_has_no_file_system(void)
{
    struct file_system *file_system;
    struct image image;

    image_of(&image, calloc(1, 262144), 262144);
    CHECK_EQUAL(image_mount(&image, &file_system), FAULT);
    image_free(&image);
}

static const struct test tests[] = {
    TEST(files_of_fat12_are_read),
    TEST(files_of_fat16_are_read),
    TEST(files_of_fat32_are_read),
    TEST(files_with_rock_ridge_names_are_read),
    TEST(files_with_joliet_names_are_read),
    TEST(files_of_fat12_are_written),
    TEST(files_of_fat16_are_written),
    TEST(files_of_fat32_are_written),
    TEST(list_that_goes_on_in_the_middle_of_a_name_passes_it_over),
    TEST(label_takes_nobodys_name),
    TEST(damaged_fat12_does_no_harm),
    TEST(damaged_fat16_does_no_harm),
    TEST(damaged_fat32_does_no_harm),
    TEST(damaged_iso9660_does_no_harm),
    TEST(chains_that_are_loops_end),
    TEST(empty_disk_has_no_file_system),
};

TEST_MAIN(tests)

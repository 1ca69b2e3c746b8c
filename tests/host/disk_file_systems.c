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
    TEST(damaged_fat12_does_no_harm),
    TEST(damaged_fat16_does_no_harm),
    TEST(damaged_fat32_does_no_harm),
    TEST(damaged_iso9660_does_no_harm),
    TEST(chains_that_are_loops_end),
    TEST(empty_disk_has_no_file_system),
};

TEST_MAIN(tests)

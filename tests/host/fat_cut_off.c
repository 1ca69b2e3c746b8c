/*
 * FAT, and a machine that goes down in the middle: whatever is done is cut off before each of its writes in turn. Then what was not touched
 * is as it was, what was done is there or not, doing it again does it, and fsck.fat finds nothing but room that nobody uses.
 *
 * The same where one write fails and the machine goes on: with what was to be written on the medium, or without it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disk_image.h"
#include "servers/vfs/path.h"
#include "test.h"

#define OLD_BYTES 5000U
#define MORE_BYTES 7000U
#define WRITES_MAX 400U

static struct image image;
static uint8_t *untouched;       /* a copy of the image */
static struct file_system *file_system;
static uint32_t writes_left;     /* before the machine goes down, or before the one write that fails */
static enum failure { FAILURE_OF_ALL, FAILURE_OF_ONE, FAILURE_OF_ONE_THAT_WAS_WRITTEN } failure;
static status_t (*image_write)(struct blocks *blocks, uint64_t first, uint32_t count, const void *buffer);

static status_t write_blocks(struct blocks *blocks, uint64_t first, uint32_t count, const void *buffer)
{
    if (writes_left == 0) {
        writes_left = failure == FAILURE_OF_ALL ? 0 : UINT32_MAX;
        return failure == FAILURE_OF_ONE_THAT_WAS_WRITTEN && image_write(blocks, first, count, buffer) != OK ? ABSENT : FAULT;
    }
    writes_left--;
    return image_write(blocks, first, count, buffer);
}

static void mount(uint32_t writes)
{
    writes_left = writes;
    CHECK_EQUAL(image_mount(&image, &file_system), OK);
}

static void end(void)
{
    file_system->operations->end(file_system);
}

/* ---- What is done with files ---- */

static struct node *find(const char *path)
{
    struct node *node;

    return path_find(file_system, path, (uint32_t)strlen(path), &node) == OK ? node : NULL;
}

static uint8_t byte_of(uint32_t at)
{
    return (uint8_t)(at * 3 + at / 256);
}

static status_t write_from(struct node *node, uint32_t at, uint32_t size)
{
    uint8_t bytes[MORE_BYTES];
    uint32_t count;

    for (uint32_t i = 0; i < size; i++) {
        bytes[i] = byte_of(at + i);
    }
    return node->file_system->operations->write(node, at, bytes, size, &count);
}

/* A file holds what it should up to its end. */
static void check_file(struct node *node, uint32_t least, uint32_t most)
{
    uint8_t bytes[OLD_BYTES + MORE_BYTES];

    CHECK(node->kind == VFS_KIND_FILE && node->size >= least && node->size <= most);
    CHECK(node->size == 0 || node->file_system->operations->read(node, 0, bytes, (uint32_t)node->size) == OK);
    for (uint32_t i = 0; i < node->size; i++) {
        CHECK(bytes[i] == byte_of(i));
    }
}

static void check_path(const char *path, uint32_t size)
{
    struct node *node = find(path);

    CHECK(node != NULL);
    check_file(node, size, size);
    node_release(node);
}

static status_t create(const char *path, uint32_t kind, struct node **node_out)
{
    struct node *directory;
    const char *name;
    uint32_t size;

    CHECK_EQUAL(path_walk(file_system, path, (uint32_t)strlen(path), &directory, &name, &size), OK);
    status_t status = directory->file_system->operations->create(directory, name, size, kind, node_out);
    node_release(directory);
    return status;
}

static status_t make(const char *path, uint32_t kind, uint32_t bytes)
{
    struct node *node;
    status_t status = create(path, kind, &node);

    if (status == OK) {
        status = bytes == 0 ? OK : write_from(node, 0, bytes);
        node_release(node);
    }
    return status;
}

static status_t remove_path(const char *path)
{
    struct node *directory, *node = find(path);
    const char *name;
    uint32_t size;

    CHECK_EQUAL(path_walk(file_system, path, (uint32_t)strlen(path), &directory, &name, &size), OK);
    CHECK(node != NULL);
    status_t status = directory->file_system->operations->remove(directory, name, size, node);
    node_release(node);
    node_release(directory);
    return status;
}

static status_t rename_path(const char *path, const char *new_path)
{
    struct node *from, *to, *node = find(path), *replaced = find(new_path);
    const char *name, *new_name;
    uint32_t size, new_size;

    CHECK_EQUAL(path_walk(file_system, path, (uint32_t)strlen(path), &from, &name, &size), OK);
    CHECK_EQUAL(path_walk(file_system, new_path, (uint32_t)strlen(new_path), &to, &new_name, &new_size), OK);
    CHECK(node != NULL);
    status_t status = file_system->operations->rename(from, name, size, node, to, new_name, new_size, replaced);
    if (replaced != NULL) {
        node_release(replaced);
    }
    node_release(node);
    node_release(to);
    node_release(from);
    return status;
}

/* ---- What is cut off, and done again ---- */

#define LONG "a directory/a name that is long enough for three.parts"

static status_t grow(void)
{
    struct node *node = find("old.bin");
    status_t status = write_from(node, (uint32_t)node->size, OLD_BYTES + MORE_BYTES - (uint32_t)node->size);

    node_release(node);
    return status;
}

static void check_grown(void) { check_path("old.bin", OLD_BYTES + MORE_BYTES); }

static status_t make_new(void)
{
    struct node *node = find(LONG);

    if (node == NULL) {
        return make(LONG, VFS_KIND_FILE, MORE_BYTES);
    }
    check_file(node, 0, MORE_BYTES);
    status_t status = node->size == MORE_BYTES ? OK : write_from(node, (uint32_t)node->size, MORE_BYTES - (uint32_t)node->size);
    node_release(node);
    return status;
}

static void check_new(void) { check_path(LONG, MORE_BYTES); }

static status_t move(void)
{
    struct node *node = find("old.bin");

    if (node == NULL) {
        check_path(LONG, OLD_BYTES);
        return OK;
    }
    node_release(node);
    return rename_path("old.bin", LONG);
}

static void check_moved(void)
{
    CHECK(find("old.bin") == NULL);
    check_path(LONG, OLD_BYTES);
}

/* The one or the other always has the name. */
static status_t replace(void)
{
    struct node *node = find("a directory/other.bin"), *old = find("old.bin");

    check_file(node, OLD_BYTES, MORE_BYTES);
    node_release(node);
    if (old == NULL) {
        return OK;
    }
    node_release(old);
    return rename_path("old.bin", "a directory/other.bin");
}

static void check_replaced(void)
{
    CHECK(find("old.bin") == NULL);
    check_path("a directory/other.bin", OLD_BYTES);
}

static status_t remove_old(void)
{
    struct node *node = find("old.bin");

    if (node == NULL) {
        return OK;
    }
    check_file(node, OLD_BYTES, OLD_BYTES);
    node_release(node);
    return remove_path("old.bin");
}

static void check_removed(void) { CHECK(find("old.bin") == NULL); }

static status_t cut(void)
{
    struct node *node = find("old.bin");

    check_file(node, 100, OLD_BYTES);
    status_t status = node->file_system->operations->resize(node, 100);
    node_release(node);
    return status;
}

static void check_cut(void) { check_path("old.bin", 100); }

static status_t make_directory(void)
{
    struct node *node = find("a directory/new");

    if (node != NULL) {
        CHECK(node->kind == VFS_KIND_DIRECTORY);
        node_release(node);
        return OK;
    }
    return make("a directory/new", VFS_KIND_DIRECTORY, 0);
}

static void check_directory(void)
{
    CHECK_EQUAL(make("a directory/new/file", VFS_KIND_FILE, 100), OK);
    check_path("a directory/new/file", 100);
}

static status_t move_directory(void)
{
    struct node *node = find("a directory");

    if (node == NULL) {
        return OK;
    }
    node_release(node);
    return rename_path("a directory", "deep/moved");
}

static void check_moved_directory(void)
{
    CHECK(find("a directory") == NULL);
    check_path("deep/moved/other.bin", MORE_BYTES);
}

/* So many long names that the directory needs another cluster. */
static status_t fill(void)
{
    char path[] = "a directory/0" "__________________________________________________________________________________________"
                  "__________________________________________________________________________________________"
                  "______________________________________________________________________";
    status_t status = OK;

    for (path[12] = '0'; path[12] < '3' && status == OK; path[12]++) {
        struct node *node = find(path);

        if (node != NULL) {
            node_release(node);
        } else {
            status = make(path, VFS_KIND_FILE, 0);
        }
    }
    return status;
}

static void check_filled(void)
{
    CHECK_EQUAL(fill(), OK);
    check_path("a directory/other.bin", MORE_BYTES);
}

/* ---- All ---- */

/* The tools make it once; then it is copied from before. */
static void begin(enum image_kind kind)
{
    if (untouched != NULL) {
        memcpy(image.bytes, untouched, image.size);
        return;
    }
    image_make(&image, kind);
    image_write = image.blocks.write;
    image.blocks.write = write_blocks;
    mount(UINT32_MAX);
    CHECK_EQUAL(make("old.bin", VFS_KIND_FILE, OLD_BYTES), OK);
    CHECK_EQUAL(make("witness.bin", VFS_KIND_FILE, MORE_BYTES), OK);
    CHECK_EQUAL(make("a directory", VFS_KIND_DIRECTORY, 0), OK);
    CHECK_EQUAL(make("a directory/other.bin", VFS_KIND_FILE, MORE_BYTES), OK);
    end();
    untouched = malloc(image.size);
    memcpy(untouched, image.bytes, image.size);
}

static void forget_image(void)
{
    free(untouched);
    untouched = NULL;
    image_free(&image);
}

/* Clusters that are taken now are nobody else's. */
static void check_rest(void (*check)(void))
{
    mount(UINT32_MAX);
    CHECK_EQUAL(make("afterwards.bin", VFS_KIND_FILE, MORE_BYTES), OK);
    check();
    check_path("witness.bin", MORE_BYTES);
    check_path("afterwards.bin", MORE_BYTES);
    CHECK(image_visit(file_system) >= 200);
    end();
}

static void try(enum image_kind kind, status_t (*act)(void), void (*check)(void))
{
    status_t status = FAULT;
    uint32_t cuts = 0;

    begin(kind);
    for (; status != OK; cuts++) {
        CHECK(cuts < WRITES_MAX);
        memcpy(image.bytes, untouched, image.size);
        mount(cuts);
        status = act();
        end();
        mount(UINT32_MAX);
        CHECK_EQUAL(act(), OK);
        end();
        check_rest(check);
        if (cuts % 3 == 0) {
            image_check_cut_off(&image);
        }
    }
    CHECK(cuts > 1);
}

/*
 * All goes on while a file is open: others take what room there is, the open file is written to and let go. The room that it had is nobody's
 * else. False: nothing failed, for so many writes there were not.
 */
static bool go_on(status_t (*act)(void), struct node *held)
{
    struct node *other;
    status_t status = act();
    bool has_failed = writes_left > WRITES_MAX;

    writes_left = UINT32_MAX;
    if (image.size < 4000000) {          /* the host's look at a large one takes long */
        image_check_cut_off(&image);
    }
    CHECK_EQUAL(create("NEW.BIN", VFS_KIND_FILE, &other), OK);
    CHECK_EQUAL(write_from(other, 0, MORE_BYTES), OK);
    check_path("NEW.BIN", MORE_BYTES);
    CHECK(status == OK || act() == OK);
    CHECK_EQUAL(write_from(other, 0, MORE_BYTES), OK);
    if (held->size != 0) {
        CHECK_EQUAL(write_from(held, 0, 100), OK);
    }
    node_release(held);
    CHECK_EQUAL(make("newer.bin", VFS_KIND_FILE, MORE_BYTES), OK);
    check_file(other, MORE_BYTES, MORE_BYTES);
    node_release(other);
    check_path("newer.bin", MORE_BYTES);
    return has_failed;
}

static void try_one(enum image_kind kind, status_t (*act)(void), void (*check)(void), const char *held)
{
    uint32_t failed = 0;

    begin(kind);
    for (bool is_over = false; !is_over; failed++) {
        CHECK(failed < WRITES_MAX);
        memcpy(image.bytes, untouched, image.size);
        mount(failed);
        is_over = !go_on(act, find(held));
        end();
        check_rest(check);
        mount(UINT32_MAX);
        check_path("NEW.BIN", MORE_BYTES);
        check_path("newer.bin", MORE_BYTES);
        end();
        if (failed % 8 == 0) {
            image_check_cut_off(&image);
        }
    }
    CHECK(failed > 1);
}

/* An empty file has no cluster on the medium, whatever it has here: what it lets go would be another's. A file that was not cut has its size. */
static void try_empty(enum image_kind kind)
{
    struct node *node;
    uint32_t count, failed = 0;
    status_t status = FAULT;

    begin(kind);
    for (; status != OK; failed++) {
        memcpy(image.bytes, untouched, image.size);
        mount(UINT32_MAX);
        CHECK_EQUAL(create("empty.bin", VFS_KIND_FILE, &node), OK);
        writes_left = failed;
        status = write_from(node, 0, 100);
        writes_left = UINT32_MAX;
        CHECK_EQUAL(node->file_system->operations->set_changed(node, 1000000000), OK);
        CHECK_EQUAL(node->file_system->operations->write(node, 1U << 30, "x", 1, &count), NO_SPACE);
        node_release(node);
        end();
        mount(0);
        node = find("old.bin");
        CHECK_EQUAL(node->file_system->operations->resize(node, 0), FAULT);
        check_file(node, OLD_BYTES, OLD_BYTES);
        node_release(node);
        writes_left = UINT32_MAX;
        CHECK_EQUAL(make("NEW.BIN", VFS_KIND_FILE, MORE_BYTES), OK);
        node = find("empty.bin");
        CHECK_EQUAL(write_from(node, 0, MORE_BYTES), OK);
        node_release(node);
        check_path("NEW.BIN", MORE_BYTES);
        end();
    }
    CHECK(failed > 1);
}

static void try_one_of_all(enum image_kind kind)
{
    for (failure = FAILURE_OF_ONE; failure <= FAILURE_OF_ONE_THAT_WAS_WRITTEN; failure++) {
        try_one(kind, remove_old, check_removed, "old.bin");
        try_one(kind, grow, check_grown, "old.bin");
        try_one(kind, make_new, check_new, "old.bin");
        try_one(kind, move, check_moved, "old.bin");
        try_one(kind, replace, check_replaced, "a directory/other.bin");
        try_one(kind, cut, check_cut, "old.bin");
        try_one(kind, make_directory, check_directory, "old.bin");
        try_one(kind, move_directory, check_moved_directory, "old.bin");
        try_one(kind, fill, check_filled, "old.bin");
        try_empty(kind);
    }
    failure = FAILURE_OF_ALL;
    forget_image();
}

static void try_all(enum image_kind kind)
{
    try(kind, grow, check_grown);
    try(kind, make_new, check_new);
    try(kind, move, check_moved);
    try(kind, replace, check_replaced);
    try(kind, remove_old, check_removed);
    try(kind, cut, check_cut);
    try(kind, make_directory, check_directory);
    try(kind, move_directory, check_moved_directory);
    forget_image();
}

static void fat12_that_is_cut_off_loses_nothing(void) { try_all(IMAGE_FAT12); }
static void fat16_that_is_cut_off_loses_nothing(void) { try_all(IMAGE_FAT16); }
static void fat32_that_is_cut_off_loses_nothing(void) { try_all(IMAGE_FAT32); }
static void fat12_of_which_one_write_fails_loses_nothing(void) { try_one_of_all(IMAGE_FAT12); }
static void fat16_of_which_one_write_fails_loses_nothing(void) { try_one_of_all(IMAGE_FAT16); }
static void fat32_of_which_one_write_fails_loses_nothing(void) { try_one_of_all(IMAGE_FAT32); }

static const struct test tests[] = {
    TEST(fat12_that_is_cut_off_loses_nothing),
    TEST(fat16_that_is_cut_off_loses_nothing),
    TEST(fat32_that_is_cut_off_loses_nothing),
    TEST(fat12_of_which_one_write_fails_loses_nothing),
    TEST(fat16_of_which_one_write_fails_loses_nothing),
    TEST(fat32_of_which_one_write_fails_loses_nothing),
};

TEST_MAIN(tests)

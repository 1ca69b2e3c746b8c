/* /tmp against a model: random operations on a few files. */
#include "servers/vfs/memory.h"

#include <string.h>
#include <sys/mman.h>

#include "servers/vfs/path.h"
#include "test.h"

#define NAMES 24U
#define SIZE_MAX_MODEL 40000U
#define PAGES_MAX 60U
#define NAMES_PAGES 4U           /* more than NAMES cost */
#define TURNS 20000U
#define LONG_NAME 250U

static uint32_t pages_now;

/* The host's own pages: of a run each may be given back alone, and who uses one after that is seen. */
void *pages_take(uint32_t count)
{
    void *pages = mmap(NULL, count * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    pages_now += count;
    return pages == MAP_FAILED ? NULL : pages;
}

void pages_give_back(void *pages, uint32_t count)
{
    CHECK(munmap(pages, count * 4096) == 0);
    pages_now -= count;
}

int64_t time_now_s(void)
{
    return 1;
}

struct model_file {
    bool exists;
    uint32_t size;
    uint8_t bytes[SIZE_MAX_MODEL];
};

static struct model_file model[NAMES];
static struct file_system *file_system;

static uint32_t name_of(uint32_t number, char *name)
{
    uint32_t size = 1 + number * 10;

    memset(name, 'a' + (int)number, size);
    return size;
}

static struct node *find(uint32_t number)
{
    char name[VFS_NAME_MAX];
    uint32_t size = name_of(number, name);
    struct node *node = NULL;

    CHECK_EQUAL(file_system->operations->look_up(file_system->root, name, size, &node), model[number].exists ? OK : NOT_FOUND);
    return node;
}

static void create(uint32_t number)
{
    char name[VFS_NAME_MAX];
    struct node *node = find(number);

    if (node == NULL) {
        status_t status = file_system->operations->create(file_system->root, name, name_of(number, name), VFS_KIND_FILE, &node);

        if (status == NO_SPACE) {
            return;
        }
        CHECK_EQUAL(status, OK);
        model[number].exists = true;
        model[number].size = 0;
        memset(model[number].bytes, 0, SIZE_MAX_MODEL);
    }
    node_release(node);
}

static void remove_or_rename(uint32_t number)
{
    char name[VFS_NAME_MAX], other_name[VFS_NAME_MAX];
    uint32_t size = name_of(number, name), other = random_below(NAMES);
    struct node *node = find(number);

    if (node == NULL) {
        return;
    }
    if (random_one_in(2) || other == number) {
        CHECK_EQUAL(file_system->operations->remove(file_system->root, name, size, node), OK);
        model[number].exists = false;
    } else {
        struct node *replaced = find(other);

        status_t status = file_system->operations->rename(file_system->root, name, size, node, file_system->root, other_name,
                                                          name_of(other, other_name), replaced);
        if (replaced != NULL) {
            node_release(replaced);
        }
        CHECK(status == OK || status == NO_SPACE);
        if (status == OK) {
            model[other] = model[number];
            model[number].exists = false;
        }
    }
    node_release(node);
}

static void write_some(uint32_t number, struct node *node)
{
    static uint8_t bytes[9000];
    struct model_file *file = &model[number];
    uint32_t position = random_below(SIZE_MAX_MODEL - sizeof bytes), size = 1 + random_below(sizeof bytes - 1), count = 0;

    for (uint32_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)random_next();
    }
    status_t status = node->file_system->operations->write(node, position, bytes, size, &count);
    CHECK(status == NO_SPACE || (status == OK && count >= 1 && count <= size));
    if (status == OK) {
        memcpy(file->bytes + position, bytes, count);
        file->size = file->size > position + count ? file->size : position + count;
    }
}

static void resize(uint32_t number, struct node *node)
{
    struct model_file *file = &model[number];
    uint32_t size = random_below(SIZE_MAX_MODEL);

    CHECK_EQUAL(node->file_system->operations->resize(node, size), OK);
    if (size < file->size) {
        memset(file->bytes + size, 0, file->size - size);
    }
    file->size = size;
}

static void check_contents(uint32_t number, struct node *node)
{
    static uint8_t bytes[SIZE_MAX_MODEL];
    struct model_file *file = &model[number];

    CHECK_EQUAL(node->size, file->size);
    CHECK_EQUAL(node->file_system->operations->read(node, 0, bytes, file->size), OK);
    CHECK(memcmp(bytes, file->bytes, file->size) == 0);
    for (uint32_t at = 0; at < file->size; at += 1 + random_below(5000)) {
        uint32_t size = 1 + random_below(file->size - at);
        const void *view = node->file_system->operations->view(node, at, size);

        CHECK(view == NULL || memcmp(view, file->bytes + at, size) == 0);
    }
}

static void check_list(void)
{
    struct directory_entry entry;
    uint32_t cursor = 0, seen = 0, wanted = 0;

    while (file_system->operations->list(file_system->root, &cursor, &entry) == OK) {
        CHECK(entry.name[0] >= 'a' && entry.name[0] < 'a' + (int)NAMES && model[entry.name[0] - 'a'].exists);
        CHECK((seen & 1U << (entry.name[0] - 'a')) == 0);
        seen |= 1U << (entry.name[0] - 'a');
    }
    for (uint32_t i = 0; i < NAMES; i++) {
        wanted |= model[i].exists ? 1U << i : 0;
    }
    CHECK_EQUAL(seen, wanted);
}

static void one_turn(void)
{
    uint32_t number = random_below(NAMES);
    uint32_t what = random_below(10);

    if (what < 2) {
        create(number);
        return;
    }
    if (what == 2) {
        remove_or_rename(number);
        return;
    }
    struct node *node = find(number);
    if (node == NULL) {
        return;
    }
    if (what < 6) {
        write_some(number, node);
    } else if (what == 6) {
        resize(number, node);
    } else {
        check_contents(number, node);
    }
    node_release(node);
}

static void files_in_memory_are_what_a_model_says(void)
{
    uint64_t size, free_bytes;

    CHECK_EQUAL(memory_make(PAGES_MAX, &file_system), OK);
    for (uint32_t turn = 0; turn < TURNS; turn++) {
        one_turn();
        if (turn % 100 == 0) {
            check_list();
        }
        file_system->operations->space(file_system, &size, &free_bytes);
        CHECK(size - free_bytes > pages_now * 4096 && size - free_bytes <= (pages_now + NAMES_PAGES) * 4096);
        CHECK(size - free_bytes <= PAGES_MAX * 4096);
    }
    file_system->operations->end(file_system);
    CHECK_EQUAL(pages_now, 0);
}

static uint32_t long_name_of(uint32_t number, char name[LONG_NAME])
{
    memset(name, 'x', LONG_NAME);
    for (uint32_t digit = 0; digit < 5; digit++, number /= 10) {
        name[digit] = (char)('0' + number % 10);
    }
    return LONG_NAME;
}

static uint64_t free_now(void)
{
    uint64_t size, free_bytes;

    file_system->operations->space(file_system, &size, &free_bytes);
    return free_bytes;
}

/* Empty files, whose names used up all memory once. */
static void names_are_bounded_as_contents_are(void)
{
    char name[LONG_NAME];
    struct node *directory, *node;
    uint32_t made = 0;
    uint64_t before;
    status_t status;

    CHECK_EQUAL(memory_make(PAGES_MAX, &file_system), OK);
    CHECK_EQUAL(file_system->operations->create(file_system->root, "d", 1, VFS_KIND_DIRECTORY, &directory), OK);
    before = free_now();
    while ((status = file_system->operations->create(directory, name, long_name_of(made, name), VFS_KIND_FILE, &node)) == OK) {
        CHECK(++made <= PAGES_MAX * 4096 / LONG_NAME);
        node_release(node);
    }
    CHECK(status == NO_SPACE && made > PAGES_MAX * 4096 / (3 * LONG_NAME) && free_now() < LONG_NAME + 4096);
    CHECK_EQUAL(file_system->operations->look_up(directory, name, long_name_of(0, name), &node), OK);
    CHECK_EQUAL(file_system->operations->rename(directory, name, LONG_NAME, node, file_system->root, "n", 1, NULL), OK);
    CHECK_EQUAL(file_system->operations->remove(file_system->root, "n", 1, node), OK);
    node_release(node);
    while (made-- > 1) {
        CHECK_EQUAL(file_system->operations->look_up(directory, name, long_name_of(made, name), &node), OK);
        CHECK_EQUAL(file_system->operations->remove(directory, name, LONG_NAME, node), OK);
        node_release(node);
    }
    CHECK(free_now() >= before - 4 * PAGES_MAX * 4096 / LONG_NAME - 4096);       /* the directory keeps its table */
    CHECK_EQUAL(file_system->operations->remove(file_system->root, "d", 1, directory), OK);
    node_release(directory);
    CHECK(free_now() >= before);
    file_system->operations->end(file_system);
}

static void check_simple(const char *path, const char *simple)
{
    struct simple_path result;

    CHECK_EQUAL(path_simplify(path, (uint32_t)strlen(path), &result), OK);
    CHECK(result.size == strlen(simple) && memcmp(result.text, simple, result.size) == 0);
}

static void paths_are_made_simple(void)
{
    struct simple_path result;
    char longest[VFS_PATH_MAX + 2];

    check_simple("/", "");
    check_simple("//a///b/", "a/b");
    check_simple("/a/./b/../c", "a/c");
    check_simple("/../../a", "a");
    check_simple("/a/..", "");
    check_simple("/.../..x/.y", ".../..x/.y");
    CHECK_EQUAL(path_simplify("a", 1, &result), BAD_NAME);
    CHECK_EQUAL(path_simplify("", 0, &result), BAD_NAME);
    CHECK_EQUAL(path_simplify("/a\0", 3, &result), BAD_NAME);
    memset(longest, '/', sizeof longest);
    CHECK_EQUAL(path_simplify(longest, VFS_PATH_MAX, &result), OK);
    CHECK_EQUAL(path_simplify(longest, VFS_PATH_MAX + 1, &result), TOO_BIG);
    memset(longest + 1, 'x', VFS_NAME_MAX + 1);
    CHECK_EQUAL(path_simplify(longest, VFS_NAME_MAX + 1, &result), OK);
    CHECK_EQUAL(path_simplify(longest, VFS_NAME_MAX + 2, &result), TOO_BIG);
}

static const struct test tests[] = {
    TEST(files_in_memory_are_what_a_model_says),
    TEST(names_are_bounded_as_contents_are),
    TEST(paths_are_made_simple),
};

TEST_MAIN(tests)

/* Names of processes. */
#include "name.h"

#include <stdio.h>
#include <string.h>

#include "process.h"
#include "test.h"

#define PROCESSES 300U

static struct process processes[PROCESSES];
static bool known[PROCESSES];

static void name_is_prefix_and_text(void)
{
    char name[NAME_SIZE_MAX + 1];
    uint32_t size;

    CHECK_EQUAL(name_make(CLASS_DRIVER, "init", 4, name, &size), OK);
    CHECK(size == 6 && strcmp(name, "d\\init") == 0);
    CHECK_EQUAL(name_make(CLASS_SERVER, "vfs7", 3, name, &size), OK);
    CHECK(size == 5 && strcmp(name, "s\\vfs") == 0);
    CHECK_EQUAL(name_make(CLASS_APPLICATION, "~!a-Z.", 6, name, &size), OK);
    CHECK(size == 8 && strcmp(name, "a\\~!a-Z.") == 0);
}

static void text_of_every_length_fits_or_is_refused(void)
{
    char text[100];
    char name[NAME_SIZE_MAX + 1];
    uint32_t size;

    memset(text, 'n', sizeof text);
    for (uint32_t length = 0; length < sizeof text; length++) {
        bool fits = length > 0 && length <= NAME_SIZE_MAX - NAME_PREFIX_SIZE;

        memset(name, 'x', sizeof name);
        size = 77;
        CHECK_EQUAL(name_make(CLASS_SERVER, text, length, name, &size), fits ? OK : BAD_NAME);
        CHECK_EQUAL(size, fits ? length + NAME_PREFIX_SIZE : 77);
        CHECK(fits ? strlen(name) == size : name[0] == 'x');
    }
    CHECK_EQUAL(name_make(CLASS_SERVER, text, UINT32_MAX, name, &size), BAD_NAME);
}

static void characters_that_could_be_mistaken_are_refused(void)
{
    char name[NAME_SIZE_MAX + 1];
    uint32_t size;

    for (uint32_t value = 0; value < 256; value++) {
        const char text[3] = { 'a', (char)value, 'b' };
        bool good = value > ' ' && value < 0x7F && value != '\\';

        CHECK_EQUAL(name_make(CLASS_APPLICATION, text, 3, name, &size), good ? OK : BAD_NAME);
        CHECK_EQUAL(name_make(CLASS_APPLICATION, text + 1, 1, name, &size), good ? OK : BAD_NAME);
    }
}

static void class_follows_from_a_whole_prefix_only(void)
{
    CHECK_EQUAL(name_class("d\\x", 3), CLASS_DRIVER);
    CHECK_EQUAL(name_class("s\\", 2), CLASS_SERVER);
    CHECK_EQUAL(name_class("a\\log", 5), CLASS_APPLICATION);
    CHECK_EQUAL(name_class("d\\x", 1), CLASS_COUNT);
    CHECK_EQUAL(name_class("", 0), CLASS_COUNT);
    CHECK_EQUAL(name_class("D\\x", 3), CLASS_COUNT);
    CHECK_EQUAL(name_class("e\\x", 3), CLASS_COUNT);
    CHECK_EQUAL(name_class("d/x", 3), CLASS_COUNT);
    CHECK_EQUAL(name_class("init", 4), CLASS_COUNT);
    CHECK_EQUAL(name_class("file:a", 6), CLASS_COUNT);
}

static void check_found(uint32_t which)
{
    const struct process *process = &processes[which];

    CHECK(name_find(process->name, process->name_size) == (known[which] ? process : NULL));
    CHECK(name_find(process->name, process->name_size - 1) != process);
}

static void the_living_and_nobody_else_are_found_by_name(void)
{
    names_initialise();
    for (uint32_t i = 0; i < PROCESSES; i++) {
        processes[i].name_size = (uint32_t)snprintf(processes[i].name, sizeof processes[i].name, "%c\\p%u", "dsa"[i % 3], i / 3);
        list_initialise(&processes[i].name_node);
    }
    for (uint32_t round = 0; round < 20000; round++) {
        uint32_t which = random_below(PROCESSES);

        if (known[which]) {
            name_remove(&processes[which]);
        } else {
            name_add(&processes[which]);
        }
        known[which] = !known[which];
        check_found(which);
        check_found(random_below(PROCESSES));
    }
    CHECK(name_find("", 0) == NULL);
}

static const struct test tests[] = {
    TEST(name_is_prefix_and_text),
    TEST(text_of_every_length_fits_or_is_refused),
    TEST(characters_that_could_be_mistaken_are_refused),
    TEST(class_follows_from_a_whole_prefix_only),
    TEST(the_living_and_nobody_else_are_found_by_name),
};
TEST_MAIN(tests)

/* Names, classes and what a process is told when it begins. */
#include <ternion/log_client.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall_table.h>
#include <ternion/system.h>

#include "files.h"
#include "tiny_image.h"

#define TEXT_MAX (NAME_SIZE_MAX - 2U) /* of a name behind its prefix */

static status_t spawn_named(process_class_t class, const char *name, uint32_t size, process_id_t *id_out)
{
    return tiny_spawn_as((struct spawn){ .class = class, .flags = SPAWN_WATCH, .name = name, .name_size = size }, id_out);
}

/* Refuses, or the test fails. */
static void expect_no_spawn(status_t expected, process_class_t class, const char *name)
{
    process_id_t id;

    EXPECT_STATUS(expected, spawn_named(class, name, (uint32_t)strlen(name), &id));
}

/* ---- Which names there can be ---- */

static void bad_names_are_refused(void)
{
    static const char *const names[] = {
        "", " ", "a b", "a\\b", "\\", "d\\x", "tab\t", "line\n", "\x1B[2J", "\x7F", "\x80", "\xFF", "e\xE9",
        "0123456789012345678901234567890123456789012345678901234567890123456789",
    };
    static const char text[] = "01234567890123456789012345678901234567890123456789012345678901234";
    process_id_t id;

    for (uint32_t i = 0; i < COUNT(names); i++) {
        expect_no_spawn(BAD_NAME, CLASS_APPLICATION, names[i]);
    }
    EXPECT_STATUS(BAD_NAME, spawn_named(CLASS_APPLICATION, text, TEXT_MAX + 1, &id));
    EXPECT_STATUS(BAD_NAME, spawn_named(CLASS_APPLICATION, text, NAME_SIZE_MAX, &id));
    EXPECT_STATUS(BAD_NAME, spawn_named(CLASS_APPLICATION, "a\0b", 3, &id));
    EXPECT_STATUS(BAD_NAME, spawn_named(CLASS_APPLICATION, "\0", 1, &id));
}

static void every_other_character_is_fine_in_a_name(void)
{
    process_id_t id, found;

    for (char character = '!'; character <= '~'; character++) {
        char name[] = { 'a', '\\', character };

        if (character == '\\') {
            continue;
        }
        EXPECT_OK(spawn_named(CLASS_APPLICATION, &character, 1, &id));
        EXPECT_OK(process_find(name, sizeof name, &found));
        EXPECT_EQUAL(id, found);
        EXPECT_EQUAL(TINY_EXIT, test_wait_exit(id));
        EXPECT_STATUS(NOT_FOUND, process_find(name, sizeof name, &found));
    }
}

static void longest_name_is_found_whole(void)
{
    static const char name[] = "a\\" "0123456789012345678901234567890123456789012345678901234567890";
    struct process_information information;
    process_id_t id, found;

    EXPECT_EQUAL(NAME_SIZE_MAX, strlen(name));
    EXPECT_OK(spawn_named(CLASS_APPLICATION, name + 2, TEXT_MAX, &id));
    EXPECT_OK(process_find(name, NAME_SIZE_MAX, &found));
    EXPECT_EQUAL(id, found);
    EXPECT_STATUS(NOT_FOUND, process_find(name, NAME_SIZE_MAX - 1, &found));
    EXPECT_OK(process_information(id, &information));
    EXPECT(strcmp(name, information.name) == 0);
    EXPECT_EQUAL(TINY_EXIT, test_wait_exit(id));
}

static void names_of_the_living_are_taken(void)
{
    process_id_t id, again;

    EXPECT_OK(spawn_named(CLASS_SERVER, "twin", 4, &id));
    EXPECT_STATUS(EXISTS, spawn_named(CLASS_SERVER, "twin", 4, &again));
    EXPECT_OK(spawn_named(CLASS_APPLICATION, "twin", 4, &again)); /* another class, another name */
    EXPECT_OK(process_terminate(again, 0));
    EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(again));
    EXPECT_OK(process_terminate(id, 0));
    EXPECT_OK(spawn_named(CLASS_SERVER, "twin", 4, &again));      /* the dead have no names */
    EXPECT(again != id);
    EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(id));
    EXPECT_EQUAL(TINY_EXIT, test_wait_exit(again));
}

static void spawn_gives_no_class_above_ones_own(void)
{
    process_class_t own = process_page()->class;

    for (process_class_t class = 0; class < own; class++) {
        expect_no_spawn(NOT_ALLOWED, class, "above");
    }
    expect_no_spawn(BAD_ARGUMENT, CLASS_COUNT, "above");
    expect_no_spawn(BAD_ARGUMENT, 0x80000000, "above");
    expect_no_spawn(BAD_ARGUMENT, 0xFFFFFFFF, "above");
}

static void application_spawns_nothing_above_itself(void)
{
    spawn_gives_no_class_above_ones_own();
}

static void server_spawns_nothing_above_itself(void)
{
    spawn_gives_no_class_above_ones_own();
}

static void unknown_flags_of_a_spawn_are_refused(void)
{
    process_id_t id;

    for (uint32_t flags = SPAWN_WATCH << 1; flags != 0; flags <<= 1) {
        EXPECT_STATUS(BAD_ARGUMENT, tiny_spawn_as((struct spawn){ .class = CLASS_APPLICATION, .flags = flags }, &id));
    }
}

/* ---- Names that mean power ---- */

static void names_of_log_and_supervisor_are_refused_to_drivers(void)
{
    expect_no_spawn(NOT_ALLOWED, CLASS_DRIVER, "init");
    expect_no_spawn(NOT_ALLOWED, CLASS_APPLICATION, "log");
}

static void name_of_the_log_is_refused_to_applications(void)
{
    expect_no_spawn(NOT_ALLOWED, CLASS_APPLICATION, "log");
}

/* A driver that is called d\log, ends a\log, and steps into its place by giving up its class. */
static void names_usurper(int argc, char **argv)
{
    process_id_t log;

    (void)argc;
    (void)argv;
    EXPECT_OK(name_find("a\\log", &log));
    EXPECT_STATUS(EXISTS, process_downgrade(CLASS_APPLICATION));
    EXPECT_OK(log_flush(log));                       /* what it has taken goes with it */
    EXPECT_OK(process_terminate(log, 0));
    status_t status = process_downgrade(CLASS_APPLICATION);
    if (status == OK) {
        EXPECT_NOT("d\\log became a\\log while it was away, and nobody else can be it any more");
    }
    EXPECT_EQUAL(CLASS_DRIVER, process_page()->class);
}

static void nobody_downgrades_himself_into_the_name_of_the_log(void)
{
    struct spawn spawn = { .class = CLASS_DRIVER, .flags = SPAWN_WATCH, .name = "log", .name_size = 3 };
    process_id_t id, log;

    EXPECT_OK(test_spawn_as(&spawn, "names_usurper", &id, NULL));
    EXPECT_EQUAL(0, test_wait_exit(id));
    EXPECT_OK(name_wait("a\\log", clock_after(SECOND), &log));
}

/* ---- Giving up a class ---- */

/* It ends by itself when its one message comes. */
static void names_holder(int argc, char **argv)
{
    struct event event;

    (void)argc;
    (void)argv;
    test_wait_event(&event, EVENT_MESSAGE);
}

static void expect_name(char prefix)
{
    process_id_t id;

    EXPECT_EQUAL(prefix, process_name()[0]);
    EXPECT_EQUAL('\\', process_name()[1]);
    EXPECT_OK(name_find(process_name(), &id));
    EXPECT_EQUAL(process_page()->id, id);
}

static void expect_no_way_back(process_class_t class)
{
    for (process_class_t stronger = 0; stronger < class; stronger++) {
        EXPECT_STATUS(BAD_ARGUMENT, process_downgrade(stronger));
    }
    EXPECT_STATUS(BAD_ARGUMENT, process_downgrade(CLASS_COUNT));
    EXPECT_STATUS(BAD_ARGUMENT, process_downgrade(0xFFFFFFFF));
    EXPECT_OK(process_downgrade(class));
    EXPECT_EQUAL(class, process_page()->class);
}

static void class_once_given_up_never_comes_back(void)
{
    char old_name[NAME_SIZE_MAX + 1];
    process_id_t id;

    memcpy(old_name, process_name(), sizeof old_name);
    expect_name('d');
    expect_no_way_back(CLASS_DRIVER);
    EXPECT_OK(process_downgrade(CLASS_SERVER));
    expect_name('s');
    EXPECT_STATUS(NOT_FOUND, name_find(old_name, &id));
    expect_no_way_back(CLASS_SERVER);
    expect_no_spawn(NOT_ALLOWED, CLASS_DRIVER, "above");
    EXPECT_OK(process_downgrade(CLASS_APPLICATION));
    expect_name('a');
    expect_no_way_back(CLASS_APPLICATION);
    expect_no_spawn(NOT_ALLOWED, CLASS_SERVER, "above");
}

static void downgrade_into_a_taken_name_changes_nothing(void)
{
    struct spawn spawn = { .class = CLASS_SERVER, .flags = SPAWN_WATCH };
    struct message end = { .words = { 1 } };
    process_id_t holder;

    spawn.name = process_name() + 2;
    spawn.name_size = (uint32_t)strlen(spawn.name);
    EXPECT_OK(test_spawn_as(&spawn, "names_holder", &holder, NULL));
    EXPECT_STATUS(EXISTS, process_downgrade(CLASS_SERVER));
    expect_name('d');
    EXPECT_EQUAL(CLASS_DRIVER, process_page()->class);
    EXPECT_STATUS(BAD_ARGUMENT, irq_listen(100));    /* still a driver's right */
    EXPECT_OK(message_send(holder, &end));
    EXPECT_EQUAL(0, test_wait_exit(holder));
    EXPECT_OK(process_downgrade(CLASS_SERVER));
}

static uint32_t objects(void)
{
    struct system_statistics statistics;

    EXPECT_OK(system_statistics(&statistics));
    return statistics.objects;
}

static void downgrade_releases_interrupt_lines(void)
{
    uint32_t before = objects();

    EXPECT_OK(irq_listen(5));
    EXPECT_OK(irq_listen(7));
    EXPECT_STATUS(EXISTS, irq_listen(7));
    EXPECT_EQUAL(before + 2, objects());
    EXPECT_OK(process_downgrade(CLASS_SERVER));
    EXPECT_EQUAL(before, objects());
    EXPECT_STATUS(NOT_ALLOWED, irq_acknowledge(7));
}

/* ---- Arguments ---- */

static const char *const arguments[] = { "one", "", "three words here", "\x01\xFF", "" };

static void names_reader_of_arguments(int argc, char **argv)
{
    EXPECT_EQUAL(COUNT(arguments) + 1, argc);
    for (uint32_t i = 0; i < COUNT(arguments); i++) {
        EXPECT(strcmp(arguments[i], argv[i + 1]) == 0);
    }
    EXPECT(argv[argc] == NULL);
}

static void arguments_arrive_as_they_were_given(void)
{
    process_id_t id;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "names_reader_of_arguments", &id, arguments[0], arguments[1], arguments[2],
                         arguments[3], arguments[4], NULL));
    EXPECT_EQUAL(0, test_wait_exit(id));
}

static status_t spawn_with_arguments(const char *text, uint32_t size)
{
    process_id_t id;
    struct spawn spawn = { .class = CLASS_APPLICATION, .flags = SPAWN_WATCH, .arguments = text, .arguments_size = size };

    status_t status = tiny_spawn_as(spawn, &id);
    if (status == OK) {
        EXPECT_EQUAL(TINY_EXIT, test_wait_exit(id));
    }
    return status;
}

static void arguments_are_ended_by_a_nul_and_fit_their_page(void)
{
    static char text[ARGUMENTS_SIZE_MAX + 1];

    EXPECT_OK(spawn_with_arguments(text, 0));
    EXPECT_OK(spawn_with_arguments(NULL, 0));
    EXPECT_OK(spawn_with_arguments(text, ARGUMENTS_SIZE_MAX));
    EXPECT_STATUS(TOO_BIG, spawn_with_arguments(text, ARGUMENTS_SIZE_MAX + 1));
    memset(text, 'x', sizeof text);
    EXPECT_STATUS(BAD_ARGUMENT, spawn_with_arguments(text, 1));
    EXPECT_STATUS(BAD_ARGUMENT, spawn_with_arguments(text, ARGUMENTS_SIZE_MAX));
    text[ARGUMENTS_SIZE_MAX - 1] = '\0';
    EXPECT_OK(spawn_with_arguments(text, ARGUMENTS_SIZE_MAX));
    EXPECT_STATUS(BAD_ARGUMENT, spawn_with_arguments(text, ARGUMENTS_SIZE_MAX - 1));
}

const struct test names_tests[] = {
    TEST(CLASS_APPLICATION, bad_names_are_refused),
    TEST(CLASS_APPLICATION, every_other_character_is_fine_in_a_name),
    TEST(CLASS_APPLICATION, longest_name_is_found_whole),
    TEST(CLASS_SERVER, names_of_the_living_are_taken),
    TEST(CLASS_APPLICATION, application_spawns_nothing_above_itself),
    TEST(CLASS_SERVER, server_spawns_nothing_above_itself),
    TEST(CLASS_APPLICATION, unknown_flags_of_a_spawn_are_refused),
    TEST(CLASS_DRIVER, names_of_log_and_supervisor_are_refused_to_drivers),
    TEST(CLASS_APPLICATION, name_of_the_log_is_refused_to_applications),
    TEST(CLASS_DRIVER, nobody_downgrades_himself_into_the_name_of_the_log),
    TEST(CLASS_DRIVER, class_once_given_up_never_comes_back),
    TEST(CLASS_DRIVER, downgrade_into_a_taken_name_changes_nothing),
    TEST(CLASS_DRIVER, downgrade_releases_interrupt_lines),
    TEST(CLASS_APPLICATION, arguments_arrive_as_they_were_given),
    TEST(CLASS_APPLICATION, arguments_are_ended_by_a_nul_and_fit_their_page),
};
const uint32_t names_test_count = COUNT(names_tests);
const struct role names_roles[] = {
    ROLE(names_usurper),
    ROLE(names_holder),
    ROLE(names_reader_of_arguments),
};
const uint32_t names_role_count = COUNT(names_roles);

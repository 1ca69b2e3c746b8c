/* Sizes that are larger than what they belong to, larger than memory, or nothing. */
#include <ternion/string.h>
#include <ternion/system.h>

#include "files.h"
#include "pages.h"

#define TEXT_SIZE 8U
#define LONG_SIZE 200U           /* does not come with its event */

static const char text[TEXT_SIZE] = "pointer"; /* as pointers_caller and pointers_partner say it */

static struct test_digits own_id(void)
{
    return test_digits(process_page()->id);
}

static const uint32_t huge_sizes[] = {
    MESSAGE_STRING_MAX + 1, 0x00100000, 0x7FFFFFFF, 0x80000000, 0xC0000000, 0xFFFFF000, 0xFFFFFFFC, 0xFFFFFFFF,
};

static void huge_strings_are_too_big(void)
{
    struct message end = { .words = { 0, 0, 0, 77 }, .string = text, .string_size = sizeof text };
    struct message quit = { .words = { 1 } };
    process_id_t caller, partner;
    struct event event;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "pointers_partner", &partner, NULL));
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "pointers_caller", &caller, own_id().text, NULL));
    test_wait_event(&event, EVENT_MESSAGE);
    for (uint32_t i = 0; i < COUNT(huge_sizes); i++) {
        struct message message = { .string = text, .string_size = huge_sizes[i] };
        struct reply reply = { .buffer = NULL };

        EXPECT_STATUS(TOO_BIG, message_send(caller, &message));
        EXPECT_STATUS(TOO_BIG, message_call(partner, &message, &reply));
        EXPECT_STATUS(TOO_BIG, message_reply(event.id, &message));
        EXPECT_STATUS(TOO_BIG, message_reply_wait(event.id, &message, &event, 0));
    }
    EXPECT_OK(message_reply(event.id, &end));
    EXPECT_EQUAL(0, test_wait_exit(caller));
    EXPECT_OK(message_send(partner, &quit));
    EXPECT_EQUAL(0, test_wait_exit(partner));
}

static void huge_sizes_of_a_spawn_are_refused(void)
{
    process_id_t id;
    elf_reason_t reason;

    for (uint32_t i = 0; i < COUNT(huge_sizes); i++) {
        struct spawn spawn = {
            .class = CLASS_APPLICATION, .name = "huge", .name_size = 4, .image = text, .image_size = sizeof text, .arguments = text,
        };
        spawn.arguments_size = huge_sizes[i];
        EXPECT_STATUS(TOO_BIG, process_spawn(&spawn, &id, &reason));
        spawn.arguments_size = sizeof text;
        spawn.name_size = huge_sizes[i];
        EXPECT_STATUS(BAD_NAME, process_spawn(&spawn, &id, &reason));
        EXPECT_STATUS(BAD_NAME, process_find(text, huge_sizes[i], &id));
    }
}

/* The kernel writes what there is, not what there would be room for. */
static void huge_buffers_get_only_what_there_is(void)
{
    uint32_t run = pages_create();
    uint8_t *buffer = (uint8_t *)(run + PAGE_THIRD * PAGE_SIZE);
    static char bytes[LONG_SIZE];
    struct message message = { .string = bytes, .string_size = sizeof bytes };
    struct event event;

    for (uint32_t i = 0; i < COUNT(huge_sizes); i++) {
        EXPECT_OK(message_send(process_page()->id, &message));
        test_wait_event(&event, EVENT_MESSAGE);
        memset(buffer, PAGE_FILL, PAGE_SIZE);
        EXPECT_OK(message_receive(event.id, buffer, huge_sizes[i]));
        EXPECT_EQUAL(0, buffer[LONG_SIZE - 1]);
        EXPECT_EQUAL(PAGE_FILL, buffer[LONG_SIZE]);
    }
}

static void huge_reply_buffers_get_only_what_there_is(void)
{
    struct message request = { .words = { 0 } };
    struct message end = { .words = { 1 } };
    process_id_t partner;
    char answer[TEXT_SIZE + 1];

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "pointers_partner", &partner, NULL));
    for (uint32_t i = 0; i < COUNT(huge_sizes); i++) {
        struct reply reply = { .buffer = answer, .buffer_size = huge_sizes[i] };

        answer[TEXT_SIZE] = 'x';
        EXPECT_OK(message_call(partner, &request, &reply));
        EXPECT_EQUAL(TEXT_SIZE, reply.string_size);
        EXPECT_EQUAL('x', answer[TEXT_SIZE]);
        EXPECT_EQUAL(huge_sizes[i], reply.buffer_size);
    }
    EXPECT_OK(message_send(partner, &end));
    EXPECT_EQUAL(0, test_wait_exit(partner));
}

static void log_reads_no_more_than_it_keeps(void)
{
    uint32_t run = pages_create();
    uint32_t end = run + PAGE_HOLE * PAGE_SIZE;

    EXPECT_STATUS(BAD_ADDRESS, log_write(LOG_DEBUG, (const void *)(end - LOG_TEXT_MAX + 1), 0xFFFFFFFF));
    EXPECT_OK(log_write(LOG_DEBUG, (const void *)(end - LOG_TEXT_MAX), 0xFFFFFFFF));
    EXPECT_OK(log_write(LOG_DEBUG, NULL, 0));
}

/* Nothing to read or write needs no address. */
static void empty_ranges_need_no_address(void)
{
    struct message message = { .string = (const void *)0xFFFFFFFF, .string_size = 0 };
    struct event event;

    EXPECT_OK(message_send(process_page()->id, &message));
    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_EQUAL(0, event.string_size);
}

const struct test sizes_tests[] = {
    TEST(CLASS_APPLICATION, huge_strings_are_too_big),
    TEST(CLASS_APPLICATION, huge_sizes_of_a_spawn_are_refused),
    TEST(CLASS_APPLICATION, huge_buffers_get_only_what_there_is),
    TEST(CLASS_APPLICATION, huge_reply_buffers_get_only_what_there_is),
    TEST(CLASS_APPLICATION, log_reads_no_more_than_it_keeps),
    TEST(CLASS_APPLICATION, empty_ranges_need_no_address),
};
const uint32_t sizes_test_count = COUNT(sizes_tests);
const struct role sizes_roles[] = {};
const uint32_t sizes_role_count = COUNT(sizes_roles);

/* What another thread changes while a call looks: the kernel copies once, and looks again at what it kept no copy of. */
#include <ternion/clock.h>
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall_table.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "files.h"
#include "tiny_image.h"

#define STACK_BYTES 4096U
#define HEAD_START_NS (20 * MILLISECOND) /* for the main thread to fall asleep in its call */
#define RACE_NS (200 * MILLISECOND)
#define ANSWER_SIZE 200U
#define CANARY 0xC5U

static uint8_t bytes[ANSWER_SIZE];

/* Answers one call, but not before a message with words[0] = 1 came. */
static void races_partner(int argc, char **argv)
{
    struct message answer = { .string = bytes, .string_size = sizeof bytes };
    struct event call, go;

    (void)argc;
    (void)argv;
    test_wait_event(&call, EVENT_MESSAGE);
    test_wait_event(&go, EVENT_MESSAGE);
    EXPECT_EQUAL(1, go.words[0]);
    EXPECT_OK(message_reply(call.id, &answer));
}

static process_id_t partner;
static uint32_t page;            /* that the other thread takes away or changes */

static void let_partner_answer(void)
{
    struct message go = { .words = { 1 } };

    EXPECT_OK(message_send(partner, &go));
}

static void free_page_and_go(void *unused)
{
    (void)unused;
    clock_sleep(HEAD_START_NS);
    EXPECT_OK(memory_free(page, 1));
    let_partner_answer();
}

static void protect_page_and_go(void *unused)
{
    (void)unused;
    clock_sleep(HEAD_START_NS);
    EXPECT_OK(memory_protect(page, 1, MEMORY_READ_ONLY));
    let_partner_answer();
}

static void start_partner(thread_function_t *other)
{
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "races_partner", &partner, NULL));
    EXPECT_OK(memory_allocate(1, 0, &page));
    EXPECT_OK(thread_start(other, NULL, STACK_BYTES, NULL));
}

static void reply_that_vanishes_while_the_caller_waits_is_a_bad_address(void)
{
    struct message request = { .words = { 0 } };

    start_partner(free_page_and_go);
    EXPECT_STATUS(BAD_ADDRESS, message_call(partner, &request, (struct reply *)page));
    EXPECT_EQUAL(0, test_wait_exit(partner));
}

static void reply_buffer_that_vanishes_while_the_caller_waits_is_a_bad_address(void)
{
    struct message request = { .words = { 0 } };

    start_partner(free_page_and_go);
    struct reply reply = { .buffer = (void *)page, .buffer_size = ANSWER_SIZE };
    EXPECT_STATUS(BAD_ADDRESS, message_call(partner, &request, &reply));
    EXPECT_EQUAL(0, reply.string_size);
    EXPECT_EQUAL(0, test_wait_exit(partner));
}

static void reply_that_becomes_read_only_while_the_caller_waits_is_a_bad_address(void)
{
    struct message request = { .words = { 0 } };

    start_partner(protect_page_and_go);
    EXPECT_STATUS(BAD_ADDRESS, message_call(partner, &request, (struct reply *)page));
    EXPECT_EQUAL(0, test_wait_exit(partner));
}

static void *new_buffer;
static uint32_t new_size;

static void change_reply_and_go(void *reply)
{
    clock_sleep(HEAD_START_NS);
    ((struct reply *)reply)->buffer = new_buffer;
    ((struct reply *)reply)->buffer_size = new_size;
    let_partner_answer();
}

/* What a reply says is read when the call begins: where it leads later is not where the answer goes. */
static void expect_reply_as_it_began(void *changed_buffer, uint32_t changed_size)
{
    struct message request = { .words = { 0 } };
    static uint8_t old_buffer[32];
    struct reply reply = { .buffer = old_buffer, .buffer_size = 16 };

    new_buffer = changed_buffer;
    new_size = changed_size;
    memset(old_buffer, CANARY, sizeof old_buffer);
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "races_partner", &partner, NULL));
    EXPECT_OK(thread_start(change_reply_and_go, &reply, STACK_BYTES, NULL));
    EXPECT_STATUS(TRUNCATED, message_call(partner, &request, &reply));
    EXPECT_EQUAL(0, test_wait_exit(partner));
    EXPECT_EQUAL(0, old_buffer[0]);
    EXPECT_EQUAL(0, old_buffer[15]);
    EXPECT_EQUAL(CANARY, old_buffer[16]);
    EXPECT_EQUAL(ANSWER_SIZE, reply.string_size);
    EXPECT(reply.buffer == old_buffer);
    EXPECT_EQUAL(16, reply.buffer_size);
}

static void reply_that_changes_while_the_caller_waits_gets_what_it_asked_for_first(void)
{
    static uint8_t buffer[ANSWER_SIZE];

    memset(buffer, CANARY, sizeof buffer);
    expect_reply_as_it_began(buffer, 0xFFFFFFFF);
    for (uint32_t i = 0; i < sizeof buffer; i++) {
        EXPECT_EQUAL(CANARY, buffer[i]);
    }
    expect_reply_as_it_began((void *)(USER_END + 0x100000), 16);
    expect_reply_as_it_began((void *)(USER_END - 8), 16);
    expect_reply_as_it_began(NULL, 0);
}

static void send_to_self(void)
{
    struct message message = { .words = { 9 } };

    EXPECT_OK(message_send(process_page()->id, &message));
}

static void free_page_and_send(void *unused)
{
    (void)unused;
    clock_sleep(HEAD_START_NS);
    EXPECT_OK(memory_free(page, 1));
    send_to_self();
}

static void event_whose_place_vanishes_is_not_lost(void)
{
    struct event event;

    EXPECT_OK(memory_allocate(1, 0, &page));
    EXPECT_OK(thread_start(free_page_and_send, NULL, STACK_BYTES, NULL));
    EXPECT_STATUS(BAD_ADDRESS, event_wait((struct event *)page, FOREVER));
    EXPECT_OK(event_poll(&event));
    EXPECT_EQUAL(9, event.words[0]);
}

/* ---- Two threads at once, for a while ---- */

static volatile bool race_over;

static void flip_image(void *image_of_main)
{
    struct tiny_image *image = image_of_main;
    const struct tiny_image good = tiny_image();

    while (!race_over) {
        image->header.program_header_count = 0xFFFF;
        image->segments[0].memory_size = 0x7FFFFFFF;
        image->segments[1].virtual_address = USER_END;
        thread_yield();
        memcpy(image, &good, sizeof good);
        image->segments[0].offset ^= 0xFFFFF000;
        *image = good;
        thread_yield();
    }
}

static void image_flipped_by_another_thread_is_loaded_whole_or_refused(void)
{
    static struct tiny_image image;
    nanoseconds_t end_ns = clock_after(RACE_NS);
    uint32_t started = 0;
    uint32_t refused = 0;

    image = tiny_image();
    EXPECT_OK(thread_start(flip_image, &image, STACK_BYTES, NULL));
    while (clock_now() < end_ns) {
        process_id_t id;
        elf_reason_t reason;
        status_t status = tiny_spawn(&image, sizeof image, &id, &reason);

        EXPECT(status == OK || status == BAD_IMAGE || status == OVER_QUOTA);
        if (status == OK) {
            EXPECT_EQUAL(TINY_EXIT, test_wait_exit(id));
        }
        *(status == OK ? &started : &refused) += 1;
        thread_yield();
    }
    race_over = true;
    EXPECT(started > 0 && refused > 0);
}

static void flip_message(void *message_of_main)
{
    struct message *message = message_of_main;

    while (!race_over) {
        message->string_size = 0xFFFFFFFF;
        thread_yield();
        message->string = (const void *)USER_END;
        message->string_size = 16;
        thread_yield();
        message->string = bytes;
        thread_yield();
    }
}

static void message_flipped_by_another_thread_arrives_whole_or_not_at_all(void)
{
    static struct message message = { .string = bytes, .string_size = 16 };
    nanoseconds_t end_ns = clock_after(RACE_NS);
    uint32_t sent = 0;
    uint32_t refused = 0;

    EXPECT_OK(thread_start(flip_message, &message, STACK_BYTES, NULL));
    while (clock_now() < end_ns) {
        struct event event;
        status_t status = message_send(process_page()->id, &message);

        EXPECT(status == OK || status == TOO_BIG || status == BAD_ADDRESS);
        *(status == OK ? &sent : &refused) += 1;
        if (status == OK) {
            test_wait_event(&event, EVENT_MESSAGE);
            EXPECT_EQUAL(16, event.string_size);
        }
        thread_yield();
    }
    race_over = true;
    EXPECT(sent > 0 && refused > 0);
}

static void flip_protection(void *unused)
{
    (void)unused;
    while (!race_over) {
        EXPECT_OK(memory_protect(page, 1, MEMORY_READ_ONLY));
        thread_yield();
        EXPECT_OK(memory_protect(page, 1, 0));
        thread_yield();
    }
}

static void output_protected_by_another_thread_is_written_or_refused(void)
{
    nanoseconds_t end_ns = clock_after(RACE_NS);
    uint32_t written = 0;
    uint32_t refused = 0;

    EXPECT_OK(memory_allocate(1, 0, &page));
    EXPECT_OK(thread_start(flip_protection, NULL, STACK_BYTES, NULL));
    while (clock_now() < end_ns) {
        status_t status = system_statistics((struct system_statistics *)page);

        EXPECT(status == OK || status == BAD_ADDRESS);
        *(status == OK ? &written : &refused) += 1;
        thread_yield();
    }
    race_over = true;
    EXPECT(written > 0 && refused > 0);
}

const struct test races_tests[] = {
    TEST(CLASS_APPLICATION, reply_that_vanishes_while_the_caller_waits_is_a_bad_address),
    TEST(CLASS_APPLICATION, reply_buffer_that_vanishes_while_the_caller_waits_is_a_bad_address),
    TEST(CLASS_APPLICATION, reply_that_becomes_read_only_while_the_caller_waits_is_a_bad_address),
    TEST(CLASS_APPLICATION, reply_that_changes_while_the_caller_waits_gets_what_it_asked_for_first),
    TEST(CLASS_APPLICATION, event_whose_place_vanishes_is_not_lost),
    TEST(CLASS_APPLICATION, image_flipped_by_another_thread_is_loaded_whole_or_refused),
    TEST(CLASS_APPLICATION, message_flipped_by_another_thread_arrives_whole_or_not_at_all),
    TEST(CLASS_APPLICATION, output_protected_by_another_thread_is_written_or_refused),
};
const uint32_t races_test_count = COUNT(races_tests);
const struct role races_roles[] = {
    ROLE(races_partner),
};
const uint32_t races_role_count = COUNT(races_roles);

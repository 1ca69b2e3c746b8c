/*
 * A keyboard driver gone bad. It has what a keyboard driver has, role and partners included, and an accomplice that may speak to all;
 * each tries every way to the other. The input server alone hears what was typed.
 *
 *     test ── input server (role INPUT_SERVER) ── keylogger (role INPUT, partners: the input server)
 *       └──── accomplice (no role, all partners)
 *
 * What the keylogger has to say to the test, handles and failures, goes through the input server.
 */
#include <abi/device.h>
#include <ternion/memory.h>
#include <ternion/port.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "call_state.h"
#include "files.h"
#include "log_lines.h"
#include "peer.h"
#include "protocol.h"
#include "tiny_image.h"

#define SECRET 0x6E6F7773U       /* what was typed */
#define CODE 0x55U               /* with which the keylogger ends */
#define REGISTRATIONS 8U         /* of devices, that it may make in its life */
#define STACK_BYTES 4096U

/* Pipe and shared memory of one side, for the other to try. */
struct handles {
    uint32_t pipe, shared;
    object_key_t pipe_key, shared_key, read_only_key;
    process_id_t process;        /* whose they are */
    thread_id_t thread;
    process_id_t child;          /* of the accomplice: somebody to end with a code */
};

static void make_handles(struct handles *handles_out)
{
    struct pipe_handle pipe;
    struct shared_handle shared;

    EXPECT_OK(pipe_create(&pipe));
    EXPECT_OK(shared_create(1, &shared));
    *handles_out = (struct handles){
        pipe.id, shared.id, pipe.key, shared.key, shared.read_only_key, process_page()->id, thread_slot()->thread, 0,
    };
}

static void send_handles(process_id_t to, const struct handles *handles)
{
    struct message message = { .words = { SECRET }, .string = handles, .string_size = sizeof *handles };

    EXPECT_OK(message_send(to, &message));
}

static void take_handles(struct handles *handles_out)
{
    struct event event;

    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_EQUAL(sizeof *handles_out, event.string_size);
    memcpy(handles_out, event.string, sizeof *handles_out);
}

/* ---- The input server ---- */

/* What the keylogger says goes to the test; what it complains of, to the runner. What the test says, to the keylogger. */
static void keylogger_server(int argc, char **argv)
{
    process_id_t keylogger = 0;
    struct event event;
    (void)argc;
    (void)argv;

    for (;;) {
        test_wait_event(&event, EVENT_MESSAGE);
        bool from_test = event.sender == process_page()->parent;
        struct message message = { .string = event.string, .string_size = event.string_size };
        char why[TEST_WHY_SIZE];

        if (from_test && event.words[0] == PEER_QUIT) {
            return;
        }
        if (event.string_size > MESSAGE_INLINE_MAX) {
            EXPECT(event.string_size <= sizeof why);
            EXPECT_OK(message_receive(event.id, why, sizeof why));
            message.string = why;
        }
        keylogger = from_test ? keylogger : event.sender;
        memcpy(message.words, event.words, sizeof message.words);
        EXPECT_OK(message_send(from_test ? keylogger : event.words[0] == TEST_FAILED ? test_runner : process_page()->parent, &message));
    }
}

/* ---- Both ways ---- */

/* Each way to speak to a process, and what it answers. */
static void expect_speechless(const struct handles *other, bool may_send)
{
    static char bytes[200] = "what was typed";
    struct message message = { .words = { SECRET }, .string = bytes, .string_size = sizeof bytes };
    struct reply reply = { .buffer = bytes, .buffer_size = sizeof bytes };
    uint32_t address, pages;

    EXPECT_STATUS(may_send ? OK : NOT_ALLOWED, message_send(other->process, &message));
    EXPECT_STATUS(NOT_ALLOWED, message_call(other->process, &message, &reply));
    for (enum call_way way = 0; way < CALL_WAYS; way++) {
        struct words words = { { SECRET, SECRET, SECRET, SECRET } };

        EXPECT(!call_way_is_there(way) || message_call_words_by(way, other->process, &words) == NOT_ALLOWED);
    }
    EXPECT_OK(memory_allocate(1, 0, &address));
    struct message with_pages = { .pages = (void *)address, .page_count = 1, .page_flags = PAGES_SHARE_WRITABLE };
    EXPECT_STATUS(NOT_ALLOWED, message_call(other->process, &with_pages, &reply));
    EXPECT_STATUS(NOT_ALLOWED, pipe_join(other->pipe, other->pipe_key));
    EXPECT_STATUS(NOT_ALLOWED, shared_join(other->shared, other->shared_key, 0, &address, &pages));
    EXPECT_STATUS(NOT_ALLOWED, shared_join(other->shared, other->read_only_key, SHARED_READ_ONLY, &address, &pages));
}

/* ---- The keylogger ---- */

/* Answers to calls that others made to somebody else, or to nobody. */
static void forge_answers(void)
{
    struct message message = { .words = { SECRET } };
    struct event event;

    for (uint32_t index = 0; index < 600; index++) {
        for (uint32_t count = 0; count < 4; count++) {
            EXPECT_STATUS(BAD_ID, message_reply(count << 13 | index, &message));
        }
    }
    EXPECT_STATUS(BAD_ID, message_reply_wait(1, &message, &event, 0));
}

static void control_others(const struct handles *other)
{
    EXPECT_STATUS(NOT_ALLOWED, process_terminate(other->process, SECRET));
    EXPECT_STATUS(NOT_ALLOWED, process_terminate(other->child, SECRET));
    EXPECT_STATUS(NOT_ALLOWED, process_sleep(other->process));
    EXPECT_STATUS(NOT_ALLOWED, process_wake(other->process));
    EXPECT_STATUS(NOT_ALLOWED, thread_sleep(other->thread));
    EXPECT_STATUS(NOT_ALLOWED, thread_wake(other->thread));
    EXPECT_STATUS(NOT_ALLOWED, thread_terminate(other->thread));
}

/* Names that all can see, and numbers that hardly anybody shall. */
static void publish(void)
{
    static const struct device_name target = { 4, "typed" };
    process_id_t child;
    device_id_t id;

    for (uint32_t i = 0; i < REGISTRATIONS; i++) {
        EXPECT_OK(device_register("input\\typed", 11, DEVICE_KEYBOARD, SECRET, &id));
        EXPECT_OK(i + 1 < REGISTRATIONS ? device_remove(id) : OK);
    }
    EXPECT_STATUS(OVER_QUOTA, device_register("input\\more", 10, DEVICE_KEYBOARD, SECRET, &id));
    EXPECT_STATUS(NOT_ALLOWED, device_register("disks\\typed", 11, DEVICE_STORAGE, SECRET, &id));
    EXPECT_STATUS(NOT_ALLOWED, device_bind("input\\keyboard\\9", 16, &target));
    EXPECT_STATUS(NOT_ALLOWED, tiny_spawn_as((struct spawn){ .class = CLASS_DRIVER }, &child));
    EXPECT_STATUS(NOT_ALLOWED, tiny_spawn_as((struct spawn){ .class = CLASS_APPLICATION, .grant.source = ACCESS_SAME }, &child));
    EXPECT_STATUS(NOT_ALLOWED, log_write(LOG_INFORMATION, "it was typed", 12));
}

/* The screen, the line, the debug port, DMA memory: none of that is in its grant. */
static void use_hardware(void)
{
    uint32_t address;
    physical_t physical;

    EXPECT_STATUS(NOT_ALLOWED, physical_map(0xB8000, 1, 0, &address));
    EXPECT_STATUS(NOT_ALLOWED, dma_allocate(1, 0, &address, &physical));
    EXPECT_STATUS(NOT_ALLOWED, irq_listen(4));
    EXPECT_STATUS(NOT_ALLOWED, speaker_divisor(1000));
    EXPECT_EQUAL(0xFF, port_read8(0x3FD));
    port_write8(0x3F8, '!');
    port_write8(0xE9, '!');
    port_write16(0x3D4, 0x0E0F);
    EXPECT_STATUS(NOT_ALLOWED, trace_set(test_runner, 0));
    EXPECT_STATUS(NOT_ALLOWED, debug_listen());
}

/* Argument: the input server. */
static void keylogger_driver(int argc, char **argv)
{
    struct handles own, other;
    struct event event;

    test_runner = test_number(argv[argc - 1]);       /* to whom its failures go, and nobody else */
    make_handles(&own);
    send_handles(test_runner, &own);
    take_handles(&other);
    expect_speechless(&other, false);
    forge_answers();
    control_others(&other);
    publish();
    use_hardware();
    EXPECT_OK(process_downgrade(CLASS_SERVER));
    expect_speechless(&other, false);
    EXPECT_OK(process_downgrade(CLASS_APPLICATION));
    expect_speechless(&other, false);
    send_handles(test_runner, &own);
    do {                         /* what the accomplice has sent comes; there is no answer to it */
        test_wait_event(&event, EVENT_MESSAGE);
        EXPECT_STATUS(BAD_ID, message_reply(event.id, &(struct message){ .words = { SECRET } }));
    } while (event.sender != test_runner);
    process_exit(CODE);
}

/* ---- The accomplice ---- */

static void keylogger_child(int argc, char **argv)
{
    struct event event;

    (void)argc;
    (void)argv;
    test_wait_event(&event, EVENT_MESSAGE);
}

static void expect_device_silent(void)
{
    struct device_information information;
    device_id_t id = 0;

    EXPECT_STATUS(NOT_FOUND, device_find("input\\typed", 11, 0, &information));   /* it was a driver's */
    while (device_next(id, &information) == OK) {
        id = information.id;
        EXPECT(information.number != SECRET);
    }
}

/* Waits for the keylogger's handles, tries them, and sees it end. */
static void keylogger_accomplice(int argc, char **argv)
{
    struct message message = { .words = { 1 } };
    struct handles own, other;
    struct event event;
    (void)argc;
    (void)argv;

    make_handles(&own);
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "keylogger_child", &own.child, NULL));
    send_handles(process_page()->parent, &own);
    take_handles(&other);
    EXPECT_OK(process_watch(other.process));
    expect_speechless(&other, true);
    expect_device_silent();
    EXPECT_OK(message_send(process_page()->parent, &message));
    EXPECT_EQUAL(0, test_wait_exit(other.process));  /* not CODE: and nothing else has come before */
    EXPECT_STATUS(NOTHING, event_poll(&event));
    EXPECT_OK(message_send(own.child, &message));
    EXPECT_EQUAL(0, test_wait_exit(own.child));
    EXPECT_OK(pipe_leave(own.pipe));
    EXPECT_OK(shared_leave(own.shared));
}

/* ---- The test ---- */

static void keylogger_reaches_the_input_server_and_nobody_else(void)
{
    struct access server_access = test_access, driver_access = {
        .role = ROLE_INPUT, .partners = ROLE_BIT(ROLE_INPUT_SERVER), .irqs = IRQ_BIT(1), .strikes = 1000, .ports = { { 0x60, 0x60 }, { 0x64, 0x64 } },
    };
    struct handles of_keylogger, of_accomplice;
    process_id_t server, keylogger, accomplice;
    uint32_t before = log_lines_end();
    struct event event;

    server_access.role = ROLE_INPUT_SERVER;
    EXPECT_OK(test_spawn_with(CLASS_SERVER, &server_access, "keylogger_server", &server, NULL));
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "keylogger_accomplice", &accomplice, NULL));
    take_handles(&of_accomplice);
    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &driver_access, "keylogger_driver", &keylogger, test_digits(server).text, NULL));
    take_handles(&of_keylogger);
    EXPECT_EQUAL(keylogger, of_keylogger.process);
    send_handles(server, &of_accomplice);
    take_handles(&of_keylogger);                     /* it has tried all it can */
    send_handles(accomplice, &of_keylogger);
    test_wait_event(&event, EVENT_MESSAGE);          /* and so has the accomplice */
    EXPECT_EQUAL(accomplice, event.sender);
    send_handles(server, &of_accomplice);
    EXPECT_EQUAL(0, test_wait_exit(keylogger));      /* the code is no news for the test, either */
    EXPECT_EQUAL(0, test_wait_exit(accomplice));
    peer_quit(server);
    EXPECT_EQUAL(0, log_lines_count(before, "", "it was typed"));
}

const struct test keylogger_tests[] = {
    TEST(CLASS_DRIVER, keylogger_reaches_the_input_server_and_nobody_else),
};
const uint32_t keylogger_test_count = COUNT(keylogger_tests);
const struct role keylogger_roles[] = {
    ROLE(keylogger_server), ROLE(keylogger_driver), ROLE(keylogger_child), ROLE(keylogger_accomplice),
};
const uint32_t keylogger_role_count = COUNT(keylogger_roles);

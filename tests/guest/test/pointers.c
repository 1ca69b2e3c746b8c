/* Every pointer that a system call takes, in registers or inside structures, against addresses that are not the caller's. */
#include <abi/trace.h>
#include <ternion/string.h>
#include <ternion/syscall_table.h>
#include <ternion/system.h>

#include "call_state.h"
#include "files.h"
#include "pages.h"
#include "tiny_image.h"

#define TEXT_SIZE 8U
#define LONG_SIZE 200U           /* does not come with its event */
#define EVENT_FIELDS_SIZE offsetof(struct event, string) /* what is written of an event without a string */
#define WORD(value) (uint8_t)(value), (uint8_t)((value) >> 8), (uint8_t)((value) >> 16), (uint8_t)((value) >> 24)

/* What the places below work on; all of it must have survived when they are done. */
static struct {
    process_id_t partner;        /* answers every call with TEXT_SIZE bytes */
    process_id_t caller;         /* waits for our answer */
    message_id_t call;           /* the message of the caller, taken */
    process_id_t asker;          /* calls us again as soon as we have answered it */
    message_id_t question;       /* its call, taken */
    message_id_t long_message;   /* from ourselves, taken */
    pipe_id_t pipe;              /* holds TEXT_SIZE bytes */
    device_id_t device;          /* our own, whose name is `text` */
    process_id_t frozen;         /* for a debugger to look at: it has divided by zero */
} at_hand;

static const char text[TEXT_SIZE] = "pointer";

/* ---- Accomplices ---- */

/* Calls the process in its argument once; the answer must be right. */
static void pointers_caller(int argc, char **argv)
{
    struct message message = { .words = { 1, 2, 3, 4 }, .string = text, .string_size = sizeof text };
    char answer[TEXT_SIZE];
    struct reply reply = { .buffer = answer, .buffer_size = sizeof answer };

    EXPECT_OK(message_call(test_number(argv[argc - 1]), &message, &reply));
    EXPECT_EQUAL(77, reply.words[3]);
    EXPECT_EQUAL(TEXT_SIZE, reply.string_size);
    EXPECT(memcmp(answer, text, TEXT_SIZE) == 0);
}

/* Answers until a message with words[0] != 0 comes. */
static void pointers_partner(int argc, char **argv)
{
    struct message answer = { .string = text, .string_size = sizeof text };
    struct event event;

    (void)argc;
    (void)argv;
    do {
        test_wait_event(&event, EVENT_MESSAGE);
        if ((event.flags & EVENT_WANTS_REPLY) != 0) {
            EXPECT_OK(message_reply(event.id, &answer));
        }
    } while (event.words[0] == 0);
}

/* Calls its parent until an answer's words[0] is not 0. */
static void pointers_asker(int argc, char **argv)
{
    struct message message = { .words = { 0 } };
    struct reply reply = { .buffer = NULL };

    (void)argc;
    (void)argv;
    do {
        EXPECT_OK(message_call(process_page()->parent, &message, &reply));
    } while (reply.words[0] == 0);
}

/* Makes a mistake. */
static void pointers_patient(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    __builtin_trap();
}

/* For event_wait and the others that take one: it must stay. */
static void leave_an_event(void)
{
    static char bytes[LONG_SIZE];
    struct message message = { .words = { 5 }, .string = bytes, .string_size = sizeof bytes };

    EXPECT_OK(message_send(process_page()->id, &message));
}

static void take_the_event(void)
{
    struct event event;

    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_EQUAL(5, event.words[0]);
    EXPECT_OK(message_discard(event.id));
}

static void take_question(void)
{
    struct event event;

    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_EQUAL(at_hand.asker, event.sender);
    at_hand.question = event.id;
}

static void prepare_pipe(void)
{
    struct pipe_handle handle;
    uint32_t moved;

    EXPECT_OK(pipe_create(&handle));
    at_hand.pipe = handle.id;
    EXPECT_OK(pipe_write(at_hand.pipe, text, TEXT_SIZE, 0, &moved));
}

/* Records of a process that has ended wait in the ring, which stays until the tracer, this process, ends. */
static void leave_records(void)
{
    process_id_t traced;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "pointers_partner", &traced, NULL));
    EXPECT_OK(trace_set(traced, TRACE_CALLS));
    EXPECT_OK(message_send(traced, &(struct message){ .words = { 1 } }));
    EXPECT_EQUAL(0, test_wait_exit(traced));
}

static void prepare_frozen(void)
{
    struct event event;

    EXPECT_OK(debug_listen());
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "pointers_patient", &at_hand.frozen, NULL));
    test_wait_event(&event, EVENT_PROCESS_FROZEN);
    EXPECT_EQUAL(at_hand.frozen, event.id);
}

static void prepare(void)
{
    static char bytes[LONG_SIZE];
    struct message message = { .string = bytes, .string_size = sizeof bytes };
    struct event event;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "pointers_partner", &at_hand.partner, NULL));
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "pointers_caller", &at_hand.caller, test_digits(process_page()->id).text, NULL));
    test_wait_event(&event, EVENT_MESSAGE);
    at_hand.call = event.id;
    EXPECT_OK(message_send(process_page()->id, &message));
    test_wait_event(&event, EVENT_MESSAGE);
    at_hand.long_message = event.id;
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "pointers_asker", &at_hand.asker, NULL));
    take_question();
    prepare_pipe();
    EXPECT_OK(device_register(text, TEXT_SIZE - 1, DEVICE_STREAM, 1, &at_hand.device));
    prepare_frozen();
    leave_an_event();
}

/* The objects that the calls were refused on are whole, and do what they are for. */
static void finish(void)
{
    struct message answer = { .words = { 0, 0, 0, 77 }, .string = text, .string_size = sizeof text };
    struct message end = { .words = { 1 } };
    static char bytes[LONG_SIZE];
    struct event event;

    EXPECT_OK(message_reply(at_hand.call, &answer));
    EXPECT_OK(message_receive(at_hand.long_message, bytes, sizeof bytes));
    EXPECT_OK(pipe_leave(at_hand.pipe));
    EXPECT_OK(device_remove(at_hand.device));
    take_the_event();
    EXPECT_EQUAL(0, test_wait_exit(at_hand.caller));
    EXPECT_OK(message_reply(at_hand.question, &end));
    EXPECT_EQUAL(0, test_wait_exit(at_hand.asker));
    EXPECT_OK(message_send(at_hand.partner, &end));
    EXPECT_EQUAL(0, test_wait_exit(at_hand.partner));
    EXPECT_OK(debug_release(at_hand.frozen));
    EXPECT_EQUAL(EXIT_FAULT | 6, test_wait_exit(at_hand.frozen));
    EXPECT_STATUS(NOTHING, event_poll(&event));
}

/* ---- Places where a pointer goes: each makes a call of which all is right but that pointer. ---- */

static status_t log_write_text(uint32_t bad)
{
    return log_write(LOG_DEBUG, (const void *)bad, TEXT_SIZE);
}

static status_t message_send_message(uint32_t bad)
{
    return message_send(process_page()->id, (const struct message *)bad);
}

static status_t message_send_string(uint32_t bad)
{
    struct message message = { .string = (const void *)bad, .string_size = TEXT_SIZE };

    return message_send(process_page()->id, &message);
}

static status_t message_call_message(uint32_t bad)
{
    struct reply reply = { .buffer = NULL };

    return message_call(at_hand.partner, (const struct message *)bad, &reply);
}

static status_t message_call_string(uint32_t bad)
{
    struct message message = { .string = (const void *)bad, .string_size = TEXT_SIZE };
    struct reply reply = { .buffer = NULL };

    return message_call(at_hand.partner, &message, &reply);
}

static status_t message_call_reply(uint32_t bad)
{
    struct message message = { .words = { 0 } };

    return message_call(at_hand.partner, &message, (struct reply *)bad);
}

static status_t message_call_buffer(uint32_t bad)
{
    struct message message = { .words = { 0 } };
    struct reply reply = { .buffer = (void *)bad, .buffer_size = TEXT_SIZE };

    return message_call(at_hand.partner, &message, &reply);
}

static status_t message_reply_message(uint32_t bad)
{
    return message_reply(at_hand.call, (const struct message *)bad);
}

static status_t message_reply_string(uint32_t bad)
{
    struct message message = { .string = (const void *)bad, .string_size = TEXT_SIZE };

    return message_reply(at_hand.call, &message);
}

static status_t message_reply_wait_message(uint32_t bad)
{
    struct event event;

    return message_reply_wait(at_hand.call, (const struct message *)bad, &event, FOREVER);
}

static status_t message_reply_wait_string(uint32_t bad)
{
    struct message message = { .string = (const void *)bad, .string_size = TEXT_SIZE };
    struct event event;

    return message_reply_wait(at_hand.call, &message, &event, FOREVER);
}

/* The answer is right and goes: only then the event is looked for, which stays. */
static status_t message_reply_wait_event(uint32_t bad)
{
    struct message message = { .words = { 0 } };
    status_t status = message_reply_wait(at_hand.question, &message, (struct event *)bad, FOREVER);

    take_the_event();
    take_question();
    leave_an_event();
    return status;
}

/* All registers have other work: where the event goes stands on the stack. */
static status_t message_reply_wait_words_event(uint32_t bad)
{
    struct words words = { { 0 } };
    struct call_state state = call_state_reply_wait(0, &words, (struct event *)bad);

    state_call(&state, CALL_BY_PAGE);
    return state.ebx == 0 ? (status_t)state.eax : NOTHING;
}

static status_t message_receive_string(uint32_t bad)
{
    return message_receive(at_hand.long_message, (void *)bad, LONG_SIZE);
}

static status_t event_wait_event(uint32_t bad)
{
    return event_wait((struct event *)bad, FOREVER);
}

static status_t event_poll_event(uint32_t bad)
{
    return event_poll((struct event *)bad);
}

static status_t system_statistics_statistics(uint32_t bad)
{
    return system_statistics((struct system_statistics *)bad);
}

static status_t process_information_information(uint32_t bad)
{
    return process_information(SELF, (struct process_information *)bad);
}

static status_t system_random_bytes(uint32_t bad)
{
    return system_random((void *)bad, TEXT_SIZE);
}

static status_t pipe_create_handle(uint32_t bad)
{
    return pipe_create((struct pipe_handle *)bad);
}

static status_t pipe_read_bytes(uint32_t bad)
{
    uint32_t moved;

    return pipe_read(at_hand.pipe, (void *)bad, TEXT_SIZE, 0, &moved);
}

static status_t pipe_write_bytes(uint32_t bad)
{
    uint32_t moved;

    return pipe_write(at_hand.pipe, (const void *)bad, TEXT_SIZE, 0, &moved);
}

static status_t shared_create_handle(uint32_t bad)
{
    return shared_create(1, (struct shared_handle *)bad);
}

static status_t shared_physical_handle(uint32_t bad)
{
    return shared_physical(0xB8000, 1, 0, (struct shared_handle *)bad);
}

static status_t module_information_information(uint32_t bad)
{
    return module_information(0, (struct module_information *)bad);
}

static status_t process_find_name(uint32_t bad)
{
    process_id_t id;

    return process_find((const void *)bad, TEXT_SIZE, &id);
}

static status_t process_spawn_spawn(uint32_t bad)
{
    process_id_t id;
    elf_reason_t reason;

    return process_spawn((const struct spawn *)bad, &id, &reason);
}

static status_t spawn_with(const char *name, const void *image, const char *arguments)
{
    struct spawn spawn = {
        .class = CLASS_APPLICATION,
        .name = name,
        .name_size = TEXT_SIZE - 1,
        .image = image,
        .image_size = sizeof(struct elf_header),
        .arguments = arguments,
        .arguments_size = TEXT_SIZE,
    };
    process_id_t id;
    elf_reason_t reason;

    return process_spawn(&spawn, &id, &reason);
}

static status_t process_spawn_name(uint32_t bad)
{
    return spawn_with((const char *)bad, text, text);
}

static status_t process_spawn_image(uint32_t bad)
{
    return spawn_with(text, (const void *)bad, text);
}

static status_t process_spawn_arguments(uint32_t bad)
{
    return spawn_with(text, text, (const char *)bad);
}

static status_t device_register_name(uint32_t bad)
{
    device_id_t id;

    return device_register((const void *)bad, TEXT_SIZE, DEVICE_STREAM, 0, &id);
}

static status_t device_find_name(uint32_t bad)
{
    struct device_information information;

    return device_find((const void *)bad, TEXT_SIZE, 0, &information);
}

static status_t device_find_information(uint32_t bad)
{
    return device_find(text, TEXT_SIZE - 1, FOREVER, (struct device_information *)bad);
}

static status_t device_next_information(uint32_t bad)
{
    return device_next(0, (struct device_information *)bad);
}

static status_t device_watch_prefix(uint32_t bad)
{
    uint32_t id;

    return device_watch((const void *)bad, TEXT_SIZE, &id);
}

static status_t device_bind_name(uint32_t bad)
{
    struct device_name target = { 1, "x" };

    return device_bind((const void *)bad, TEXT_SIZE, &target);
}

static status_t device_bind_target(uint32_t bad)
{
    return device_bind(text, TEXT_SIZE - 1, (const struct device_name *)bad);
}

static status_t device_unbind_name(uint32_t bad)
{
    return device_unbind((const void *)bad, TEXT_SIZE);
}

static status_t trace_read_records(uint32_t bad)
{
    uint32_t count;

    return trace_read((void *)bad, sizeof(struct trace_record), &count);
}

static status_t debug_thread_thread(uint32_t bad)
{
    return debug_thread(at_hand.frozen, 0, (struct debug_thread *)bad);
}

static status_t debug_read_bytes(uint32_t bad)
{
    return debug_read(at_hand.frozen, PROGRAM_BASE, (void *)bad, TEXT_SIZE);
}

static const struct place {
    const char *call;            /* as in the table of system calls */
    const char *pointer;
    uint32_t size;               /* bytes that the kernel reads or writes there */
    bool writes;
    status_t (*try)(uint32_t bad);
} places[] = {
    { "log_write", "text", TEXT_SIZE, false, log_write_text },
    { "message_send", "message", sizeof(struct message), false, message_send_message },
    { "message_send", "message.string", TEXT_SIZE, false, message_send_string },
    { "message_call", "message", sizeof(struct message), false, message_call_message },
    { "message_call", "message.string", TEXT_SIZE, false, message_call_string },
    { "message_call", "reply", sizeof(struct reply), true, message_call_reply },
    { "message_call", "reply.buffer", TEXT_SIZE, true, message_call_buffer },
    { "message_reply", "message", sizeof(struct message), false, message_reply_message },
    { "message_reply", "message.string", TEXT_SIZE, false, message_reply_string },
    { "message_reply_wait", "message", sizeof(struct message), false, message_reply_wait_message },
    { "message_reply_wait", "message.string", TEXT_SIZE, false, message_reply_wait_string },
    { "message_reply_wait", "event", EVENT_FIELDS_SIZE, true, message_reply_wait_event },
    { "message_reply_wait_words", "event", EVENT_FIELDS_SIZE, true, message_reply_wait_words_event },
    { "message_receive", "string", LONG_SIZE, true, message_receive_string },
    { "event_wait", "event", EVENT_FIELDS_SIZE, true, event_wait_event },
    { "event_poll", "event", EVENT_FIELDS_SIZE, true, event_poll_event },
    { "system_statistics", "statistics", sizeof(struct system_statistics), true, system_statistics_statistics },
    { "system_random", "bytes", TEXT_SIZE, true, system_random_bytes },
    { "pipe_create", "handle", sizeof(struct pipe_handle), true, pipe_create_handle },
    { "pipe_read", "bytes", TEXT_SIZE, true, pipe_read_bytes },
    { "pipe_write", "bytes", TEXT_SIZE, false, pipe_write_bytes },
    { "shared_create", "handle", sizeof(struct shared_handle), true, shared_create_handle },
    { "shared_physical", "handle", sizeof(struct shared_handle), true, shared_physical_handle },
    { "process_information", "information", sizeof(struct process_information), true, process_information_information },
    { "module_information", "information", sizeof(struct module_information), true, module_information_information },
    { "process_find", "name", TEXT_SIZE, false, process_find_name },
    { "process_spawn", "spawn", sizeof(struct spawn), false, process_spawn_spawn },
    { "process_spawn", "spawn.name", TEXT_SIZE - 1, false, process_spawn_name },
    { "process_spawn", "spawn.image", sizeof(struct elf_header), false, process_spawn_image },
    { "process_spawn", "spawn.arguments", TEXT_SIZE, false, process_spawn_arguments },
    { "device_register", "name", TEXT_SIZE, false, device_register_name },
    { "device_find", "name", TEXT_SIZE, false, device_find_name },
    { "device_find", "information", sizeof(struct device_information), true, device_find_information },
    { "device_next", "information", sizeof(struct device_information), true, device_next_information },
    { "device_watch", "prefix", TEXT_SIZE, false, device_watch_prefix },
    { "device_bind", "name", TEXT_SIZE, false, device_bind_name },
    { "device_bind", "target", sizeof(struct device_name), false, device_bind_target },
    { "device_unbind", "name", TEXT_SIZE, false, device_unbind_name },
    { "trace_read", "records", sizeof(struct trace_record), true, trace_read_records },
    { "debug_thread", "thread", sizeof(struct debug_thread), true, debug_thread_thread },
    { "debug_read", "bytes", TEXT_SIZE, true, debug_read_bytes },
};

static void attack(const struct place *place, uint32_t run)
{
    uint32_t bad;

    for (uint32_t i = 0; place->writes ? pages_bad_to_write(run, i, place->size, &bad)
                                       : pages_bad_to_read(run, i, place->size, &bad); i++) {
        status_t status = place->try(bad);

        if (status != BAD_ADDRESS) {
            EXPECT_NOT("%s: %s at 0x%x: %s", place->call, place->pointer, bad, status_name(status));
        }
        pages_expect_untouched(run, PAGE_READ_ONLY);
        pages_expect_untouched(run, PAGE_THIRD);
    }
}

static void bad_pointers_are_refused_by_every_call(void)
{
    struct test_ledger before, after_preparation;
    uint32_t run = pages_create();

    leave_records();
    test_ledger_take(&before);
    prepare();
    test_ledger_take(&after_preparation);
    for (uint32_t i = 0; i < COUNT(places); i++) {
        attack(&places[i], run);
    }
    test_ledger_expect_same(&after_preparation);
    finish();
    test_ledger_expect_same(&before);
}

static bool has_place(const char *call, const char *pointer)
{
    for (uint32_t i = 0; i < COUNT(places); i++) {
        if (strcmp(places[i].call, call) == 0 && strcmp(places[i].pointer, pointer) == 0) {
            return true;
        }
    }
    return false;
}

/* A call that gets a new pointer gets a new place above. */
static void every_pointer_of_the_table_has_a_place(void)
{
    for (uint32_t number = 0; number < SYSCALL_COUNT; number++) {
        const struct syscall_description *call = &syscall_table[number];

        for (uint32_t i = 0; call->name != NULL && i < call->argument_count; i++) {
            if (call->arguments[i].kind != SYSCALL_IN && !has_place(call->name, call->arguments[i].name)) {
                EXPECT_NOT("%s: no place tries its argument %s", call->name, call->arguments[i].name);
            }
        }
    }
}

/* ---- The border to the kernel ---- */

/*
 * A program of which the last page below the kernel is mapped, so that a range can begin in its own memory and
 * end in the kernel's. It makes one call and ends with the status.
 */
static uint32_t status_at_the_border(uint32_t number, uint32_t ebx, uint32_t edx, uint32_t esi)
{
    struct tiny_image image = tiny_image();
    const uint8_t code[] = {
        0xB8, WORD(number), 0xBB, WORD(ebx), 0xBA, WORD(edx), 0xBE, WORD(esi), /* mov eax, ebx, edx, esi */
        0xCD, 0x80,                              /* int 80h */
        0x89, 0xC3,                              /* mov ebx, eax */
        0xB8, WORD(SYSCALL_PROCESS_EXIT), 0xCD, 0x80,
    };
    process_id_t id;

    image.segments[1].virtual_address = USER_END - PAGE_SIZE;
    memcpy(image.code, code, sizeof code);
    EXPECT_OK(tiny_spawn(&image, sizeof image, &id, NULL));
    return test_wait_exit(id);
}

static void ranges_that_end_in_the_kernel_are_refused(void)
{
    for (uint32_t inside = 1; inside < 8; inside++) {
        uint32_t border = USER_END - inside;

        EXPECT_EQUAL(BAD_ADDRESS, status_at_the_border(SYSCALL_SYSTEM_STATISTICS, border, 0, 0));
        EXPECT_EQUAL(BAD_ADDRESS, status_at_the_border(SYSCALL_PROCESS_INFORMATION, SELF, border, 0));
        EXPECT_EQUAL(BAD_ADDRESS, status_at_the_border(SYSCALL_LOG_WRITE, LOG_DEBUG, border, inside + 1));
        EXPECT_EQUAL(BAD_ADDRESS, status_at_the_border(SYSCALL_PROCESS_FIND, border, inside + 1, 0));
        EXPECT_EQUAL(BAD_ADDRESS, status_at_the_border(SYSCALL_MESSAGE_SEND, process_page()->id, border, 0));
        EXPECT_EQUAL(BAD_ADDRESS, status_at_the_border(SYSCALL_PROCESS_SPAWN, border, 0, 0));
        EXPECT_EQUAL(NOT_FOUND, status_at_the_border(SYSCALL_PROCESS_FIND, border, inside, 0));
    }
    EXPECT_EQUAL(OK, status_at_the_border(SYSCALL_SYSTEM_STATISTICS, USER_END - sizeof(struct system_statistics), 0, 0));
}

const struct test pointers_tests[] = {
    TEST(CLASS_DRIVER, bad_pointers_are_refused_by_every_call),
    TEST(CLASS_APPLICATION, every_pointer_of_the_table_has_a_place),
    TEST(CLASS_APPLICATION, ranges_that_end_in_the_kernel_are_refused),
};
const uint32_t pointers_test_count = COUNT(pointers_tests);
const struct role pointers_roles[] = {
    ROLE(pointers_caller),
    ROLE(pointers_partner),
    ROLE(pointers_asker),
    ROLE(pointers_patient),
};
const uint32_t pointers_role_count = COUNT(pointers_roles);

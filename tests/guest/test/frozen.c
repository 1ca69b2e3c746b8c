/* Frozen processes: who makes a mistake while a debugger listens stays as it was, does nothing any more, and can be looked at. */
#include <abi/debug.h>
#include <ternion/memory.h>
#include <ternion/port.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "files.h"
#include "mistakes.h"
#include "peer.h"

#define INVALID 6U               /* exceptions: SDM volume 3, table 6-1 */
#define PAGE_FAULT 14U
#define WRITE_FROM_USER 6U       /* error code: SDM volume 3, section 4.7 */
#define FRAMES 7U
#define STACK_BYTES 4096U
#define VIDEO_MEMORY 0xB8000U
#define CLOSED_PORT 0x20
#define CLOCK_LINE 8U
#define NOBODY 0xFFFFFFFFU

static const char text_of_patient[] = "text that a debugger reads";
static uint32_t data_of_patient[3000];   /* more than two pages */

static void mark_data(void)
{
    for (uint32_t i = 0; i < COUNT(data_of_patient); i++) {
        data_of_patient[i] = i * 2654435761U;
    }
}

/* Tells its parent two words. */
static void tell(uint32_t word0, uint32_t word1)
{
    struct message message = { .words = { word0, word1 } };

    EXPECT_OK(message_send(process_page()->parent, &message));
}

static void idle_thread(void *unused)
{
    (void)unused;
    EXPECT_OK(thread_sleep(0));
}

/* Makes the mistake that its argument names. */
static void frozen_patient(int argc, char **argv)
{
    (void)argc;
    mark_data();
    switch (argv[1][0]) {
    case 'i':
        mistake_instruction();
    case 'w':
        mistake_write();
    case 'f':
        mistake_in_frames(FRAMES);
    default:
        for (;;) {
            (void)port_read8(CLOSED_PORT);
        }
    }
}

/* The next event is that this process is frozen; and it is. */
static void expect_frozen(process_id_t id, uint32_t code)
{
    struct process_information information;
    struct event event;

    test_wait_event(&event, EVENT_PROCESS_FROZEN);
    EXPECT_EQUAL(id, event.id);
    EXPECT_EQUAL(code, event.count);
    EXPECT_OK(process_information(id, &information));
    EXPECT_EQUAL(PROCESS_FROZEN, information.state);
}

static process_id_t start_patient(const char *mistake, uint32_t code)
{
    process_id_t patient;

    EXPECT_OK(test_spawn(process_page()->class, "frozen_patient", &patient, mistake, NULL));
    expect_frozen(patient, code);
    return patient;
}

static void release(process_id_t patient, uint32_t code)
{
    EXPECT_OK(debug_release(patient));
    EXPECT_EQUAL(code, test_wait_exit(patient));
    EXPECT_STATUS(BAD_ID, debug_release(patient));
}

static void listen(void)
{
    EXPECT_OK(debug_listen());
    EXPECT_OK(debug_listen());   /* once more changes nothing */
}

/* ---- What can be seen ---- */

static struct debug_thread look_at(process_id_t patient)
{
    struct debug_thread thread;

    EXPECT_OK(debug_thread(patient, 0, &thread));
    EXPECT_EQUAL(1, thread.made_the_mistake);
    EXPECT(thread.cs == 0x1B && thread.ss == 0x23 && thread.ds == 0x23 && thread.es == 0x23);
    return thread;
}

static void expect_registers(const struct debug_thread *thread, const char *eip)
{
    const uint32_t registers[] = { thread->eax, thread->ebx, thread->ecx, thread->edx, thread->esi, thread->edi, thread->ebp };

    for (uint32_t i = 0; i < COUNT(registers); i++) {
        EXPECT_EQUAL(MISTAKE_REGISTER(i), registers[i]);
    }
    EXPECT_EQUAL(eip, thread->eip);
    EXPECT(thread->esp < STACK_TOP && thread->esp > STACK_TOP - STACK_SIZE_MAX);
}

static void registers_are_as_they_were_at_the_mistake(void)
{
    listen();
    process_id_t patient = start_patient("instruction", EXIT_FAULT | INVALID);
    struct debug_thread thread = look_at(patient);
    expect_registers(&thread, mistake_instruction_at);
    EXPECT_EQUAL(INVALID, thread.exception);
    release(patient, EXIT_FAULT | INVALID);

    patient = start_patient("write", EXIT_FAULT | PAGE_FAULT);
    thread = look_at(patient);
    expect_registers(&thread, mistake_write_at);
    EXPECT_EQUAL(PAGE_FAULT, thread.exception);
    EXPECT_EQUAL(WRITE_FROM_USER, thread.error_code);
    EXPECT_EQUAL(MISTAKE_ADDRESS, thread.address);
    release(patient, EXIT_FAULT | PAGE_FAULT);
}

static uint32_t read_word(process_id_t patient, uint32_t address)
{
    uint32_t word;

    EXPECT_OK(debug_read(patient, address, &word, sizeof word));
    return word;
}

static void frames_lead_from_the_mistake_to_the_beginning(void)
{
    listen();
    process_id_t patient = start_patient("frames", EXIT_FAULT | INVALID);
    uint32_t frame = look_at(patient).ebp;

    for (uint32_t i = 1; i < FRAMES; i++) {
        EXPECT_EQUAL(mistake_return, read_word(patient, frame + 4));
        uint32_t next = read_word(patient, frame);
        EXPECT(next > frame && next < STACK_TOP);
        frame = next;
    }
    uint32_t caller = read_word(patient, frame + 4);
    EXPECT(caller != (uint32_t)mistake_return && caller > PROGRAM_BASE && caller < process_page()->image_end);
    release(patient, EXIT_FAULT | INVALID);
}

/* The patient is the same program: what is constant here is there, and its variables are at the same addresses. */
static void memory_can_be_read_wherever_it_is(void)
{
    static uint32_t copy[COUNT(data_of_patient)];
    char text[sizeof text_of_patient];

    listen();
    process_id_t patient = start_patient("instruction", EXIT_FAULT | INVALID);
    EXPECT_OK(debug_read(patient, (uint32_t)text_of_patient, text, sizeof text));
    EXPECT(memcmp(text, text_of_patient, sizeof text) == 0);
    uint8_t *to = (uint8_t *)copy;
    for (uint32_t done = 0; done < sizeof copy;) {   /* parts that begin and end anywhere */
        uint32_t part = done % 37 * 61 + 1 < sizeof copy - done ? done % 37 * 61 + 1 : sizeof copy - done;

        EXPECT_OK(debug_read(patient, (uint32_t)data_of_patient + done, to + done, part));
        done += part;
    }
    mark_data();
    EXPECT(memcmp(copy, data_of_patient, sizeof copy) == 0);
    EXPECT_OK(debug_read(patient, 1, NULL, 0));
    release(patient, EXIT_FAULT | INVALID);
}

static void what_is_not_the_patients_cannot_be_read(void)
{
    static const uint32_t bad[] = {
        0, 0xFFF, 0xB8000, STACK_TOP - STACK_SIZE_MAX - 1, USER_END - 1, USER_END, 0x80100000, 0xF8000000, 0xFFFFFFFF,
    };
    static uint8_t bytes[DEBUG_READ_MAX];

    listen();
    process_id_t patient = start_patient("instruction", EXIT_FAULT | INVALID);
    for (uint32_t i = 0; i < COUNT(bad); i++) {
        EXPECT_STATUS(BAD_ADDRESS, debug_read(patient, bad[i], bytes, 1));
        EXPECT_STATUS(BAD_ADDRESS, debug_read(patient, bad[i] - 3, bytes, sizeof bytes));
    }
    EXPECT_STATUS(TOO_BIG, debug_read(patient, PROGRAM_BASE, bytes, DEBUG_READ_MAX + 1));
    EXPECT_STATUS(TOO_BIG, debug_read(patient, PROGRAM_BASE, bytes, 0xFFFFFFFF));
    EXPECT_OK(debug_read(patient, PROGRAM_BASE, bytes, DEBUG_READ_MAX));
    EXPECT(memcmp(bytes, (const void *)PROGRAM_BASE, sizeof bytes) == 0);
    release(patient, EXIT_FAULT | INVALID);
}

/* Maps device memory and tells where; then makes a mistake. */
static void frozen_mapper(int argc, char **argv)
{
    uint32_t address, dma;
    physical_t physical;
    (void)argc;
    (void)argv;

    EXPECT_OK(physical_map(VIDEO_MEMORY, 1, 0, &address));
    EXPECT_OK(dma_allocate(1, 0, &dma, &physical));
    *(uint32_t *)dma = 12345;
    tell(address, dma);
    __builtin_trap();
}

/* Reading a device's registers may change it. Memory that a device shares is memory. */
static void memory_of_devices_is_not_read(void)
{
    process_id_t patient;
    struct event event;
    uint32_t word;

    listen();
    EXPECT_OK(test_spawn(CLASS_DRIVER, "frozen_mapper", &patient, NULL));
    test_wait_event(&event, EVENT_MESSAGE);
    expect_frozen(patient, EXIT_FAULT | INVALID);
    EXPECT_STATUS(BAD_ADDRESS, debug_read(patient, event.words[0], &word, sizeof word));
    EXPECT_EQUAL(12345, read_word(patient, event.words[1]));
    release(patient, EXIT_FAULT | INVALID);
}

/* Starts threads, and makes a mistake in the one that the argument names: the first, or a later one. */
static void crash_thread(void *unused)
{
    (void)unused;
    mistake_instruction();
}

#define OTHERS 4U                /* threads that make no mistake */

static void frozen_many(int argc, char **argv)
{
    thread_id_t thread;

    for (uint32_t i = argv[argc - 1][0] == 'f' ? 0 : 1; i < OTHERS; i++) {
        EXPECT_OK(thread_start(idle_thread, NULL, STACK_BYTES, &thread));
    }
    clock_sleep(A_MOMENT_NS);
    if (argv[argc - 1][0] == 'f') {
        mistake_instruction();
    }
    EXPECT_OK(thread_start(crash_thread, NULL, STACK_BYTES, &thread));
    EXPECT_OK(thread_sleep(0));
}

static void all_threads_are_told_once_the_faulty_one_first(void)
{
    listen();
    for (uint32_t i = 0; i < 2; i++) {
        thread_id_t seen[OTHERS + 2] = { 0 };
        struct debug_thread thread;
        process_id_t patient;
        uint32_t count = 0;

        EXPECT_OK(test_spawn(CLASS_APPLICATION, "frozen_many", &patient, i == 0 ? "first" : "last", NULL));
        expect_frozen(patient, EXIT_FAULT | INVALID);
        while (debug_thread(patient, count == 0 ? 0 : seen[count - 1], &thread) == OK) {
            EXPECT_EQUAL(count == 0, thread.made_the_mistake);
            for (uint32_t k = 0; k < count; k++) {
                EXPECT(seen[k] != thread.id);
            }
            EXPECT(thread.esp != 0 && (count == 0 || thread.eip != (uint32_t)mistake_instruction_at));
            seen[count++] = thread.id;
            EXPECT(count <= OTHERS + 1);
        }
        EXPECT_EQUAL(OTHERS + 1, count);
        EXPECT_STATUS(NOT_FOUND, debug_thread(patient, seen[count - 1], &thread));
        EXPECT_STATUS(NOT_FOUND, debug_thread(patient, NOBODY, &thread));
        release(patient, EXIT_FAULT | INVALID);
    }
}

/* ---- That it does nothing ---- */

/* Counts in memory that it shares with the test, until another thread makes a mistake. */
static volatile uint32_t *counter;

static void count_on(void *unused)
{
    (void)unused;
    for (;;) {
        ++*counter;
    }
}

static void frozen_counter(int argc, char **argv)
{
    struct shared_handle handle;
    thread_id_t thread;
    (void)argc;
    (void)argv;

    EXPECT_OK(shared_create(1, &handle));
    counter = (volatile uint32_t *)handle.address;
    struct message message = { .words = { handle.id, (uint32_t)handle.key, (uint32_t)(handle.key >> 32) } };
    EXPECT_OK(message_send(process_page()->parent, &message));
    EXPECT_OK(thread_start(count_on, NULL, STACK_BYTES, &thread));
    clock_sleep(A_MOMENT_NS);
    __builtin_trap();
}

static void other_threads_stand_still_whatever_others_do(void)
{
    process_id_t patient;
    struct event event;
    uint32_t address, pages;
    struct debug_thread thread;

    listen();
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "frozen_counter", &patient, NULL));
    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_OK(shared_join(event.words[0], (uint64_t)event.words[2] << 32 | event.words[1], 0, &address, &pages));
    expect_frozen(patient, EXIT_FAULT | INVALID);
    uint32_t before = *(volatile uint32_t *)address;
    EXPECT(before > 0);
    EXPECT_OK(debug_thread(patient, 0, &thread));
    EXPECT_OK(debug_thread(patient, thread.id, &thread));
    for (uint32_t i = 0; i < 3; i++) {
        clock_sleep(A_MOMENT_NS);
        EXPECT_EQUAL(before, *(volatile uint32_t *)address);
        EXPECT_OK(i == 0 ? process_wake(patient) : thread_wake(thread.id));
        EXPECT_OK(i == 1 ? process_sleep(patient) : OK);
        EXPECT_OK(process_wake(patient));
    }
    EXPECT_OK(debug_release(patient));
    test_wait_event(&event, EVENT_SHARED_RELEASED);
    EXPECT_EQUAL(EXIT_FAULT | INVALID, test_wait_exit(patient));
    EXPECT_OK(shared_leave(event.id));
}

/* Waits for a call, and makes a mistake instead of answering. */
static void frozen_server(int argc, char **argv)
{
    struct event event;
    (void)argc;
    (void)argv;

    test_wait_event(&event, EVENT_MESSAGE);
    __builtin_trap();
}

/* Calls the process in its argument, which will not answer. By words, or with a string. */
static void frozen_caller(int argc, char **argv)
{
    process_id_t server = test_number(argv[1]);
    struct words words = { { 1 } };
    struct message message = { .string = "question", .string_size = 8 };
    struct reply reply = { .buffer = NULL };
    (void)argc;

    EXPECT_STATUS(PEER_DIED, argv[2][0] == 'w' ? message_call_words(server, &words) : message_call(server, &message, &reply));
}

static void callers_of_a_frozen_process_wait_and_then_hear_of_its_end(void)
{
    process_id_t server = 0, callers[4];
    struct event event;

    listen();
    EXPECT_OK(test_spawn(CLASS_SERVER, "frozen_server", &server, NULL));
    for (uint32_t i = 0; i < COUNT(callers); i++) {  /* the first is taken, the others come when it is frozen */
        EXPECT_OK(test_spawn(CLASS_APPLICATION, "frozen_caller", &callers[i], test_digits(server).text, i % 2 == 0 ? "words" : "string", NULL));
        if (i == 0) {
            expect_frozen(server, EXIT_FAULT | INVALID);
        }
    }
    EXPECT_OK(message_send(server, &(struct message){ .words = { 1 } }));
    EXPECT_STATUS(TIMED_OUT, event_wait(&event, clock_after(2 * A_MOMENT_NS)));
    EXPECT_OK(debug_release(server));
    for (uint32_t i = 0; i <= COUNT(callers); i++) {
        test_wait_event(&event, EVENT_PROCESS_EXITED);
        EXPECT_EQUAL(event.id == server ? EXIT_FAULT | INVALID : 0, event.count);
    }
}

/* ---- How it ends ---- */

static void strikes_freeze_as_faults_do(void)
{
    listen();
    process_id_t patient = start_patient("ports", EXIT_STRIKES);
    struct process_information information;

    EXPECT_OK(process_information(patient, &information));
    EXPECT_EQUAL(STRIKES_USUAL, information.strikes);
    (void)look_at(patient);
    release(patient, EXIT_STRIKES);
}

static void frozen_greedy(int argc, char **argv)
{
    uint32_t address;
    (void)argc;
    (void)argv;

    EXPECT_OK(memory_allocate(2000, MEMORY_ON_DEMAND, &address));
    for (uint32_t i = 0; i < 2000; i++) {
        *(volatile uint32_t *)(address + i * PAGE_SIZE) = 1;
    }
}

static void promise_that_cannot_be_kept_freezes_too(void)
{
    struct spawn spawn = { .class = CLASS_APPLICATION, .flags = SPAWN_WATCH, .grant.limits = { [RESOURCE_FRAMES] = 400 } };
    process_id_t patient;

    listen();
    EXPECT_OK(test_spawn_as(&spawn, "frozen_greedy", &patient, NULL));
    expect_frozen(patient, EXIT_STACK_NO_MEMORY);
    EXPECT_EQUAL(PAGE_FAULT, look_at(patient).exception);
    release(patient, EXIT_STACK_NO_MEMORY);
}

static void frozen_process_can_be_ended_by_others(void)
{
    struct debug_thread thread;
    struct event event;
    process_id_t patient;

    listen();
    patient = start_patient("instruction", EXIT_FAULT | INVALID);
    EXPECT_OK(process_terminate(patient, 3));
    EXPECT_EQUAL(EXIT_TERMINATED | 3, test_wait_exit(patient));
    EXPECT_STATUS(BAD_ID, debug_thread(patient, 0, &thread));
    patient = start_patient("instruction", EXIT_FAULT | INVALID);
    EXPECT_OK(thread_terminate(look_at(patient).id));        /* its only one */
    EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(patient));
    /* Before its event was taken: then that goes, too. */
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "frozen_patient", &patient, "instruction", NULL));
    clock_sleep(2 * A_MOMENT_NS);
    EXPECT_OK(process_terminate(patient, 0));
    EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(patient));
    EXPECT_STATUS(NOTHING, event_poll(&event));
}

/* Its faulty thread goes, the others stay as they are. */
static void rest_of_a_frozen_process_is_told_without_the_faulty_thread(void)
{
    struct debug_thread thread;
    process_id_t patient;

    listen();
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "frozen_many", &patient, "last", NULL));
    expect_frozen(patient, EXIT_FAULT | INVALID);
    EXPECT_OK(thread_terminate(look_at(patient).id));
    EXPECT_STATUS(NOT_FOUND, debug_thread(patient, 0, &thread));
    release(patient, EXIT_FAULT | INVALID);
}

/* ---- Debuggers ---- */

static void frozen_stranger(int argc, char **argv)
{
    process_id_t patient = test_number(argv[argc - 1]);
    struct debug_thread thread;

    EXPECT_STATUS(BUSY, debug_listen());
    EXPECT_STATUS(NOT_ALLOWED, debug_thread(patient, 0, &thread));
    EXPECT_STATUS(NOT_ALLOWED, debug_read(patient, PROGRAM_BASE, &thread, 4));
    EXPECT_STATUS(NOT_ALLOWED, debug_release(patient));
}

static void only_the_debugger_looks_and_only_at_the_frozen(void)
{
    struct debug_thread thread;
    process_id_t stranger;

    EXPECT_STATUS(NOT_ALLOWED, debug_release(process_page()->parent));
    listen();
    process_id_t patient = start_patient("instruction", EXIT_FAULT | INVALID);
    EXPECT_OK(test_spawn(CLASS_SERVER, "frozen_stranger", &stranger, test_digits(patient).text, NULL));
    EXPECT_EQUAL(0, test_wait_exit(stranger));
    EXPECT_STATUS(BAD_ID, debug_thread(process_page()->parent, 0, &thread));
    EXPECT_STATUS(BAD_ID, debug_read(SELF, PROGRAM_BASE, &thread, 4));
    EXPECT_STATUS(BAD_ID, debug_release(NOBODY));
    release(patient, EXIT_FAULT | INVALID);
}

/* Listens, tells so, and ends as its argument says. */
static void frozen_debugger(int argc, char **argv)
{
    struct event event;

    listen();
    tell(1, 0);
    for (uint32_t frozen = test_number(argv[1]); frozen > 0; frozen--) {
        test_wait_event(&event, EVENT_PROCESS_FROZEN);
    }
    tell(2, 0);
    test_wait_event(&event, EVENT_MESSAGE);
    if (argv[argc - 1][0] == 'm') {
        mistake_instruction();   /* nobody freezes the debugger */
    }
}

#define PATIENTS 6U

static void frozen_processes_end_with_their_debugger(void)
{
    static const char *const ways[] = { "mistake", "exit" };
    struct test_ledger before;

    test_ledger_take(&before);
    for (uint32_t i = 0; i < COUNT(ways); i++) {
        process_id_t debugger, patient;
        struct event event;
        uint32_t ended = 0;

        EXPECT_OK(test_spawn(CLASS_SERVER, "frozen_debugger", &debugger, test_digits(PATIENTS).text, ways[i], NULL));
        test_wait_event(&event, EVENT_MESSAGE);
        for (uint32_t k = 0; k < PATIENTS; k++) {
            EXPECT_OK(test_spawn(k % CLASS_COUNT, "frozen_patient", &patient, "write", NULL));
        }
        test_wait_event(&event, EVENT_MESSAGE);      /* all are frozen */
        EXPECT_STATUS(BUSY, debug_listen());
        EXPECT_STATUS(NOTHING, event_poll(&event));
        peer_tell(debugger, PEER_QUIT, 0);
        for (; ended < PATIENTS + 1; ended++) {
            test_wait_event(&event, EVENT_PROCESS_EXITED);
            EXPECT_EQUAL(event.id != debugger ? EXIT_FAULT | PAGE_FAULT : i == 0 ? EXIT_FAULT | INVALID : 0, event.count);
        }
    }
    test_ledger_expect_same(&before);
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "frozen_patient", &(process_id_t){ 0 }, "write", NULL));   /* nobody listens any more */
    struct event event;
    test_wait_event(&event, EVENT_PROCESS_EXITED);
    EXPECT_EQUAL(EXIT_FAULT | PAGE_FAULT, event.count);
}

/* Listens to the clock's line, lets an interrupt come, and makes a mistake with it unacknowledged. */
static void frozen_listener(int argc, char **argv)
{
    struct event event;
    (void)argc;
    (void)argv;

    EXPECT_OK(irq_listen(CLOCK_LINE));
    tell(1, 0);
    test_wait_event(&event, EVENT_IRQ);
    __builtin_trap();
}

/* The chip: as in interrupts.c. */
static uint8_t clock_chip(uint8_t index, int value)
{
    port_write8(0x70, index);
    if (value >= 0) {
        port_write8(0x71, (uint8_t)value);
    }
    return port_read8(0x71);
}

static void frozen_driver_does_not_keep_its_line_from_others(void)
{
    uint32_t interrupts = 0;
    process_id_t patient;
    bool is_frozen = false;
    struct event event;

    listen();
    EXPECT_OK(test_spawn(CLASS_DRIVER, "frozen_listener", &patient, NULL));
    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_OK(irq_listen(CLOCK_LINE));
    uint8_t control = clock_chip(0x0B, -1);
    (void)clock_chip(0x0B, control | 0x40);
    while (interrupts < 5 || !is_frozen) {
        (void)clock_chip(0x0C, -1);
        EXPECT_OK(event_wait(&event, clock_after(SECOND)));
        is_frozen |= event.kind == EVENT_PROCESS_FROZEN;
        interrupts += event.kind == EVENT_IRQ && is_frozen;
        EXPECT_OK(irq_acknowledge(CLOCK_LINE));
    }
    (void)clock_chip(0x0B, control);
    EXPECT_OK(irq_ignore(CLOCK_LINE));
    while (event_poll(&event) == OK) {
        EXPECT_EQUAL(EVENT_IRQ, event.kind);
    }
    release(patient, EXIT_FAULT | INVALID);
}

const struct test frozen_tests[] = {
    TEST(CLASS_SERVER, registers_are_as_they_were_at_the_mistake),
    TEST(CLASS_APPLICATION, frames_lead_from_the_mistake_to_the_beginning),
    TEST(CLASS_SERVER, memory_can_be_read_wherever_it_is),
    TEST(CLASS_SERVER, what_is_not_the_patients_cannot_be_read),
    TEST(CLASS_DRIVER, memory_of_devices_is_not_read),
    TEST(CLASS_SERVER, all_threads_are_told_once_the_faulty_one_first),
    TEST(CLASS_DRIVER, other_threads_stand_still_whatever_others_do),
    TEST(CLASS_SERVER, callers_of_a_frozen_process_wait_and_then_hear_of_its_end),
    TEST(CLASS_DRIVER, strikes_freeze_as_faults_do),
    TEST(CLASS_SERVER, promise_that_cannot_be_kept_freezes_too),
    TEST(CLASS_DRIVER, frozen_process_can_be_ended_by_others),
    TEST(CLASS_SERVER, rest_of_a_frozen_process_is_told_without_the_faulty_thread),
    TEST(CLASS_DRIVER, only_the_debugger_looks_and_only_at_the_frozen),
    TEST(CLASS_DRIVER, frozen_processes_end_with_their_debugger),
    TEST(CLASS_DRIVER, frozen_driver_does_not_keep_its_line_from_others),
};
const uint32_t frozen_test_count = COUNT(frozen_tests);
const struct role frozen_roles[] = {
    ROLE(frozen_patient), ROLE(frozen_mapper), ROLE(frozen_many), ROLE(frozen_counter), ROLE(frozen_server), ROLE(frozen_caller),
    ROLE(frozen_greedy), ROLE(frozen_stranger), ROLE(frozen_debugger), ROLE(frozen_listener),
};
const uint32_t frozen_role_count = COUNT(frozen_roles);

/* Traces: all that a process does is recorded, nothing of it is changed, and everything is as before when the trace is over. */
#include <abi/trace.h>
#include <ternion/memory.h>
#include <ternion/port.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall_table.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "call_state.h"
#include "files.h"
#include "mistakes.h"
#include "peer.h"
#include "port_strings.h"

#define STACK_BYTES 4096U
#define NOBODY 0xFFFFFFFFU
#define SCRATCH 0x3FFU           /* of the first serial line: a byte that it keeps, and does nothing with (16550 data sheet) */
#define NOTHING_THERE 0x8000U    /* reads as ones */
#define CLOSED 0x20U
#define INVALID 6U
#define RECORDS_MAX 4096U

static struct trace_record records[RECORDS_MAX];
static uint32_t record_count;

/* ---- Reading ---- */

/* All there is so far, behind what there was. False if there was nothing. */
static bool read_more(void)
{
    uint32_t count;
    status_t status = trace_read(&records[record_count], (RECORDS_MAX - record_count) * sizeof records[0], &count);

    if (status == NOTHING) {
        return false;
    }
    EXPECT_OK(status);
    EXPECT(count > 0 && record_count + count < RECORDS_MAX);
    record_count += count;
    return true;
}

static void read_all(void)
{
    record_count = 0;
    while (read_more()) {
    }
}

static struct event next_event(uint32_t kind)
{
    struct event event;

    do {
        EXPECT_OK(event_wait(&event, clock_after(5 * SECOND)));
    } while (event.kind == EVENT_TRACE);
    EXPECT_EQUAL(kind, event.kind);
    return event;
}

/* Takes records until the process has ended; its exit code. */
static uint32_t read_to_the_end_of(process_id_t id)
{
    struct event event = next_event(EVENT_PROCESS_EXITED);

    EXPECT_EQUAL(id, event.id);
    read_all();
    EXPECT_EQUAL(TRACE_PROCESS_ENDS, records[record_count - 1].kind);
    EXPECT_EQUAL(event.count & 0xFFFF, records[record_count - 1].number);
    return event.count;
}

/* What must hold of any trace of one process. */
static void expect_sound(process_id_t id)
{
    for (uint32_t i = 0; i < record_count; i++) {
        EXPECT_EQUAL(id, records[i].process);
        EXPECT(records[i].kind < TRACE_KIND_COUNT);
        EXPECT(i == 0 || records[i].sequence == records[i - 1].sequence + 1);
        EXPECT(i == 0 || records[i].time_ns >= records[i - 1].time_ns);
        EXPECT(records[i].time_ns <= clock_now());
    }
}

static uint32_t count_kind(enum trace_kind kind)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < record_count; i++) {
        count += records[i].kind == kind;
    }
    return count;
}

static process_id_t start(const char *role, const char *argument)
{
    process_id_t id;

    EXPECT_OK(test_spawn(CLASS_DRIVER, role, &id, argument, NULL));
    return id;
}

static void go(process_id_t id)
{
    clock_sleep(A_MOMENT_NS);    /* it has come to where it waits */
    peer_tell(id, 1, 0);
}

static void wait_for_go(void)
{
    struct event event;

    test_wait_event(&event, EVENT_MESSAGE);
}

/* ---- Calls ---- */

#define ARGUMENT 0x01020304U

static void tracing_caller(int argc, char **argv)
{
    uint32_t address;
    (void)argc;
    (void)argv;

    wait_for_go();
    EXPECT_OK(system_null());
    EXPECT_STATUS(BAD_ID, message_discard(ARGUMENT));
    EXPECT_OK(memory_allocate(3, MEMORY_ON_DEMAND, &address));
    EXPECT_OK(memory_free(address, 3));
    EXPECT_OK(thread_delay(clock_after(MILLISECOND)));
    EXPECT_STATUS(NOT_FOUND, irq_acknowledge(5));
    process_exit(77);
}

static void expect_call(uint32_t *at, uint32_t number, status_t status, uint32_t argument0, uint32_t argument1)
{
    const struct trace_record *begin = &records[(*at)++], *end = &records[(*at)++];

    EXPECT_EQUAL(TRACE_CALL_BEGINS, begin->kind);
    EXPECT_EQUAL(TRACE_CALL_ENDS, end->kind);
    EXPECT(begin->number == number && end->number == number);
    EXPECT_EQUAL(status, end->values[0]);
    EXPECT_EQUAL(argument0, begin->values[0]);
    EXPECT_EQUAL(argument1, begin->values[1]);
    EXPECT(begin->thread != 0 && begin->thread == end->thread);
}

static void calls_are_recorded_with_arguments_and_status(void)
{
    process_id_t id = start("tracing_caller", NULL);
    uint32_t at = 0;

    clock_sleep(A_MOMENT_NS);
    EXPECT_OK(trace_set(id, TRACE_CALLS));
    go(id);
    EXPECT_EQUAL(77, read_to_the_end_of(id));
    expect_sound(id);
    while (records[at].number != SYSCALL_SYSTEM_NULL) {
        at++;
        EXPECT(at < record_count);
    }
    uint32_t nothing = records[at].values[0];
    expect_call(&at, SYSCALL_SYSTEM_NULL, OK, nothing, records[at].values[1]);
    expect_call(&at, SYSCALL_MESSAGE_DISCARD, BAD_ID, ARGUMENT, records[at].values[1]);
    uint32_t address = records[at + 1].values[1];
    expect_call(&at, SYSCALL_MEMORY_ALLOCATE, OK, 3, MEMORY_ON_DEMAND);
    expect_call(&at, SYSCALL_MEMORY_FREE, OK, address, 3);
    while (records[at].number != SYSCALL_THREAD_DELAY) {
        at++;                    /* clock_after may ask the kernel where there is no counter */
    }
    EXPECT(records[at + 1].time_ns - records[at].time_ns >= MILLISECOND / 2);
    expect_call(&at, SYSCALL_THREAD_DELAY, OK, records[at].values[0], records[at].values[1]);
    expect_call(&at, SYSCALL_IRQ_ACKNOWLEDGE, NOT_FOUND, 5, records[at].values[1]);
    EXPECT_EQUAL(SYSCALL_PROCESS_EXIT, records[at].number);
    EXPECT_EQUAL(77, records[at].values[0]);
    EXPECT_EQUAL(record_count, at + 2);  /* it does not end: the process does */
    EXPECT_EQUAL(0, count_kind(TRACE_EVENT) + count_kind(TRACE_PORT_READ) + count_kind(TRACE_STRIKE));
}

/* ---- Events ---- */

static void tracing_taker(int argc, char **argv)
{
    timer_id_t timer;
    struct event event;
    (void)argc;
    (void)argv;

    wait_for_go();
    EXPECT_OK(timer_create(clock_after(MILLISECOND), 0, &timer));
    test_wait_event(&event, EVENT_TIMER);
    EXPECT_EQUAL(timer, event.id);
    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_EQUAL(200, event.string_size);
}

static void events_are_recorded_as_they_are_taken(void)
{
    static char bytes[200];
    struct message message = { .words = { 0xABCD }, .string = bytes, .string_size = sizeof bytes };
    process_id_t id = start("tracing_taker", NULL);

    clock_sleep(A_MOMENT_NS);
    EXPECT_OK(trace_set(id, TRACE_EVENTS));
    go(id);
    clock_sleep(A_MOMENT_NS);
    EXPECT_OK(message_send(id, &message));
    EXPECT_EQUAL(0, read_to_the_end_of(id));
    expect_sound(id);
    EXPECT_EQUAL(4, record_count);       /* three events, and the end */
    EXPECT(records[0].number == EVENT_MESSAGE && records[0].values[1] == process_page()->id && records[0].values[2] == 1);
    EXPECT(records[1].number == EVENT_TIMER && records[1].values[1] == 0 && records[1].values[2] == 1);
    EXPECT(records[2].number == EVENT_MESSAGE && records[2].values[2] == 0xABCD && records[2].values[3] == sizeof bytes);
}

/* ---- Ports ---- */

#define STRING_COUNT 700U        /* more than the kernel does in one trap */

static uint8_t string_bytes[2 * PAGE_SIZE];

/* Writes and reads in all widths, singly and in strings; an exit code that says if all came as it should. */
static void tracing_porter(int argc, char **argv)
{
    uint8_t *bytes = string_bytes + PAGE_SIZE - STRING_COUNT / 2;
    (void)argc;
    (void)argv;

    wait_for_go();
    uint8_t before = port_read8(SCRATCH);
    port_write8(SCRATCH, 0x5A);
    EXPECT_EQUAL(0x5A, port_read8(SCRATCH));
    EXPECT_EQUAL(0xFFFF, port_read16(NOTHING_THERE));
    EXPECT_EQUAL(0xFFFFFFFF, port_read32(NOTHING_THERE));
    port_write16(NOTHING_THERE, 0x1234);
    port_write32(NOTHING_THERE, 0x12345678);
    string_read8(SCRATCH, bytes, STRING_COUNT);
    for (uint32_t i = 0; i < STRING_COUNT; i++) {
        EXPECT_EQUAL(0x5A, bytes[i]);
        bytes[i] = (uint8_t)i;
    }
    EXPECT(bytes[-1] == 0 && bytes[STRING_COUNT] == 0);
    wait_for_go();               /* the ring would not hold it all */
    string_write8(SCRATCH, bytes, STRING_COUNT);
    EXPECT_EQUAL((uint8_t)(STRING_COUNT - 1), port_read8(SCRATCH));
    port_write8(SCRATCH, before);
}

#define EXPECT_PORT(expected_kind, port, bytes, value, record) \
    do { \
        EXPECT_EQUAL(expected_kind, (record).kind); \
        EXPECT_EQUAL(port, (record).number); \
        EXPECT_EQUAL(bytes, (record).values[0]); \
        EXPECT_EQUAL(value, (record).values[1]); \
        EXPECT((record).values[2] > PROGRAM_BASE && (record).values[2] < process_page()->image_end); \
    } while (0)

static void ports_are_recorded_with_their_values(void)
{
    process_id_t id = start("tracing_porter", NULL);
    uint32_t before = port_read8(SCRATCH);

    clock_sleep(A_MOMENT_NS);
    EXPECT_OK(trace_set(id, TRACE_PORTS));
    go(id);
    clock_sleep(2 * A_MOMENT_NS);
    read_all();
    go(id);
    EXPECT_EQUAL(0, next_event(EVENT_PROCESS_EXITED).count);
    while (read_more()) {
    }
    expect_sound(id);
    EXPECT_EQUAL(7 + 2 * STRING_COUNT + 2 + 1, record_count);
    EXPECT_PORT(TRACE_PORT_READ, SCRATCH, 1, before, records[0]);
    EXPECT_PORT(TRACE_PORT_WRITE, SCRATCH, 1, 0x5A, records[1]);
    EXPECT_PORT(TRACE_PORT_READ, SCRATCH, 1, 0x5A, records[2]);
    EXPECT_PORT(TRACE_PORT_READ, NOTHING_THERE, 2, 0xFFFF, records[3]);
    EXPECT_PORT(TRACE_PORT_READ, NOTHING_THERE, 4, 0xFFFFFFFF, records[4]);
    EXPECT_PORT(TRACE_PORT_WRITE, NOTHING_THERE, 2, 0x1234, records[5]);
    EXPECT_PORT(TRACE_PORT_WRITE, NOTHING_THERE, 4, 0x12345678, records[6]);
    for (uint32_t i = 0; i < STRING_COUNT; i++) {
        EXPECT_PORT(TRACE_PORT_READ, SCRATCH, 1, 0x5A, records[7 + i]);
        EXPECT_PORT(TRACE_PORT_WRITE, SCRATCH, 1, (uint8_t)i, records[7 + STRING_COUNT + i]);
    }
    EXPECT_PORT(TRACE_PORT_WRITE, SCRATCH, 1, before, records[record_count - 2]);
    EXPECT_EQUAL(TRACE_PROCESS_ENDS, records[record_count - 1].kind);
}

/* The map is closed for the trace, and open again behind it: the next access is not the kernel's. */
static void tracing_reader(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    for (uint32_t i = 0; i < 2; i++) {
        wait_for_go();
        for (uint32_t k = 0; k < 10; k++) {
            (void)port_read8(SCRATCH);
        }
    }
}

static void ports_open_again_when_the_trace_is_over(void)
{
    process_id_t id = start("tracing_reader", NULL);

    clock_sleep(A_MOMENT_NS);
    EXPECT_OK(trace_set(id, TRACE_PORTS));
    go(id);
    clock_sleep(A_MOMENT_NS);
    read_all();
    EXPECT_EQUAL(10, count_kind(TRACE_PORT_READ));
    EXPECT_OK(trace_set(id, TRACE_FAULTS));
    go(id);
    EXPECT_EQUAL(0, read_to_the_end_of(id));
    EXPECT_EQUAL(1, record_count);
    EXPECT_EQUAL(0, records[0].number);
}

/* ---- Faults ---- */

static void tracing_sinner(int argc, char **argv)
{
    uint32_t address;
    (void)argc;
    (void)argv;

    wait_for_go();
    (void)port_read8(CLOSED);
    port_write16(CLOSED, 1);
    EXPECT_STATUS(NOT_ALLOWED, physical_map(0xA0000, 1, 0, &address));
    EXPECT_STATUS(NOT_ALLOWED, irq_listen(7));
    mistake_write();
}

static void strikes_and_faults_are_recorded(void)
{
    struct access access = { .partners = PARTNERS_ALL, .ports = { { SCRATCH, SCRATCH } } };
    process_id_t id;

    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &access, "tracing_sinner", &id, NULL));
    clock_sleep(A_MOMENT_NS);
    EXPECT_OK(trace_set(id, TRACE_FAULTS | TRACE_PORTS));
    go(id);
    EXPECT_EQUAL(EXIT_FAULT | 14, read_to_the_end_of(id));
    expect_sound(id);
    EXPECT_EQUAL(6, record_count);       /* what is not performed is no access */
    EXPECT(records[0].kind == TRACE_STRIKE && records[0].number == STRIKE_PORT_READ && records[0].values[0] == CLOSED);
    EXPECT(records[0].values[1] > PROGRAM_BASE);
    EXPECT(records[1].kind == TRACE_STRIKE && records[1].number == STRIKE_PORT_WRITE && records[1].values[0] == CLOSED);
    EXPECT(records[2].kind == TRACE_STRIKE && records[2].number == STRIKE_MEMORY && records[2].values[0] == 0xA0000);
    EXPECT(records[3].kind == TRACE_STRIKE && records[3].number == STRIKE_IRQ && records[3].values[0] == 7);
    EXPECT(records[4].kind == TRACE_FAULT && records[4].number == 14 && records[4].values[0] == 6);
    EXPECT(records[4].values[1] == MISTAKE_ADDRESS && records[4].values[2] == (uint32_t)mistake_write_at);
}

/* ---- That nothing is changed ---- */

static uint32_t mix(uint32_t sum, uint32_t value)
{
    return (sum << 5 | sum >> 27) ^ value;
}

/* Calls, messages, pipes and ports, whose results all go into one number, which it tells. Argument: a server of words. */
static void tracing_worker(int argc, char **argv)
{
    process_id_t server = test_number(argv[argc - 1]);
    struct pipe_handle pipe;
    uint32_t sum = 0, moved;
    struct event event;

    wait_for_go();
    EXPECT_OK(pipe_create(&pipe));
    for (uint32_t i = 0; i < 40; i++) {
        struct words words = words_of(i);
        uint8_t bytes[100];

        EXPECT_OK(message_call_words_by(i % 3 == 2 && !cpu_has(CPU_SYSENTER) ? CALL_BY_INT : i % 3, server, &words));
        sum = mix(mix(sum, words.word[0]), words.word[3]);
        memset(bytes, (int)i, sizeof bytes);
        EXPECT_OK(pipe_write(pipe.id, bytes, sizeof bytes, 0, &moved));
        EXPECT_OK(pipe_read(pipe.id, bytes, sizeof bytes, 0, &moved));
        sum = mix(mix(sum, moved), bytes[99]);
        EXPECT_OK(message_send(process_page()->id, &(struct message){ .words = { i * i }, .string = bytes, .string_size = sizeof bytes }));
        test_wait_event(&event, EVENT_MESSAGE);
        EXPECT_OK(message_receive(event.id, bytes, sizeof bytes));
        sum = mix(mix(sum, event.words[0]), bytes[50]);
        sum = mix(sum, (uint32_t)message_discard(event.id));
        sum = mix(sum, port_read32(NOTHING_THERE));
        string_read8(NOTHING_THERE, bytes, sizeof bytes);
        sum = mix(sum, bytes[99]);
    }
    EXPECT_OK(pipe_leave(pipe.id));
    EXPECT_OK(message_send(process_page()->parent, &(struct message){ .words = { sum } }));
}

/* What it computes, and how many records there were. */
static uint32_t work(uint32_t mask, process_id_t server, process_id_t traced_server)
{
    process_id_t id = start("tracing_worker", test_digits(server).text);

    clock_sleep(A_MOMENT_NS);
    EXPECT_OK(mask != 0 ? trace_set(traced_server != 0 ? traced_server : id, mask) : OK);
    go(id);
    uint32_t sum = next_event(EVENT_MESSAGE).words[0];
    EXPECT_EQUAL(0, next_event(EVENT_PROCESS_EXITED).count);
    if (mask != 0 && traced_server == 0) {
        read_all();
        EXPECT(record_count > 1 || mask == TRACE_FAULTS);
    }
    return sum;
}

static void traced_process_computes_the_same(void)
{
    static const uint32_t masks[] = { TRACE_CALLS, TRACE_EVENTS, TRACE_PORTS, TRACE_FAULTS, TRACE_ALL };
    process_id_t server;

    EXPECT_OK(test_spawn(CLASS_SERVER, "words_server", &server, NULL));
    uint32_t sum = work(0, server, 0);
    for (uint32_t i = 0; i < COUNT(masks); i++) {
        EXPECT_EQUAL(sum, work(masks[i], server, 0));
        EXPECT_EQUAL(sum, work(masks[i], server, server));
        EXPECT_OK(trace_set(server, 0));
        EXPECT_EQUAL(sum, work(0, server, 0));
    }
    peer_quit(server);
}

/* Passes through the scheduler that so many calls take. Where the answer switches directly there are hardly any. */
static uint32_t switches_of_calls(process_id_t server)
{
    struct system_statistics before, after;

    clock_sleep(A_MOMENT_NS);
    EXPECT_OK(system_statistics(&before));
    for (uint32_t i = 0; i < 100; i++) {
        struct words words = words_of(i);

        EXPECT_OK(message_call_words(server, &words));
    }
    EXPECT_OK(system_statistics(&after));
    return after.context_switches - before.context_switches;
}

static void calls_switch_directly_again_when_the_trace_is_over(void)
{
    process_id_t server;

    EXPECT_OK(test_spawn(CLASS_DRIVER, "words_server", &server, NULL));
    uint32_t usual = switches_of_calls(server);
    EXPECT(usual < 50 || !cpu_has(CPU_SYSENTER));
    EXPECT_OK(trace_set(server, TRACE_FAULTS));
    EXPECT(switches_of_calls(server) >= 200);
    EXPECT_OK(trace_set(server, 0));
    EXPECT(switches_of_calls(server) < 60 || !cpu_has(CPU_SYSENTER));
    struct event event;
    EXPECT_STATUS(NOTHING, event_poll(&event));
    peer_quit(server);
}

/* ---- Calls that sleep ---- */

/* Each kind of sleep in turn; its parent or another thread ends it. */
static void tracing_sleeper(int argc, char **argv)
{
    uint32_t kinds = test_number(argv[1]);
    process_id_t server = test_number(argv[2]);
    struct pipe_handle pipe;
    struct event event;
    uint32_t moved;
    uint8_t bytes[8];
    (void)argc;

    EXPECT_OK(pipe_create(&pipe));
    EXPECT_OK(message_send(process_page()->parent, &(struct message){ .words = { pipe.id, (uint32_t)pipe.key, (uint32_t)(pipe.key >> 32) } }));
    for (uint32_t i = 0; i < kinds; i++) {
        struct words words = words_of(i);
        struct message message = { .words = { i }, .string = "12345678", .string_size = 8 };
        struct reply reply = { .buffer = bytes, .buffer_size = sizeof bytes };

        test_wait_event(&event, EVENT_MESSAGE);
        EXPECT_OK(pipe_read(pipe.id, bytes, sizeof bytes, 0, &moved));
        EXPECT_EQUAL(sizeof bytes, moved);
        EXPECT_OK(message_call_words(server, &words));
        EXPECT_OK(message_call(server, &message, &reply));
        EXPECT_OK(thread_delay(clock_after(MILLISECOND)));
        EXPECT_STATUS(TIMED_OUT, address_wait((uint32_t)&moved, sizeof bytes, clock_after(MILLISECOND)));
        struct device_information *information = (struct device_information *)string_bytes;
        EXPECT_STATUS(TIMED_OUT, device_find("tests\\none", 10, clock_after(MILLISECOND), information));
        message_id_t call = message_reply_wait_words(0, &words, &event);
        EXPECT(call == 0 && event.kind == EVENT_MESSAGE);
    }
}

/* Whatever it sleeps in when the trace begins or ends, it goes on; and each call that begins in a trace ends in it. */
static void calls_that_sleep_go_on_and_end(void)
{
    enum { ROUNDS = 12 };
    process_id_t server, sleeper;
    uint32_t moved;

    EXPECT_OK(test_spawn(CLASS_SERVER, "words_server", &server, NULL));
    EXPECT_OK(test_spawn(CLASS_DRIVER, "tracing_sleeper", &sleeper, test_digits(ROUNDS).text, test_digits(server).text, NULL));
    struct event event = next_event(EVENT_MESSAGE);
    pipe_id_t pipe = event.words[0];
    EXPECT_OK(pipe_join(pipe, (uint64_t)event.words[2] << 32 | event.words[1]));
    for (uint32_t round = 0; round < ROUNDS; round++) {
        EXPECT_OK(trace_set(sleeper, round % 4 == 0 ? TRACE_ALL : round % 4 == 2 ? 0 : TRACE_CALLS));
        go(sleeper);
        EXPECT_OK(trace_set(sleeper, round % 3 == 0 ? TRACE_ALL : 0));
        clock_sleep(A_MOMENT_NS);
        EXPECT_OK(pipe_write(pipe, "abcdefgh", 8, 0, &moved));
        EXPECT_OK(trace_set(sleeper, round % 3 == 1 ? TRACE_ALL : round % 2 == 0 ? TRACE_EVENTS : 0));
        clock_sleep(2 * A_MOMENT_NS);
        peer_tell(sleeper, 2, 0);
        read_all();
    }
    EXPECT_EQUAL(0, next_event(EVENT_PIPE_RELEASED).id ^ pipe);
    EXPECT_EQUAL(0, next_event(EVENT_PROCESS_EXITED).count);
    EXPECT_OK(pipe_leave(pipe));
    peer_quit(server);
}

static void every_call_that_begins_ends(void)
{
    process_id_t server, sleeper;
    uint32_t moved, open = 0;

    EXPECT_OK(test_spawn(CLASS_SERVER, "words_server", &server, NULL));
    EXPECT_OK(test_spawn(CLASS_DRIVER, "tracing_sleeper", &sleeper, "3", test_digits(server).text, NULL));
    struct event event = next_event(EVENT_MESSAGE);
    EXPECT_OK(pipe_join(event.words[0], (uint64_t)event.words[2] << 32 | event.words[1]));
    clock_sleep(A_MOMENT_NS);
    EXPECT_OK(trace_set(sleeper, TRACE_CALLS));
    for (uint32_t round = 0; round < 3; round++) {
        go(sleeper);
        clock_sleep(A_MOMENT_NS);
        EXPECT_OK(pipe_write(event.words[0], "abcdefgh", 8, 0, &moved));     /* goes straight to the reader, who sleeps */
        clock_sleep(2 * A_MOMENT_NS);
        peer_tell(sleeper, 2, 0);
    }
    (void)next_event(EVENT_PIPE_RELEASED);
    EXPECT_EQUAL(0, read_to_the_end_of(sleeper));
    expect_sound(sleeper);
    for (uint32_t i = 1; i + 2 < record_count; i++) {    /* the first is the end of what began before */
        if (records[i].kind == TRACE_CALL_BEGINS) {
            if (records[i + 1].kind != TRACE_CALL_ENDS || records[i + 1].number != records[i].number) {
                EXPECT_NOT("call %u does not end: record %u behind it is of call %u", records[i].number, records[i + 1].kind, records[i + 1].number);
            }
            open++;
        }
    }
    EXPECT(open > 20);
    EXPECT_OK(pipe_leave(event.words[0]));
    peer_quit(server);
}

/* ---- The ring, and who reads it ---- */

static void tracing_busy(int argc, char **argv)
{
    uint32_t calls = test_number(argv[argc - 1]);

    wait_for_go();
    for (uint32_t i = 0; i < calls; i++) {
        EXPECT_OK(system_null());
    }
}

static void ring_that_is_full_loses_the_oldest_and_shows_it(void)
{
    process_id_t id = start("tracing_busy", "3000");
    uint32_t count;

    clock_sleep(A_MOMENT_NS);
    EXPECT_OK(trace_set(id, TRACE_CALLS));
    go(id);
    (void)next_event(EVENT_PROCESS_EXITED);
    EXPECT_OK(trace_read(records, sizeof records[0], &count));
    EXPECT_EQUAL(1, count);
    uint32_t first = records[0].sequence;
    read_all();
    EXPECT_EQUAL(TRACE_RECORDS - 1, record_count);
    EXPECT_EQUAL(first + 1, records[0].sequence);
    expect_sound(id);
    EXPECT_EQUAL(TRACE_PROCESS_ENDS, records[record_count - 1].kind);
    /* Read in time nothing is lost: each record follows the one before it. */
    uint32_t last = records[record_count - 1].sequence;
    id = start("tracing_busy", "200");
    clock_sleep(A_MOMENT_NS);
    EXPECT_OK(trace_set(id, TRACE_CALLS));
    go(id);
    EXPECT_EQUAL(0, read_to_the_end_of(id));
    EXPECT_EQUAL(last + 1, records[0].sequence);
    expect_sound(id);
}

static void reader_is_told_when_there_is_something_again(void)
{
    process_id_t id = start("tracing_busy", "5");
    struct event event;
    uint32_t count = 77;

    clock_sleep(A_MOMENT_NS);
    EXPECT_OK(trace_set(id, TRACE_CALLS));
    EXPECT_STATUS(NOTHING, trace_read(records, sizeof records, &count));
    EXPECT_STATUS(NOTHING, event_poll(&event));
    go(id);
    test_wait_event(&event, EVENT_TRACE);
    EXPECT_EQUAL(0, test_wait_exit(id));     /* one event, however many records */
    EXPECT_STATUS(TOO_BIG, trace_read(records, sizeof records[0] - 1, &count));
    EXPECT_STATUS(TOO_BIG, trace_read(records, 0, &count));
    record_count = 0;
    while (trace_read(&records[record_count], 2 * sizeof records[0] + 5, &count) == OK) {
        EXPECT(count >= 1 && count <= 2);
        record_count += count;
    }
    expect_sound(id);
    EXPECT(record_count >= 12);
}

static void tracing_tracer(int argc, char **argv)
{
    process_id_t id = test_number(argv[argc - 1]);
    struct event event;

    EXPECT_OK(trace_set(id, TRACE_ALL));
    peer_tell(process_page()->parent, 1, 0);
    test_wait_event(&event, EVENT_MESSAGE);
}

/* One traces at a time; with it all traces end, and those who were traced are as before. */
static void trace_ends_with_its_tracer(void)
{
    process_id_t id = start("words_server", NULL), tracer;
    struct test_ledger before;
    uint32_t count;

    test_ledger_take(&before);
    tracer = start("tracing_tracer", test_digits(id).text);
    (void)next_event(EVENT_MESSAGE);
    EXPECT_STATUS(BUSY, trace_set(id, TRACE_ALL));
    EXPECT_STATUS(BUSY, trace_set(id, 0));
    EXPECT_STATUS(NOT_ALLOWED, trace_read(records, sizeof records, &count));
    EXPECT(switches_of_calls(id) >= 200);
    peer_kill(tracer);
    EXPECT(switches_of_calls(id) < 60 || !cpu_has(CPU_SYSENTER));
    test_ledger_expect_same(&before);
    EXPECT_OK(trace_set(id, TRACE_CALLS));
    peer_quit(id);
}

/* When nothing is traced and nothing is left to read, it is over: another may trace. */
static void trace_is_over_when_all_is_read(void)
{
    process_id_t id = start("words_server", NULL), tracer;
    struct test_ledger before;
    uint32_t count;

    test_ledger_take(&before);
    EXPECT_OK(trace_set(id, TRACE_CALLS));
    (void)switches_of_calls(id);
    EXPECT_OK(trace_set(id, 0));
    EXPECT_OK(trace_set(id, 0));
    read_all();
    EXPECT(record_count > 100);
    EXPECT_STATUS(NOT_ALLOWED, trace_read(records, sizeof records, &count));
    test_ledger_expect_same(&before);
    tracer = start("tracing_tracer", test_digits(id).text);
    (void)next_event(EVENT_MESSAGE);
    peer_quit(tracer);
    peer_quit(id);
}

static void what_cannot_be_traced_is_refused(void)
{
    EXPECT_STATUS(BAD_ARGUMENT, trace_set(SELF, TRACE_ALL));
    EXPECT_STATUS(BAD_ARGUMENT, trace_set(process_page()->id, TRACE_ALL));
    EXPECT_STATUS(BAD_ID, trace_set(NOBODY, TRACE_ALL));
    for (uint32_t mask = TRACE_ALL + 1; mask != 0; mask <<= 1) {
        EXPECT_STATUS(BAD_ARGUMENT, trace_set(process_page()->parent, mask));
    }
    EXPECT_OK(trace_set(process_page()->parent, 0));     /* nobody traces: nothing to end */
    uint32_t count;
    EXPECT_STATUS(NOT_ALLOWED, trace_read(records, sizeof records, &count));
}

/* ---- Ends in the middle ---- */

/* Two threads: one sleeps in a call, the other makes one after the other. */
static void call_for_ever(void *unused)
{
    (void)unused;
    for (;;) {
        EXPECT_OK(system_null());
    }
}

static void tracing_double(int argc, char **argv)
{
    thread_id_t thread;
    struct event event;
    (void)argc;
    (void)argv;

    EXPECT_OK(thread_start(call_for_ever, NULL, STACK_BYTES, &thread));
    peer_tell(process_page()->parent, thread, 0);
    EXPECT_OK(event_wait(&event, FOREVER));
}

static void traced_process_can_be_ended_and_stopped_anywhere(void)
{
    struct test_ledger before;

    test_ledger_take(&before);
    for (uint32_t i = 0; i < 6; i++) {
        process_id_t id = start("tracing_double", NULL);
        thread_id_t thread = next_event(EVENT_MESSAGE).words[0];

        EXPECT_OK(trace_set(id, i % 2 == 0 ? TRACE_ALL : TRACE_CALLS));
        clock_sleep(MILLISECOND * (i + 1));
        EXPECT_OK(process_sleep(id));
        EXPECT_OK(process_wake(id));
        EXPECT_OK(i < 3 ? thread_terminate(thread) : OK);
        EXPECT_OK(process_terminate(id, i));
        EXPECT_EQUAL(EXIT_TERMINATED | i, read_to_the_end_of(id));
    }
    test_ledger_expect_same(&before);
}

const struct test tracing_tests[] = {
    TEST(CLASS_DRIVER, calls_are_recorded_with_arguments_and_status),
    TEST(CLASS_DRIVER, events_are_recorded_as_they_are_taken),
    TEST(CLASS_DRIVER, ports_are_recorded_with_their_values),
    TEST(CLASS_DRIVER, ports_open_again_when_the_trace_is_over),
    TEST(CLASS_DRIVER, strikes_and_faults_are_recorded),
    TEST(CLASS_DRIVER, traced_process_computes_the_same),
    TEST(CLASS_DRIVER, calls_switch_directly_again_when_the_trace_is_over),
    TEST(CLASS_DRIVER, calls_that_sleep_go_on_and_end),
    TEST(CLASS_DRIVER, every_call_that_begins_ends),
    TEST(CLASS_DRIVER, ring_that_is_full_loses_the_oldest_and_shows_it),
    TEST(CLASS_DRIVER, reader_is_told_when_there_is_something_again),
    TEST(CLASS_DRIVER, trace_ends_with_its_tracer),
    TEST(CLASS_DRIVER, trace_is_over_when_all_is_read),
    TEST(CLASS_APPLICATION, what_cannot_be_traced_is_refused),
    TEST(CLASS_DRIVER, traced_process_can_be_ended_and_stopped_anywhere),
};
const uint32_t tracing_test_count = COUNT(tracing_tests);
const struct role tracing_roles[] = {
    ROLE(tracing_caller), ROLE(tracing_taker), ROLE(tracing_porter), ROLE(tracing_reader), ROLE(tracing_sinner), ROLE(tracing_worker),
    ROLE(tracing_sleeper), ROLE(tracing_busy), ROLE(tracing_tracer), ROLE(tracing_double),
};
const uint32_t tracing_role_count = COUNT(tracing_roles);

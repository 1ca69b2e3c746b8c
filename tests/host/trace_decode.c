/* Records of a trace as text. */
#include "decode.h"

#include <stdio.h>
#include <string.h>

#include <abi/event.h>
#include <abi/process.h>
#include <ternion/syscall_table.h>

#include "test.h"

#define OUTPUT_SIZE 0x40000U
#define MICROSECOND_NS 1000ULL

static struct decoder decoder;
static struct summary summary;
static char output[OUTPUT_SIZE];     /* lines, each with its end */
static uint32_t output_size;
static uint32_t sequence;
static nanoseconds_t now;            /* of the next record */

static void put(const char *text, uint32_t size)
{
    CHECK(size == strlen(text) && size < LINE_SIZE);
    for (uint32_t i = 0; i < size; i++) {
        CHECK(text[i] >= ' ' && text[i] <= '~');
    }
    if (output_size + size + 2 > sizeof output) {
        output_size = 0;
    }
    memcpy(output + output_size, text, size);
    output_size += size;
    output[output_size++] = '\n';
    output[output_size] = '\0';
}

static const char *name(process_id_t id)
{
    return id == 0x1001 ? "a\\one" : id == 0x1002 ? "d\\two" : NULL;
}

static void begin(void)
{
    decoder_begin(&decoder, put, name, &summary);
    output_size = 0;
    output[0] = '\0';
    sequence = 100;
    now = 1500 * MICROSECOND_NS;
}

/* A record of thread 0x2001 of a\one, a microsecond behind the one before. */
static struct trace_record record(enum trace_kind kind, uint32_t number, uint32_t value_0, uint32_t value_1, uint32_t value_2,
                                  uint32_t value_3, uint32_t value_4)
{
    now += MICROSECOND_NS;
    return (struct trace_record){ .time_ns = now, .sequence = sequence++, .process = 0x1001, .thread = 0x2001,
                                  .kind = (uint16_t)kind, .number = (uint16_t)number,
                                  .values = { value_0, value_1, value_2, value_3, value_4 } };
}

static void take(struct trace_record taken)
{
    decoder_take(&decoder, &taken);
}

static void take_other(struct trace_record taken)
{
    taken.process = 0x1002;
    taken.thread = 0x2002;
    decoder_take(&decoder, &taken);
}

static void expect(const char *text)
{
    if (strcmp(output, text) != 0) {
        FAIL("the text is\n%snot\n%s", output, text);
    }
}

static void call_that_ends_at_once_is_one_line(void)
{
    begin();
    take(record(TRACE_CALL_BEGINS, SYSCALL_LOG_WRITE, 3, 0x00203040, 17, 9, 9));
    CHECK(decoder_holds(&decoder));
    take(record(TRACE_CALL_ENDS, SYSCALL_LOG_WRITE, OK, 1, 2, 0, 0));
    CHECK(!decoder_holds(&decoder));
    expect("    0.001501 a\\one/2001 log_write(level=LOG_INFORMATION, text=0x00203040, text_size=17) = OK <0.000001>\n");
}

static void results_are_told_where_there_are_any(void)
{
    begin();
    take(record(TRACE_CALL_BEGINS, SYSCALL_PROCESS_FIND, 0x00203040, 5, 0, 0, 0));
    take(record(TRACE_CALL_ENDS, SYSCALL_PROCESS_FIND, OK, 0x1002, 0, 0, 0));
    take(record(TRACE_CALL_BEGINS, SYSCALL_PROCESS_FIND, 0, 5, 0, 0, 0));
    take(record(TRACE_CALL_ENDS, SYSCALL_PROCESS_FIND, NOT_FOUND, 0x1002, 0, 0, 0));
    take(record(TRACE_CALL_BEGINS, SYSCALL_PROCESS_SPAWN, 0x1000, 0, 0, 0, 0));
    take(record(TRACE_CALL_ENDS, SYSCALL_PROCESS_SPAWN, BAD_IMAGE, 0x1002, ELF_NOT_ELF, 0, 0));
    expect("    0.001501 a\\one/2001 process_find(name=0x00203040, name_size=5) = OK id=d\\two <0.000001>\n"
           "    0.001503 a\\one/2001 process_find(name=NULL, name_size=5) = NOT_FOUND <0.000001>\n"
           "    0.001505 a\\one/2001 process_spawn(spawn=0x00001000) = BAD_IMAGE reason=ELF_NOT_ELF <0.000001>\n");
}

static void times_are_read_easily(void)
{
    begin();
    take(record(TRACE_CALL_BEGINS, SYSCALL_TIMER_CREATE, 0xFFFFFFFF, 0xFFFFFFFF, 10500000, 0, 0));
    take(record(TRACE_CALL_ENDS, SYSCALL_TIMER_CREATE, OK, 0x3001, 0, 0, 0));
    take(record(TRACE_CALL_BEGINS, SYSCALL_TIMER_CREATE, 1, 1, 0, 0, 0));
    take(record(TRACE_CALL_ENDS, SYSCALL_TIMER_CREATE, BAD_ARGUMENT, 0, 0, 0, 0));
    expect("    0.001501 a\\one/2001 timer_create(deadline_ns=FOREVER, period_ns=0.0105s) = OK id=0x3001 <0.000001>\n"
           "    0.001503 a\\one/2001 timer_create(deadline_ns=4.294967297s, period_ns=0s) = BAD_ARGUMENT <0.000001>\n");
}

static void call_that_sleeps_is_two_lines(void)
{
    begin();
    take(record(TRACE_CALL_BEGINS, SYSCALL_EVENT_WAIT, 0x1000, 0, 1, 0, 0));
    decoder_settle(&decoder);
    CHECK(!decoder_holds(&decoder));
    decoder_settle(&decoder);
    now += 2500000 * MICROSECOND_NS;
    take(record(TRACE_CALL_ENDS, SYSCALL_EVENT_WAIT, TIMED_OUT, 0, 0, 0, 0));
    expect("    0.001501 a\\one/2001 event_wait(event=0x00001000, deadline_ns=4.294967296s <unfinished ...>\n"
           "    2.501502 a\\one/2001 <... event_wait resumed>) = TIMED_OUT <2.500001>\n");
}

static void calls_of_two_threads_are_told_apart(void)
{
    begin();
    take(record(TRACE_CALL_BEGINS, SYSCALL_SYSTEM_NULL, 0, 0, 0, 0, 0));
    take_other(record(TRACE_CALL_BEGINS, SYSCALL_IRQ_LISTEN, 4, 0, 0, 0, 0));
    take(record(TRACE_CALL_ENDS, SYSCALL_SYSTEM_NULL, OK, 0, 0, 0, 0));
    take_other(record(TRACE_CALL_ENDS, SYSCALL_IRQ_LISTEN, EXISTS, 0, 0, 0, 0));
    expect("    0.001501 a\\one/2001 system_null( <unfinished ...>\n"
           "    0.001502 d\\two/2002 irq_listen(line=4 <unfinished ...>\n"
           "    0.001503 a\\one/2001 <... system_null resumed>) = OK <0.000002>\n"
           "    0.001504 d\\two/2002 <... irq_listen resumed>) = EXISTS <0.000002>\n");
}

static void events_of_a_call_stand_behind_it(void)
{
    begin();
    take(record(TRACE_CALL_BEGINS, SYSCALL_EVENT_POLL, 0x1000, 0, 0, 0, 0));
    take(record(TRACE_EVENT, EVENT_MESSAGE, 0x2005, 0x1002, 0x00110101, 45, 0));
    take(record(TRACE_CALL_ENDS, SYSCALL_EVENT_POLL, OK, 0, 0, 0, 0));
    take(record(TRACE_EVENT, EVENT_MESSAGE, 0x2006, 0, 7, 0, 0));
    expect("    0.001501 a\\one/2001 event_poll(event=0x00001000) = OK <0.000002>\n"
           "    0.001502 a\\one/2001 --- message id=0x2005 from=d\\two word=0x110101 "
           "(protocol 0x0011 version 1 operation 1) string_size=45 ---\n"
           "    0.001504 a\\one/2001 --- message id=0x2006 from=kernel word=0x7 ---\n");
}

static void every_kind_of_event_has_words(void)
{
    char expected[200];

    for (uint32_t kind = 0; kind < EVENT_KIND_COUNT; kind++) {
        begin();
        take(record(TRACE_EVENT, kind, 5, 0, 3, 0, 0));
        CHECK(strstr(output, "--- event ") == NULL);
    }
    static const struct {
        uint32_t kind;
        const char *text;
    } some[] = {
        { EVENT_IRQ, "irq id=5 count=3" }, { EVENT_TIMER, "timer id=0x5 count=3" }, { EVENT_SAVE_STATE, "save state" },
        { EVENT_PIPE_RELEASED, "pipe released id=0x5 members=3" }, { EVENT_PROCESS_EXITED, "process exited id=0x5 exit code 3" },
        { EVENT_KIND_COUNT, "event 12 id=0x5 from=0x0 count=0x3" }, { 0xFFFF, "event 65535 id=0x5 from=0x0 count=0x3" },
    };
    for (uint32_t i = 0; i < sizeof some / sizeof some[0]; i++) {
        begin();
        take(record(TRACE_EVENT, some[i].kind, 5, 0, 3, 0, 0));
        snprintf(expected, sizeof expected, "    0.001501 a\\one/2001 --- %s ---\n", some[i].text);
        expect(expected);
    }
}

static void ports_have_their_width(void)
{
    begin();
    take(record(TRACE_PORT_READ, 0x3FD, 1, 0x60, 0x00201d46, 0, 0));
    take(record(TRACE_PORT_WRITE, 0x1F0, 2, 0xAB, 0x00201d46, 0, 0));
    take(record(TRACE_PORT_WRITE, 0xCFC, 4, 0xDEADBEEF, 0x00201d46, 0, 0));
    take(record(TRACE_PORT_READ, 0x60, 77, 1, 2, 0, 0));
    expect("    0.001501 a\\one/2001 in 0x3FD.1 = 0x60  eip=0x00201d46\n"
           "    0.001502 a\\one/2001 out 0x1F0.2 = 0x00AB  eip=0x00201d46\n"
           "    0.001503 a\\one/2001 out 0xCFC.4 = 0xDEADBEEF  eip=0x00201d46\n"
           "    0.001504 a\\one/2001 in 0x060.77 = 0x00000001  eip=0x00000002\n");
}

static void mistakes_are_told(void)
{
    begin();
    take(record(TRACE_STRIKE, STRIKE_PORT_READ, 0x64, 0x00201d46, 0, 0, 0));
    take(record(TRACE_STRIKE, STRIKE_MESSAGE, 5, 0, 0, 0, 0));
    take(record(TRACE_STRIKE, 99, 5, 0, 0, 0, 0));
    take(record(TRACE_FAULT, 14, 6, 0xCAFE, 0x00201d46, 0x001fdf00, 0));
    take(record(TRACE_FAULT, 300, 6, 0xCAFE, 0x00201d46, 0x001fdf00, 0));
    expect("    0.001501 a\\one/2001 --- strike: read of port 0x64 eip=0x00201d46 ---\n"
           "    0.001502 a\\one/2001 --- strike: message to role 5 ---\n"
           "    0.001503 a\\one/2001 --- strike: kind unknown, 0x5 ---\n"
           "    0.001504 a\\one/2001 --- page fault error_code=0x6 address=0x0000cafe eip=0x00201d46 esp=0x001fdf00 ---\n"
           "    0.001505 a\\one/2001 --- unknown exception error_code=0x6 address=0x0000cafe eip=0x00201d46 esp=0x001fdf00 ---\n");
}

static void call_that_ends_the_process_has_no_answer(void)
{
    struct trace_record end;

    begin();
    take(record(TRACE_CALL_BEGINS, SYSCALL_PROCESS_EXIT, 3, 0, 0, 0, 0));
    end = record(TRACE_PROCESS_ENDS, 3, 0, 0, 0, 0, 0);
    end.thread = 0;
    take(end);
    take(record(TRACE_CALL_ENDS, SYSCALL_PROCESS_EXIT, OK, 0, 0, 0, 0));
    expect("    0.001501 a\\one/2001 process_exit(code=3) = ?\n"
           "    0.001502 a\\one +++ exit code 3 +++\n"
           "    0.001503 a\\one/2001 <... process_exit resumed>) = OK\n");
}

static void lost_records_are_told(void)
{
    begin();
    take(record(TRACE_CALL_BEGINS, SYSCALL_SYSTEM_NULL, 0, 0, 0, 0, 0));
    sequence += 57;
    take(record(TRACE_CALL_ENDS, SYSCALL_SYSTEM_NULL, OK, 0, 0, 0, 0));
    CHECK_EQUAL(summary.lost, 57);
    expect("    0.001501 a\\one/2001 system_null( <unfinished ...>\n"
           "    0.001502 --- 57 records lost ---\n"
           "    0.001502 a\\one/2001 <... system_null resumed>) = OK\n");
    begin();
    sequence = UINT32_MAX;           /* numbers begin again */
    take(record(TRACE_PORT_READ, 0x60, 1, 1, 1, 0, 0));
    take(record(TRACE_PORT_READ, 0x60, 1, 1, 1, 0, 0));
    CHECK(strstr(output, "lost") == NULL);
}

static void call_in_registers_shows_them(void)
{
    begin();
    take(record(TRACE_CALL_BEGINS, SYSCALL_MESSAGE_CALL_WORDS, 0x1002, 0x00110101, 2, 3, 4));
    take(record(TRACE_CALL_ENDS, SYSCALL_MESSAGE_CALL_WORDS, PEER_DIED, 5, 6, 0, 0));
    take(record(TRACE_CALL_BEGINS, SYSCALL_MESSAGE_REPLY_WAIT_WORDS, 0x2005, 0, 0, 0, 0));
    take(record(TRACE_CALL_ENDS, SYSCALL_MESSAGE_REPLY_WAIT_WORDS, 0x00110101, 0x4005, 6, 0, 0));
    expect("    0.001501 a\\one/2001 message_call_words(ebx=0x1002<d\\two>, edx=0x110101, esi=0x2, edi=0x3, ebp=0x4)"
           " = PEER_DIED ebx=0x5 esi=0x6 <0.000001>\n"
           "    0.001503 a\\one/2001 message_reply_wait_words(ebx=0x2005, edx=0x0, esi=0x0, edi=0x0, ebp=0x0)"
           " = 0x110101 ebx=0x4005 esi=0x6 <0.000001>\n");
    CHECK_EQUAL(summary.calls[SYSCALL_MESSAGE_CALL_WORDS].failed, 1);
    CHECK_EQUAL(summary.calls[SYSCALL_MESSAGE_REPLY_WAIT_WORDS].failed, 0);
}

static void process_without_a_name_has_its_id(void)
{
    struct trace_record first;

    begin();
    first = record(DECODE_ATTACHED, 0, 0, 0, 0, 0, 0);
    first.process = 0x7777;
    first.thread = 0;
    take(first);
    take(record(TRACE_CALL_BEGINS, SYSCALL_PROCESS_WATCH, 0x7777, 0, 0, 0, 0));
    take(record(TRACE_CALL_ENDS, SYSCALL_PROCESS_WATCH, OK, 0, 0, 0, 0));
    expect("    0.001501 0x7777 --- process 0x7777 is traced from now on ---\n"
           "    0.001502 a\\one/2001 process_watch(id=0x7777) = OK <0.000001>\n");
}

/* Every name of an argument and of a result stands in the line of its call, and nothing is cut. */
static void every_call_of_the_table_is_told_whole(void)
{
    uint32_t calls = 0;

    for (uint32_t number = 0; number < SYSCALL_COUNT; number++) {
        const struct syscall_description *call = &syscall_table[number];
        char text[64];

        if (call->name == NULL) {
            continue;
        }
        calls++;
        begin();
        take(record(TRACE_CALL_BEGINS, number, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC, 0xFFFFFFFB));
        take(record(TRACE_CALL_ENDS, number, OK, 0xEEEEEEEE, 0xEEEEEEED, 0, 0));
        CHECK(strstr(output, "...") == NULL);
        snprintf(text, sizeof text, "a\\one/2001 %s(", call->name);
        CHECK(strstr(output, text) != NULL);
        CHECK(strstr(output, ") = OK") != NULL);
        for (uint32_t i = 0; i < call->argument_count; i++) {
            snprintf(text, sizeof text, "%s=", call->arguments[i].name);
            CHECK(strstr(output, text) != NULL);
            if (call->arguments[i].kind == SYSCALL_BYTES || call->arguments[i].kind == SYSCALL_BUFFER) {
                snprintf(text, sizeof text, "%s_size=", call->arguments[i].name);
                CHECK(strstr(output, text) != NULL);
            }
        }
        for (uint32_t i = 0; i < call->result_count; i++) {
            snprintf(text, sizeof text, " %s=0xeeeeeee%c", call->results[i].name, i == 0 ? 'e' : 'd');
            if (strstr(strstr(output, ") = OK"), text) == NULL) {
                FAIL("no %s in %s", text, output);
            }
        }
    }
    CHECK(calls > 70);
}

static void number_without_a_call_is_told(void)
{
    begin();
    take(record(TRACE_CALL_BEGINS, 6, 1, 2, 3, 4, 5));
    take(record(TRACE_CALL_ENDS, 6, BAD_SYSTEM_CALL, 0, 0, 0, 0));
    take(record(TRACE_CALL_BEGINS, 60000, 1, 2, 3, 4, 5));
    expect("    0.001501 a\\one/2001 system_call_6(ebx=0x1, edx=0x2, esi=0x3, edi=0x4, ebp=0x5)"
           " = 0x1 ebx=0x0 esi=0x0 <0.000001>\n");
    decoder_settle(&decoder);
    CHECK(strstr(output, "system_call_60000(") != NULL);
}

/* Each thread's call is told begun and ended, however many there are. */
static void more_threads_than_can_be_kept_are_told(void)
{
    begin();
    for (uint32_t i = 0; i < PENDING_MAX + 10; i++) {
        struct trace_record begun = record(TRACE_CALL_BEGINS, SYSCALL_SYSTEM_NULL, 0, 0, 0, 0, 0);
        begun.thread = 0x5000 + i;
        take(begun);
    }
    for (uint32_t i = 0; i < PENDING_MAX + 10; i++) {
        struct trace_record ended = record(TRACE_CALL_ENDS, SYSCALL_SYSTEM_NULL, OK, 0, 0, 0, 0);
        ended.thread = 0x5000 + i;
        take(ended);
    }
    uint32_t begun = 0, ended = 0, timed = 0;
    for (const char *at = output; (at = strstr(at, "<unfinished")) != NULL; at++) {
        begun++;
    }
    for (const char *at = output; (at = strstr(at, "resumed>) = OK")) != NULL; at++) {
        ended++;
        timed += at[14] == ' ';
    }
    CHECK_EQUAL(begun, PENDING_MAX + 10);
    CHECK_EQUAL(ended, PENDING_MAX + 10);
    CHECK_EQUAL(timed, PENDING_MAX);
}

static void summary_counts_and_sorts(void)
{
    begin();
    for (uint32_t i = 0; i < 3; i++) {
        take(record(TRACE_CALL_BEGINS, SYSCALL_SYSTEM_NULL, 0, 0, 0, 0, 0));
        take(record(TRACE_CALL_ENDS, SYSCALL_SYSTEM_NULL, i == 0 ? BAD_ID : OK, 0, 0, 0, 0));
    }
    take(record(TRACE_CALL_BEGINS, SYSCALL_EVENT_WAIT, 0x1000, 0, 1, 0, 0));
    now += 996 * MICROSECOND_NS;
    take(record(TRACE_CALL_ENDS, SYSCALL_EVENT_WAIT, OK, 0, 0, 0, 0));
    take(record(TRACE_PORT_READ, 0x60, 1, 1, 1, 0, 0));
    output_size = 0;
    summary_put(&summary, put);
    expect("% time        seconds   usecs/call     calls    failed system call\n"
           " 99.70       0.000997        997         1         0 event_wait\n"
           "  0.30       0.000003          1         3         1 system_null\n"
           "100.00       0.001000        250         4         1 total\n"
           "1 port reads, 0 records lost\n");
}

static void empty_summary_says_so(void)
{
    begin();
    summary_put(&summary, put);
    expect("0 records lost\n");
}

/* put checks every line. */
static void records_of_anything_are_told_within_bounds(void)
{
    begin();
    for (uint32_t round = 0; round < 200000; round++) {
        struct trace_record taken;
        uint32_t *words = (uint32_t *)&taken;

        for (uint32_t i = 0; i < sizeof taken / sizeof *words; i++) {
            words[i] = random_edgy();
        }
        if (!random_one_in(4)) {
            taken.kind = (uint16_t)random_below(TRACE_KIND_COUNT + 1);
            taken.number = (uint16_t)random_below(random_one_in(2) ? 10 : SYSCALL_COUNT + 2);
            taken.thread = random_below(80);
            taken.process = 0x1000 + random_below(4);
        }
        if (!random_one_in(10)) {
            taken.sequence = decoder.next_sequence;
        }
        take(taken);
        if (random_one_in(10)) {
            decoder_settle(&decoder);
        }
    }
    summary_put(&summary, put);
}

static const struct test tests[] = {
    TEST(call_that_ends_at_once_is_one_line),
    TEST(results_are_told_where_there_are_any),
    TEST(times_are_read_easily),
    TEST(call_that_sleeps_is_two_lines),
    TEST(calls_of_two_threads_are_told_apart),
    TEST(events_of_a_call_stand_behind_it),
    TEST(every_kind_of_event_has_words),
    TEST(ports_have_their_width),
    TEST(mistakes_are_told),
    TEST(call_that_ends_the_process_has_no_answer),
    TEST(lost_records_are_told),
    TEST(call_in_registers_shows_them),
    TEST(process_without_a_name_has_its_id),
    TEST(every_call_of_the_table_is_told_whole),
    TEST(number_without_a_call_is_told),
    TEST(more_threads_than_can_be_kept_are_told),
    TEST(summary_counts_and_sorts),
    TEST(empty_summary_says_so),
    TEST(records_of_anything_are_told_within_bounds),
};

TEST_MAIN(tests)

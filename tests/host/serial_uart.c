/* d\serial's lines, with a model of the UART. */
#include "serial_world.h"

#include <string.h>

#include "test.h"

#define LATER STATUS_COUNT       /* what a handler says whose call is answered later */
#define BYTES 20000U

static const enum uart_kind kinds[] = { KIND_8250, KIND_16450, KIND_16550, KIND_16550A };
#define KINDS (sizeof kinds / sizeof kinds[0])

static uint8_t bytes[BYTES];

static void fill(void)
{
    for (unsigned i = 0; i < BYTES; i++) {
        bytes[i] = (uint8_t)random_next();
    }
}

static void each_kind(void (*part)(enum uart_kind kind))
{
    for (unsigned i = 0; i < KINDS; i++) {
        world_begin(kinds[i]);
        fill();
        part(kinds[i]);
        CHECK_EQUAL(uart_model.misused, 0);
    }
}

/* ---- Finding it ---- */

static void every_model_is_known(void)
{
    static const char *const models[] = {
        "8250 without FIFO", "16450 without FIFO", "16550 whose FIFO does not work", "16550A with FIFO",
    };

    for (unsigned i = 0; i < 2 * KINDS; i++) {
        struct uart uart;
        uart_model_begin(kinds[i / 2], i % 2);
        CHECK(uart_open(&uart, UART_PORT));
        CHECK(strcmp(uart.model, models[i / 2]) == 0);
        CHECK_EQUAL(uart.fifo_size, kinds[i / 2] == KIND_16550A ? 16 : 1);
        CHECK_EQUAL(uart_model.fifos_on, kinds[i / 2] == KIND_16550A);
        CHECK_EQUAL(uart_model.divisor, 1);
        CHECK_EQUAL(uart_model.line_control, 0x03);
        CHECK_EQUAL(uart_model.modem_control, 0x0B);
        CHECK_EQUAL(uart_model.interrupt_enable, 0x07);
        CHECK_EQUAL(uart_model.received_count, 0);
        CHECK_EQUAL(uart.overruns + uart.errors + uart.breaks, 0);
        CHECK_EQUAL(uart_model.misused, 0);
    }
}

static void what_is_no_uart_is_absent(void)
{
    for (enum uart_kind kind = KIND_ABSENT; kind < KIND_COUNT; kind++) {
        struct uart uart;
        uart_model_begin(kind, false);
        CHECK(!uart_open(&uart, UART_PORT));
        CHECK(uart_model.accesses < 50000);
    }
}

static void what_was_on_its_way_leaves_first(void)
{
    struct uart uart;

    for (unsigned i = 0; i < KINDS; i++) {
        uart_model_begin(kinds[i], false);
        uart_model.shifts = true;
        uart_model.shifted = 'a';
        uart_model.transmitter[uart_model.transmitter_count++] = 'b';
        uart_model.pace = 80;                    /* the clock of the tests goes on with each look */
        CHECK(uart_open(&uart, UART_PORT));
        CHECK_EQUAL(uart_model.garbled, 0);
        CHECK(uart_model.out_count == 2 && memcmp(uart_model.out, "ab", 2) == 0);
    }
}

static void what_is_on_its_way_for_ever_is_waited_for_within_bounds(void)
{
    struct uart uart;

    uart_model_begin(KIND_16550A, false);
    uart_model.shifts = true;                    /* for ever: nobody lets time pass */
    CHECK(uart_open(&uart, UART_PORT));
    CHECK(uart_model.accesses > 1000 && uart_model.accesses < 100000);
}

/* ---- Bytes ---- */

static void write_all(enum uart_kind kind)
{
    (void)kind;
    for (unsigned at = 0; at < 8000; at += 2000) {
        CHECK_EQUAL(client_writes(at / 2000, bytes + at, 2000), LATER);
    }
    time_passes_until_sent(8100);
    CHECK_EQUAL(uart_model.out_count, 8000);
    CHECK(memcmp(uart_model.out, bytes, 8000) == 0);
    for (unsigned i = 0; i < 4; i++) {
        CHECK(clients[i].has_answer && clients[i].status == OK);
    }
    CHECK_EQUAL(line.sent, 8000);
    CHECK_EQUAL(deadlines_met(), 0);
}

static void what_is_written_is_sent_at_full_speed_by_every_model(void)
{
    each_kind(write_all);
}

/* A byte each way with each character's time. */
static void both_ways(enum uart_kind kind)
{
    uint32_t got = 0;

    (void)kind;
    CHECK_EQUAL(client_reads(1, 700), LATER);
    for (unsigned i = 0; i < BYTES; i++) {
        if (i % 4000 == 0) {
            CHECK_EQUAL(client_writes(10 + i / 4000, bytes + i, 4000), LATER);
        }
        uart_model_byte_comes(bytes[i], 0);
        time_passes(1);
        if (clients[1].has_answer) {
            CHECK(memcmp(clients[1].bytes, bytes + got, clients[1].size) == 0);
            got += clients[1].size;
            CHECK_EQUAL(client_reads(1, 1 + random_below(LINE_READ_MAX)), LATER);
        }
    }
    time_passes_until_sent(100);
    CHECK_EQUAL(got, BYTES);
    CHECK(uart_model.out_count == BYTES && memcmp(uart_model.out, bytes, BYTES) == 0);
    CHECK_EQUAL(line.received, BYTES);
    CHECK_EQUAL(line.uart.overruns, 0);
}

static void no_byte_is_lost_in_both_directions_at_once(void)
{
    each_kind(both_ways);
}

static void a_text_ends_its_lines_for_terminals(void)
{
    world_begin(KIND_16550A);
    CHECK_EQUAL(client_writes_text(0, "one\n\ntwo\r\n\033[m"), LATER);
    CHECK_EQUAL(client_writes(1, "raw\n", 4), LATER);
    CHECK_EQUAL(client_writes_text(2, ""), OK);
    time_passes_until_sent(100);
    CHECK(uart_model.out_count == 20 && memcmp(uart_model.out, "one\r\n\r\ntwo\r\r\n\033[mraw\n", 20) == 0);
}

static void bytes_wait_for_a_reader(void)
{
    world_begin(KIND_16550A);
    for (unsigned i = 0; i < 100; i++) {
        uart_model_byte_comes((uint8_t)i, 0);
        time_passes(1);
    }
    CHECK_EQUAL(client_reads(0, 30), LATER);
    CHECK(clients[0].has_answer && clients[0].size == 30 && clients[0].bytes[29] == 29);
    CHECK_EQUAL(client_reads(0, LINE_READ_MAX), LATER);
    CHECK(clients[0].has_answer && clients[0].size == 70 && clients[0].bytes[69] == 99);
}

/* ---- Interrupts that do not come, or do not go ---- */

static void slow(enum uart_kind kind)
{
    unsigned at_once = kind == KIND_16550A ? 16 : 1;
    unsigned before = deadlines_met();

    CHECK_EQUAL(client_writes(0, bytes, 160), LATER);
    time_passes_until_sent(160 / at_once * 300);
    CHECK(uart_model.out_count == 160 && memcmp(uart_model.out, bytes, 160) == 0);
    CHECK_EQUAL(client_reads(1, 100), LATER);
    for (unsigned i = 0; i < 20; i++) {
        uart_model_byte_comes(bytes[i], 0);
        time_passes(300);
        CHECK(clients[1].has_answer && clients[1].size == 1 && clients[1].bytes[0] == bytes[i]);
        CHECK_EQUAL(client_reads(1, 100), LATER);
    }
    /* It looks every 20 ms, not more often. */
    CHECK(deadlines_met() - before < 160 / at_once + 20 * 2 + 5);
}

static void without_interrupts_all_models_go_on_slowly(void)
{
    interrupts_are_lost = true;
    each_kind(slow);
}

static void an_interrupt_that_is_lost_later_is_made_up_for(void)
{
    world_begin(KIND_16550A);
    uart_model_byte_comes('a', 0);
    time_passes(1);
    CHECK_EQUAL(client_reads(0, 10), LATER);
    CHECK(clients[0].has_answer);
    CHECK_EQUAL(client_reads(0, 10), LATER);
    interrupts_are_lost = true;
    uart_model_byte_comes('b', 0);
    time_passes(13000);
    CHECK(clients[0].has_answer && clients[0].bytes[0] == 'b');
}

static void an_interrupt_that_is_stuck_is_switched_off(void)
{
    static const uint8_t causes[] = { 0x02, 0x04, 0x06, 0x0C, 0xC2 };

    for (unsigned i = 0; i < sizeof causes; i++) {
        world_begin(KIND_16550A);
        uart_model.stuck_cause = causes[i];
        time_passes(1);
        CHECK(line.is_muted);
        CHECK_EQUAL(uart_model.interrupt_enable, 0);
        CHECK(!serial_line_interrupts(&line));
        CHECK_EQUAL(client_writes(0, "through all the same", 20), LATER);
        interrupts_are_lost = true;              /* the kernel has masked it */
        time_passes_until_sent(1000);
        CHECK(memcmp(uart_model.out, "through all the same", 20) == 0);
        interrupts_are_lost = false;
        uart_model.stuck_cause = 0;
        CHECK_EQUAL(client_initialises(1), LATER);
        time_passes(300);
        CHECK(clients[1].has_answer && !line.is_muted);
        CHECK_EQUAL(uart_model.interrupt_enable, 0x07);
    }
}

static void a_card_that_is_pulled_out_ends_no_loop(void)
{
    world_begin(KIND_16550A);
    CHECK_EQUAL(client_writes(0, bytes, 1000), LATER);
    CHECK_EQUAL(client_reads(1, 100), LATER);
    uart_model.kind = KIND_ABSENT;
    uart_model.accesses = 0;
    time_passes(1000);
    CHECK(uart_model.accesses < 1000);
    CHECK(!clients[1].has_answer);
}

/* ---- What is wrong with bytes ---- */

static void errors_breaks_and_overruns_are_counted(void)
{
    struct line_statistics statistics;

    world_begin(KIND_16550A);
    uart_model_byte_comes('a', WITH_PARITY_ERROR);
    uart_model_byte_comes('b', WITH_FRAMING_ERROR);
    uart_model_byte_comes(0, WITH_BREAK);
    uart_model_byte_comes('c', 0);
    time_passes(1);
    for (unsigned i = 0; i < 20; i++) {
        uart_model_byte_comes((uint8_t)('d' + i), 0);
    }
    time_passes(1);
    serial_line_count(&line, &statistics);
    CHECK_EQUAL(statistics.errors, 2);
    CHECK_EQUAL(statistics.breaks, 1);
    CHECK_EQUAL(statistics.overruns, 1);
    CHECK_EQUAL(statistics.received, 3 + 16);
    CHECK_EQUAL(statistics.waiting, 3 + 16);
    CHECK_EQUAL(client_reads(0, 100), LATER);
    CHECK(clients[0].size == 19 && memcmp(clients[0].bytes, "abcdefghijklmnopqrs", 19) == 0);
    serial_line_count(&line, &statistics);
    CHECK_EQUAL(statistics.waiting, 0);
}

/* Looking after the transmitter takes back what the status said of the next byte. */
static void a_break_that_the_transmitter_sees_is_no_byte(void)
{
    uint8_t byte = 'x';

    world_begin(KIND_16550A);
    uart_model_byte_comes(0, WITH_BREAK);
    uart_model_byte_comes('a', 0);
    CHECK_EQUAL(uart_transmit(&line.uart, (const uint8_t *)"b", 1), 1);
    CHECK_EQUAL(uart_receive(&line.uart, &byte), UART_BREAK);
    CHECK_EQUAL(uart_receive(&line.uart, &byte), UART_BYTE);
    CHECK_EQUAL(byte, 'a');
    CHECK_EQUAL(line.uart.breaks, 1);
}

static const struct test tests[] = {
    TEST(every_model_is_known),
    TEST(what_is_no_uart_is_absent),
    TEST(what_was_on_its_way_leaves_first),
    TEST(what_is_on_its_way_for_ever_is_waited_for_within_bounds),
    TEST(what_is_written_is_sent_at_full_speed_by_every_model),
    TEST(no_byte_is_lost_in_both_directions_at_once),
    TEST(a_text_ends_its_lines_for_terminals),
    TEST(bytes_wait_for_a_reader),
    TEST(without_interrupts_all_models_go_on_slowly),
    TEST(an_interrupt_that_is_lost_later_is_made_up_for),
    TEST(an_interrupt_that_is_stuck_is_switched_off),
    TEST(a_card_that_is_pulled_out_ends_no_loop),
    TEST(errors_breaks_and_overruns_are_counted),
    TEST(a_break_that_the_transmitter_sees_is_no_byte),
};
TEST_MAIN(tests)

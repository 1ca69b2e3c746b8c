/* d\serial's lines, with a model of the UART: settings, flow control, and clients that want too much or die. */
#include "serial_world.h"

#include <string.h>

#include "test.h"

#define LATER STATUS_COUNT       /* what a handler says whose call is answered later */

static const struct line_settings usual = { .baud = 115200, .data_bits = 8, .stop_bits = 1 };
static const struct line_settings with_flow = { .baud = 115200, .data_bits = 8, .stop_bits = 1, .flow = LINE_FLOW_HARDWARE };

/* ---- Settings ---- */

static void settings_reach_the_registers(void)
{
    static const struct {
        struct line_settings settings;
        uint16_t divisor;
        uint8_t control;
        const char *text;
    } good[] = {
        { { .baud = 115200, .data_bits = 8, .stop_bits = 1 }, 1, 0x03, "16550A with FIFO, 115200 8N1" },
        { { .baud = 9600, .data_bits = 7, .stop_bits = 1, .parity = LINE_PARITY_EVEN }, 12, 0x1A, "16550A with FIFO, 9600 7E1" },
        { { .baud = 300, .data_bits = 5, .stop_bits = 2, .parity = LINE_PARITY_ODD }, 384, 0x0C, "16550A with FIFO, 300 5O2" },
        { { .baud = 2, .data_bits = 6, .stop_bits = 2 }, 57600, 0x05, "16550A with FIFO, 2 6N2" },
        { { .baud = 38400, .data_bits = 8, .stop_bits = 1, .flow = LINE_FLOW_HARDWARE }, 3, 0x03,
          "16550A with FIFO, 38400 8N1, RTS/CTS" },
    };
    char text[80];

    world_begin(KIND_16550A);
    for (unsigned i = 0; i < sizeof good / sizeof good[0]; i++) {
        CHECK_EQUAL(client_configures(i, good[i].settings), LATER);
        time_passes(10);
        CHECK(clients[i].has_answer && clients[i].status == OK);
        CHECK_EQUAL(uart_model.divisor, good[i].divisor);
        CHECK_EQUAL(uart_model.line_control, good[i].control);
        CHECK_EQUAL(uart_model.interrupt_enable, good[i].settings.flow == LINE_FLOW_HARDWARE ? 0x0F : 0x07);
        CHECK_EQUAL(serial_line_describe(&line, text, sizeof text), strlen(good[i].text));
        CHECK(strcmp(text, good[i].text) == 0);
    }
}

static void settings_that_cannot_be_are_refused(void)
{
    static const struct line_settings bad[] = {
        { .baud = 0, .data_bits = 8, .stop_bits = 1 }, { .baud = 1, .data_bits = 8, .stop_bits = 1 },
        { .baud = 115201, .data_bits = 8, .stop_bits = 1 }, { .baud = 230400, .data_bits = 8, .stop_bits = 1 },
        { .baud = UINT32_MAX, .data_bits = 8, .stop_bits = 1 }, { .baud = 10000, .data_bits = 8, .stop_bits = 1 },
        { .baud = 9600, .data_bits = 4, .stop_bits = 1 }, { .baud = 9600, .data_bits = 9, .stop_bits = 1 },
        { .baud = 9600, .data_bits = 8, .stop_bits = 0 }, { .baud = 9600, .data_bits = 8, .stop_bits = 3 },
        { .baud = 9600, .data_bits = 8, .stop_bits = 1, .parity = 3 },
        { .baud = 9600, .data_bits = 8, .stop_bits = 1, .parity = 255 },
        { .baud = 9600, .data_bits = 8, .stop_bits = 1, .flow = 2 },
    };

    world_begin(KIND_16450);
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK_EQUAL(client_configures(i, bad[i]), BAD_ARGUMENT);
    }
    CHECK_EQUAL(uart_model.divisor, 1);
}

static void what_was_written_before_leaves_with_the_old_settings(void)
{
    static const struct line_settings slow = { .baud = 9600, .data_bits = 7, .stop_bits = 1, .parity = LINE_PARITY_EVEN };
    static const enum uart_kind kinds[] = { KIND_8250, KIND_16550A };

    for (unsigned i = 0; i < 2; i++) {
        world_begin(kinds[i]);
        CHECK_EQUAL(client_writes(0, "0123456789abcdefghijklmnopqrstuvwxyz", 36), LATER);
        CHECK_EQUAL(client_configures(1, slow), LATER);
        CHECK_EQUAL(client_writes(2, "new", 3), LATER);
        time_passes_until_sent(2000);
        CHECK(clients[1].has_answer && clients[1].status == OK);
        CHECK_EQUAL(uart_model.garbled, 0);
        CHECK(memcmp(uart_model.out, "0123456789abcdefghijklmnopqrstuvwxyznew", 39) == 0);
        for (unsigned at = 0; at < 39; at++) {
            CHECK_EQUAL(uart_model.out_divisor[at], at < 36 ? 1 : 12);
            CHECK_EQUAL(uart_model.out_control[at], at < 36 ? 0x03 : 0x1A);
        }
    }
}

static void settings_wait_within_bounds_for_a_transmitter_that_never_empties(void)
{
    world_begin(KIND_16550A);
    CHECK_EQUAL(client_writes(0, "x", 1), LATER);
    interrupts_are_lost = true;
    uart_model.transmitter_count = 1;
    CHECK_EQUAL(client_configures(1, usual), LATER);
    for (unsigned i = 0; i < 1000 && !clients[1].has_answer; i++) {
        uart_model.transmitter_count = 1;
        time_passes(1);
    }
    CHECK(clients[1].has_answer);
}

/* ---- Flow control ---- */

static void nothing_is_sent_while_cts_is_down(void)
{
    world_begin(KIND_16550A);
    CHECK_EQUAL(client_configures(0, with_flow), LATER);
    time_passes(10);
    uart_model_set_cts(false);
    CHECK_EQUAL(client_writes(1, "held up", 7), LATER);
    time_passes(1000);
    CHECK_EQUAL(uart_model.out_count, 0);
    uart_model_set_cts(true);
    time_passes(10);
    CHECK(uart_model.out_count == 7 && memcmp(uart_model.out, "held up", 7) == 0);
    CHECK(clients[1].has_answer);
}

static void cts_means_nothing_without_flow_control(void)
{
    world_begin(KIND_16550A);
    uart_model_set_cts(false);
    CHECK_EQUAL(client_writes(1, "sent", 4), LATER);
    time_passes(10);
    CHECK_EQUAL(uart_model.out_count, 4);
}

static void rts_holds_up_the_other_side_before_the_room_is_used_up(void)
{
    unsigned sent = 0;
    unsigned held = 0;

    world_begin(KIND_16550A);
    CHECK_EQUAL(client_configures(0, with_flow), LATER);
    time_passes(10);
    for (unsigned i = 0; i < 60000; i++) {
        if (uart_model.modem_control & 2) {
            uart_model_byte_comes((uint8_t)sent++, 0);
        } else {
            held++;
        }
        time_passes(1);
        if (i > 30000 && i % 500 == 0) {
            CHECK_EQUAL(client_reads(1, LINE_READ_MAX), LATER);
        }
    }
    CHECK(held > 10000 && sent > RING_SIZE);
    CHECK_EQUAL(line.received, sent);
    CHECK_EQUAL(line.uart.overruns, 0);
}

static void a_line_that_is_held_up_is_initialised_all_the_same(void)
{
    world_begin(KIND_16550A);
    CHECK_EQUAL(client_configures(0, with_flow), LATER);
    time_passes(10);
    uart_model_set_cts(false);
    CHECK_EQUAL(client_writes(1, "held up", 7), LATER);
    CHECK_EQUAL(client_reads(2, 10), LATER);
    time_passes(100);
    CHECK_EQUAL(client_initialises(3), LATER);
    time_passes(300);
    CHECK(clients[1].has_answer && clients[1].status == OK && uart_model.out_count == 7);
    CHECK(clients[2].was_dropped);
    CHECK(clients[3].has_answer && clients[3].status == OK);
    CHECK_EQUAL(uart_model.interrupt_enable, 0x07);
}

/* ---- Nobody reads ---- */

static void a_line_that_nobody_reads_costs_nothing_once_it_is_full(void)
{
    world_begin(KIND_16550A);
    for (unsigned i = 0; i < RING_SIZE; i++) {
        uart_model_byte_comes((uint8_t)i, 0);
        time_passes(1);
    }
    CHECK_EQUAL(line.ring->count, RING_SIZE);
    uart_model.accesses = 0;
    unsigned before = deadlines_met();
    for (unsigned i = 0; i < 1000; i++) {
        uart_model_byte_comes('x', 0);
        time_passes(1);
    }
    CHECK(uart_model.accesses < 10);
    CHECK_EQUAL(deadlines_met() - before, 0);
    CHECK_EQUAL(line.received, RING_SIZE);
    /* With readers it goes on, and says that bytes were lost. */
    for (unsigned i = 0; i < RING_SIZE / LINE_READ_MAX; i++) {
        CHECK_EQUAL(client_reads(0, LINE_READ_MAX), LATER);
        CHECK(clients[0].has_answer && clients[0].size == LINE_READ_MAX && clients[0].bytes[7] == 7);
    }
    CHECK_EQUAL(client_reads(0, LINE_READ_MAX), LATER);
    CHECK(clients[0].has_answer && clients[0].size == 16 && clients[0].bytes[0] == 'x');
    uart_model_byte_comes('y', 0);
    time_passes(1);
    CHECK_EQUAL(line.received, RING_SIZE + 17);
    CHECK_EQUAL(line.uart.overruns, 1);
}

/* ---- Clients ---- */

static void one_reader_at_a_time(void)
{
    world_begin(KIND_16550A);
    CHECK_EQUAL(client_reads(0, 0), BAD_ARGUMENT);
    CHECK_EQUAL(client_reads(0, LINE_READ_MAX + 1), BAD_ARGUMENT);
    CHECK_EQUAL(client_reads(0, 10), LATER);
    CHECK_EQUAL(client_reads(1, 10), BUSY);
    clients[0].is_gone = true;
    CHECK_EQUAL(client_reads(1, 10), LATER);
    uart_model_byte_comes('a', 0);
    time_passes(1);
    CHECK(clients[1].has_answer && clients[1].bytes[0] == 'a');
}

static void what_a_dead_reader_was_to_get_stays_for_the_next(void)
{
    world_begin(KIND_16550A);
    CHECK_EQUAL(client_reads(0, 10), LATER);
    clients[0].is_gone = true;
    uart_model_byte_comes('a', 0);
    uart_model_byte_comes('b', 0);
    time_passes(1);
    CHECK(!line.has_reader);
    CHECK_EQUAL(client_reads(1, 10), LATER);
    CHECK(clients[1].has_answer && clients[1].size == 2 && clients[1].bytes[0] == 'a');
}

static void the_text_of_a_dead_writer_is_sent(void)
{
    world_begin(KIND_8250);
    CHECK_EQUAL(client_writes(0, "last words", 10), LATER);
    clients[0].is_gone = true;
    time_passes_until_sent(20);
    CHECK(uart_model.out_count == 10 && memcmp(uart_model.out, "last words", 10) == 0);
}

static void writers_are_bounded_and_none_keeps_the_others_out(void)
{
    struct server_call call = { .sender = 77, .string = "x", .string_size = 1 };
    static char text[LINE_WRITE_MAX];
    unsigned taken = 0;

    world_begin(KIND_8250);
    while (serial_line_take_bytes(&line, &call, REQUEST_BYTES) == LATER) {
        taken++;
    }
    CHECK_EQUAL(taken, 16);
    call.string = text;
    call.string_size = LINE_WRITE_MAX;
    for (call.sender = 100; serial_line_take_bytes(&line, &call, REQUEST_BYTES) == LATER; call.sender++) {
        CHECK_EQUAL(serial_line_take_bytes(&line, &call, REQUEST_BYTES), LATER);
        CHECK_EQUAL(serial_line_take_bytes(&line, &call, REQUEST_BYTES), LATER);
    }
    CHECK_EQUAL(call.sender, 105);
    CHECK_EQUAL(client_writes(0, text, LINE_WRITE_MAX), NO_MEMORY);
    CHECK_EQUAL(client_writes(0, text, LINE_WRITE_MAX - 15), LATER);     /* one byte was sent meanwhile */
    CHECK_EQUAL(client_writes(1, text, 1), NO_MEMORY);
    CHECK_EQUAL(client_configures(1, usual), LATER);
}

static void one_writer_has_a_quarter_of_the_room(void)
{
    struct server_call call = { .sender = 77, .string_size = LINE_WRITE_MAX };
    static char text[LINE_WRITE_MAX];
    unsigned taken = 0;

    memset(text, '\n', sizeof text);
    call.string = text;
    world_begin(KIND_8250);
    while (serial_line_take_bytes(&line, &call, REQUEST_TEXT) == LATER) {
        taken++;
    }
    CHECK_EQUAL(taken, 2);
}

/* Of whatever was written before, by the device of bytes or of text. */
static void lines_of_their_own_begin_where_no_line_is(void)
{
    static const char expected[] = "log\r\nprompt$ \r\nlog\r\nmore\r\nlog\r\n\033[0mlog\r\n\033[31m$\033[0m\r\nlog\r\n50%\r\r\nlog\r\n";

    world_begin(KIND_16450);
    CHECK_EQUAL(client_writes_lines(0, "log\n"), LATER);
    CHECK_EQUAL(client_writes(1, "prompt$ ", 8), LATER);
    CHECK_EQUAL(client_writes_lines(2, "log\n"), LATER);
    CHECK_EQUAL(client_writes_text(3, "more\n"), LATER);
    CHECK_EQUAL(client_writes_lines(4, "log\n"), LATER);
    CHECK_EQUAL(client_writes(5, "\033[0m", 4), LATER);
    CHECK_EQUAL(client_writes_lines(6, "log\n"), LATER);
    CHECK_EQUAL(client_writes(7, "\033[31m$\033[0m", 10), LATER);
    CHECK_EQUAL(client_writes_lines(8, "log\n"), LATER);
    CHECK_EQUAL(client_writes_text(9, "50%\r"), LATER);
    CHECK_EQUAL(client_writes_lines(10, "log\n"), LATER);
    time_passes_until_sent(200);
    CHECK(uart_model.out_count == sizeof expected - 1 && memcmp(uart_model.out, expected, sizeof expected - 1) == 0);
    CHECK(clients[10].has_answer && clients[10].status == OK);
}

static const struct test tests[] = {
    TEST(settings_reach_the_registers),
    TEST(settings_that_cannot_be_are_refused),
    TEST(what_was_written_before_leaves_with_the_old_settings),
    TEST(settings_wait_within_bounds_for_a_transmitter_that_never_empties),
    TEST(nothing_is_sent_while_cts_is_down),
    TEST(cts_means_nothing_without_flow_control),
    TEST(rts_holds_up_the_other_side_before_the_room_is_used_up),
    TEST(a_line_that_is_held_up_is_initialised_all_the_same),
    TEST(a_line_that_nobody_reads_costs_nothing_once_it_is_full),
    TEST(one_reader_at_a_time),
    TEST(what_a_dead_reader_was_to_get_stays_for_the_next),
    TEST(the_text_of_a_dead_writer_is_sent),
    TEST(writers_are_bounded_and_none_keeps_the_others_out),
    TEST(one_writer_has_a_quarter_of_the_room),
    TEST(lines_of_their_own_begin_where_no_line_is),
};
TEST_MAIN(tests)

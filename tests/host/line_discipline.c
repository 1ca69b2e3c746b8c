/* What becomes of typed bytes: lines, their corrections, the echo as the terminal of d\console shows it. */
#include "servers/terminal/discipline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "servers/terminal/glyphs.h"
#include "shown.h"
#include "test.h"

static struct discipline discipline;
static struct output output;

/* Brings what is to be written to the screen; false: there is nothing. */
static void show(void)
{
    static struct utf8_reader reader;
    uint8_t text[OUTPUT_MAX], glyphs[OUTPUT_MAX + UTF8_MAX];

    uint32_t size = output_copy(&output, text, sizeof text);
    output_remove(&output, size);
    shown_write(glyphs, glyphs_of(&reader, text, size, glyphs));
}

static void start(uint32_t mode)
{
    discipline = (struct discipline){ .mode = mode };
    output = (struct output){ .column.width = SHOWN_COLUMNS };
    shown_begin();
}

static void type(const char *bytes)
{
    for (; *bytes != '\0'; bytes++) {
        discipline_take(&discipline, &output, (uint8_t)*bytes);
        show();
    }
}

static void write_text(const char *text)
{
    CHECK(output_write(&output, (const uint8_t *)text, (uint32_t)strlen(text)));
    show();
}

/* The next read gets these bytes. */
static void expect_read(const char *file, int line, const char *expected, uint32_t most)
{
    uint8_t bytes[TYPED_MAX + 1];
    uint32_t items;

    uint32_t size = typed_copy(&discipline.typed, !(discipline.mode & TERMINAL_RAW), bytes, most, &items);
    bytes[size] = '\0';
    if (items == 0 || size != strlen(expected) || memcmp(bytes, expected, size) != 0) {
        test_fail(file, line, "read \"%s\" (%u bytes) instead of \"%s\"", bytes, size, expected);
    }
    typed_remove(&discipline.typed, items);
}
#define EXPECT_READ(expected) expect_read(__FILE__, __LINE__, expected, TYPED_MAX)
#define EXPECT_NOTHING() CHECK_EQUAL(discipline.typed.count, 0)

/* ---- Lines ---- */

static void a_line_can_be_read_when_it_is_finished(void)
{
    start(0);
    type("hello");
    EXPECT_NOTHING();
    type("\rnext\none more\r\n");
    EXPECT_READ("hello\n");
    EXPECT_READ("next\n");
    EXPECT_READ("one more\n");
    EXPECT_NOTHING();
    EXPECT_SHOWN("hello\nnext\none more");
}

static void a_read_of_few_bytes_leaves_the_rest_of_the_line(void)
{
    start(0);
    type("abcdef\rg\r");
    expect_read(__FILE__, __LINE__, "abcd", 4);
    expect_read(__FILE__, __LINE__, "ef\n", 4);
    expect_read(__FILE__, __LINE__, "g\n", 4);
}

static void backspace_takes_back_characters_and_what_they_show(void)
{
    start(0);
    write_text("> ");
    type("ab\x01\xC3\xA4\xE2\x82\xAC");
    EXPECT_SHOWN("> ab^A\x84" "E");
    type("\b\x7F");
    EXPECT_SHOWN("> ab^A");
    type("\b");
    EXPECT_SHOWN("> ab");
    type("\b\b\b\b\b");
    EXPECT_SHOWN(">");
    EXPECT_SHOWN_CURSOR(0, 2);
    type("x\r");
    EXPECT_READ("x\n");
}

static void bytes_that_are_no_characters_are_taken_back_one_by_one(void)
{
    start(0);
    type("a\xFF\xC3");
    EXPECT_SHOWN("a?");
    type("b\xE2\x82\b\b\b\b\r");
    EXPECT_READ("a\n");
}

static void words_and_lines_are_taken_back(void)
{
    start(0);
    write_text("$ ");
    type("one  two\tthree \x17");
    EXPECT_SHOWN("$ one  two");
    EXPECT_SHOWN_CURSOR(0, 16);
    type("\x17");
    EXPECT_SHOWN("$ one");
    type("four\x15");
    EXPECT_SHOWN("$");
    type("\x17\x15" "five\r");
    EXPECT_READ("five\n");
}

static void tabs_reach_the_next_stop_and_are_taken_back_whole(void)
{
    start(0);
    write_text("abc");
    type("\tx\ty");
    EXPECT_SHOWN("abc     x       y");
    type("\b\b");
    EXPECT_SHOWN_CURSOR(0, 9);
    type("\b\b");
    EXPECT_SHOWN_CURSOR(0, 3);
    type("\tz\r");
    EXPECT_READ("\tz\n");
}

static void an_end_of_input_is_a_read_of_nothing(void)
{
    start(0);
    type("\x04" "ab\x04" "c\r\x04");
    EXPECT_READ("");
    EXPECT_READ("ab");
    EXPECT_READ("c\n");
    EXPECT_READ("");
    EXPECT_NOTHING();
}

static void keys_are_no_input_and_drop_the_line(void)
{
    start(0);
    type("rm -rf\x03");
    CHECK_EQUAL(discipline.key, TERMINAL_INTERRUPT);
    type("ls\r");
    EXPECT_READ("ls\n");
    type("fg\x1A");
    CHECK_EQUAL(discipline.key, TERMINAL_SUSPEND);
    EXPECT_NOTHING();
    EXPECT_SHOWN("rm -rf^C\nls\nfg^Z");
    EXPECT_SHOWN_CURSOR(3, 0);
}

static void output_stops_and_goes_on(void)
{
    start(0);
    type("\x13");
    CHECK(discipline.is_stopped);
    type("\x11");
    CHECK(!discipline.is_stopped);
    type("\x13\x03");
    CHECK(!discipline.is_stopped);
    type("\x13");
    discipline_set_mode(&discipline, &output, TERMINAL_RAW);
    CHECK(!discipline.is_stopped);
    EXPECT_NOTHING();
}

static void a_line_is_shown_again(void)
{
    start(0);
    write_text("> ");
    type("one\ttwo");
    write_text("\nsomething else\n");
    type("\x12");
    EXPECT_SHOWN("> one   two\nsomething else\n^R\none     two");
    type("\b\b\b\b");
    EXPECT_SHOWN_CURSOR(3, 3);
}

static void nothing_is_shown_of_a_password(void)
{
    start(TERMINAL_NO_ECHO);
    write_text("password: ");
    type("secrex\bt\r");
    EXPECT_READ("secret\n");
    EXPECT_SHOWN("password:");
}

static void a_line_that_is_too_long_is_refused_and_can_be_finished(void)
{
    char expected[TYPED_LINE_MAX + 1];

    start(0);
    memset(expected, 'x', sizeof expected);
    for (unsigned i = 0; i < TYPED_LINE_MAX + 100; i++) {
        type("x");
    }
    CHECK_EQUAL(discipline.size, TYPED_LINE_MAX - 1);
    type("\b!\r");
    strcpy(expected + TYPED_LINE_MAX - 2, "!\n");
    EXPECT_READ(expected);
}

static void what_nobody_reads_is_bounded(void)
{
    uint32_t lines = 0;

    start(0);
    for (unsigned i = 0; i < TYPED_MAX; i++) {
        type("1234567\r");
    }
    for (; discipline.typed.count > 0; lines++) {
        EXPECT_READ("1234567\n");
    }
    CHECK_EQUAL(lines, TYPED_MAX / 8);
    type("\x15\x04");
    CHECK_EQUAL(discipline.typed.count, 1);
    start(TERMINAL_RAW);
    for (unsigned i = 0; i < 3 * TYPED_MAX; i++) {
        type("r");
    }
    CHECK_EQUAL(discipline.typed.count, TYPED_MAX);
}

static void what_there_is_room_for_is_not_lost(void)
{
    uint32_t count = 0;

    start(0);
    for (; discipline_has_room(&discipline, 'x'); count++) {
        type(count % 100 == 99 || (count >= 1000 && count < 1900) ? "\r" : "x");
    }
    CHECK(discipline.size > 0);
    CHECK(!discipline_has_room(&discipline, '\r'));
    CHECK(!discipline_has_room(&discipline, 4));
    CHECK(discipline_has_room(&discipline, 3));
    CHECK(discipline_has_room(&discipline, 127));
    type("x");
    discipline_set_mode(&discipline, &output, TERMINAL_RAW);
    CHECK_EQUAL(discipline.typed.count, count);
    CHECK(discipline_has_room(&discipline, 'x') == (count < TYPED_MAX));
    discipline_set_mode(&discipline, &output, TERMINAL_RAW | TERMINAL_RAW_KEYS);
    CHECK(discipline_has_room(&discipline, 3));
    discipline_set_mode(&discipline, &output, 0);
    CHECK_EQUAL(discipline.typed.count + discipline.size, count);
}

/* ---- Modes ---- */

static void in_raw_mode_every_byte_is_input(void)
{
    start(TERMINAL_RAW);
    type("a\r\n\b\x7F\x03\x04\x13\x15\x17\x1A\x1B[A");
    EXPECT_READ("a\r\n\b\x7F\x03\x04\x13\x15\x17\x1A\x1B[A");
    CHECK_EQUAL(discipline.key, 0);
    CHECK(!discipline.is_stopped);
    EXPECT_SHOWN("");
    discipline.mode |= TERMINAL_RAW_KEYS;
    type("b\x03" "c\x04");
    CHECK_EQUAL(discipline.key, TERMINAL_INTERRUPT);
    EXPECT_READ("bc\x04");
}

static void what_was_typed_of_a_line_can_be_read_in_raw_mode(void)
{
    start(0);
    type("one\rtw");
    discipline_set_mode(&discipline, &output, TERMINAL_RAW);
    type("o\r");
    EXPECT_READ("one\ntwo\r");
    EXPECT_NOTHING();
}

static void what_was_typed_in_raw_mode_is_typed_anew_in_line_mode(void)
{
    start(TERMINAL_RAW);
    type("one\rtwx\x7F");
    discipline_set_mode(&discipline, &output, 0);
    show();
    EXPECT_READ("one\n");
    EXPECT_NOTHING();
    type("o\r");
    EXPECT_READ("two\n");
    EXPECT_SHOWN("one\ntwo");
}

static void a_full_raw_queue_is_typed_anew_without_loss_of_whole_lines(void)
{
    uint32_t bytes = 0;

    start(TERMINAL_RAW);
    for (unsigned i = 0; i < TYPED_MAX / 8; i++) {
        type("1234567\r");
    }
    discipline_set_mode(&discipline, &output, TERMINAL_NO_ECHO);
    for (; discipline.typed.count > 0; bytes += 8) {
        EXPECT_READ("1234567\n");
    }
    CHECK_EQUAL(bytes, TYPED_MAX);
}

static void dropping_leaves_nothing(void)
{
    start(0);
    type("one\rtwo\x03" "thr");
    discipline_unread(&discipline);
    EXPECT_NOTHING();
    CHECK_EQUAL(discipline.key, 0);
    type("x\r");
    EXPECT_READ("x\n");
}

/* ---- The echo, against what the line is ---- */

/* Cells of the line behind a prompt, as a person expects them. */
static uint32_t render(uint32_t column, const uint8_t *line, uint32_t size, uint8_t *cells)
{
    struct utf8_reader reader = { 0 };

    for (uint32_t i = 0; i < size; i++) {
        if (line[i] == '\t') {
            do {
                cells[column++] = ' ';
            } while (column % 8 != 0);
        } else if (line[i] < ' ' || line[i] == 0x7F) {
            cells[column++] = '^';
            cells[column++] = line[i] ^ 0x40;
        } else {
            uint8_t glyphs[UTF8_MAX + 1];
            uint32_t count = glyphs_of(&reader, line + i, 1, glyphs);
            memcpy(cells + column, glyphs, count);
            column += count;
        }
    }
    return column;
}

static void expect_line_on_screen(uint32_t prompt)
{
    uint8_t cells[3 * TYPED_LINE_MAX + SHOWN_COLUMNS];

    uint32_t end = render(prompt, discipline.line, discipline.size, cells);
    for (uint32_t i = prompt; i < SHOWN_ROWS * SHOWN_COLUMNS; i++) {
        uint8_t expected = i < end ? cells[i] : ' ';
        if (shown_cell(i) != expected) {
            FAIL("cell %u is %02x instead of %02x; the line has %u bytes, %u cells", i, shown_cell(i), expected, discipline.size, end);
        }
    }
    EXPECT_SHOWN_CURSOR(end / SHOWN_COLUMNS, end % SHOWN_COLUMNS);
}

/* Whatever is typed and taken back, over the ends of rows, the screen shows the line and nothing else. */
static void the_screen_shows_the_line(void)
{
    static const char *const pieces[] = {
        "a", "b", "c", " ", "\t", "\x01", "\x1B", "\xC3\xBC", "\xE2\x82\xAC", "word", "\b", "\x7F", "\b\b\b", "\x17", "\x15", "longer words ",
    };
    uint32_t most = (SHOWN_ROWS - 1) * SHOWN_COLUMNS / 8 - 20;     /* if all were tabs: nothing is to scroll */

    for (unsigned turn = 0; turn < 300; turn++) {
        uint32_t prompt = random_below(2 * SHOWN_COLUMNS) % SHOWN_COLUMNS;
        start(0);
        for (uint32_t i = 0; i < prompt; i++) {
            write_text(">");
        }
        for (unsigned i = 0; i < 300; i++) {
            const char *piece = pieces[random_below(sizeof pieces / sizeof pieces[0])];
            if (discipline.size < most || piece[0] == '\b') {
                type(strcmp(piece, "\x15") == 0 && !random_one_in(20) ? "x" : piece);
            }
            expect_line_on_screen(prompt);
        }
    }
}

static void a_line_without_a_known_width_is_taken_back_too(void)
{
    start(0);
    output.column.width = 0;
    for (unsigned i = 0; i < 100; i++) {
        discipline_take(&discipline, &output, 'x');
    }
    output_remove(&output, output.count);
    discipline_take(&discipline, &output, 0x15);
    CHECK_EQUAL(output.count, 100 * 3);
    CHECK_EQUAL(discipline.size, 0);
}

/* Whatever comes, and in whatever mode, nothing overflows (which the sanitizers see), and the echo keeps to its room. */
static void any_bytes_do_no_harm(void)
{
    static const uint32_t modes[] = { 0, TERMINAL_RAW, TERMINAL_NO_ECHO, TERMINAL_RAW | TERMINAL_RAW_KEYS };

    start(0);
    for (unsigned i = 0; i < 300000; i++) {
        discipline_take(&discipline, &output, (uint8_t)random_next());
        if (random_one_in(300)) {
            discipline_set_mode(&discipline, &output, modes[random_below(4)]);
        }
        if (random_one_in(50)) {
            uint8_t bytes[64];
            uint32_t items;
            (void)typed_copy(&discipline.typed, !(discipline.mode & TERMINAL_RAW), bytes, 1 + random_below(sizeof bytes), &items);
            typed_remove(&discipline.typed, items);
        }
        if (random_one_in(100)) {
            show();
        }
        CHECK(output.count <= OUTPUT_MAX && discipline.size < TYPED_LINE_MAX && discipline.typed.count <= TYPED_MAX);
    }
}

static const struct test tests[] = {
    TEST(a_line_can_be_read_when_it_is_finished),
    TEST(a_read_of_few_bytes_leaves_the_rest_of_the_line),
    TEST(backspace_takes_back_characters_and_what_they_show),
    TEST(bytes_that_are_no_characters_are_taken_back_one_by_one),
    TEST(words_and_lines_are_taken_back),
    TEST(tabs_reach_the_next_stop_and_are_taken_back_whole),
    TEST(an_end_of_input_is_a_read_of_nothing),
    TEST(keys_are_no_input_and_drop_the_line),
    TEST(output_stops_and_goes_on),
    TEST(a_line_is_shown_again),
    TEST(nothing_is_shown_of_a_password),
    TEST(a_line_that_is_too_long_is_refused_and_can_be_finished),
    TEST(what_nobody_reads_is_bounded),
    TEST(what_there_is_room_for_is_not_lost),
    TEST(in_raw_mode_every_byte_is_input),
    TEST(what_was_typed_of_a_line_can_be_read_in_raw_mode),
    TEST(what_was_typed_in_raw_mode_is_typed_anew_in_line_mode),
    TEST(a_full_raw_queue_is_typed_anew_without_loss_of_whole_lines),
    TEST(dropping_leaves_nothing),
    TEST(the_screen_shows_the_line),
    TEST(a_line_without_a_known_width_is_taken_back_too),
    TEST(any_bytes_do_no_harm),
};

TEST_MAIN(tests)

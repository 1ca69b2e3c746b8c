/* What terminals write and what keys send: UTF-8, code page 437, columns, pieces of output, sequences of keys. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ternion/column.h>
#include <ternion/terminal.h>

#include "servers/terminal/glyphs.h"
#include "servers/terminal/keys.h"
#include "servers/terminal/output.h"
#include "shown.h"
#include "test.h"

/* ---- UTF-8 ---- */

static void every_character_is_read_as_it_was_written(void)
{
    struct utf8_reader reader = { 0 };

    for (uint32_t unicode = 0; unicode <= 0x10FFFF; unicode++) {
        uint8_t bytes[UTF8_MAX];
        uint32_t characters[UTF8_MAX];
        uint32_t size = utf8_encode(unicode, bytes);

        if (unicode >= 0xD800 && unicode <= 0xDFFF) {
            CHECK_EQUAL(size, 0);
            continue;
        }
        CHECK_EQUAL(utf8_last(bytes, size), size);
        CHECK_EQUAL(utf8_unfinished(bytes, size), 0);
        for (uint32_t i = 0; i + 1 < size; i++) {
            CHECK_EQUAL(utf8_unfinished(bytes, i + 1), i + 1);
            CHECK_EQUAL(utf8_read(&reader, bytes[i], characters), 0);
        }
        CHECK_EQUAL(utf8_read(&reader, bytes[size - 1], characters), 1);
        CHECK_EQUAL(characters[0], unicode);
    }
    CHECK_EQUAL(utf8_encode(0x110000, (uint8_t[UTF8_MAX]){ 0 }), 0);
}

/* The characters of a text as hexadecimal numbers. */
static const char *read_all(const char *text)
{
    static char said[200];
    struct utf8_reader reader = { 0 };
    char *at = said;

    said[0] = '\0';
    for (; *text != '\0'; text++) {
        uint32_t characters[UTF8_MAX];
        uint32_t found = utf8_read(&reader, (uint8_t)*text, characters);

        for (uint32_t i = 0; i < found; i++) {
            at += sprintf(at, "%s%x", at == said ? "" : " ", characters[i]);
        }
    }
    return said;
}

/* RFC 3629, section 3 and 10: what could be said shorter, surrogates, and what is over 10FFFFh is broken. */
static void each_byte_of_no_character_is_broken(void)
{
    static const struct {
        const char *text;
        const char *characters;
    } broken[] = {
        { "a\x80z", "61 fffd 7a" }, { "\xC3z", "fffd 7a" }, { "\xC0\xAFz", "fffd fffd 7a" }, { "\xC1\xBF", "fffd fffd" },
        { "\xE2\x82z", "fffd fffd 7a" }, { "\xE0\x80\x80", "fffd fffd fffd" }, { "\xED\xA0\x80", "fffd fffd fffd" },
        { "\xF0\x8F\xBF\xBF", "fffd fffd fffd fffd" }, { "\xF4\x90\x80\x80", "fffd fffd fffd fffd" }, { "\xF5\x80", "fffd fffd" },
        { "\xFF\xFE", "fffd fffd" }, { "\xE2\xC3\xA4", "fffd e4" }, { "\xF0\x9F\x98\xC3\xA4", "fffd fffd fffd e4" },
        { "\xED\x9F\xBF", "d7ff" }, { "\xF4\x8F\xBF\xBF", "10ffff" },
    };

    for (unsigned i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        if (strcmp(read_all(broken[i].text), broken[i].characters) != 0) {
            FAIL("number %u is read as %s", i, read_all(broken[i].text));
        }
    }
}

static void the_screen_shows_what_it_has_or_what_is_alike(void)
{
    static const char text[] = "\xC3\xA4\xE2\x94\x80\xCE\xA9 \xE2\x80\x9C\xE2\x80\x93\xE2\x82\xAC\xE4\xB8\xAD\x1B[1m\xFFx";
    struct utf8_reader reader = { 0 };
    uint8_t glyphs[sizeof text + UTF8_MAX];

    uint32_t count = glyphs_of(&reader, (const uint8_t *)text, sizeof text - 1, glyphs);
    glyphs[count] = '\0';
    CHECK(strcmp((const char *)glyphs, "\x84\xC4\xEA \"-E?\x1B[1m?x") == 0);
}

/* ---- Columns ---- */

/* The column that is counted is the one in which the terminal of d\console has its cursor. */
static void columns_are_those_of_the_screen(void)
{
    static const char *const pieces[] = {
        "a", "b", "word", " ", "\r", "\n", "\b", "\t", "\033[31m", "\033[0;1m", "\033[5G", "\033[3;7H", "\033[4C", "\033[2D", "\033[K",
        "\033[999C", "\033[E", "\033[F", "\033(B", "\033]0;title\a", "\033M", "\033[2J", "\033[1;1H", "\033[A", "\033[1K", "\033[3X", "\033[2@", "\033[P", "\033[L", "\033[M", "\033[2e", "\033[2B", "\033[4d", "\033D", "\033E", "\033[?25h", "0123456789012345678901234567890123",
    };

    for (unsigned turn = 0; turn < 500; turn++) {
        struct column column = { .width = SHOWN_COLUMNS };
        shown_begin();
        for (unsigned i = 0; i < 100; i++) {
            const char *piece = pieces[random_below(sizeof pieces / sizeof pieces[0])];
            shown_write(piece, strlen(piece));
            for (const char *at = piece; *at != '\0'; at++) {
                column_take(&column, (uint8_t)*at);
            }
            uint32_t expected = shown_column();
            if (column.at != expected) {
                FAIL("column %u instead of %u behind \"%s\"", column.at, expected, piece[0] == '\033' ? piece + 1 : piece);
            }
        }
    }
}

static bool begins_line(const char *text)
{
    struct column column = { 0 };

    for (; *text != '\0'; text++) {
        column_take(&column, (uint8_t)*text);
    }
    return column.line_is_begun;
}

static void a_line_is_begun_by_characters_alone(void)
{
    CHECK(!begins_line("") && !begins_line("\n") && !begins_line("abc\n") && !begins_line("abc\n\033[0m") && !begins_line("\n\r"));
    CHECK(begins_line("a") && begins_line("a\r") && begins_line("\n\033[1m$ \033[0m") && begins_line("\xC3\xA4"));
    CHECK(!begins_line("\033]0;title\a") && !begins_line("\033[12;34H"));
}

/* ---- Pieces of output ---- */

/* All that was put in comes out, in pieces that tear nothing. */
static void pieces_tear_neither_characters_nor_sequences(void)
{
    static const char *const parts[] = { "a", "\xC3\xA4", "\xE2\x82\xAC", "\033[1;31m", "\033[0m", "\n", "text ", "\033M", "\xF0\x9F\x98\x80" };
    struct output output = { 0 };
    char put[40000], got[40000];
    size_t put_size = 0, got_size = 0;

    while (put_size < sizeof put - 2000) {
        const char *part = parts[random_below(sizeof parts / sizeof parts[0])];
        if (output_write(&output, (const uint8_t *)part, (uint32_t)strlen(part))) {
            memcpy(put + put_size, part, strlen(part));
            put_size += strlen(part);
        }
        if (random_one_in(8)) {
            uint32_t size = output_copy(&output, (uint8_t *)got + got_size, 10 + random_below(30));
            struct column column = { 0 };
            for (uint32_t i = 0; i < size; i++) {
                column_take(&column, (uint8_t)got[got_size + i]);
            }
            CHECK(column.part == COLUMN_TEXT && utf8_unfinished((const uint8_t *)got + got_size, size) == 0);
            output_remove(&output, size);
            got_size += size;
        }
    }
    got_size += output_copy(&output, (uint8_t *)got + got_size, OUTPUT_MAX);
    CHECK(got_size == put_size && memcmp(got, put, got_size) == 0);
}

/* What is torn whatever one does goes all the same: nothing waits for ever. */
static void pieces_come_of_any_bytes(void)
{
    for (unsigned turn = 0; turn < 20000; turn++) {
        struct output output = { .first = random_below(OUTPUT_MAX) };
        uint8_t text[100];
        uint32_t size = 1 + random_below(sizeof text), most = 1 + random_below(64);
        for (uint32_t i = 0; i < size; i++) {
            text[i] = random_one_in(4) ? 0x1B : random_one_in(4) ? '[' : (uint8_t)random_next();
        }
        CHECK(output_write(&output, text, size));
        uint32_t count = output_copy(&output, text, most);
        CHECK(count > 0 && count <= most);
    }
}

static void echo_has_room_when_programs_have_filled_theirs(void)
{
    static const uint8_t text[OUTPUT_TEXT_MAX];
    struct output output = { 0 };

    CHECK(output_write(&output, text, sizeof text));
    CHECK(!output_write(&output, text, 1));
    output_echo(&output, "echo", 4);
    CHECK_EQUAL(output.count, OUTPUT_TEXT_MAX + 4);
    CHECK(!output_write(&output, text, 1));
    for (unsigned i = 0; i < OUTPUT_ECHO_MAX; i++) {
        output_echo(&output, "echo", 4);
    }
    CHECK_EQUAL(output.count, OUTPUT_MAX);
    output_remove(&output, OUTPUT_ECHO_MAX + 1);
    CHECK(output_write(&output, text, 1));
}

/* ---- Keys ---- */

static const char *sent(struct input_key key)
{
    static char text[KEY_BYTES_MAX + 1];
    uint8_t bytes[KEY_BYTES_MAX];

    if (key.meaning == 0) {
        key.meaning = key.key;
    }
    if (key.action == KEY_RELEASED) {
        key.action = KEY_PRESSED;
    }
    uint32_t size = key_bytes(&key, bytes);
    CHECK(size <= KEY_BYTES_MAX);
    memcpy(text, bytes, size);
    text[size] = '\0';
    return text;
}
#define SENT(...) sent((struct input_key){ __VA_ARGS__ })
#define EXPECT_SENT(expected, ...) CHECK(strcmp(SENT(__VA_ARGS__), expected) == 0)

static void characters_are_sent_in_utf8(void)
{
    EXPECT_SENT("a", .key = KEY_A, .unicode = 'a', .symbol = 'a');
    EXPECT_SENT("\xC3\xA4", .key = KEY_APOSTROPHE, .unicode = 0xE4, .symbol = 0xE4);
    EXPECT_SENT("^", .key = KEY_NONE, .unicode = '^');
    EXPECT_SENT("\xE2\x82\xAC", .key = KEY_E, .unicode = 0x20AC, .modifiers = MODIFIER_RIGHT_ALT | MODIFIER_ALTGR);
    EXPECT_SENT("\x03", .key = KEY_C, .unicode = 3, .symbol = 'c', .modifiers = MODIFIER_LEFT_CONTROL);
    EXPECT_SENT("\x1B", .key = KEY_ESCAPE, .unicode = 0x1B);
    EXPECT_SENT("5", .key = KEY_KEYPAD_5, .meaning = KEY_KEYPAD_5, .unicode = '5');
}

static void keys_of_their_own_kind_are_sent_as_terminals_do(void)
{
    EXPECT_SENT("\r", .key = KEY_ENTER, .unicode = '\n', .symbol = '\n');
    EXPECT_SENT("\r", .key = KEY_KEYPAD_ENTER, .unicode = '\n');
    EXPECT_SENT("\n", .key = KEY_J, .unicode = '\n', .symbol = 'j', .modifiers = MODIFIER_LEFT_CONTROL);
    EXPECT_SENT("\x7F", .key = KEY_BACKSPACE, .unicode = '\b', .symbol = '\b');
    EXPECT_SENT("\b", .key = KEY_BACKSPACE, .unicode = 0x7F, .symbol = '\b', .modifiers = MODIFIER_RIGHT_CONTROL);
    EXPECT_SENT("\t", .key = KEY_TAB, .unicode = '\t', .symbol = '\t');
    EXPECT_SENT("\033[Z", .key = KEY_TAB, .unicode = '\t', .symbol = '\t', .modifiers = MODIFIER_LEFT_SHIFT);
    EXPECT_SENT("\x1F", .key = KEY_SLASH, .symbol = '/', .modifiers = MODIFIER_LEFT_CONTROL);
    struct input_key space = { .key = KEY_SPACE, .meaning = KEY_SPACE, .action = KEY_PRESSED, .modifiers = MODIFIER_LEFT_CONTROL };
    uint8_t bytes[KEY_BYTES_MAX] = { 1 };
    CHECK(key_bytes(&space, bytes) == 1 && bytes[0] == 0);
}

static void keys_without_characters_are_sequences(void)
{
    EXPECT_SENT("\033[A", .key = KEY_UP);
    EXPECT_SENT("\033[D", .key = KEY_KEYPAD_4, .meaning = KEY_LEFT);
    EXPECT_SENT("\033[H", .key = KEY_HOME);
    EXPECT_SENT("\033[F", .key = KEY_END);
    EXPECT_SENT("\033[3~", .key = KEY_DELETE);
    EXPECT_SENT("\033[5~", .key = KEY_PAGE_UP);
    EXPECT_SENT("\033OP", .key = KEY_F1);
    EXPECT_SENT("\033[15~", .key = KEY_F5);
    EXPECT_SENT("\033[24~", .key = KEY_F12);
    EXPECT_SENT("\033[1;5C", .key = KEY_RIGHT, .modifiers = MODIFIER_LEFT_CONTROL);
    EXPECT_SENT("\033[1;2P", .key = KEY_F1, .modifiers = MODIFIER_RIGHT_SHIFT);
    EXPECT_SENT("\033[3;8~", .key = KEY_DELETE, .modifiers = MODIFIER_LEFT_CONTROL | MODIFIER_LEFT_ALT | MODIFIER_LEFT_SHIFT);
    EXPECT_SENT("\033[A", .key = KEY_UP, .modifiers = MODIFIER_NUM_LOCK | MODIFIER_CAPS_LOCK);
}

static void alt_puts_an_escape_in_front(void)
{
    EXPECT_SENT("\033x", .key = KEY_X, .symbol = 'x', .modifiers = MODIFIER_LEFT_ALT);
    EXPECT_SENT("\033X", .key = KEY_X, .symbol = 'X', .modifiers = MODIFIER_LEFT_ALT | MODIFIER_LEFT_SHIFT);
    EXPECT_SENT("\033\x18", .key = KEY_X, .symbol = 'x', .modifiers = MODIFIER_LEFT_ALT | MODIFIER_LEFT_CONTROL);
    EXPECT_SENT("\033\r", .key = KEY_ENTER, .symbol = '\n', .modifiers = MODIFIER_LEFT_ALT);
    EXPECT_SENT("\033\x7F", .key = KEY_BACKSPACE, .symbol = '\b', .modifiers = MODIFIER_LEFT_ALT);
}

static void what_sends_nothing_sends_nothing(void)
{
    uint8_t bytes[KEY_BYTES_MAX];

    CHECK_EQUAL(key_bytes(&(struct input_key){ .key = KEY_A, .meaning = KEY_A, .action = KEY_RELEASED, .unicode = 'a' }, bytes), 0);
    EXPECT_SENT("", .key = KEY_LEFT_SHIFT, .modifiers = MODIFIER_LEFT_SHIFT);
    EXPECT_SENT("", .key = KEY_A, .symbol = 'a', .modifiers = MODIFIER_LEFT_GUI);
    EXPECT_SENT("", .key = KEY_UP, .modifiers = MODIFIER_RIGHT_GUI);
    EXPECT_SENT("", .key = KEY_PRINT_SCREEN);
}

static const struct test tests[] = {
    TEST(every_character_is_read_as_it_was_written),
    TEST(each_byte_of_no_character_is_broken),
    TEST(the_screen_shows_what_it_has_or_what_is_alike),
    TEST(columns_are_those_of_the_screen),
    TEST(a_line_is_begun_by_characters_alone),
    TEST(pieces_tear_neither_characters_nor_sequences),
    TEST(pieces_come_of_any_bytes),
    TEST(echo_has_room_when_programs_have_filled_theirs),
    TEST(characters_are_sent_in_utf8),
    TEST(keys_of_their_own_kind_are_sent_as_terminals_do),
    TEST(keys_without_characters_are_sequences),
    TEST(alt_puts_an_escape_in_front),
    TEST(what_sends_nothing_sends_nothing),
};

TEST_MAIN(tests)

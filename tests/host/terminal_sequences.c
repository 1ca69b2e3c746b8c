/* The terminal of d\console: styles, the form of sequences, and whatever bytes may come. */
#include "terminal_screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

/* The attribute of the character behind what the text says. */
static uint8_t attribute_after(const char *text)
{
    say("\033c");
    say(text);
    unsigned row = terminal.now.row;
    unsigned column = terminal.now.column;
    say("x");
    return (uint8_t)(terminal.cells.at[row][column] >> 8);
}

/* ---- Styles ---- */

static void colours_are_those_of_the_adapter(void)
{
    static const uint8_t colours[8] = { 0, 4, 2, 6, 1, 5, 3, 7 };

    begin(PALETTE_16);
    for (unsigned colour = 0; colour < 8; colour++) {
        char text[24];
        snprintf(text, sizeof text, "\033[%um", 30 + colour);
        CHECK_EQUAL(attribute_after(text), colours[colour]);
        snprintf(text, sizeof text, "\033[%um", 40 + colour);
        CHECK_EQUAL(attribute_after(text), colours[colour] << 4 | 7);
        snprintf(text, sizeof text, "\033[%um", 90 + colour);
        CHECK_EQUAL(attribute_after(text), colours[colour] | 8);
        snprintf(text, sizeof text, "\033[%um", 100 + colour);
        CHECK_EQUAL(attribute_after(text), (colours[colour] | 8) << 4 | 7);
    }
    CHECK_EQUAL(attribute_after("\033[31;42;39m"), 0x27);
    CHECK_EQUAL(attribute_after("\033[31;42;49m"), 0x04);
}

static void styles_are_put_on_and_taken_off(void)
{
    static const struct {
        const char *text;
        uint8_t attribute;
    } styles[] = {
        { "", 0x07 }, { "\033[1m", 0x0F }, { "\033[1;31m", 0x0C }, { "\033[1;22m", 0x07 }, { "\033[91;22m", 0x0C },
        { "\033[2m", 0x08 }, { "\033[2;31m", 0x04 }, { "\033[2;91m", 0x04 }, { "\033[1;2;22m", 0x07 },
        { "\033[4m", 0x03 }, { "\033[21m", 0x03 }, { "\033[1;4m", 0x0B }, { "\033[4;24m", 0x07 },
        { "\033[5m", 0x87 }, { "\033[6m", 0x87 }, { "\033[5;25m", 0x07 },
        { "\033[7m", 0x70 }, { "\033[7;27m", 0x07 }, { "\033[7;7m", 0x70 }, { "\033[1;7m", 0xF0 },
        { "\033[33;44;7m", 0x61 }, { "\033[7;33;44m", 0x61 }, { "\033[7;33;44;27m", 0x16 }, { "\033[37;41;1m", 0x4F },
        { "\033[1;4;5;7;31;42m\033[0m", 0x07 }, { "\033[1;31m\033[m", 0x07 }, { "\033[31;m", 0x07 }, { "\033[;31m", 0x04 },
        { "\033[3;8;9;10;28;29;50;77;200m", 0x07 },
    };

    begin(PALETTE_16);
    for (unsigned i = 0; i < sizeof styles / sizeof styles[0]; i++) {
        if (attribute_after(styles[i].text) != styles[i].attribute) {
            FAIL("%s: attribute %02x, not %02x", styles[i].text + 1, attribute_after(styles[i].text), styles[i].attribute);
        }
    }
}

static void colours_beyond_16_become_the_nearest(void)
{
    static const struct {
        const char *text;
        uint8_t attribute;
    } colours[] = {
        { "\033[38;5;1m", 0x04 }, { "\033[38;5;12m", 0x09 }, { "\033[48;5;9m", 0xC7 }, { "\033[38;5;16m", 0x00 },
        { "\033[38;5;231m", 0x0F }, { "\033[38;5;196m", 0x04 }, { "\033[38;5;21m", 0x01 }, { "\033[38;5;34m", 0x02 },
        { "\033[38;5;232m", 0x00 }, { "\033[38;5;240m", 0x08 }, { "\033[38;5;248m", 0x07 }, { "\033[38;5;255m", 0x0F },
        { "\033[48;5;130m", 0x67 }, { "\033[38;5;256m", 0x07 }, { "\033[38;5;9999;31m", 0x04 },
        { "\033[38;2;255;255;255m", 0x0F }, { "\033[38;2;170;85;0;44m", 0x16 }, { "\033[48;2;0;0;160m", 0x17 },
        { "\033[38;2;1;2m", 0x07 }, { "\033[38;5m", 0x07 }, { "\033[38m", 0x07 }, { "\033[38;7;31m", 0x07 },
        { "\033[38;2;256;0;0;32m", 0x02 }, { "\033[38;5;1;48;5;2;1m", 0x2C },
    };

    begin(PALETTE_16);
    for (unsigned i = 0; i < sizeof colours / sizeof colours[0]; i++) {
        if (attribute_after(colours[i].text) != colours[i].attribute) {
            FAIL("%s: attribute %02x, not %02x", colours[i].text + 1, attribute_after(colours[i].text), colours[i].attribute);
        }
    }
}

static void adapters_that_blink_have_eight_backgrounds(void)
{
    begin(PALETTE_16_8);
    CHECK_EQUAL(attribute_after("\033[101m"), 0x47);
    CHECK_EQUAL(attribute_after("\033[101;5m"), 0xC7);
    CHECK_EQUAL(attribute_after("\033[1;7m"), 0x70);
    CHECK_EQUAL(attribute_after("\033[91m"), 0x0C);
}

static void monochrome_adapters_show_what_they_can(void)
{
    begin(PALETTE_MONOCHROME);
    CHECK_EQUAL(attribute_after(""), 0x07);
    CHECK_EQUAL(attribute_after("\033[34m"), 0x07);
    CHECK_EQUAL(attribute_after("\033[94m"), 0x0F);
    CHECK_EQUAL(attribute_after("\033[1m"), 0x0F);
    CHECK_EQUAL(attribute_after("\033[4m"), 0x01);
    CHECK_EQUAL(attribute_after("\033[1;4m"), 0x09);
    CHECK_EQUAL(attribute_after("\033[5m"), 0x87);
    CHECK_EQUAL(attribute_after("\033[7m"), 0x70);
    CHECK_EQUAL(attribute_after("\033[41m"), 0x70);
    CHECK_EQUAL(attribute_after("\033[41;7m"), 0x07);
    CHECK_EQUAL(attribute_after("\033[90;2m"), 0x07);
    CHECK_EQUAL(attribute_after("\033[37;41;1m"), 0x78);
}

/* ---- Sequences as such ---- */

static void unknown_sequences_are_swallowed_whole(void)
{
    static const char *const unknown[] = {
        "\033[6n", "\033[?6n", "\033[c", "\033[>0c", "\033[=1;2c", "\033[?1049h", "\033[?2004l", "\033[20h", "\033[2;3;4y", "\033[18t",
        "\033[!p", "\033[2 q", "\033[?1$p", "\033[1;2\"q", "\033[4:3m", "\033[38:5:1m", "\033[38:2::1:2:3m", "\033[1?2h", "\033[[A",
        "\033[[E", "\033[?5J", "\033[>4;1m", "\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18m",
        "\033(B", "\033)A", "\033*B", "\033#8", "\033%G", "\033 F", "\033()B", "\033=", "\033>", "\033N", "\033Z", "\033\\", "\033~",
        "\033]0;title\a", "\033]0;title\033\\", "\033]P1ff00ff", "\033]R", "\033]8;;http://x/\033\\", "\033P1$r0m\033\\",
        "\033_apc [31m\033\\", "\033^pm\r\b\t\033\\", "\033Xsos\a", "\033]0;\302\233\377\033\\",
        "\033[31\030", "\033\032", "\033]0;title\030", "\033[1;\033[m", "\033\033[m",
    };

    for (unsigned i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        fresh("a");
        say(unknown[i]);
        say("b");
        if (terminal.cells.at[0][0] != 0x0761 || terminal.cells.at[0][1] != 0x0762 || terminal.cells.at[0][2] != 0x0720
            || terminal.now.row != 0 || terminal.now.column != 2) {
            FAIL("ESC %s: the cells are %04x %04x %04x", unknown[i] + 1, terminal.cells.at[0][0], terminal.cells.at[0][1],
                 terminal.cells.at[0][2]);
        }
    }
}

static void a_string_without_an_end_swallows_no_line_behind_it(void)
{
    fresh("a\033]0;title\nb");
    EXPECT_SCREEN("a\nb");
}

static void control_characters_count_within_sequences(void)
{
    fresh("ab\033[\r2\nCx");
    EXPECT_SCREEN("ab\n  x");
}

static void bytes_of_the_code_page_break_sequences(void)
{
    fresh("a\033\x9Bm\033[3\x84m");
    EXPECT_SCREEN("a\x9Bm\x84m");
}

static void many_parameters_stay_within_bounds(void)
{
    begin(PALETTE_16);
    say("\033[");
    for (unsigned i = 0; i < 100000; i++) {
        say("99999999;");
    }
    say("Hx");
    EXPECT_SCREEN("x");
    say("\033[0;0;0;0;0;0;0;0;0;0;0;0;0;0;0;31mx");
    CHECK_EQUAL(terminal.cells.at[0][1], 0x0478);
}

static void reset_brings_everything_back(void)
{
    letters("\033[3;9r\033[?6h\033[?7l\033[?25l\033[4h\033[3g\033[31;42;7m\033(0\033)0\016\033[4;4H\0337\033c");
    struct terminal after = terminal;
    begin(PALETTE_16);
    terminal.cells.changed_first = 0;
    terminal.cells.changed_last = CELL_ROWS - 1;
    CHECK(memcmp(&after, &terminal, sizeof terminal) == 0);
}

/* ---- Taking over ---- */

static void what_stands_on_the_screen_is_taken_over(void)
{
    static cell_t cells[CELL_ROWS][CELL_COLUMNS];

    for (unsigned i = 0; i < CELL_COUNT; i++) {
        cells[i / CELL_COLUMNS][i % CELL_COLUMNS] = (cell_t)(0x1F00 | ('a' + i % 26));
    }
    fresh("gone\033[34m");
    terminal_take_over(&terminal, (const cell_t (*)[CELL_COLUMNS])cells, 7, 0);
    EXPECT_CURSOR(7, 0);
    CHECK(memcmp(terminal.cells.at, cells, sizeof cells) == 0);
    terminal_take_over(&terminal, (const cell_t (*)[CELL_COLUMNS])cells, 7, 5);
    EXPECT_CURSOR(8, 0);
    terminal_take_over(&terminal, (const cell_t (*)[CELL_COLUMNS])cells, 99999, 99999);
    EXPECT_CURSOR(24, 0);
    CHECK(memcmp(terminal.cells.at, cells[1], sizeof cells - sizeof cells[0]) == 0);
}

/* ---- Whatever comes ---- */

/* Bytes that look like text and sequences, and some that look like nothing. */
static size_t random_text(char *text, size_t most)
{
    static const char finals[] = "@ABCDEFGHIJKLMPSTXZ`abcdefghlmnrsuqtp~[]\\";
    size_t size = 0;

    while (size + 12 < most && !random_one_in(200)) {
        switch (random_below(6)) {
        case 0:
            text[size++] = (char)random_next();
            break;
        case 1:
            text[size++] = (char)random_below(32);
            break;
        case 2:
            text[size++] = '\033';
            text[size++] = "78DEHMc()#[]P_^X=>%"[random_below(19)];
            break;
        case 3:
            text[size++] = (char)(' ' + random_below(95));
            break;
        default:
            size += (size_t)sprintf(text + size, "\033[%s", random_one_in(8) ? "?" : "");
            if (!random_one_in(3)) {
                size += (size_t)sprintf(text + size, "%u", random_below(random_one_in(4) ? 10000 : 30));
            }
            text[size++] = random_one_in(3) ? ';' : finals[random_below(sizeof finals - 1)];
        }
    }
    return size;
}

static void random_bytes_keep_the_terminal_sound(void)
{
    static char text[4096];
    static struct terminal before;

    begin(PALETTE_16);
    for (unsigned round = 0; round < 20000; round++) {
        size_t size = random_text(text, sizeof text);
        cells_seen(&terminal.cells);
        before = terminal;
        char *piece = malloc(size);              /* so that a read behind its end is noticed */
        memcpy(piece, text, size);
        terminal_write(&terminal, piece, size);
        free(piece);
        check_terminal_is_sound();
        for (unsigned row = 0; row < CELL_ROWS; row++) {
            if (row < terminal.cells.changed_first || row > terminal.cells.changed_last) {
                CHECK(memcmp(terminal.cells.at[row], before.cells.at[row], sizeof before.cells.at[row]) == 0);
            }
        }
    }
}

static void text_means_the_same_in_pieces(void)
{
    static char text[4096];
    static struct terminal whole;

    for (unsigned round = 0; round < 3000; round++) {
        size_t size = random_text(text, sizeof text);
        begin(PALETTE_16);
        terminal_write(&terminal, text, size);
        whole = terminal;
        begin(PALETTE_16);
        for (size_t i = 0; i < size; i++) {
            terminal_write(&terminal, text + i, 1);
        }
        CHECK(memcmp(&whole, &terminal, sizeof whole) == 0);
    }
}

static void lines_of_their_own_stand_between_others_and_change_nothing(void)
{
    static const char line[] = "a line\n";

    fresh("prompt \033[1;31m\033(0\016");
    terminal_write_line(&terminal, line, sizeof line - 1);
    EXPECT_CURSOR(2, 0);
    say("x\n");
    CHECK_EQUAL(cell_at(2 * CELL_COLUMNS) >> 8, 0x0C);
    CHECK_EQUAL(cell_at(CELL_COLUMNS) >> 8, 0x07);
    terminal_write_line(&terminal, line, sizeof line - 1);
    terminal_write_line(&terminal, line, sizeof line - 1);
    say("\r\033[4h\033[3");
    terminal_write_line(&terminal, line, sizeof line - 1);
    fresh("0123456789");
    say("\r");
    terminal_write_line(&terminal, line, sizeof line - 1);
    EXPECT_SCREEN("0123456789\na line");
    fresh("\033(0qq");
    terminal_write_line(&terminal, "qq\n", 3);
    say("q");
    EXPECT_SCREEN("\xC4\xC4\nqq\n\xC4");
}

static const struct test tests[] = {
    TEST(colours_are_those_of_the_adapter),
    TEST(styles_are_put_on_and_taken_off),
    TEST(colours_beyond_16_become_the_nearest),
    TEST(adapters_that_blink_have_eight_backgrounds),
    TEST(monochrome_adapters_show_what_they_can),
    TEST(unknown_sequences_are_swallowed_whole),
    TEST(a_string_without_an_end_swallows_no_line_behind_it),
    TEST(control_characters_count_within_sequences),
    TEST(bytes_of_the_code_page_break_sequences),
    TEST(many_parameters_stay_within_bounds),
    TEST(reset_brings_everything_back),
    TEST(what_stands_on_the_screen_is_taken_over),
    TEST(random_bytes_keep_the_terminal_sound),
    TEST(text_means_the_same_in_pieces),
    TEST(lines_of_their_own_stand_between_others_and_change_nothing),
};
TEST_MAIN(tests)

/* The terminal of d\console: characters, the cursor, erasing, scrolling. */
#include "terminal_screen.h"

#include "test.h"

/* ---- Characters and control characters ---- */

static void a_new_terminal_is_blank_with_its_cursor_at_home(void)
{
    begin(PALETTE_16);
    EXPECT_SCREEN("");
    EXPECT_CURSOR(0, 0);
    CHECK(!terminal.cursor_is_hidden);
    for (unsigned i = 0; i < CELL_COUNT; i++) {
        CHECK_EQUAL(cell_at(i), 0x0720);
    }
}

static void characters_are_those_of_the_code_page(void)
{
    begin(PALETTE_16);
    for (unsigned character = ' '; character < 256; character++) {
        char byte = (char)character;
        terminal_write(&terminal, &byte, 1);
    }
    for (unsigned i = 0; i < 256 - ' '; i++) {
        CHECK_EQUAL(cell_at(i), 0x0700 + ' ' + i);
    }
}

static void line_ends_begin_the_next_row(void)
{
    fresh("one\ntwo\vthree\ffour\033Efive");
    EXPECT_SCREEN("one\ntwo\nthree\nfour\nfive");
    EXPECT_CURSOR(4, 4);
}

static void the_last_row_scrolls(void)
{
    letters("\033[25;3H\nnew\n");
    EXPECT_SCREEN("c\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt\nu\nv\nw\nx\ny\nnew\n");
    EXPECT_CURSOR(24, 0);
}

static void carriage_return_and_backspace_move_within_the_row(void)
{
    fresh("abc\rX\b\b\bY\033[5Cz\bZ");
    EXPECT_SCREEN("Ybc   Z");
}

static void tabs_lead_to_every_eighth_column_and_to_the_last(void)
{
    fresh("\t1\ta234567\tb\t\t\t\t\t\t\t\t\tc");
    EXPECT_SCREEN("        1       a234567 b                                                      c");
    CHECK(terminal.now.row_is_full);
    say("\td");
    EXPECT_CURSOR(1, 1);
}

static void tab_stops_are_set_and_cleared(void)
{
    fresh("\033[4G\033H\r\tx\r\n\033[9G\033[g\r\t\ty\n\033[3g\tz");
    EXPECT_SCREEN("   x\n                y\n                                                                               z");
    fresh("\033[2Ia\033[Zb\033[3Zc\033[9999I\033[2Zd");
    EXPECT_SCREEN("c               b                                               d");
}

static void bells_and_other_control_characters_do_nothing(void)
{
    const char text[] = "a\0b\a\001c\005\177";

    begin(PALETTE_16);
    terminal_write(&terminal, text, sizeof text - 1);
    EXPECT_SCREEN("abc\177");
}

static void a_full_row_goes_on_in_the_next_with_the_next_character(void)
{
    fresh("\033[80Ga");
    EXPECT_CURSOR(0, 79);
    say("\033[my\nz");
    EXPECT_SCREEN("                                                                               a\ny\nz");
    fresh("\033[80Gab");
    EXPECT_SCREEN("                                                                               a\nb");
    fresh("\033[80Ga\nb");
    EXPECT_SCREEN("                                                                               a\nb");
    fresh("\033[80Ga\033[Db");
    EXPECT_SCREEN("                                                                              ba");
    fresh("\033[80Ga\bb");
    EXPECT_SCREEN("                                                                              ba");
    fresh("\033[80Ga\rb");
    EXPECT_SCREEN("b                                                                              a");
    fresh("\033[80Ga\033[Kb");
    EXPECT_SCREEN("                                                                               b");
    fresh("\033[25;80Hab");
    CHECK_EQUAL(terminal.cells.at[23][79] & 0xFF, 'a');
    CHECK_EQUAL(terminal.cells.at[24][0] & 0xFF, 'b');
}

static void a_row_that_does_not_go_on_keeps_its_last_column_for_what_comes(void)
{
    fresh("\033[?7l\033[79Gabcd");
    EXPECT_SCREEN("                                                                              ad");
    say("\033[?7he");
    EXPECT_SCREEN("                                                                              ad\ne");
}

static void inserted_characters_move_the_row(void)
{
    fresh("abc\r\033[4hXY\033[4lZ");
    EXPECT_SCREEN("XYZbc");
}

static void a_character_is_repeated(void)
{
    fresh("ab\033[3bc");
    EXPECT_SCREEN("abbbbc");
    fresh("\033[5b");
    EXPECT_SCREEN("");
    fresh("a\033[80bx");
    EXPECT_CURSOR(1, 2);
    fresh("a\033[9999b");
    EXPECT_CURSOR(24, 1);
}

static void line_graphics_are_those_of_the_vt100(void)
{
    fresh("q\033(0lqkx`\033(Bq\033)0\016mj\017mj");
    EXPECT_SCREEN("q\xDA\xC4\xBF\xB3\x04q\xC0\xD9mj");
}

/* ---- Cursor ---- */

static void the_cursor_moves_and_stops_at_the_edges(void)
{
    fresh("\033[5;10H");
    EXPECT_CURSOR(4, 9);
    say("\033[A\033[2B\033[3C\033[D");
    EXPECT_CURSOR(5, 11);
    say("\033[0A\033[0C");
    EXPECT_CURSOR(4, 12);
    say("\033[E");
    EXPECT_CURSOR(5, 0);
    say("\033[7G\033[3F");
    EXPECT_CURSOR(2, 0);
    say("\033[20G");
    EXPECT_CURSOR(2, 19);
    say("\033[9d");
    EXPECT_CURSOR(8, 19);
    say("\033[3;4f");
    EXPECT_CURSOR(2, 3);
    say("\033[2e\033[5a\033[30`");
    EXPECT_CURSOR(4, 29);
    say("\033[99;99H");
    EXPECT_CURSOR(24, 79);
    say("\033[99B\033[99C");
    EXPECT_CURSOR(24, 79);
    say("\033[99A\033[99D");
    EXPECT_CURSOR(0, 0);
    say("\033[;5H");
    EXPECT_CURSOR(0, 4);
    say("\033[4;H");
    EXPECT_CURSOR(3, 0);
    say("\033[99999999999999999999;4294967297H");
    EXPECT_CURSOR(24, 79);
}

static void the_cursor_is_kept_and_restored_with_its_style(void)
{
    fresh("\033[8;9H\033[31m\0337\033[H\033[0m\0338x");
    EXPECT_CURSOR(7, 9);
    CHECK_EQUAL(terminal.cells.at[7][8], 0x0478);
    fresh("\033[8;9H\033[s\033[H\033[u");
    EXPECT_CURSOR(7, 8);
    fresh("\033[8;9H\0338");
    EXPECT_CURSOR(0, 0);
    fresh("\033[80Ga\0337\033[H\0338b");
    CHECK_EQUAL(terminal.cells.at[1][0] & 0xFF, 'b');
}

static void the_cursor_is_hidden_and_shown(void)
{
    fresh("\033[?25l");
    CHECK(terminal.cursor_is_hidden);
    say("\033[25h");
    CHECK(terminal.cursor_is_hidden);
    say("\033[?7;25h");
    CHECK(!terminal.cursor_is_hidden);
}

/* ---- Erasing ---- */

static void screens_are_erased_in_part_and_whole(void)
{
    letters("\033[3;1HCc\033[24;1HXx\033[24;2H\033[J");
    EXPECT_SCREEN("a\nb\nCc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt\nu\nv\nw\nX");
    EXPECT_CURSOR(23, 1);
    say("\033[3;1H\033[1J");
    EXPECT_SCREEN("\n\n c\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt\nu\nv\nw\nX");
    EXPECT_CURSOR(2, 0);
    say("\033[4J");
    EXPECT_SCREEN("\n\n c\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt\nu\nv\nw\nX");
    say("\033[2J");
    EXPECT_SCREEN("");
    EXPECT_CURSOR(2, 0);
}

static void rows_are_erased_in_part_and_whole(void)
{
    fresh("abcde\033[3G\033[K");
    EXPECT_SCREEN("ab");
    fresh("abcde\033[3G\033[1K");
    EXPECT_SCREEN("   de");
    fresh("abcde\033[3G\033[2K");
    EXPECT_SCREEN("");
    EXPECT_CURSOR(0, 2);
    fresh("abcde\033[3G\033[3K");
    EXPECT_SCREEN("abcde");
    fresh("abcde\033[2G\033[2X");
    EXPECT_SCREEN("a  de");
    EXPECT_CURSOR(0, 1);
    fresh("abcde\033[2G\033[999X");
    EXPECT_SCREEN("a");
}

static void what_is_erased_has_the_present_background(void)
{
    fresh("\033[7;44;31mab\033[K\033[2X");
    CHECK_EQUAL(terminal.cells.at[0][1], 0x4162);
    for (unsigned column = 2; column < CELL_COLUMNS; column++) {
        CHECK_EQUAL(terminal.cells.at[0][column], 0x1720);
    }
    CHECK_EQUAL(terminal.cells.at[1][0], 0x0720);
    say("\033[25H\n");
    CHECK_EQUAL(terminal.cells.at[24][5], 0x1720);
    fresh("\033[47m\033[2J");
    CHECK_EQUAL(terminal.cells.at[24][5], 0x7020);
}

/* ---- Moving cells and rows ---- */

static void cells_are_inserted_and_deleted_within_the_row(void)
{
    fresh("abcde\033[2G\033[@");
    EXPECT_SCREEN("a bcde");
    EXPECT_CURSOR(0, 1);
    fresh("abcde\033[80Gz\033[2G\033[3@");
    EXPECT_SCREEN("a   bcde");
    fresh("abcde\033[2G\033[999@");
    EXPECT_SCREEN("a");
    fresh("abcde\033[80Gz\033[2G\033[2P");
    EXPECT_SCREEN("ade                                                                          z");
    fresh("abcde\033[2G\033[999P");
    EXPECT_SCREEN("a");
}

static void rows_are_inserted_and_deleted(void)
{
    letters("\033[2;9H\033[2L");
    EXPECT_SCREEN("a\n\n\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt\nu\nv\nw");
    EXPECT_CURSOR(1, 0);
    letters("\033[2;9H\033[M");
    EXPECT_SCREEN("a\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt\nu\nv\nw\nx\ny\n");
    EXPECT_CURSOR(1, 0);
    letters("\033[24H\033[99L\033[3H\033[99M");
    EXPECT_SCREEN("a\nb");
}

static void the_screen_scrolls_both_ways(void)
{
    letters("\033[5;5H\033[2S");
    EXPECT_SCREEN("c\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt\nu\nv\nw\nx\ny\n");
    EXPECT_CURSOR(4, 4);
    letters("\033[T");
    EXPECT_SCREEN("\na\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt\nu\nv\nw\nx");
    letters("\033[999S");
    EXPECT_SCREEN("");
    letters("\033[999T");
    EXPECT_SCREEN("");
}

/* ---- The scroll region ---- */

static void a_region_scrolls_alone(void)
{
    letters("\033[3;5r");
    EXPECT_CURSOR(0, 0);
    say("\033[5;1H\n-");
    EXPECT_SCREEN("a\nb\nd\ne\n-\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt\nu\nv\nw\nx\ny");
    say("\033[3;1H\033M+");
    EXPECT_SCREEN("a\nb\n+\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt\nu\nv\nw\nx\ny");
    say("\033[S\033[T");
    EXPECT_SCREEN("a\nb\n\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt\nu\nv\nw\nx\ny");
    say("\033[4;1H\033[9L");
    EXPECT_SCREEN("a\nb\n\n\n\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt\nu\nv\nw\nx\ny");
    say("\033[1;1H\033[L\033[M\033[25;1H\033[L");
    EXPECT_SCREEN("a\nb\n\n\n\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt\nu\nv\nw\nx\ny");
}

static void a_line_feed_below_the_region_scrolls_nothing(void)
{
    letters("\033[3;5r\033[25;1H\n\n!\033[1;2H\033M\033M?");
    EXPECT_SCREEN("a?\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt\nu\nv\nw\nx\n!");
}

static void index_keeps_the_column(void)
{
    letters("\033[2;5H\033D+");
    EXPECT_CURSOR(2, 5);
    say("\033M\033M\033M-");
    EXPECT_SCREEN("     -\na\nb\nc   +\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt\nu\nv\nw\nx");
}

static void a_region_that_makes_no_sense_changes_nothing(void)
{
    letters("\033[3;5r\033[7;7H\033[5;5r\033[9;3r\033[26;30r");
    EXPECT_CURSOR(6, 6);
    CHECK_EQUAL(terminal.top, 2);
    CHECK_EQUAL(terminal.bottom, 4);
    say("\033[2;99r");
    CHECK_EQUAL(terminal.top, 1);
    CHECK_EQUAL(terminal.bottom, 24);
    say("\033[r");
    CHECK_EQUAL(terminal.top, 0);
    CHECK_EQUAL(terminal.bottom, 24);
}

static void the_region_stops_the_cursor_that_is_in_it(void)
{
    letters("\033[5;10r\033[7;1H\033[99A");
    EXPECT_CURSOR(4, 0);
    say("\033[99B");
    EXPECT_CURSOR(9, 0);
    say("\033[12H\033[99A");
    EXPECT_CURSOR(4, 0);
    say("\033[2H\033[99A");
    EXPECT_CURSOR(0, 0);
    say("\033[12H\033[99B");
    EXPECT_CURSOR(24, 0);
}

static void the_region_can_be_the_origin(void)
{
    letters("\033[5;10r\033[?6h");
    EXPECT_CURSOR(4, 0);
    say("\033[2;3H");
    EXPECT_CURSOR(5, 2);
    say("\033[99;1H");
    EXPECT_CURSOR(9, 0);
    say("\033[3d");
    EXPECT_CURSOR(6, 0);
    say("\0337\033[?6l");
    EXPECT_CURSOR(0, 0);
    say("\0338\033[H");
    EXPECT_CURSOR(4, 0);
}

static const struct test tests[] = {
    TEST(a_new_terminal_is_blank_with_its_cursor_at_home),
    TEST(characters_are_those_of_the_code_page),
    TEST(line_ends_begin_the_next_row),
    TEST(the_last_row_scrolls),
    TEST(carriage_return_and_backspace_move_within_the_row),
    TEST(tabs_lead_to_every_eighth_column_and_to_the_last),
    TEST(tab_stops_are_set_and_cleared),
    TEST(bells_and_other_control_characters_do_nothing),
    TEST(a_full_row_goes_on_in_the_next_with_the_next_character),
    TEST(a_row_that_does_not_go_on_keeps_its_last_column_for_what_comes),
    TEST(inserted_characters_move_the_row),
    TEST(a_character_is_repeated),
    TEST(line_graphics_are_those_of_the_vt100),
    TEST(the_cursor_moves_and_stops_at_the_edges),
    TEST(the_cursor_is_kept_and_restored_with_its_style),
    TEST(the_cursor_is_hidden_and_shown),
    TEST(screens_are_erased_in_part_and_whole),
    TEST(rows_are_erased_in_part_and_whole),
    TEST(what_is_erased_has_the_present_background),
    TEST(cells_are_inserted_and_deleted_within_the_row),
    TEST(rows_are_inserted_and_deleted),
    TEST(the_screen_scrolls_both_ways),
    TEST(a_region_scrolls_alone),
    TEST(a_line_feed_below_the_region_scrolls_nothing),
    TEST(index_keeps_the_column),
    TEST(a_region_that_makes_no_sense_changes_nothing),
    TEST(the_region_stops_the_cursor_that_is_in_it),
    TEST(the_region_can_be_the_origin),
};
TEST_MAIN(tests)

/*
 * The shell's line editor: keys in, a line out, and on the screen of d\console's own terminal always what the line is. The rest
 * of the shell is there for what names are completed with.
 */
#include "apps/shell/editor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/shell/console.h"
#include "apps/shell/functions.h"
#include "apps/shell/history.h"
#include "apps/shell/shell.h"
#include "apps/shell/stack.h"
#include "apps/shell/variables.h"
#include "terminal_screen.h"
#include "test.h"

#undef main

#define COLUMNS CELL_COLUMNS
#define ROWS CELL_ROWS
#define STRANGE '#'     /* stands for every character beyond ASCII */

/* Nobody lives at a terminal here. */
bool console_open(const char *name) { (void)name; return false; }
void console_set_raw(bool is_raw) { (void)is_raw; }
int console_read(char *byte_out) { (void)byte_out; return 0; }
bool console_has_more(void) { return false; }
void console_write(const char *bytes, size_t size) { (void)bytes, (void)size; }
void console_size(unsigned *columns_out, unsigned *rows_out) { *columns_out = COLUMNS; *rows_out = ROWS; }
void console_give(const pid_t *processes, unsigned count) { (void)processes, (void)count; }
void console_watch(void) { }

/* ---- The terminal: keys from a text, output to the screen ---- */

static const char *typed;
static bool all_at_once;            /* what is typed has been typed before it is read */
static void (*before_read)(void);   /* called when all that was typed is on the screen */

static int read_key(char *byte_out)
{
    if (before_read != NULL) {
        before_read();
    }
    if (*typed == '\0') {
        return 0;
    }
    *byte_out = *typed++;
    return 1;
}

static bool has_more(void)
{
    return all_at_once && *typed != '\0';
}

/* As s\terminal does it: bytes that continue a character are left out, its first byte stands for all of it. */
static void write_screen(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        char byte = bytes[i];
        if (((unsigned char)byte & 0xC0) != 0x80) {
            byte = (unsigned char)byte >= 0x80 ? STRANGE : byte;
            terminal_write(&terminal, &byte, 1);
        }
    }
}

static const struct editor_terminal fake = { read_key, has_more, write_screen, COLUMNS, ROWS };
static struct line line;

static enum edited edit(const char *prompt, const char *keys)
{
    typed = keys;
    return editor_read(&fake, prompt, &line);
}

static void expect(const char *keys, const char *expected)
{
    char with_enter[1000];

    fresh("");
    snprintf(with_enter, sizeof with_enter, "%s\r", keys);
    CHECK(edit("> ", with_enter) == EDITED_LINE);
    if (strcmp(line.bytes, expected) != 0) {
        FAIL("%s becomes \"%s\", not \"%s\"", keys, line.bytes, expected);
    }
}

#define UP "\x1B[A"
#define DOWN "\x1B[B"
#define RIGHT "\x1B[C"
#define LEFT "\x1B[D"

static void keys_do_what_they_do_elsewhere(void)
{
    expect("hello", "hello");
    expect("helo" LEFT "l", "hello");
    expect("ello\x01h\x05!", "hello!");
    expect("ello\x1B[Hh\x1B[F!", "hello!");
    expect("ello\x1BOHh\x1B[4~!\x1B[1~-", "-hello!");
    expect("helXlo" LEFT LEFT "\x7F", "hello");
    expect("helXlo" LEFT LEFT LEFT "\x1B[3~", "hello");
    expect("helXlo" LEFT LEFT LEFT "\x04", "hello");
    expect("one two three\x17\x17", "one ");
    expect("one two.three\x1B\x7F", "one two.");
    expect("one two\x1B" "b\x1B" "bX\x1B" "fY", "XoneY two");
    expect("one two\x1B[1;5DX\x1B[1;5D\x1B[1;5D\x1B[1;5CY", "oneY Xtwo");
    expect("one two\x01\x1B" "d", " two");
    expect("one two\x1B" "b\x0B", "one ");
    expect("one two\x1B" "b\x15", "two");
    expect("one two\x17\x01\x19", "twoone ");
    expect("one two\x1B" "b\x0B\x19\x19", "one twotwo");
    expect("ab\x14", "ba");
    expect("abc" LEFT "\x14", "acb");
    expect("\x02\x06" "a\x02" "b\x06" "c", "bac");
    expect("\x1B[5~\x1B[99;99x\x1B[200;1zab\x1Bqc", "abc");
    expect("\xC3\xA9\xC3\xA0" LEFT "x\x7F\x7F", "\xC3\xA0");
    expect("a\xF0\x9F\x98\x80" "b" LEFT LEFT "\x1B[3~", "ab");
    expect("\xC3x\xFF", "x");
}

static void lines_end_as_they_are_told_to(void)
{
    fresh("");
    CHECK(edit("> ", "\x04") == EDITED_END);
    CHECK(edit("> ", "abc\x03") == EDITED_INTERRUPTED);
    CHECK(edit("> ", "abc") == EDITED_GONE);
    CHECK(edit("> ", "\n") == EDITED_LINE && line.size == 0);
    CHECK(edit("> ", "a\x04\x7F\x04") == EDITED_END);
}

static void history_is_gone_through(void)
{
    history_add("first");
    history_add("second");
    history_add("second");
    history_add("");
    history_add(" hidden");
    CHECK_EQUAL(history_count(), 2);
    expect(UP, "second");
    expect(UP UP, "first");
    expect(UP UP UP, "first");
    expect("new" UP DOWN, "new");
    expect("new" UP UP "X" DOWN DOWN "!", "new!");
    expect("\x10\x10\x0E", "second");
    expect(DOWN "x", "x");
}

static void searching_goes_back_in_time(void)
{
    history_add("echo one");
    history_add("cat two");
    history_add("echo three");
    expect("\x12" "echo", "echo three");
    expect("\x12" "echo\x12", "echo one");
    expect("\x12" "o\x12\x12", "echo one");
    expect("\x12" "twx\x7F", "cat two");
    expect("\x12" "tw\x05!", "cat two!");
    expect("\x12" "tw" LEFT "X", "catX two");
    expect("before\x12" "two\x07!", "before!");
    expect("before\x12" "two\x03!", "before!");
    expect("before\x12" "zz\x05!", "before!");
    expect("\x12" "echo" UP, "cat two");
}

static void old_lines_are_kept_in_a_file(void)
{
    char path[] = "/tmp/ternion-history-XXXXXX";
    int descriptor = mkstemp(path);

    CHECK(descriptor >= 0);
    close(descriptor);
    history_open(path);
    history_add("one");
    history_add("if true\nthen echo\nfi");
    history_clear();
    CHECK_EQUAL(history_count(), 0);
    history_add("three");
    history_add("for i\ndo x\ndone");
    for (unsigned i = 0; i < HISTORY_LINES_MAX + 20; i++) {
        char text[20];
        snprintf(text, sizeof text, "line %u", i);
        history_add(text);
    }
    CHECK_EQUAL(history_count(), HISTORY_LINES_MAX);
    CHECK(strcmp(history_line(HISTORY_LINES_MAX), "line 20") == 0);
    history_open(path);     /* as a new shell does; here they come behind what there is */
    CHECK_EQUAL(history_count(), HISTORY_LINES_MAX);
    CHECK(strcmp(history_line(1), "line 519") == 0 && strcmp(history_line(HISTORY_LINES_MAX), "line 20") == 0);
    history_add("a\nb");
    history_open(path);
    CHECK(strcmp(history_line(1), "a\nb") == 0);
    unlink(path);
}

/* ---- Completion ---- */

static char folder[] = "/tmp/ternion-editor-XXXXXX";

static void make(const char *name, bool is_directory)
{
    char path[200];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (is_directory) {
        CHECK(mkdir(path, 0700) == 0);
    } else {
        FILE *file = fopen(path, "w");
        CHECK(file != NULL);
        fclose(file);
    }
}

static void names_are_completed(void)
{
    CHECK(mkdtemp(folder) != NULL && chdir(folder) == 0);
    make("alpha.txt", false);
    make("alpine", true);
    make("beta one", false);
    make("it's", false);
    make(".hidden", false);
    make("alpine/deep.elf", false);
    make("bin", true);
    make("bin/program.elf", false);
    make("bin/prober", false);
    make("$x", false);
    char path[200];
    snprintf(path, sizeof path, "%s/bin", folder);
    (void)variable_set("PATH", path);
    (void)variable_set("HOME", folder);
    (void)variable_set("LONGNAME", "1");
    (void)variable_set("LONGER", "1");
    CHECK(function_define_text("fun_ction", "{ :; }"));

    expect("cat alpha\t", "cat alpha.txt ");
    expect("cat al\t", "cat alp");
    expect("cat alp\ti\t", "cat alpine/");
    expect("cat alpine/\t", "cat alpine/deep.elf ");
    expect("cat b\te\t", "cat beta\\ one ");
    expect("cat beta\\ \t", "cat beta\\ one ");
    expect("cat 'be\t", "cat 'beta one' ");
    expect("cat \"be\t", "cat \"beta one\" ");
    expect("cat be\"ta\t", "cat beta\\ one ");
    expect("cat \"al\"pha\t", "cat \"\"alpha.txt ");
    expect("cat it\t", "cat it\\'s ");
    expect("cat 'it\t", "cat 'it'\\''s' ");
    expect("cat .h\t", "cat .hidden ");
    expect("cat \\$\t", "cat \\$x ");
    expect("cat ~/alpha\t", "cat ~/alpha.txt ");
    expect("cat <alpha\t", "cat <alpha.txt ");
    expect("cat a=alpha\t", "cat a=alpha.txt ");
    expect("cat a=alpine/d\t", "cat a=alpine/deep.elf ");
    expect("x=alpha\t", "x=alpha.txt ");
    expect("PATH=bin:alpi\t", "PATH=bin:alpine/");
    expect("prog\t", "program ");
    expect("pro\tb\t", "prober ");
    expect("ech\t", "echo ");
    expect("fun\t", "fun_ction ");
    expect("a; ech\t", "a; echo ");
    expect("a | (ech\t", "a | (echo ");
    expect("if prog\t", "if program ");
    expect("x=1 prog\t", "x=1 program ");
    expect("echo $(prog\t", "echo $(program ");
    expect("echo prog\t", "echo prog");
    expect("./bin/prog\t", "./bin/program.elf ");
    expect("echo $LONGN\t", "echo $LONGNAME ");
    expect("echo $LON\t", "echo $LONG");
    expect("echo ${LONGN\t", "echo ${LONGNAME} ");
    expect("echo \"$LONGN\t", "echo \"$LONGNAME");
    expect("cat nothing\t", "cat nothing");
    expect("cat alpha" LEFT LEFT LEFT LEFT LEFT "x" LEFT "\t", "cat xalpha");

    fresh("");
    CHECK(edit("> ", "cat al\t\t\tp\r") == EDITED_LINE);
    EXPECT_SCREEN("> cat alp\nalpha.txt  alpine/\n> cat alpp");
    char clean[220];
    snprintf(clean, sizeof clean, "rm -rf '%s'", folder);
    CHECK(system(clean) == 0);
}

/* ---- Pasting ---- */

static void what_is_pasted_does_no_harm(void)
{
    fresh("");
    CHECK(edit("> ", "\x1B[200~echo a\recho\tb\n\x1B[201~c\r") == EDITED_LINE);
    CHECK(strcmp(line.bytes, "echo a\necho\tb\nc") == 0);
    all_at_once = true;
    CHECK(edit("> ", "cat\tx\rnext") == EDITED_LINE);
    CHECK(strcmp(line.bytes, "cat\tx") == 0 && strcmp(typed, "next") == 0);
    all_at_once = false;

    static char much[3 * LINE_SIZE_MAX];
    memset(much, 'x', sizeof much - 2);
    much[sizeof much - 2] = '\r';
    all_at_once = true;
    CHECK(edit("> ", much) == EDITED_LINE);
    CHECK_EQUAL(line.size, LINE_SIZE_MAX);
}

/* ---- The screen ---- */

static unsigned top;        /* the row in which the prompt stands */
static char prompt[200];
static size_t prompt_cells;

/* What the screen must show: worked out cell by cell, in another way than the editor's. */
static void check_screen(void)
{
    static char cells[LINE_SIZE_MAX * 2 + 200];
    unsigned row = 0, column = 0, cursor_row = 0, cursor_column = 0;
    static char rows[400][COLUMNS + 1];

    memset(rows, ' ', sizeof rows);
    snprintf(cells, sizeof cells, "%s", prompt);
    size_t prompt_size = strlen(cells);
    memcpy(cells + prompt_size, line.bytes, line.size + 1);
    for (size_t i = 0; i <= prompt_size + line.size; i++) {
        unsigned char byte = (unsigned char)cells[i];
        if (i == prompt_size + line.at) {
            cursor_row = row;
            cursor_column = column;
        }
        if (byte == '\0' || (byte & 0xC0) == 0x80) {
            continue;
        }
        if (byte == '\n') {
            row++;
            column = 0;
            continue;
        }
        const char shown[] = { byte < 0x20 ? '^' : byte >= 0x80 ? STRANGE : (char)byte, byte < 0x20 ? (char)(byte + '@') : '\0', '\0' };
        for (const char *at = shown; *at != '\0'; at++) {
            rows[row][column++] = *at;
            if (column == COLUMNS) {
                row++;
                column = 0;
            }
        }
    }
    if (row >= ROWS) {
        return;             /* it is shown in part */
    }
    top = top + row >= ROWS ? ROWS - 1 - row : top;
    for (unsigned i = 0; top + i < ROWS; i++) {
        for (unsigned k = 0; k < COLUMNS; k++) {
            char is = (char)terminal.cells.at[top + i][k], wanted = i <= row ? rows[i][k] : ' ';
            if (is != wanted) {
                FAIL("row %u, column %u is '%c', not '%c', with the line \"%s\"", top + i, k, is, wanted, line.bytes);
            }
        }
    }
    unsigned is_column = terminal.now.row_is_full ? COLUMNS : terminal.now.column;
    if (terminal.now.row != top + cursor_row || is_column != cursor_column) {
        FAIL("the cursor is at %u, %u, not at %u, %u, with the line \"%s\"", terminal.now.row, is_column, top + cursor_row, cursor_column, line.bytes);
    }
}

static void random_keys(char *keys, size_t room)
{
    static const char *const special[] = {
        LEFT, RIGHT, LEFT, RIGHT, "\x01", "\x05", "\x7F", "\x1B[3~", "\x17", "\x0B", "\x15", "\x19", "\x14", "\x1B" "b", "\x1B" "f", "\x1B" "d", UP, DOWN,
        "\x1B[200~", "\x1B[201~", "\n", "\xC3\xA9", "word ", "another-word",
    };
    size_t used = 0;

    while (used + 40 < room) {
        if (random_one_in(3)) {
            const char *key = special[random_below(sizeof special / sizeof special[0])];
            if (*key == '\n') {
                used += (size_t)sprintf(keys + used, "\x1B[200~\n\x1B[201~");
            } else {
                used += (size_t)sprintf(keys + used, "%s", key);
            }
        } else {
            keys[used++] = (char)(' ' + random_below(95));
        }
    }
    strcpy(keys + used, "\x1B[201~\r");
}

static void the_screen_shows_the_line(void)
{
    static char keys[2000];
    char old[400];

    memset(old, 'o', sizeof old - 1);
    old[sizeof old - 1] = '\0';
    history_add("short");
    history_add(old);
    history_add("with\nseveral\nlines");
    for (unsigned round = 0; round < 60; round++) {
        fresh("");
        top = random_below(ROWS);
        for (unsigned i = 0; i < top; i++) {
            say("\n");
        }
        prompt_cells = 1 + random_below(round % 4 == 0 ? 170 : 20);
        memset(prompt, '>', prompt_cells);
        prompt[prompt_cells] = '\0';
        random_keys(keys, 100 + random_below(1500));
        before_read = check_screen;
        CHECK(edit(prompt, keys) == EDITED_LINE);
        before_read = NULL;
        EXPECT_CURSOR(terminal.now.row, 0);
    }
}

/* Clearing moves the prompt to the first row; the model must know. */
static void clearing_the_screen_is_seen(void)
{
    fresh("old\n\n");
    CHECK(edit("> ", "abc\x0C" "d\r") == EDITED_LINE);
    EXPECT_SCREEN("> abcd");
}

static void a_line_longer_than_the_screen_is_shown_around_its_cursor(void)
{
    static char keys[COLUMNS * ROWS + 300];

    for (unsigned i = 0; i < COLUMNS * ROWS; i++) {
        keys[i] = (char)('a' + i / COLUMNS % 26);
    }
    strcpy(keys + COLUMNS * ROWS, "zz");
    typed = keys;
    fresh("");
    line_clear(&line);
    CHECK(editor_read(&fake, "> ", &line) == EDITED_GONE);
    CHECK((char)terminal.cells.at[ROWS - 2][2] == 'z' && (char)terminal.cells.at[ROWS - 3][COLUMNS - 1] == 'y');
    strcpy(keys + COLUMNS * ROWS, "zz\x01X\x15Y\r");
    fresh("");
    CHECK(edit("> ", keys) == EDITED_LINE);
    CHECK(line.bytes[0] == 'Y' && line.bytes[1] == 'a');
    strcpy(keys + COLUMNS * ROWS, "zz\x15short\r");
    fresh("");
    CHECK(edit("> ", keys) == EDITED_LINE);
    EXPECT_SCREEN("> short");
}

static void prompts_may_have_colours(void)
{
    fresh("");
    CHECK(edit("\x1B[1;31mred\x1B[m> ", "abc" LEFT LEFT "X\r") == EDITED_LINE);
    EXPECT_SCREEN("red> aXbc");
    fresh("");
    CHECK(edit("two\nrows> ", "abc\x01X\r") == EDITED_LINE);
    EXPECT_SCREEN("two\nrows> Xabc");
}

static const struct test tests[] = {
    TEST(keys_do_what_they_do_elsewhere),
    TEST(lines_end_as_they_are_told_to),
    TEST(history_is_gone_through),
    TEST(searching_goes_back_in_time),
    TEST(old_lines_are_kept_in_a_file),
    TEST(names_are_completed),
    TEST(what_is_pasted_does_no_harm),
    TEST(the_screen_shows_the_line),
    TEST(clearing_the_screen_is_seen),
    TEST(a_line_longer_than_the_screen_is_shown_around_its_cursor),
    TEST(prompts_may_have_colours),
};

int main(void)
{
    stack_begin();
    return tests_run(tests, sizeof tests / sizeof tests[0]);
}

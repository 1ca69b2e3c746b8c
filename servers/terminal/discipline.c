#include "discipline.h"

#include <ternion/string.h>

#include "utf8.h"

#define CONTROL(letter) ((letter) - '@')
#define DELETE 0x7F
#define TAB_COLUMNS 8U

/* ---- Echo ---- */

static void echo(const struct discipline *discipline, struct output *output, const char *text)
{
    if (!(discipline->mode & (TERMINAL_NO_ECHO | TERMINAL_RAW))) {
        output_echo(output, text, (uint32_t)strlen(text));
    }
}

/* The last column is never left full: terminals differ in what goes back from there. A character and \r begin the next row on all. */
static void begin_next_row(const struct discipline *discipline, struct output *output)
{
    if (output->column.width != 0 && output->column.at >= output->column.width) {
        echo(discipline, output, " \r");
    }
}

static void echo_byte(const struct discipline *discipline, struct output *output, uint8_t byte)
{
    echo(discipline, output, (const char[]){ (char)byte, '\0' });
}

/* What a control character shows: ^X. */
static void echo_control(const struct discipline *discipline, struct output *output, uint8_t byte)
{
    echo_byte(discipline, output, '^');
    begin_next_row(discipline, output);
    echo_byte(discipline, output, byte ^ 0x40);
    begin_next_row(discipline, output);
}

static bool is_control(uint8_t byte)
{
    return byte < ' ' || byte == DELETE;
}

static uint32_t tab_cells(uint32_t column)
{
    return TAB_COLUMNS - column % TAB_COLUMNS;
}

/* Cells that a character takes which begins in this column. Each byte of it is given; those behind the first take none. */
static uint32_t cells_of(uint8_t byte, uint32_t column)
{
    return byte == '\t' ? tab_cells(column) : is_control(byte) ? 2 : (byte & 0xC0) == 0x80 ? 0 : 1;
}

/* The column, counted on over the ends of rows, behind the first `size` bytes of the line. */
static uint32_t column_behind(const struct discipline *discipline, uint32_t size)
{
    uint32_t column = discipline->begin;

    for (uint32_t i = 0; i < size; i++) {
        column += cells_of(discipline->line[i], column);
    }
    return column;
}

/* Shows the byte of the line that ends at `size`. */
static void echo_character(const struct discipline *discipline, struct output *output, uint32_t size)
{
    uint8_t byte = discipline->line[size - 1];

    if (byte == '\t') {
        for (uint32_t cells = tab_cells(column_behind(discipline, size - 1)); cells > 0; cells--) {
            echo(discipline, output, " ");
            begin_next_row(discipline, output);
        }
    } else if (is_control(byte)) {
        echo_control(discipline, output, byte);
    } else {
        echo_byte(discipline, output, byte);
        if (utf8_unfinished(discipline->line, size) == 0) {
            begin_next_row(discipline, output);
        }
    }
}

/* From the first column the way back is to the end of the row above. */
static void erase_cell(const struct discipline *discipline, struct output *output)
{
    if (output->column.width != 0 && output->column.at == 0) {
        echo(discipline, output, "\033[A\033[999G\033[K");
    } else {
        echo(discipline, output, "\b \b");
    }
}

/* ---- The line ---- */

static void erase_character(struct discipline *discipline, struct output *output)
{
    uint32_t column = column_behind(discipline, discipline->size);

    discipline->size -= utf8_last(discipline->line, discipline->size);
    for (uint32_t left = column_behind(discipline, discipline->size); column > left; column--) {
        erase_cell(discipline, output);
    }
}

static void erase_line(struct discipline *discipline, struct output *output)
{
    while (discipline->size > 0) {
        erase_character(discipline, output);
    }
}

static bool ends_in_blank(const struct discipline *discipline)
{
    uint8_t byte = discipline->line[discipline->size - 1];

    return byte == ' ' || byte == '\t';
}

static void erase_word(struct discipline *discipline, struct output *output)
{
    while (discipline->size > 0 && ends_in_blank(discipline)) {
        erase_character(discipline, output);
    }
    while (discipline->size > 0 && !ends_in_blank(discipline)) {
        erase_character(discipline, output);
    }
}

static void refuse(const struct discipline *discipline, struct output *output)
{
    echo(discipline, output, "\a");
}

/* A byte for the line; the last place is for its end. */
static void append(struct discipline *discipline, struct output *output, uint8_t byte)
{
    if (discipline->size == TYPED_LINE_MAX - 1 || typed_room(&discipline->typed) <= discipline->size) {
        refuse(discipline, output);
        return;
    }
    if (discipline->size == 0) {
        discipline->begin = output->column.at;
    }
    discipline->line[discipline->size++] = byte;
    echo_character(discipline, output, discipline->size);
}

/* The line can be read. */
static void give_line(struct discipline *discipline)
{
    for (uint32_t i = 0; i < discipline->size; i++) {
        typed_put(&discipline->typed, discipline->line[i] | (i == discipline->size - 1 ? TYPED_LINE_END : 0));
    }
    discipline->size = 0;
}

static void finish(struct discipline *discipline, struct output *output)
{
    if (typed_room(&discipline->typed) < discipline->size + 1) {
        refuse(discipline, output);
        return;
    }
    echo(discipline, output, "\n");
    discipline->line[discipline->size++] = '\n';
    give_line(discipline);
}

/* Ctrl+D: what is there of the line is given as it is; nothing is the end of the input. */
static void end_input(struct discipline *discipline, struct output *output)
{
    if (typed_room(&discipline->typed) < discipline->size + 1) {
        refuse(discipline, output);
    } else if (discipline->size == 0) {
        typed_put(&discipline->typed, CONTROL('D') | TYPED_LINE_END | TYPED_NO_BYTE);
    } else {
        give_line(discipline);
    }
}

static void show_again(struct discipline *discipline, struct output *output)
{
    echo_control(discipline, output, CONTROL('R'));
    echo(discipline, output, "\n");
    discipline->begin = output->column.at;
    for (uint32_t size = 1; size <= discipline->size; size++) {
        echo_character(discipline, output, size);
    }
}

/* Ctrl+C, Ctrl+Z */
static void take_key(struct discipline *discipline, struct output *output, uint8_t byte)
{
    echo_control(discipline, output, byte);
    echo(discipline, output, "\n");
    discipline->size = 0;
    discipline->is_stopped = false;
    discipline->key = byte == CONTROL('C') ? TERMINAL_INTERRUPT : TERMINAL_SUSPEND;
    discipline->keys++;
}

static bool is_key(uint8_t byte)
{
    return byte == CONTROL('C') || byte == CONTROL('Z');
}

/* ---- Bytes ---- */

static void take_raw(struct discipline *discipline, struct output *output, uint8_t byte)
{
    if (is_key(byte) && discipline->mode & TERMINAL_RAW_KEYS) {
        take_key(discipline, output, byte);
    } else if (typed_room(&discipline->typed) > 0) {
        typed_put(&discipline->typed, byte);
    }
}

static void take_in_line(struct discipline *discipline, struct output *output, uint8_t byte)
{
    switch (byte) {
    case '\r':
    case '\n':
        finish(discipline, output);
        break;
    case '\b':
    case DELETE:
        if (discipline->size > 0) {
            erase_character(discipline, output);
        }
        break;
    case CONTROL('U'):
        erase_line(discipline, output);
        break;
    case CONTROL('W'):
        erase_word(discipline, output);
        break;
    case CONTROL('D'):
        end_input(discipline, output);
        break;
    case CONTROL('R'):
        show_again(discipline, output);
        break;
    case CONTROL('S'):
        discipline->is_stopped = true;
        break;
    case CONTROL('Q'):
        discipline->is_stopped = false;
        break;
    case CONTROL('C'):
    case CONTROL('Z'):
        take_key(discipline, output, byte);
        break;
    default:
        append(discipline, output, byte);
    }
}

void discipline_take(struct discipline *discipline, struct output *output, uint8_t byte)
{
    bool belongs_to_return = byte == '\n' && discipline->after_return;

    discipline->after_return = byte == '\r';
    if (discipline->mode & TERMINAL_RAW) {
        take_raw(discipline, output, byte);
    } else if (!belongs_to_return) {
        take_in_line(discipline, output, byte);
    }
}

static bool is_added(uint8_t byte)
{
    static const char others[] = { '\b', DELETE, CONTROL('U'), CONTROL('W'), CONTROL('R'), CONTROL('S'), CONTROL('Q'), CONTROL('C'), CONTROL('Z') };

    return memchr(others, byte, sizeof others) == NULL;
}

bool discipline_has_room(const struct discipline *discipline, uint8_t byte)
{
    uint32_t room = typed_room(&discipline->typed);

    if (discipline->mode & TERMINAL_RAW) {
        return room > 0 || (is_key(byte) && discipline->mode & TERMINAL_RAW_KEYS);
    }
    return room > discipline->size || !is_added(byte);
}

/* ---- Modes ---- */

/* The line that is not finished can be read, as far as there is room. */
static void line_to_raw(struct discipline *discipline)
{
    for (uint32_t i = 0; i < discipline->size && typed_room(&discipline->typed) > 0; i++) {
        typed_put(&discipline->typed, discipline->line[i]);
    }
    discipline->size = 0;
    discipline->is_stopped = false;
}

/* What nobody has read is typed anew. Lines that this finishes go behind what is still to be taken. */
static void raw_to_line(struct discipline *discipline, struct output *output)
{
    discipline->after_return = false;
    for (uint32_t left = discipline->typed.count; left > 0; left--) {
        discipline_take(discipline, output, (uint8_t)typed_take(&discipline->typed));
    }
}

void discipline_set_mode(struct discipline *discipline, struct output *output, uint32_t mode)
{
    bool was_raw = discipline->mode & TERMINAL_RAW;
    bool is_raw = mode & TERMINAL_RAW;

    discipline->mode = mode;
    discipline->key = 0;
    if (is_raw && !was_raw) {
        line_to_raw(discipline);
    } else if (was_raw && !is_raw) {
        raw_to_line(discipline, output);
    }
}

void discipline_unread(struct discipline *discipline)
{
    typed_remove(&discipline->typed, discipline->typed.count);
    discipline->size = 0;
    discipline->key = 0;
}

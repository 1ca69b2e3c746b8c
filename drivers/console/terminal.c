#include "terminal.h"

#include <ternion/string.h>

#include "cursor.h"
#include "sequences.h"

#define PARAMETER_MAX 9999U
#define TAB_COLUMNS 8U
#define PALETTE_DIGITS 7U      /* a colour's number, red, green, blue */

/* Control characters, ECMA-48 8.3. */
#define SHIFT_IN 0x0F
#define SHIFT_OUT 0x0E
#define CANCEL 0x18
#define SUBSTITUTE 0x1A
#define ESCAPE 0x1B
#define DELETE 0x7F

void terminal_reset(struct terminal *terminal, enum palette palette)
{
    *terminal = (struct terminal){ .palette = palette, .bottom = CELL_ROWS - 1 };
    cells_seen(&terminal->cells);
    style_reset(&terminal->now.style);
    cursor_keep(terminal);
    for (unsigned column = 0; column < CELL_COLUMNS; column += TAB_COLUMNS) {
        terminal->tabs[column] = true;
    }
    cells_erase_rows(&terminal->cells, 0, CELL_ROWS, terminal_blank(terminal));
}

void terminal_take_over(struct terminal *terminal, const cell_t cells[CELL_ROWS][CELL_COLUMNS], unsigned row, unsigned column)
{
    memcpy(terminal->cells.at, cells, sizeof terminal->cells.at);
    cursor_move(terminal, row, column);
    /* Whoever wrote last may have stopped in the middle of a row. */
    if (terminal->now.column != 0) {
        cursor_carriage_return(terminal);
        cursor_line_feed(terminal);
    }
}

/* ---- Control characters ---- */

/* A line end begins the next line: who writes text does not send \r. */
static void line_end(struct terminal *terminal)
{
    cursor_carriage_return(terminal);
    cursor_line_feed(terminal);
}

static void back(struct terminal *terminal)
{
    cursor_left(terminal, 1);
}

static void shift_in(struct terminal *terminal)
{
    terminal->now.set = 0;
}

static void shift_out(struct terminal *terminal)
{
    terminal->now.set = 1;
}

static void cancel(struct terminal *terminal)
{
    terminal->parse = PARSE_TEXT;
}

static void escape(struct terminal *terminal)
{
    terminal->parse = PARSE_ESCAPE;
    terminal->intermediate = 0;
}

/* What is not here does nothing: the bell is another driver's. */
static void (*const controls[' '])(struct terminal *terminal) = {
    ['\b'] = back,
    ['\t'] = cursor_tab,
    ['\n'] = line_end,
    ['\v'] = line_end,
    ['\f'] = line_end,
    ['\r'] = cursor_carriage_return,
    [SHIFT_OUT] = shift_out,
    [SHIFT_IN] = shift_in,
    [CANCEL] = cancel,
    [SUBSTITUTE] = cancel,
    [ESCAPE] = escape,
};

/* ---- Parts of sequences ---- */

static void text_byte(struct terminal *terminal, uint8_t byte)
{
    terminal->parse = PARSE_TEXT;
    terminal->repeatable = byte;
    cursor_put(terminal, byte);
}

static void control_begin(struct terminal *terminal)
{
    terminal->parse = PARSE_CONTROL;
    terminal->private = 0;
    terminal->parameters[0] = 0;
    terminal->parameter_count = 1;
}

static void escape_byte(struct terminal *terminal, uint8_t byte)
{
    terminal->parse = PARSE_TEXT;
    switch (byte) {
    case '[':
        control_begin(terminal);
        break;
    case ']':
        terminal->parse = PARSE_COMMAND;
        break;
    case 'P':
    case 'X':
    case '^':
    case '_':
        terminal->parse = PARSE_STRING;
        break;
    default:
        if (byte < '0') {
            terminal->parse = PARSE_INTERMEDIATE;
            terminal->intermediate = byte;
        } else {
            sequence_escape(terminal, byte);
        }
    }
}

static void intermediate_byte(struct terminal *terminal, uint8_t byte)
{
    if (byte >= '0') {
        terminal->parse = PARSE_TEXT;
        sequence_escape(terminal, byte);
    }
}

static void digit(struct terminal *terminal, uint8_t byte)
{
    unsigned *parameter = &terminal->parameters[terminal->parameter_count - 1];
    unsigned value = *parameter * 10 + (unsigned)(byte - '0');

    *parameter = value < PARAMETER_MAX ? value : PARAMETER_MAX;
}

/* Parameters beyond the last that there is room for are read and forgotten, with the whole sequence. */
static void next_parameter(struct terminal *terminal)
{
    if (terminal->parameter_count == PARAMETERS_MAX) {
        terminal->parse = PARSE_CONTROL_UNKNOWN;
        return;
    }
    terminal->parameters[terminal->parameter_count++] = 0;
}

static void count(struct terminal *terminal, unsigned bytes)
{
    terminal->parse = PARSE_COUNTED;
    terminal->counted = bytes;
}

static void counted_byte(struct terminal *terminal, uint8_t byte)
{
    (void)byte;
    if (--terminal->counted == 0) {
        terminal->parse = PARSE_TEXT;
    }
}

static void control_byte(struct terminal *terminal, uint8_t byte)
{
    bool is_first = terminal->private == 0 && terminal->parameter_count == 1 && terminal->parameters[0] == 0;

    if (byte == '[' && is_first) {
        count(terminal, 1);          /* a function key of the Linux console */
    } else if (byte >= '@') {
        terminal->parse = PARSE_TEXT;
        sequence_control(terminal, byte);
    } else if (byte >= '0' && byte <= '9') {
        digit(terminal, byte);
    } else if (byte == ';') {
        next_parameter(terminal);
    } else if (byte == '?' && is_first) {
        terminal->private = byte;
    } else {
        terminal->parse = PARSE_CONTROL_UNKNOWN;
    }
}

static void control_unknown_byte(struct terminal *terminal, uint8_t byte)
{
    if (byte >= '@') {
        terminal->parse = PARSE_TEXT;
    }
}

/* Two commands of the Linux console end without an end: ESC ] R, and ESC ] P with seven digits. */
static void command_byte(struct terminal *terminal, uint8_t byte)
{
    if (byte == 'P') {
        count(terminal, PALETTE_DIGITS);
    } else {
        terminal->parse = byte == 'R' ? PARSE_TEXT : PARSE_STRING;
    }
}

static void string_byte(struct terminal *terminal, uint8_t byte)
{
    (void)terminal;
    (void)byte;
}

/* ---- Bytes ---- */

static void (*const parts[])(struct terminal *terminal, uint8_t byte) = {
    [PARSE_TEXT] = text_byte,
    [PARSE_ESCAPE] = escape_byte,
    [PARSE_INTERMEDIATE] = intermediate_byte,
    [PARSE_CONTROL] = control_byte,
    [PARSE_CONTROL_UNKNOWN] = control_unknown_byte,
    [PARSE_COMMAND] = command_byte,
    [PARSE_COUNTED] = counted_byte,
    [PARSE_STRING] = string_byte,
};

static bool is_string(enum terminal_parse parse)
{
    return parse == PARSE_COMMAND || parse == PARSE_COUNTED || parse == PARSE_STRING;
}

/*
 * Control characters count within sequences too. In strings they do not, but for those that end them: besides ESC (of ESC \),
 * CAN and SUB these are \a and the line end, so that a string without an end does not swallow the lines behind it.
 */
static void control_character(struct terminal *terminal, uint8_t byte)
{
    if (is_string(terminal->parse) && byte != ESCAPE) {
        if (byte == '\a' || byte == CANCEL || byte == SUBSTITUTE) {
            terminal->parse = PARSE_TEXT;
            return;
        }
        if (byte != '\n') {
            return;
        }
        terminal->parse = PARSE_TEXT;
    }
    if (controls[byte] != NULL) {
        controls[byte](terminal);
    }
}

static void terminal_byte(struct terminal *terminal, uint8_t byte)
{
    if (byte < ' ') {
        control_character(terminal, byte);
    } else if (byte >= DELETE && !is_string(terminal->parse)) {
        text_byte(terminal, byte);       /* no sequence has such bytes: one that was under way is broken */
    } else {
        parts[terminal->parse](terminal, byte);
    }
}

void terminal_write(struct terminal *terminal, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        terminal_byte(terminal, (uint8_t)text[i]);
    }
}

static bool row_is_begun(const struct terminal *terminal)
{
    const struct terminal_state *now = &terminal->now;
    bool is_begun = now->column != 0;

    for (unsigned column = 0; column < CELL_COLUMNS && !is_begun; column++) {
        uint8_t character = (uint8_t)terminal->cells.at[now->row][column];
        is_begun = character != ' ' && character != '\0';
    }
    return is_begun;
}

void terminal_write_line(struct terminal *terminal, const char *text, size_t size)
{
    struct terminal_state before = terminal->now;
    bool inserts = terminal->inserts;

    if (size == 0) {
        return;
    }
    terminal->parse = PARSE_TEXT;
    terminal->now.set = 0;
    terminal->now.graphics[0] = false;
    terminal->inserts = false;
    if (row_is_begun(terminal)) {
        line_end(terminal);
    }
    style_reset(&terminal->now.style);
    terminal_write(terminal, text, size);
    terminal->now.set = before.set;
    terminal->now.graphics[0] = before.graphics[0];
    terminal->now.style = before.style;
    terminal->inserts = inserts;
}

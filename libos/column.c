#include <ternion/column.h>

#define ESCAPE 0x1B
#define DELETE 0x7F
#define TAB_COLUMNS 8U
#define NUMBER_MAX 9999U

static void move(struct column *column, uint32_t to)
{
    column->at = column->width != 0 && to >= column->width ? column->width - 1 : to;
}

static void put(struct column *column)
{
    column->line_is_begun = true;
    column->at = column->width != 0 && column->at >= column->width ? 1 : column->at + 1;
}

static void left(struct column *column, uint32_t by)
{
    uint32_t from = column->width != 0 && column->at >= column->width ? column->width - 1 : column->at;

    column->at = by < from ? from - by : 0;
}

static void control_character(struct column *column, uint8_t byte)
{
    switch (byte) {
    case '\n':
    case '\v':
    case '\f':
        column->line_is_begun = false;
        column->at = 0;
        break;
    case '\r':
        column->at = 0;
        break;
    case '\b':
        left(column, 1);
        break;
    case '\t':
        if (column->width == 0 || column->at < column->width) {  /* a full row stays full */
            move(column, (column->at / TAB_COLUMNS + 1) * TAB_COLUMNS);
        }
        break;
    case ESCAPE:
        column->part = COLUMN_ESCAPE;
        break;
    }
}

/* The end of a sequence of ECMA-48: 5.4. */
static void sequence(struct column *column, uint8_t byte)
{
    uint32_t number = column->number == 0 ? 1 : column->number;

    column->part = COLUMN_TEXT;
    switch (byte) {
    case 'G':
    case '`':
    case 'H':
    case 'f':
        move(column, number - 1);
        break;
    case 'C':
    case 'a':
        move(column, column->at + number);
        break;
    case 'D':
        left(column, number);
        break;
    case 'E':
    case 'F':
    case 'L':
    case 'M':
        column->at = 0;
        break;
    case '@':
    case 'A':
    case 'B':
    case 'J':
    case 'K':
    case 'P':
    case 'X':
    case 'd':
    case 'e':
        move(column, column->at);    /* from a full row the cursor is back on its last column */
        break;
    }
}

static void escape(struct column *column, uint8_t byte)
{
    column->number = 0;
    if (byte == '[') {
        column->part = COLUMN_CONTROL;
    } else if (byte == ']' || byte == 'P' || byte == 'X' || byte == '^' || byte == '_') {
        column->part = COLUMN_STRING;
    } else if (byte >= '0') {
        column->part = COLUMN_TEXT;
        if (byte == 'E' || byte == 'c') {
            column->at = 0;
        } else if (byte == 'D' || byte == 'M') {
            move(column, column->at);
        }
    }
}

static void control(struct column *column, uint8_t byte)
{
    if (byte >= '@') {
        sequence(column, byte);
    } else if (byte == ';') {
        column->number = 0;
    } else if (byte >= '0' && byte <= '9' && column->number < NUMBER_MAX) {
        column->number = column->number * 10 + (uint32_t)(byte - '0');
    }
}

void column_take(struct column *column, uint8_t byte)
{
    if (column->part == COLUMN_STRING) {
        column->part = byte == '\a' || byte == '\n' ? COLUMN_TEXT : byte == ESCAPE ? COLUMN_ESCAPE : COLUMN_STRING;
    } else if (byte < ' ') {
        control_character(column, byte);
    } else if (column->part == COLUMN_ESCAPE) {
        escape(column, byte);
    } else if (column->part == COLUMN_CONTROL) {
        control(column, byte);
    } else if (byte != DELETE && (byte & 0xC0) != 0x80) {    /* a character of UTF-8 counts by its first byte */
        put(column);
    }
}

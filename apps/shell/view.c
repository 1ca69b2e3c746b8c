#include "view.h"

#include <string.h>

#include <ternion/format.h>

#include "utf8.h"

#define SEQUENCE_SIZE 16U
#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD in UTF-8 */

/* ---- Output ---- */

static void flush(struct view *view)
{
    if (view->output_size > 0) {
        view->write(view->output, view->output_size);
    }
    view->output_size = 0;
}

static void put(struct view *view, const char *bytes, size_t size)
{
    if (size > sizeof view->output - view->output_size) {
        flush(view);
    }
    memcpy(view->output + view->output_size, bytes, size);
    view->output_size += size;
}

static void put_string(struct view *view, const char *string)
{
    put(view, string, strlen(string));
}

/* ESC [ number letter; nothing for 0. */
static void put_sequence(struct view *view, unsigned number, char letter)
{
    char text[SEQUENCE_SIZE];

    if (number > 0) {
        put(view, text, format_text(text, sizeof text, "\x1B[%u%c", number, letter));
    }
}

/* ---- Cells ---- */

/* What one character of the text takes: its bytes, and what is shown for it. */
struct glyph {
    size_t length;      /* bytes of the text */
    char shown[4];
    size_t shown_size;
    unsigned cells;     /* 0: a newline, or a sequence of the prompt */
    bool ends_row;
};

/* An escape sequence in a prompt: ESC [ … letter, or ESC and a character. */
static size_t sequence_length(const char *bytes, size_t size)
{
    size_t length = 2;

    if (size > 1 && bytes[1] == '[') {
        while (length < size && ((unsigned char)bytes[length] < 0x40 || (unsigned char)bytes[length] > 0x7E)) {
            length++;
        }
        length++;
    }
    return length < size ? length : size;
}

static struct glyph glyph_of(const char *bytes, size_t size)
{
    struct glyph glyph = { .cells = 1 };
    uint32_t character = utf8_read(bytes, size, &glyph.length);

    if (character == '\n') {
        glyph.cells = 0;
        glyph.ends_row = true;
    } else if (character < 0x20 || character == 0x7F) {
        glyph.shown[0] = '^';
        glyph.shown[1] = (char)(character ^ 0x40);
        glyph.shown_size = 2;
        glyph.cells = 2;
    } else if (character == UTF8_BAD) {
        memcpy(glyph.shown, REPLACEMENT, 3);
        glyph.shown_size = 3;
    } else {
        memcpy(glyph.shown, bytes, glyph.length);
        glyph.shown_size = glyph.length;
    }
    return glyph;
}

static struct cell advance(const struct view *view, struct cell cell, const struct glyph *glyph)
{
    cell.column += glyph->cells;
    if (glyph->ends_row || cell.column >= view->columns) {
        cell.column = glyph->ends_row ? 0 : cell.column - view->columns;
        cell.row++;
    }
    return cell;
}

/* Where a text ends that begins at a cell. */
static struct cell end_of(const struct view *view, struct cell cell, const char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        struct glyph glyph = glyph_of(bytes + at, size - at);
        cell = advance(view, cell, &glyph);
        at += glyph.length;
    }
    return cell;
}

static struct cell prompt_end(const struct view *view)
{
    struct cell cell = { 0, 0 };

    for (size_t at = 0; at < view->prompt_size;) {
        const char *bytes = view->prompt + at;
        if (*bytes == '\x1B') {
            at += sequence_length(bytes, view->prompt_size - at);
            continue;
        }
        struct glyph glyph = glyph_of(bytes, view->prompt_size - at);
        cell = advance(view, cell, &glyph);
        at += glyph.length;
    }
    return cell;
}

/* ---- Drawing ---- */

static void move(struct view *view, struct cell to)
{
    if (to.row != view->cursor.row) {
        put_string(view, "\r");
        view->cursor.column = 0;
        put_sequence(view, to.row < view->cursor.row ? view->cursor.row - to.row : 0, 'A');
        put_sequence(view, to.row > view->cursor.row ? to.row - view->cursor.row : 0, 'B');
    }
    put_sequence(view, to.column < view->cursor.column ? view->cursor.column - to.column : 0, 'D');
    put_sequence(view, to.column > view->cursor.column ? to.column - view->cursor.column : 0, 'C');
    view->cursor = to;
}

/*
 * Draws a text where the cursor is, which goes behind it. A character in the last column leaves the cursor there, until the
 * next one comes: behind the last one a blank and \r bring it to the next row.
 */
static void put_text(struct view *view, const char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        struct glyph glyph = glyph_of(bytes + at, size - at);
        struct cell next = advance(view, view->cursor, &glyph);
        put(view, glyph.shown, glyph.shown_size);
        at += glyph.length;
        bool row_is_full = next.column == 0 && !glyph.ends_row;
        if (row_is_full && (at == size || bytes[at] == '\n')) {
            put_string(view, " \r");
        }
        if (glyph.ends_row) {
            put_string(view, "\x1B[K\r\n");
        }
        view->cursor = next;
    }
}

static void put_prompt(struct view *view)
{
    for (size_t at = 0; at < view->prompt_size;) {
        const char *escape = memchr(view->prompt + at, '\x1B', view->prompt_size - at);
        size_t plain = escape == NULL ? view->prompt_size - at : (size_t)(escape - (view->prompt + at));
        put_text(view, view->prompt + at, plain);
        at += plain;
        if (escape != NULL) {
            size_t length = sequence_length(escape, view->prompt_size - at);
            put(view, escape, length);
            at += length;
        }
    }
}

static bool continues_at(const char *bytes, size_t size, size_t at)
{
    return at < size && utf8_continues(bytes[at]);
}

/* The first byte in which two texts differ, at the begin of a character. */
static size_t first_difference(const struct view *view, const struct line *line)
{
    size_t same = 0;

    while (same < view->drawn_size && same < line->size && view->drawn[same] == line->bytes[same]) {
        same++;
    }
    while (same > 0 && (continues_at(line->bytes, line->size, same) || continues_at(view->drawn, view->drawn_size, same))) {
        same--;
    }
    return same;
}

static void draw_changes(struct view *view, const struct line *line)
{
    struct cell start = prompt_end(view), end = end_of(view, start, line->bytes, line->size);
    size_t same = first_difference(view, line);

    if (same < line->size || same < view->drawn_size) {
        move(view, end_of(view, start, line->bytes, same));
        put_text(view, line->bytes + same, line->size - same);
        if (end.row < view->end.row || (end.row == view->end.row && end.column < view->end.column)) {
            put_string(view, "\x1B[J");
        }
    }
    memcpy(view->drawn, line->bytes, line->size);
    view->drawn_size = line->size;
    view->end = end;
    move(view, end_of(view, start, line->bytes, line->at));
}

/* ---- More rows than the screen has ---- */

/* The rows around the cursor, each put where it belongs. The prompt may be above them. */
static void draw_part(struct view *view, const struct line *line)
{
    struct cell start = prompt_end(view), cell = start;
    struct cell cursor = end_of(view, start, line->bytes, line->at);
    unsigned top = cursor.row >= view->rows ? cursor.row - view->rows + 1 : 0;

    put_string(view, "\x1B[H\x1B[2J");
    view->cursor = (struct cell){ 0, 0 };
    if (top == 0) {
        put_prompt(view);
    }
    for (size_t at = 0; at < line->size;) {
        struct glyph glyph = glyph_of(line->bytes + at, line->size - at);
        if (cell.row >= top && cell.row < top + view->rows) {
            char text[SEQUENCE_SIZE];
            if (cell.column == 0 || at == 0) {
                put(view, text, format_text(text, sizeof text, "\x1B[%u;%uH", cell.row - top + 1, cell.column + 1));
            }
            put(view, glyph.shown, glyph.shown_size);
        }
        cell = advance(view, cell, &glyph);
        at += glyph.length;
    }
    char text[SEQUENCE_SIZE];
    put(view, text, format_text(text, sizeof text, "\x1B[%u;%uH", cursor.row - top + 1, cursor.column + 1));
    view->cursor = (struct cell){ cursor.row - top, cursor.column };
    view->is_partial = true;
}

/* ---- From outside ---- */

void view_set_prompt(struct view *view, const char *prompt)
{
    size_t size = strlen(prompt);

    if (size > sizeof view->prompt) {
        size = sizeof view->prompt;
    }
    if (view->prompt_size == size && memcmp(view->prompt, prompt, size) == 0) {
        return;
    }
    move(view, (struct cell){ 0, 0 });
    put_string(view, "\x1B[J");
    memcpy(view->prompt, prompt, size);
    view->prompt_size = size;
    view_begin_anew(view);
}

void view_begin_anew(struct view *view)
{
    view->cursor = (struct cell){ 0, 0 };
    view->drawn_size = 0;
    put_prompt(view);
    view->end = view->cursor;
}

void view_begin(struct view *view, view_write_t *write, unsigned columns, unsigned rows, const char *prompt)
{
    view->write = write;
    view->columns = columns < 2 ? 2 : columns;
    view->rows = rows < 2 ? 2 : rows;
    view->cursor = (struct cell){ 0, 0 };
    view->prompt_size = 0;
    view->output_size = 0;
    view->is_partial = false;
    view_set_prompt(view, *prompt != '\0' ? prompt : " ");
}

void view_clear(struct view *view)
{
    put_string(view, "\x1B[H\x1B[2J");
    view->is_partial = false;
    view_begin_anew(view);
}

void view_draw(struct view *view, const struct line *line)
{
    struct cell end = end_of(view, prompt_end(view), line->bytes, line->size);

    if (end.row >= view->rows) {
        draw_part(view, line);
    } else {
        if (view->is_partial) {
            view_clear(view);
        }
        draw_changes(view, line);
    }
    flush(view);
}

void view_leave(struct view *view, const struct line *line)
{
    if (!view->is_partial) {
        move(view, end_of(view, prompt_end(view), line->bytes, line->size));
    }
    bool is_below = view->cursor.column == 0 && view->cursor.row > 0; /* the last row is full */
    put_string(view, view->is_partial ? "\x1B[J\r\n" : is_below ? "" : "\r\n");
    view->is_partial = false;
    flush(view);
}

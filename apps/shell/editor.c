#include "editor.h"

#include <string.h>

#include <ternion/format.h>

#include "completion.h"
#include "history.h"
#include "keys.h"
#include "memory.h"
#include "search.h"
#include "shell.h"
#include "view.h"

#define ASK_FROM 60U        /* names: before so many are listed it asks */
#define QUESTION_SIZE 64U

/* The one line that is being edited; too large for a stack. */
static struct {
    const struct editor_terminal *terminal;
    struct line *line;
    struct view view;
    struct key_reader keys;
    unsigned history;       /* which old line is shown; 0: the new one */
    bool is_pasting;
    bool tab_again;         /* the key before was Tab, and said that there are several names */
} editor;

static char stash[LINE_SIZE_MAX + 1];      /* the new line, while old ones are shown */
static char deleted[LINE_SIZE_MAX + 1];    /* what Ctrl+Y puts back */
static size_t deleted_size;

static void write(const char *text)
{
    editor.terminal->write(text, strlen(text));
}

static void beep(void)
{
    write("\a");
}

/* ---- Changes ---- */

static void insert(const char *bytes, size_t size)
{
    if (!line_insert(editor.line, bytes, size)) {
        beep();
    }
}

/* Takes out, and keeps it. */
static void cut(size_t from, size_t to)
{
    if (from < to) {
        deleted_size = to - from;
        memcpy(deleted, editor.line->bytes + from, deleted_size);
        line_delete(editor.line, from, to);
    }
}

/* ---- History ---- */

static void show_history(unsigned which)
{
    if (which > history_count()) {
        beep();
        return;
    }
    if (editor.history == 0) {
        strcpy(stash, editor.line->bytes);
    }
    editor.history = which;
    line_set(editor.line, which == 0 ? stash : history_line(which));
}

/* ---- Completion ---- */

/* Reads one key for a question; anything but y is no. */
static bool ask(size_t names)
{
    char text[QUESTION_SIZE], byte = 'n';
    size_t size = format_text(text, sizeof text, "show all %u names? (y or n) ", (unsigned)names);

    editor.terminal->write(text, size);
    bool is_yes = editor.terminal->read(&byte) == 1 && (byte == 'y' || byte == 'Y' || byte == ' ');
    write("\r\n");
    return is_yes;
}

/* In columns, read from top to bottom. */
static void list_names(const struct fields *names)
{
    struct text text = TEXT_EMPTY(&shell.scratch);
    size_t width = 0;

    for (size_t i = 0; i < names->count; i++) {
        size_t length = strlen(names->values[i]);
        width = length > width ? length : width;
    }
    size_t columns = editor.terminal->columns / (width + 2), rows;
    columns = columns == 0 ? 1 : columns;
    rows = (names->count + columns - 1) / columns;
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = row; i < names->count; i += rows) {
            text_append_string(&text, names->values[i]);
            for (size_t blanks = strlen(names->values[i]); i + rows < names->count && blanks < width + 2; blanks++) {
                text_add(&text, ' ');
            }
        }
        text_append_string(&text, "\r\n");
    }
    editor.terminal->write(text.bytes, text.size);
}

static void list(const struct completion *completion)
{
    size_t at = editor.line->at;

    editor.line->at = editor.line->size;
    view_draw(&editor.view, editor.line);
    view_leave(&editor.view, editor.line);
    editor.line->at = at;
    if (completion->names.count < ASK_FROM || ask(completion->names.count)) {
        list_names(&completion->names);
    }
    view_begin_anew(&editor.view);
}

static void complete(void)
{
    struct arena_mark mark = arena_mark(&shell.scratch);
    struct completion completion;
    bool tab_again = editor.tab_again;

    editor.tab_again = false;
    if (!completion_find(editor.line->bytes, editor.line->at, &completion)) {
        beep();
    } else if (completion.is_longer) {
        line_delete(editor.line, completion.start, editor.line->at);
        insert(completion.text, strlen(completion.text));
    } else if (tab_again) {
        list(&completion);
    } else {
        beep();
        editor.tab_again = true;
    }
    arena_release(&shell.scratch, mark);
}

/* ---- Keys ---- */

/* A Tab with more behind it was not typed, but pasted: it is a blank. */
static void tab(void)
{
    if (editor.is_pasting || editor.terminal->has_more()) {
        insert("\t", 1);
    } else {
        complete();
    }
}

static void move_or_cut(enum key key)
{
    struct line *line = editor.line;

    switch (key) {
    case KEY_LEFT:
        line->at = line_left(line);
        break;
    case KEY_RIGHT:
        line->at = line_right(line);
        break;
    case KEY_WORD_LEFT:
        line->at = line_word_left(line);
        break;
    case KEY_WORD_RIGHT:
        line->at = line_word_right(line);
        break;
    case KEY_HOME:
        line->at = 0;
        break;
    case KEY_END:
        line->at = line->size;
        break;
    case KEY_BACKSPACE:
        line_delete(line, line_left(line), line->at);
        break;
    case KEY_CONTROL_D:
    case KEY_DELETE:
        line_delete(line, line->at, line_right(line));
        break;
    case KEY_DELETE_WORD:
        cut(line->at, line_word_right(line));
        break;
    case KEY_ERASE_WORD:
        cut(line_word_left(line), line->at);
        break;
    case KEY_ERASE_BLANK_WORD:
        cut(line_blank_left(line), line->at);
        break;
    case KEY_ERASE_LEFT:
        cut(0, line->at);
        break;
    case KEY_ERASE_RIGHT:
        cut(line->at, line->size);
        break;
    default:
        break;
    }
}

/* True: the line is done. */
static bool obey(enum key key, enum edited *edited_out)
{
    bool was_tab = key == KEY_TAB;

    switch (key) {
    case KEY_NONE:
        return false;
    case KEY_TEXT:
        insert(editor.keys.bytes, editor.keys.size);
        break;
    case KEY_ENTER:
        if (editor.is_pasting) {
            insert("\n", 1);
            break;
        }
        *edited_out = EDITED_LINE;
        return true;
    case KEY_TAB:
        tab();
        break;
    case KEY_UP:
        show_history(editor.history + 1);
        break;
    case KEY_DOWN:
        if (editor.history > 0) {
            show_history(editor.history - 1);
        }
        break;
    case KEY_PUT_BACK:
        insert(deleted, deleted_size);
        break;
    case KEY_SWAP:
        line_swap(editor.line);
        break;
    case KEY_CLEAR:
        view_clear(&editor.view);
        break;
    case KEY_PASTE_BEGIN:
    case KEY_PASTE_END:
        editor.is_pasting = key == KEY_PASTE_BEGIN;
        break;
    case KEY_INTERRUPT:
        *edited_out = EDITED_INTERRUPTED;
        return true;
    case KEY_CONTROL_D:
        if (editor.line->size == 0) {
            *edited_out = EDITED_END;
            return true;
        }
        move_or_cut(key);
        break;
    default:
        move_or_cut(key);
        break;
    }
    editor.tab_again = editor.tab_again && was_tab;
    return false;
}

/* ---- Search ---- */

static void show_search(const struct search *search)
{
    char prompt[VIEW_PROMPT_MAX];

    (void)format_text(prompt, sizeof prompt, "search%s '%s': ", search->has_failed ? " (nothing)" : "", search->text);
    view_set_prompt(&editor.view, prompt);
    line_set(editor.line, search->found > 0 ? history_line(search->found) : "");
    editor.line->at = search->at;
    view_draw(&editor.view, editor.line);
}

/* Ctrl+R. The key that ends it, which is to be obeyed then; KEY_NONE: the terminal is gone. */
static enum key search_history(const char *prompt)
{
    struct search search = { 0 };
    enum key key = KEY_NONE;
    char byte;

    strcpy(stash, editor.line->bytes);
    show_search(&search);
    while (editor.terminal->read(&byte) == 1) {
        key = key_read(&editor.keys, byte);
        if (key == KEY_NONE) {
            continue;
        }
        if (!search_obey(&search, key, editor.keys.bytes, editor.keys.size)) {
            break;
        }
        show_search(&search);
        key = KEY_NONE;
    }
    bool is_given_up = key == KEY_CANCEL || key == KEY_INTERRUPT || key == KEY_NONE;
    if (is_given_up || search.found == 0) {
        line_set(editor.line, stash);
    }
    editor.history = is_given_up ? 0 : search.found;
    view_set_prompt(&editor.view, prompt);
    return is_given_up && key != KEY_NONE ? KEY_CANCEL : key;
}

/* ---- A line ---- */

static enum edited edit(const char *prompt)
{
    enum edited edited = EDITED_GONE;
    char byte;

    for (;;) {
        if (!editor.terminal->has_more()) {
            view_draw(&editor.view, editor.line);
        }
        if (editor.terminal->read(&byte) != 1) {
            return EDITED_GONE;
        }
        enum key key = key_read(&editor.keys, byte);
        if (key == KEY_SEARCH) {
            key = search_history(prompt);
        }
        if (obey(key, &edited)) {
            return edited;
        }
    }
}

enum edited editor_read(const struct editor_terminal *terminal, const char *prompt, struct line *line_out)
{
    editor.terminal = terminal;
    editor.line = line_out;
    editor.keys = (struct key_reader){ 0 };
    editor.history = 0;
    editor.is_pasting = false;
    editor.tab_again = false;
    line_clear(line_out);
    write("\x1B[?2004h");           /* xterm: what is pasted comes between ESC [ 200 ~ and ESC [ 201 ~ */
    view_begin(&editor.view, terminal->write, terminal->columns, terminal->rows, prompt);
    enum edited edited = edit(prompt);
    if (edited == EDITED_INTERRUPTED) {
        insert("^C", 2);
    }
    line_out->at = line_out->size;
    view_draw(&editor.view, line_out);
    view_leave(&editor.view, line_out);
    write("\x1B[?2004l");
    return edited;
}

#include "interactive.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ternion/format.h>
#include <ternion/log.h>

#include "console.h"
#include "editor.h"
#include "execute.h"
#include "expand.h"
#include "history.h"
#include "interrupt.h"
#include "jobs.h"
#include "output.h"
#include "parser.h"
#include "prompt.h"
#include "redirection.h"
#include "script.h"
#include "shell.h"
#include "trap.h"
#include "variables.h"

#define PROFILE "/boot/profile"
#define HISTORY_FILE "/tmp/.history"
#define ALIVE_PATH_SIZE 64U
#define MARK "\x1B[m\x1B[?25h\x1B[7m%\x1B[m" /* whatever a program has left: the usual style, a cursor; and where the output of a program ended without a newline */

/* Lines that are typed. */
struct typed_input {
    struct input input;
    bool is_first;          /* the next line begins a command */
    bool was_interrupted;   /* the command was given up by Ctrl+C */
    bool has_ended;         /* Ctrl+D, or the terminal is gone */
    struct line line;
    struct arena arena;     /* for the text of the command */
    struct text text;
};

static struct typed_input typed;
static struct lexer lexer;
static struct arena tree;

/* ---- Lines ---- */

/*
 * If the cursor is not in the first column, it goes to the next row: blanks for a whole row bring it there, unless it is in the
 * first; then they are erased.
 */
static void to_first_column(unsigned columns)
{
    static const char blanks[] = "                                                                ";

    console_write(MARK, sizeof MARK - 1);
    for (unsigned left = columns - 1; left > 0;) {
        unsigned part = left < sizeof blanks - 1 ? left : sizeof blanks - 1;
        console_write(blanks, part);
        left -= part;
    }
    console_write("\r\x1B[K", 4);
}

static enum edited read_line(void)
{
    struct editor_terminal terminal = { .read = console_read, .has_more = console_has_more, .write = console_write };
    char prompt[PROMPT_SIZE];

    prompt_make(typed.is_first ? "PS1" : "PS2", prompt);
    console_set_raw(true);
    console_size(&terminal.columns, &terminal.rows);
    if (typed.is_first) {
        to_first_column(terminal.columns);
    }
    enum edited edited = editor_read(&terminal, prompt, &typed.line);
    console_set_raw(false);
    return edited;
}

static bool typed_next(struct input *input, const char **bytes_out, size_t *size_out)
{
    (void)input;
    if (typed.is_first) {
        jobs_tell_ended();
    }
    enum edited edited = typed.was_interrupted || typed.has_ended ? EDITED_GONE : read_line();
    typed.is_first = false;
    typed.was_interrupted = typed.was_interrupted || edited == EDITED_INTERRUPTED;
    typed.has_ended = typed.has_ended || edited == EDITED_END || edited == EDITED_GONE;
    if (edited != EDITED_LINE) {
        return false;
    }
    text_append(&typed.text, typed.line.bytes, typed.line.size);
    text_add(&typed.text, '\n');
    typed.line.bytes[typed.line.size] = '\n';
    *bytes_out = typed.line.bytes;
    *size_out = typed.line.size + 1;
    return true;
}

/* ---- Commands ---- */

static void begin_reading(void)
{
    lexer_end(&lexer);
    arena_free(&tree);
    typed.was_interrupted = false;
    typed.input = (struct input){ .next = typed_next, .line = 1 };
    lexer_begin(&lexer, &typed.input, &tree);
}

/* What was typed for a command goes to the history when it is complete, and before it runs. */
static void remember(void)
{
    if (typed.text.size > 0) {
        typed.text.size--; /* the last newline */
        history_add(text_string(&typed.text));
    }
    arena_free(&typed.arena);
    typed.text = (struct text)TEXT_EMPTY(&typed.arena);
}

static void run(const struct node *node)
{
    interrupt_forget();
    (void)execute(node);
    if (shell.leaving == LEAVING_INTERRUPTED) {
        shell.leaving = LEAVING_NOTHING;
        interrupt_forget();
        trap_run(TRAP_INTERRUPT);
    }
    if (shell.leaving != LEAVING_SHELL) {
        shell.leaving = LEAVING_NOTHING;
    }
}

/* One command. */
static void read_and_run(void)
{
    struct node *node;

    typed.is_first = lexer.lines.at == lexer.lines.end;
    enum parsed parsed = parser_read(&lexer, &node);
    remember();
    if (typed.was_interrupted) {
        shell.status = STATUS_INTERRUPTED;
        begin_reading();
    } else if (parsed == PARSED_ERROR) {
        complain("%s", lexer.error);
        shell.status = STATUS_MISTAKE;
        begin_reading();
    } else if (parsed == PARSED) {
        run(node);
    }
    if (lexer.source->below == NULL) {
        arena_free(&tree);
    }
}

/* ---- Beginning and end ---- */

static void set_usual(const char *name, const char *value)
{
    if (variable_value(name) == NULL) {
        (void)variable_set(name, value);
    }
}

/* A file that is there from the first start of this terminal's shell on. */
static bool was_here_before(const char *terminal)
{
    char path[ALIVE_PATH_SIZE];

    (void)format_text(path, sizeof path, "/tmp/.shell.%s", terminal);
    if (access(path, F_OK) == 0) {
        return true;
    }
    int descriptor = open(path, O_WRONLY | O_CREAT, 0600);
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
    return false;
}

static void greet(const char *terminal)
{
    output("\nTernion. Type help for what there is.\n");
    if (was_here_before(terminal)) {
        output("The shell was started again; the one before it has ended.\n");
    }
    (void)output_finish();
    log_print(LOG_INFORMATION, "asks for commands on the terminal %s", terminal);
}

static void begin(const char *terminal)
{
    shell.is_interactive = true;
    shell.name = "shell";
    set_usual("PS1", "$PWD> ");
    set_usual("PS2", "> ");
    if (terminal != NULL) {
        console_watch();
        greet(terminal);
    }
    history_open(HISTORY_FILE);
    if (access(PROFILE, F_OK) == 0) {
        (void)script_run_file(PROFILE);
        shell.leaving = shell.leaving == LEAVING_SHELL ? LEAVING_SHELL : LEAVING_NOTHING;
    }
    typed.text = (struct text)TEXT_EMPTY(&typed.arena);
    lexer.source = &lexer.lines;
    begin_reading();
}

/* The command for which there was no memory is given up. */
static void recover(void)
{
    shell.capture = NULL;
    output_drop();
    jobs_recover();
    redirections_end_all();
    parameters_end_all();
    scopes_end();
    shell.loops = shell.functions = shell.files = shell.guards = 0;
    shell.leaving = LEAVING_NOTHING;
    shell.status = STATUS_MISTAKE;
    arena_free(&shell.scratch);
    begin_reading();
    console_set_raw(false);
    complain("there is not enough memory; the command was given up");
}

int interactive_run(const char *terminal)
{
    if (!console_open(terminal)) {
        return 1;
    }
    begin(terminal);
    if (setjmp(shell.no_memory) != 0) {
        recover();
    }
    while (shell.leaving != LEAVING_SHELL && !typed.has_ended) {
        read_and_run();
    }
    return shell.status;
}

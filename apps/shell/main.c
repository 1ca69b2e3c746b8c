/*
 * a\shell: the shell.
 *
 *     shell                            runs what standard input gives; if that is a terminal, asks for commands
 *     shell FILE [ARGUMENT...]         runs a file
 *     shell -c TEXT [NAME [ARGUMENT...]]
 *     shell -t TERMINAL                lives at a terminal of s\terminal
 *
 * Before these: options of `set`, as in shell -e FILE.
 */
#include <string.h>
#include <stdlib.h>
#include <unistd.h>

#include <ternion/manifest.h>

#include "arithmetic.h"
#include "input.h"
#include "interactive.h"
#include "jobs.h"
#include "options.h"
#include "output.h"
#include "program.h"
#include "redirection.h"
#include "script.h"
#include "shell.h"
#include "stack.h"
#include "state.h"
#include "trap.h"
#include "variables.h"

/* What its programs ask for it must have to give: of them trace asks for something. */
MANIFEST(
    .rights = RIGHT_TRACE,
    .partners = PARTNERS_ALL,
);

#define HOME_USUAL "/tmp"

/* What the arguments say. */
struct invocation {
    const char *text;       /* -c */
    const char *terminal;   /* -t */
    bool has_state;         /* it does a part of another shell's work */
    int taken;              /* arguments */
};

/* There is no memory for a command: it is given up, with all that it had. */
static void no_memory(void)
{
    longjmp(shell.no_memory, 1);
}

static void set_usual(const char *name, const char *value)
{
    if (variable_value(name) == NULL) {
        (void)variable_set(name, value);
        variable_change_flags(name, VARIABLE_EXPORTED, 0);
    }
}

/* What a shell has that nobody has given it anything. One that does a part of another's work has that one's variables, and no more. */
static void set_all_usual(void)
{
    char path[1024];

    set_usual("PATH", PATH_USUAL);
    set_usual("HOME", HOME_USUAL);
    (void)variable_set("OPTIND", "1");
    (void)variable_set("IFS", " \t\n");
    if (getcwd(path, sizeof path) != NULL) {
        (void)variable_set("PWD", path);
    }
}

static void begin(int count, char **arguments)
{
    static char *none[] = { NULL };

    memory_set_handler(no_memory);
    shell.pid = getpid();
    shell.name = arguments[0] != NULL && arguments[0][0] != '\0' ? arguments[0] : "shell";
    parameters_set(0, none);
    variables_import(environ);
    if (count < 2 || strcmp(arguments[1], STATE_OPTION) != 0) {
        set_all_usual();
    }
}

static int usage(const char *problem)
{
    complain("%s; it is started so: shell [-aefnuvxC] [-c TEXT [NAME [ARGUMENT...]] | -t TERMINAL | FILE [ARGUMENT...]]", problem);
    return STATUS_MISTAKE;
}

/* --state N, and N arguments. How many words that is; 0: they are not what another shell gives. */
static int take_state(int count, char **arguments)
{
    int64_t number;

    if (count < 2 || !number_read(arguments[1], &number) || number < 0 || number > count - 2) {
        return 0;
    }
    for (int i = 0; i < (int)number; i++) {
        if (!state_take(arguments[2 + i])) {
            return 0;
        }
    }
    return 2 + (int)number;
}

/* -ex, +e, -o NAME. How many words; 0: there is no such option. */
static int take_options(int count, char **arguments)
{
    bool is_on = arguments[0][0] == '-';

    if (strcmp(arguments[0] + 1, "o") == 0) {
        return count > 1 && option_set_name(arguments[1], is_on) ? 2 : 0;
    }
    for (const char *letter = arguments[0] + 1; *letter != '\0'; letter++) {
        if (!option_set_letter(*letter, is_on)) {
            return 0;
        }
    }
    return 1;
}

/* Takes options up to the first word that is none. False: one is wrong, which was said. */
static bool take_arguments(int count, char **arguments, struct invocation *invocation)
{
    int at = 1;

    while (at < count && (arguments[at][0] == '-' || arguments[at][0] == '+') && arguments[at][1] != '\0') {
        const char *word = arguments[at];
        bool is_text = strcmp(word, "-c") == 0, is_terminal = strcmp(word, "-t") == 0;
        int taken = 2;
        if (strcmp(word, "--") == 0) {
            at++;
            break;
        }
        if (is_text || is_terminal) {
            *(is_text ? &invocation->text : &invocation->terminal) = at + 1 < count ? arguments[at + 1] : NULL;
            taken = at + 1 < count ? 2 : 0;
        } else if (strcmp(word, STATE_OPTION) == 0) {
            invocation->has_state = true;
            taken = take_state(count - at, arguments + at);
        } else {
            taken = take_options(count - at, arguments + at);
        }
        if (taken == 0) {
            (void)usage(word);
            return false;
        }
        at += taken;
        if (is_text) {
            break;
        }
    }
    invocation->taken = at;
    return true;
}

static int run_text(const char *text, bool has_state)
{
    struct text_input input;

    text_input_begin(&input, text, strlen(text), has_state ? shell.line : 1);
    input.input.keeps_names = has_state;
    return script_run(&input.input);
}

static int run(int count, char **arguments, const struct invocation *invocation)
{
    int at = invocation->taken;

    if (invocation->terminal != NULL) {
        return interactive_run(invocation->terminal);
    }
    if (at < count) {
        shell.name = arguments[at++];
    }
    parameters_set(count - at, arguments + at);
    if (invocation->text != NULL) {
        return run_text(invocation->text, invocation->has_state);
    }
    if (invocation->taken < count) {
        return script_run_file(shell.name);
    }
    return isatty(STDIN_FILENO) ? interactive_run(NULL) : script_run_standard_input();
}

int main(int count, char **arguments)
{
    struct invocation invocation = { 0 };

    stack_begin();
    if (setjmp(shell.no_memory) != 0) {
        output_drop();
        jobs_recover();
        redirections_end_all();
        complain("there is not enough memory");
        return STATUS_MISTAKE;
    }
    begin(count, arguments);
    if (!take_arguments(count, arguments, &invocation)) {
        return STATUS_MISTAKE;
    }
    (void)run(count, arguments, &invocation);
    trap_run(TRAP_EXIT);
    return shell.status;
}

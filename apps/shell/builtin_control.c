/* Built-in commands that say what is run next. */
#include <string.h>
#include <unistd.h>

#include "arithmetic.h"
#include "builtins.h"
#include "execute.h"
#include "jobs.h"
#include "output.h"
#include "program.h"
#include "script.h"
#include "shell.h"
#include "variables.h"

#define NUMBER_MAX 1000000

int builtin_colon(int count, char **arguments)
{
    (void)count, (void)arguments;
    return 0;
}

int builtin_false(int count, char **arguments)
{
    (void)count, (void)arguments;
    return 1;
}

/* The number that may stand behind a command; -1: that is none, which was said. */
static int number_argument(int count, char **arguments, int usual, int least)
{
    int64_t number = usual;

    if (count > 2 || (count == 2 && (!number_read(arguments[1], &number) || number < least || number > NUMBER_MAX))) {
        (void)builtin_usage(arguments[0]);
        return -1;
    }
    return (int)number;
}

/* continue, too. Outside of a loop they do nothing. */
int builtin_break(int count, char **arguments)
{
    int loops = number_argument(count, arguments, 1, 1);

    if (loops < 0) {
        return shell.status;
    }
    if (shell.loops > 0) {
        shell.leaving_loops = (unsigned)loops < shell.loops ? (unsigned)loops : shell.loops;
        shell.leaving = arguments[0][0] == 'b' ? LEAVING_LOOP : LEAVING_ROUND;
    }
    shell.status = 0;
    return 0;
}

int builtin_return(int count, char **arguments)
{
    int status = number_argument(count, arguments, shell.status, 0);

    if (status < 0) {
        return shell.status;
    }
    if (shell.functions + shell.files == 0) {
        complain("return is for functions, and for files that . runs; exit ends the shell");
        return STATUS_MISTAKE;
    }
    shell.status = status & 0xFF;
    shell.leaving = LEAVING_FUNCTION;
    return shell.status;
}

int builtin_exit(int count, char **arguments)
{
    static bool was_warned;
    int status = number_argument(count, arguments, shell.status, 0);

    if (status < 0) {
        return shell.status;
    }
    if (shell.is_interactive && jobs_any_sleep() && !was_warned) {
        was_warned = true;
        complain("there are jobs that sleep: see jobs, fg, kill; a second exit leaves them as they are");
        return 1;
    }
    shell.status = status & 0xFF;
    shell.leaving = LEAVING_SHELL;
    return shell.status;
}

int builtin_shift(int count, char **arguments)
{
    int number = number_argument(count, arguments, 1, 0);

    if (number < 0) {
        return shell.status;
    }
    if (number > parameters.count) {
        give_up("shift %d: there are %d parameters", number, parameters.count);
        return shell.status;
    }
    parameters_shift(number);
    return 0;
}

int builtin_eval(int count, char **arguments)
{
    struct text text = TEXT_EMPTY(&shell.scratch);

    for (int i = 1; i < count; i++) {
        text_append_string(&text, i > 1 ? " " : "");
        text_append_string(&text, arguments[i]);
    }
    return execute_text(text_string(&text), shell.line);
}

/* There is no way to become another program: it is run, and the shell ends as it does. */
int builtin_exec(int count, char **arguments)
{
    if (count == 1) {
        shell.keeps_redirections = true;
        return 0;
    }
    shell.status = execute_arguments(count - 1, arguments + 1, true, true);
    bool was_not_run = shell.status >= STATUS_CANNOT_RUN && shell.status <= STATUS_NOT_FOUND;
    if (shell.leaving == LEAVING_NOTHING && !(shell.is_interactive && was_not_run)) {
        shell.leaving = LEAVING_SHELL;
    }
    return shell.status;
}

/* The file that . runs: in the folders of PATH, if there is no slash in its name, or else in this directory. */
static const char *file_find(const char *name)
{
    const char *path = strchr(name, '/') == NULL ? program_find(name) : NULL;

    return path != NULL ? path : name;
}

int builtin_dot(int count, char **arguments)
{
    unsigned loops = shell.loops;

    if (count < 2) {
        return builtin_usage(arguments[0]);
    }
    shell.files++;
    shell.loops = 0;
    if (count > 2) {
        parameters_begin(count - 2, arguments + 2);
    }
    int status = script_run_file(file_find(arguments[1]));
    if (count > 2) {
        parameters_end();
    }
    shell.loops = loops;
    shell.files--;
    if (shell.leaving == LEAVING_FUNCTION) {
        shell.leaving = LEAVING_NOTHING;
        status = shell.status;
    }
    return status;
}

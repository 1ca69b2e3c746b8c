#include "builtins.h"

#include <string.h>

#include "shell.h"

#define NAME(name_, function, flags_, synopsis_, help_) { (name_), builtin_##function, (flags_), (synopsis_), (help_) }

/* Sorted by name, as bytes are. */
static const struct builtin builtins[] = {
    NAME(".", dot, BUILTIN_SPECIAL, "FILE [ARGUMENT...]", "runs the commands in a file, in this shell"),
    NAME(":", colon, BUILTIN_SPECIAL | BUILTIN_PURE, "[WORD...]", "does nothing"),
    NAME("[", test, BUILTIN_PURE, "EXPRESSION ]", "as test"),
    NAME("alias", alias, 0, "[NAME[=TEXT]...]", "a name that stands for a text; shows those that there are"),
    NAME("bg", bg, 0, "[%JOB]", "lets a job that Ctrl+Z has stopped go on in the background"),
    NAME("break", break, BUILTIN_SPECIAL, "[N]", "leaves the loop, or N loops"),
    NAME("cd", cd, 0, "[DIRECTORY | -]", "goes to a directory, to $HOME, to where it was before"),
    NAME("command", command, 0, "[-v] NAME [ARGUMENT...]",
         "runs a program rather than what the shell has of that name; -v: says what it is"),
    NAME("continue", break, BUILTIN_SPECIAL, "[N]", "goes on with the next round of the loop, or of the Nth one around it"),
    NAME("echo", echo, BUILTIN_PURE, "[-n] [WORD...]", "says the words; -n: without a newline"),
    NAME("eval", eval, BUILTIN_SPECIAL, "[WORD...]", "runs the words as a command"),
    NAME("exec", exec, BUILTIN_SPECIAL, "[PROGRAM [ARGUMENT...]]", "runs a program, then ends; without one its redirections stay"),
    NAME("exit", exit, BUILTIN_SPECIAL, "[STATUS]", "ends the shell"),
    NAME("export", export, BUILTIN_SPECIAL | BUILTIN_DECLARES, "[-p] [NAME[=VALUE]...]", "gives variables to programs"),
    NAME("false", false, BUILTIN_PURE, "", "fails"),
    NAME("fg", fg, 0, "[%JOB]", "brings a job to the foreground"),
    NAME("getopts", getopts, 0, "LETTERS NAME [ARGUMENT...]", "takes options apart, one each time"),
    NAME("hash", hash, 0, "[-r] [NAME...]", "remembers where programs are; alone: says which it remembers; -r: forgets them"),
    NAME("help", help, BUILTIN_PURE, "[NAME]", "what there is; or how a command of the shell is used"),
    NAME("history", history, BUILTIN_PURE, "[-c]", "the lines that were typed; -c: forgets them"),
    NAME("jobs", jobs, BUILTIN_PURE, "[-l|-p] [%JOB...]",
         "the jobs of this shell; -l: with the numbers of their processes; -p: the number of the first one alone"),
    NAME("kill", kill, 0, "[-t] [-SIGNAL] %JOB|PROCESS...",
         "ends jobs or processes; -STOP, -CONT: puts them to sleep, wakes them; -0: are they there? -t: with what they have started; "
         "-l: lists signals"),
    NAME("local", local, BUILTIN_DECLARES, "[NAME[=VALUE]...]", "variables that are as they were when the function ends"),
    NAME("printf", printf, BUILTIN_PURE, "FORMAT [WORD...]", "says the words in a form: %s %d %x %c %b, \\n \\t"),
    NAME("pwd", pwd, BUILTIN_PURE, "", "says which directory this is"),
    NAME("read", read, 0, "[-r] [-p PROMPT] [-t SECONDS] [NAME...]",
         "reads a line into variables; the last gets the rest; -t: waits no longer, 0: says whether there is something"),
    NAME("readonly", export, BUILTIN_SPECIAL | BUILTIN_DECLARES, "[-p] [NAME[=VALUE]...]",
         "variables that cannot be changed any more"),
    NAME("return", return, BUILTIN_SPECIAL, "[STATUS]", "ends a function, or a file that . runs"),
    NAME("set", set, BUILTIN_SPECIAL, "[-aefnuvxC] [+...] [-o NAME] [--] [WORD...]",
         "switches options; sets $1 and so on; shows variables"),
    NAME("shift", shift, BUILTIN_SPECIAL, "[N]", "$2 becomes $1, and so on"),
    NAME("source", dot, 0, "FILE [ARGUMENT...]", "as ."),
    NAME("test", test, BUILTIN_PURE, "EXPRESSION",
         "-e -f -d -r -w -x -s -t FILE, -n -z TEXT, A = B, A != B, A -eq B (-ne -lt -le -gt -ge), ! ( ) -a -o"),
    NAME("trap", trap, BUILTIN_SPECIAL, "[ACTION EXIT|INT...]", "what is run when the shell ends, or at Ctrl+C; - takes it back"),
    NAME("true", colon, BUILTIN_PURE, "", "succeeds"),
    NAME("type", type, BUILTIN_PURE, "NAME...", "says what a name means to the shell"),
    NAME("umask", umask, 0, "[-S] [MASK]", "says that no file loses rights, as there are none; a MASK changes nothing"),
    NAME("unalias", unalias, 0, "[-a] NAME...", "forgets aliases; -a: all"),
    NAME("unset", unset, BUILTIN_SPECIAL, "[-f|-v] NAME...", "forgets variables; -f: functions"),
    NAME("wait", wait, 0, "[%JOB|PROCESS...]", "waits for jobs in the background to end"),
    { 0 },
};

#define BUILTIN_COUNT (sizeof builtins / sizeof builtins[0] - 1)

const struct builtin *builtins_first(void)
{
    return builtins;
}

const struct builtin *builtin_find(const char *name)
{
    size_t low = 0, high = BUILTIN_COUNT;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(name, builtins[middle].name);
        if (order == 0) {
            return &builtins[middle];
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

/* POSIX 2.8.1: a mistake in a special one ends a shell that is not interactive. */
int builtin_usage(const char *name)
{
    const struct builtin *builtin = builtin_find(name);

    complain("%s is used so: %s %s", name, name, builtin->synopsis);
    if ((builtin->flags & BUILTIN_SPECIAL) != 0) {
        shell.status = STATUS_MISTAKE;
        shell.leaving = LEAVING_COMMAND;
    }
    return STATUS_MISTAKE;
}

int builtin_options(int count, char **arguments, const char *allowed, uint32_t *letters_out)
{
    int taken = 1;

    *letters_out = 0;
    for (; taken < count && arguments[taken][0] == '-' && arguments[taken][1] != '\0'; taken++) {
        if (strcmp(arguments[taken], "--") == 0) {
            return taken + 1;
        }
        for (const char *letter = arguments[taken] + 1; *letter != '\0'; letter++) {
            const char *found = strchr(allowed, *letter);
            if (found == NULL) {
                complain("%s: there is no option -%c", arguments[0], *letter);
                (void)builtin_usage(arguments[0]);
                return -1;
            }
            *letters_out |= 1U << (found - allowed);
        }
    }
    return taken;
}

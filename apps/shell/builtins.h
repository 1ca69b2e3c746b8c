/* The commands that the shell does itself. */
#pragma once

#include <stdint.h>

enum builtin_flags {
    BUILTIN_SPECIAL = 1,    /* POSIX 2.14: found before functions; what is assigned before it stays; a mistake ends a script */
    BUILTIN_PURE = 2,       /* changes nothing in the shell: $( ) needs no process for it */
    BUILTIN_DECLARES = 4,   /* its words are assignments */
};

struct builtin {
    const char *name;
    int (*run)(int count, char **arguments);    /* gives the status */
    uint32_t flags;
    const char *synopsis;                       /* what stands behind the name */
    const char *help;
};

/* NULL: there is none of that name. */
const struct builtin *builtin_find(const char *name);

/* All, sorted by name; the last has no name. */
const struct builtin *builtins_first(void);

/* ---- For the files of the built-in commands ---- */

/* Tells how a command is used: the status. */
int builtin_usage(const char *name);

/*
 * Looks at options of letters: a, -b, -cd. How many words they take; -1: one is not among those allowed, which was said.
 * letters_out: a bit for each.
 */
int builtin_options(int count, char **arguments, const char *allowed, uint32_t *letters_out);

int builtin_alias(int count, char **arguments);
int builtin_bg(int count, char **arguments);
int builtin_break(int count, char **arguments);
int builtin_cd(int count, char **arguments);
int builtin_colon(int count, char **arguments);
int builtin_command(int count, char **arguments);
int builtin_dot(int count, char **arguments);
int builtin_echo(int count, char **arguments);
int builtin_eval(int count, char **arguments);
int builtin_exec(int count, char **arguments);
int builtin_exit(int count, char **arguments);
int builtin_export(int count, char **arguments);
int builtin_false(int count, char **arguments);
int builtin_fg(int count, char **arguments);
int builtin_getopts(int count, char **arguments);
int builtin_hash(int count, char **arguments);
int builtin_help(int count, char **arguments);
int builtin_history(int count, char **arguments);
int builtin_jobs(int count, char **arguments);
int builtin_kill(int count, char **arguments);
int builtin_local(int count, char **arguments);
int builtin_printf(int count, char **arguments);
int builtin_pwd(int count, char **arguments);
int builtin_read(int count, char **arguments);
int builtin_return(int count, char **arguments);
int builtin_set(int count, char **arguments);
int builtin_shift(int count, char **arguments);
int builtin_test(int count, char **arguments);
int builtin_trap(int count, char **arguments);
int builtin_type(int count, char **arguments);
int builtin_umask(int count, char **arguments);
int builtin_unalias(int count, char **arguments);
int builtin_unset(int count, char **arguments);
int builtin_wait(int count, char **arguments);

/* The state of the shell that all its parts share. The main thread alone uses it, but for what says otherwise. */
#pragma once

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "memory.h"

/* Why commands that follow are not run. Whoever runs several looks at it behind each. */
enum leaving {
    LEAVING_NOTHING,
    LEAVING_LOOP,           /* break */
    LEAVING_ROUND,          /* continue */
    LEAVING_FUNCTION,       /* return */
    LEAVING_COMMAND,        /* a mistake: an interactive shell asks for the next command, another one ends */
    LEAVING_INTERRUPTED,    /* Ctrl+C: an interactive shell asks for the next command */
    LEAVING_SHELL,          /* exit */
};

/* Options of `set`. */
enum option {
    OPTION_ALL_EXPORT = 1 << 0,     /* a */
    OPTION_ERROR_EXIT = 1 << 1,     /* e */
    OPTION_NO_PATHNAMES = 1 << 2,   /* f */
    OPTION_NO_EXECUTION = 1 << 3,   /* n */
    OPTION_NO_UNSET = 1 << 4,       /* u */
    OPTION_VERBOSE = 1 << 5,        /* v */
    OPTION_TRACE = 1 << 6,          /* x */
    OPTION_NO_CLOBBER = 1 << 7,     /* C */
};

#define STATUS_MISTAKE 2            /* $? after a mistake in what the shell was told */
#define STATUS_CANNOT_RUN 126
#define STATUS_NOT_FOUND 127
#define STATUS_SIGNAL 128           /* and the number of the signal that ended a program */
#define STATUS_INTERRUPTED (STATUS_SIGNAL + 2)

struct shell {
    const char *name;               /* $0: the shell's own, or that of a script */
    pid_t pid;                      /* $$ */
    int status;                     /* $? */
    pid_t last_background;          /* $!; 0: none yet */
    uint32_t options;
    bool is_interactive;
    enum leaving leaving;
    unsigned leaving_loops;         /* how many loops break and continue are about */
    unsigned loops;                 /* that are being run, in this function */
    unsigned functions;             /* that are being run */
    unsigned files;                 /* of `.` that are being run */
    unsigned guards;                /* `set -e` does not count while there are some: conditions, !, && and || */
    unsigned line;                  /* of the command that is run */
    bool keeps_redirections;        /* exec: those of its command stay */
    struct arena scratch;           /* for what a command needs while it is run */
    struct text *capture;           /* what built-in commands write to standard output goes there; NULL: it is written */
    jmp_buf no_memory;              /* where the shell goes on when there is no memory */
};

extern struct shell shell;

static inline bool shell_has(enum option option)
{
    return (shell.options & option) != 0;
}

/* Says to standard error what went wrong, with the shell's name, or the script's and the line, before it. */
void complain(const char *template, ...) __attribute__((format(printf, 1, 2)));

/* The same, for any thread: what the command that runs has said is not written first. */
void complain_anywhere(const char *template, ...) __attribute__((format(printf, 1, 2)));

/* The same, and the command is given up: an interactive shell asks for the next one, another one ends with STATUS_MISTAKE. */
void give_up(const char *template, ...) __attribute__((format(printf, 1, 2)));

/* What a system call's errno means to people. */
const char *error_text(int error);

/*
 * Who has the foreground of a terminal, and so reads what is typed there. Each process may name those that have it among the processes
 * that it has started: a shell names its job, or itself alone. Nobody has it whom one of its ancestors has not named; where the owner of
 * the terminal has named somebody, nobody else but what the owner has started. Portable, but for foreground_parent.
 */
#pragma once

#include <stdbool.h>

#include <ternion/terminal.h>

#define FOREGROUNDS_MAX 8U       /* shells in shells; the owner has a place beside these */

struct foreground {
    process_id_t namer;
    bool is_owner;
    bool takes_keys;             /* Ctrl+C and Ctrl+Z */
    uint32_t count;              /* 0: the namer alone */
    process_id_t processes[TERMINAL_GROUP_MAX];  /* they, and all that they have started */
};

/* All zeroes: nobody has named anybody, and everybody has the foreground. */
struct foregrounds {
    struct foreground items[FOREGROUNDS_MAX + 1];
    uint32_t count;
};

/* The parent of a process. Statuses: OK; BAD_ID: it has ended. To be had from elsewhere: the kernel, or a test. */
status_t foreground_parent(process_id_t process, process_id_t *parent_out);

/*
 * Names those to whom a process gives the foreground, in place of those before.
 *   processes    NULL with a count of 0: it keeps it
 * False: there is no room for one more who names.
 */
[[nodiscard]] bool foregrounds_name(struct foregrounds *all, process_id_t namer, bool is_owner, const process_id_t *processes, uint32_t count);

/* Has this one named anybody? NULL: no. */
struct foreground *foregrounds_find(struct foregrounds *all, process_id_t namer);

bool foregrounds_have(const struct foregrounds *all, process_id_t process);

/* For whom Ctrl+C is: the innermost that takes keys and has the foreground from all above it. 0: nobody does. */
process_id_t foregrounds_taker(const struct foregrounds *all);

/* A process has ended. False: it had named nobody, or was the owner: until there is another nobody reads what is typed. */
bool foregrounds_forget(struct foregrounds *all, process_id_t namer);

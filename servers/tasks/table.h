/*
 * All processes at one moment, with who has started whom: what tells a process's descendants. Its memory is taken once, at the start:
 * who is to end what has used up all memory cannot ask for more.
 */
#pragma once

#include <stdbool.h>

#include <abi/process.h>
#include <abi/status.h>

/* Whether a process descends from the one that is asked about, through applications alone. */
enum table_mark { TABLE_UNKNOWN, TABLE_INSIDE, TABLE_OUTSIDE };

struct table_row {
    process_id_t id;                 /* 0: the row is free */
    process_id_t parent;
    uint8_t is_application;
    uint8_t state;                   /* enum process_state */
    uint8_t mark;                    /* enum table_mark */
};

/* Takes the memory. Statuses: NO_MEMORY. */
[[nodiscard]] status_t table_begin(void);

/*
 * Reads all processes anew, and marks those that are inside: `root` and its descendants. One that is no application is outside, with all
 * below it. Statuses: NO_MEMORY: there are more processes than the table has rows.
 */
[[nodiscard]] status_t table_read(process_id_t root);

/* The next one inside, behind `row`; NULL begins, and ends. */
struct table_row *table_next(const struct table_row *row);

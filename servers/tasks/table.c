#include "table.h"

#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#define ROWS_LEAST 256U

/* A hash table with its rows one behind the other: a row's place is its ID, or the next free one behind that. */
static struct table_row *rows;
static uint32_t row_count;           /* a power of two, more than twice the processes that there can be */

status_t table_begin(void)
{
    struct process_information self;

    /* The kernel lets a program have half of the processes that there can be (system_limits). */
    (void)process_information(SELF, &self);
    for (row_count = ROWS_LEAST; row_count / 4 < self.limits[RESOURCE_PROCESSES] && row_count < 1U << 14;) {
        row_count *= 2;
    }
    rows = calloc(row_count, sizeof *rows);
    return rows == NULL ? NO_MEMORY : OK;
}

/* The row of an ID, or the free one where it belongs. */
static struct table_row *row_of(process_id_t id)
{
    uint32_t place = id & (row_count - 1);

    while (rows[place].id != 0 && rows[place].id != id) {
        place = (place + 1) & (row_count - 1);
    }
    return &rows[place];
}

static status_t read_all(void)
{
    struct process_information information;
    process_id_t id = 0;
    uint32_t used = 0;

    memset(rows, 0, row_count * sizeof *rows);
    while (process_next(id, &id) == OK) {
        if (used == row_count / 2) {
            return NO_MEMORY;
        }
        if (process_information(id, &information) == OK) {
            struct table_row *row = row_of(id);

            used += row->id == 0;
            *row = (struct table_row){ id, information.parent, information.class == CLASS_APPLICATION, (uint8_t)information.state,
                                       TABLE_UNKNOWN };
        }
    }
    return OK;
}

/*
 * Marks a process, and those above it up to one that is marked already. So each is walked over twice, however long the line of ancestors is.
 * Parents were read at different moments: should they form a ring, its first process counts as unknown to be inside, and is outside.
 */
static void mark(struct table_row *row)
{
    struct table_row *at = row;
    uint8_t found;

    while (at->id != 0 && at->is_application && at->mark == TABLE_UNKNOWN) {
        at->mark = TABLE_OUTSIDE;
        at = row_of(at->parent);
    }
    found = at->id != 0 && at->is_application ? at->mark : (uint8_t)TABLE_OUTSIDE;
    for (struct table_row *up = row; up != at && found == TABLE_INSIDE && up->mark != TABLE_INSIDE; up = row_of(up->parent)) {
        up->mark = TABLE_INSIDE;
    }
}

status_t table_read(process_id_t root)
{
    status_t status = read_all();

    if (status != OK) {
        return status;
    }
    struct table_row *top = row_of(root);
    if (top->id != 0) {
        top->mark = TABLE_INSIDE;
    }
    for (uint32_t i = 0; i < row_count; i++) {
        if (rows[i].id != 0 && rows[i].mark == TABLE_UNKNOWN) {
            mark(&rows[i]);
        }
    }
    return OK;
}

struct table_row *table_next(const struct table_row *row)
{
    for (uint32_t i = row == NULL ? 0 : (uint32_t)(row - rows) + 1; i < row_count; i++) {
        if (rows[i].id != 0 && rows[i].mark == TABLE_INSIDE) {
            return &rows[i];
        }
    }
    return NULL;
}

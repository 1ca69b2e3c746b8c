/*
 * IDs that are never valid for a later object: an index into a table and the
 * generation of that entry. An entry whose generations are used up is retired; unless the table
 * wraps, which is for IDs that only their owner can use: an attacker could wear those out.
 *
 * Called with interrupts off.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TABLE_INDEX_BITS 12U
#define TABLE_INDEX_MASK ((1U << TABLE_INDEX_BITS) - 1)
#define TABLE_GENERATION_MAX ((1U << (31 - TABLE_INDEX_BITS)) - 1) /* one bit is left to the user */

struct id_entry {
    void *object;                /* NULL: free */
    uint32_t generation;         /* of the object, or of the next one */
    uint32_t next_free;          /* index of the next free entry, or ID_NO_ENTRY */
};

struct id_table {
    struct id_entry *entries;    /* constant */
    uint32_t capacity;           /* constant, at most 1 << TABLE_INDEX_BITS */
    uint32_t first_free;
    uint32_t used;
    bool wraps;                  /* constant: after its last generation an entry begins again, instead of being retired */
};

/* `entries`: room for `capacity` of them. */
void id_table_initialise(struct id_table *table, struct id_entry *entries, uint32_t capacity);

/* Gives an object its ID, which is not 0. False if the table is full. */
[[nodiscard]] bool id_table_add(struct id_table *table, void *object, uint32_t *id_out);

/* The object that has this ID, or NULL. Any value of `id` is fine. */
[[nodiscard]] static inline void *id_table_find(const struct id_table *table, uint32_t id)
{
    uint32_t index = id & TABLE_INDEX_MASK;

    if (index >= table->capacity || table->entries[index].generation != id >> TABLE_INDEX_BITS) {
        return NULL;
    }
    return table->entries[index].object;
}

/* The object with the lowest index above that of `id` (0: the first), or NULL. */
[[nodiscard]] void *id_table_next(const struct id_table *table, uint32_t id);

/* The ID is valid no more. It must be. */
void id_table_remove(struct id_table *table, uint32_t id);

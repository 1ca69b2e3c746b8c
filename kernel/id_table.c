#include "id_table.h"

#include <stddef.h>

#include "panic.h"

#define ID_NO_ENTRY UINT32_MAX

/* Entry 0 stays empty, so that no index, and with it no ID, is 0. */
void id_table_initialise(struct id_table *table, struct id_entry *entries, uint32_t capacity)
{
    *table = (struct id_table){ .entries = entries, .capacity = capacity, .first_free = ID_NO_ENTRY };
    entries[0] = (struct id_entry){ .next_free = ID_NO_ENTRY };
    for (uint32_t index = capacity - 1; index > 0; index--) {
        entries[index] = (struct id_entry){ .generation = 1, .next_free = table->first_free };
        table->first_free = index;
    }
}

bool id_table_add(struct id_table *table, void *object, uint32_t *id_out)
{
    uint32_t index = table->first_free;

    if (index == ID_NO_ENTRY) {
        return false;
    }
    struct id_entry *entry = &table->entries[index];
    table->first_free = entry->next_free;
    entry->object = object;
    table->used++;
    *id_out = entry->generation << TABLE_INDEX_BITS | index;
    return true;
}

void *id_table_next(const struct id_table *table, uint32_t id)
{
    for (uint32_t index = (id & TABLE_INDEX_MASK) + 1; index < table->capacity; index++) {
        if (table->entries[index].object != NULL) {
            return table->entries[index].object;
        }
    }
    return NULL;
}

void id_table_remove(struct id_table *table, uint32_t id)
{
    uint32_t index = id & TABLE_INDEX_MASK;
    struct id_entry *entry = &table->entries[index];

    ASSERT(id_table_find(table, id) != NULL);
    entry->object = NULL;
    table->used--;
    if (entry->generation == TABLE_GENERATION_MAX) {
        entry->generation = 0;   /* no ID has generation 0 */
        if (!table->wraps) {
            return;
        }
    }
    entry->generation++;
    entry->next_free = table->first_free;
    table->first_free = index;
}

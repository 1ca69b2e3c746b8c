#include "apps/command/sort.h"

#include <stdlib.h>
#include <string.h>

#include "apps/command/command.h"

/* Merges two sorted parts that follow each other. */
static void merge(void **items, size_t middle, size_t count, void **room, int (*compare)(const void *left, const void *right))
{
    size_t left = 0, right = middle, at = 0;

    while (left < middle || right < count) {
        bool takes_left = right == count || (left < middle && compare(items[left], items[right]) <= 0);
        room[at++] = takes_left ? items[left++] : items[right++];
    }
    memcpy(items, room, count * sizeof *items);
}

void sort_pointers(void **items, size_t count, int (*compare)(const void *left, const void *right))
{
    void **room = command_memory((count + 1) * sizeof *room);

    for (size_t part = 1; part < count; part *= 2) {
        for (size_t first = 0; first + part < count; first += 2 * part) {
            size_t here = count - first < 2 * part ? count - first : 2 * part;
            merge(items + first, part, here, room, compare);
        }
    }
    free(room);
}

#include "sort.h"

#include <string.h>

/* Shell's sort, with the distances of Ciura (2001), and 2.25 times as far behind them. */
static const size_t distances[] = { 88392, 39284, 17459, 7759, 3448, 1532, 681, 301, 132, 57, 23, 10, 4, 1 };

void sort_by_name(void **items, size_t count, size_t name_offset)
{
    for (size_t i = 0; i < sizeof distances / sizeof distances[0]; i++) {
        size_t distance = distances[i];
        for (size_t at = distance; at < count; at++) {
            char *item = items[at];
            size_t place = at;
            while (place >= distance && strcmp((char *)items[place - distance] + name_offset, item + name_offset) > 0) {
                items[place] = items[place - distance];
                place -= distance;
            }
            items[place] = item;
        }
    }
}

void sort_strings(char **strings, size_t count)
{
    sort_by_name((void **)strings, count, 0);
}

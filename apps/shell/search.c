#include "search.h"

#include <string.h>

#include "history.h"
#include "utf8.h"

/* Looks from one line on, backwards in time. */
static void look(struct search *search, unsigned from)
{
    for (unsigned back = from; search->size > 0 && back <= history_count(); back++) {
        const char *line = history_line(back);
        size_t length = strlen(line);
        for (size_t at = 0; at + search->size <= length; at++) {
            if (memcmp(line + at, search->text, search->size) == 0) {
                search->found = back;
                search->at = at;
                search->has_failed = false;
                return;
            }
        }
    }
    search->has_failed = search->size > 0;
}

bool search_obey(struct search *search, enum key key, const char *bytes, size_t size)
{
    switch (key) {
    case KEY_TEXT:
        if (size <= SEARCH_TEXT_MAX - search->size) {
            memcpy(search->text + search->size, bytes, size);
            search->size += size;
            search->text[search->size] = '\0';
        }
        look(search, search->found == 0 ? 1 : search->found);
        return true;
    case KEY_SEARCH:
        look(search, search->found + 1);
        return true;
    case KEY_BACKSPACE:
        while (search->size > 0 && utf8_continues(search->text[search->size - 1])) {
            search->size--;
        }
        search->size -= search->size > 0;
        search->text[search->size] = '\0';
        search->found = 0;
        search->at = 0;
        look(search, 1);
        return true;
    default:
        return false;
    }
}

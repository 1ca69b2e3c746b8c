#include "alias.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

static struct alias *aliases;

const struct alias *aliases_first(void)
{
    return aliases;
}

/* The link to the alias of a name, or to the first one behind it. */
static struct alias **link_find(const char *name)
{
    struct alias **link = &aliases;

    while (*link != NULL && strcmp((*link)->name, name) < 0) {
        link = &(*link)->next;
    }
    return link;
}

const struct alias *alias_find(const char *name)
{
    const struct alias *alias = *link_find(name);

    return alias != NULL && strcmp(alias->name, name) == 0 ? alias : NULL;
}

struct alias *alias_find_usable(const char *name)
{
    struct alias *alias = *link_find(name);

    return alias != NULL && strcmp(alias->name, name) == 0 && alias->uses == 0 ? alias : NULL;
}

static void alias_free(struct alias *alias)
{
    free(alias->name);
    free(alias->text);
    free(alias);
}

bool alias_remove(const char *name)
{
    struct alias **link = link_find(name);
    struct alias *alias = *link;

    if (alias == NULL || strcmp(alias->name, name) != 0) {
        return false;
    }
    *link = alias->next;
    alias->is_removed = true;
    if (alias->uses == 0) {
        alias_free(alias);
    }
    return true;
}

void aliases_remove_all(void)
{
    while (aliases != NULL) {
        (void)alias_remove(aliases->name);
    }
}

void alias_set(const char *name, const char *text)
{
    struct alias *alias = memory_take(sizeof *alias);

    *alias = (struct alias){ .name = memory_copy(name, strlen(name)), .text = memory_copy(text, strlen(text)) };
    (void)alias_remove(name);
    struct alias **link = link_find(name);
    alias->next = *link;
    *link = alias;
}

void alias_use(struct alias *alias)
{
    alias->uses++;
}

void alias_let_go(struct alias *alias)
{
    if (--alias->uses == 0 && alias->is_removed) {
        alias_free(alias);
    }
}

/*
 * A doubly linked list whose links stand inside the things it holds. Nothing is
 * allocated, nothing fails, everything is O(1).
 *
 * A node is in at most one list; a node that is in none points to itself.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct list {
    struct list *next;
    struct list *previous;
};

#define LIST_EMPTY(name) { &(name), &(name) }

/* The structure of this type whose field `member` is `node`. */
#define LIST_ENTRY(node, type, member) ((type *)((char *)(node) - offsetof(type, member)))

#define LIST_FOR_EACH(node, head) \
    for (struct list *node = (head)->next; node != (head); node = node->next)

/* As LIST_FOR_EACH; the body may take `node` out of the list. */
#define LIST_FOR_EACH_SAFE(node, head) \
    for (struct list *node = (head)->next, *node##_next = node->next; node != (head); \
         node = node##_next, node##_next = node->next)

static inline void list_initialise(struct list *list)
{
    list->next = list;
    list->previous = list;
}

static inline bool list_is_empty(const struct list *list)
{
    return list->next == list;
}

static inline void list_insert_behind(struct list *where, struct list *node)
{
    node->previous = where;
    node->next = where->next;
    where->next->previous = node;
    where->next = node;
}

static inline void list_append(struct list *list, struct list *node)
{
    list_insert_behind(list->previous, node);
}

static inline void list_prepend(struct list *list, struct list *node)
{
    list_insert_behind(list, node);
}

/* Takes a node out of whatever list holds it; one that is in none stays so. */
static inline void list_remove(struct list *node)
{
    node->previous->next = node->next;
    node->next->previous = node->previous;
    list_initialise(node);
}

/* Takes out and returns the first node, or NULL. */
static inline struct list *list_take_first(struct list *list)
{
    struct list *first = list->next;

    if (first == list) {
        return NULL;
    }
    list_remove(first);
    return first;
}

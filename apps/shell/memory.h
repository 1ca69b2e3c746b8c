/*
 * Memory of the shell. Nobody looks whether there was any: when there is none, the handler is called and does not come back; it
 * gives up the command, with all that the arenas hold of it. Only the main thread calls these.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Called when there is no memory. It must not return. */
void memory_set_handler(void (*handler)(void));

/* Memory for what outlives a command: to be given back with free. */
void *memory_take(size_t size);
void *memory_resize(void *memory, size_t size);
char *memory_copy(const char *bytes, size_t size); /* with a NUL behind them */

/*
 * An arena: memory that goes in the reverse order in which it came, or all at once. All zeroes is an empty one.
 */
struct arena_block;

struct arena {
    struct arena_block *block;
};

/* How far an arena was filled at some time. */
struct arena_mark {
    struct arena_block *block;
    size_t used;
};

/* size bytes, aligned for anything. */
void *arena_take(struct arena *arena, size_t size);
void *arena_zeroed(struct arena *arena, size_t size);
char *arena_copy(struct arena *arena, const char *bytes, size_t size); /* with a NUL behind them */

/* Lets what was taken last grow where it is. False: there is no room behind it. */
bool arena_extend(struct arena *arena, const void *last, size_t size, size_t new_size);

struct arena_mark arena_mark(const struct arena *arena);

/* Gives back all that was taken since. */
void arena_release(struct arena *arena, struct arena_mark mark);
void arena_free(struct arena *arena);

/* Bytes that grow, in an arena. They move when they do: hold no pointer into them. */
struct text {
    struct arena *arena;
    char *bytes;
    size_t size;
    size_t room;
};

#define TEXT_EMPTY(arena_) { .arena = (arena_) }

void text_add(struct text *text, char byte);
void text_append(struct text *text, const void *bytes, size_t size);
void text_append_string(struct text *text, const char *string);

/* The bytes with a NUL behind them, which does not count. */
char *text_string(struct text *text);

#include "memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 8U
#define BLOCK_SIZE (4064U - sizeof(struct arena_block)) /* what malloc makes a page of */
#define TEXT_SMALL 56U

struct arena_block {
    struct arena_block *below;
    size_t size;
    size_t used;
    size_t unused; /* what follows is aligned */
    char bytes[];
};

static void (*exhausted)(void) = abort;

void memory_set_handler(void (*handler)(void))
{
    exhausted = handler;
}

/* Never NULL. */
static void *checked(void *memory)
{
    if (memory == NULL) {
        exhausted();
        abort();
    }
    return memory;
}

void *memory_take(size_t size)
{
    return checked(malloc(size == 0 ? 1 : size));
}

void *memory_resize(void *memory, size_t size)
{
    return checked(realloc(memory, size == 0 ? 1 : size));
}

char *memory_copy(const char *bytes, size_t size)
{
    char *copy = memory_take(size + 1);

    memcpy(copy, bytes, size);
    copy[size] = '\0';
    return copy;
}

/* ---- Arenas ---- */

static size_t round_up(size_t size)
{
    return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

static void block_add(struct arena *arena, size_t size)
{
    size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
    struct arena_block *block = memory_take(sizeof *block + room);

    *block = (struct arena_block){ .below = arena->block, .size = room };
    arena->block = block;
}

void *arena_take(struct arena *arena, size_t size)
{
    size = round_up(size);
    if (arena->block == NULL || size > arena->block->size - arena->block->used) {
        block_add(arena, size);
    }
    void *memory = arena->block->bytes + arena->block->used;
    arena->block->used += size;
    return memory;
}

void *arena_zeroed(struct arena *arena, size_t size)
{
    return memset(arena_take(arena, size), 0, size);
}

char *arena_copy(struct arena *arena, const char *bytes, size_t size)
{
    char *copy = arena_take(arena, size + 1);

    if (size > 0) {
        memcpy(copy, bytes, size);
    }
    copy[size] = '\0';
    return copy;
}

bool arena_extend(struct arena *arena, const void *last, size_t size, size_t new_size)
{
    struct arena_block *block = arena->block;
    size_t more = round_up(new_size) - round_up(size);

    if (block == NULL || (const char *)last + round_up(size) != block->bytes + block->used || more > block->size - block->used) {
        return false;
    }
    block->used += more;
    return true;
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){ arena->block, arena->block == NULL ? 0 : arena->block->used };
}

static void block_remove(struct arena *arena)
{
    struct arena_block *block = arena->block;

    arena->block = block->below;
    free(block);
}

/* The first block stays, even if it is empty: most commands need no more, and each needs it anew. */
void arena_release(struct arena *arena, struct arena_mark mark)
{
    while (arena->block != mark.block && arena->block->below != NULL) {
        block_remove(arena);
    }
    if (arena->block != NULL) {
        arena->block->used = mark.used;
    }
}

void arena_free(struct arena *arena)
{
    while (arena->block != NULL) {
        block_remove(arena);
    }
}

/* ---- Texts ---- */

static void text_make_room(struct text *text, size_t more)
{
    size_t wanted = text->size + more;
    size_t room = text->room == 0 ? TEXT_SMALL : text->room * 2;

    if (wanted <= text->room) {
        return;
    }
    room = room > wanted ? room : wanted;
    if (text->bytes == NULL || !arena_extend(text->arena, text->bytes, text->room, room)) {
        char *bytes = arena_take(text->arena, room);
        if (text->size > 0) {
            memcpy(bytes, text->bytes, text->size);
        }
        text->bytes = bytes;
    }
    text->room = room;
}

void text_add(struct text *text, char byte)
{
    text_make_room(text, 1);
    text->bytes[text->size++] = byte;
}

void text_append(struct text *text, const void *bytes, size_t size)
{
    if (size > 0) {
        text_make_room(text, size);
        memcpy(text->bytes + text->size, bytes, size);
        text->size += size;
    }
}

void text_append_string(struct text *text, const char *string)
{
    text_append(text, string, strlen(string));
}

char *text_string(struct text *text)
{
    text_make_room(text, 1);
    text->bytes[text->size] = '\0';
    return text->bytes;
}

/* What was typed and nobody has read yet: bytes, and where lines end. Portable. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define TYPED_MAX 2048U

#define TYPED_LINE_END 0x100U    /* the last of a line: one read goes no farther */
#define TYPED_NO_BYTE 0x200U     /* with it: an end of the input, which is no byte but where bytes alone count */

/* All zeroes: empty. */
struct typed {
    uint16_t items[TYPED_MAX];   /* a byte, and TYPED_… */
    uint32_t first;
    uint32_t count;
};

static inline uint32_t typed_room(const struct typed *typed)
{
    return TYPED_MAX - typed->count;
}

/* There must be room. */
void typed_put(struct typed *typed, uint32_t item);

/* Takes the oldest; there must be one. */
uint32_t typed_take(struct typed *typed);

/*
 * Copies what a read gets; it stays until typed_remove.
 *   by_lines    up to the end of a line; else as much as there is
 *   items_out   what is to be removed then; 0: there is nothing
 * Returns the bytes, at most `most`.
 */
uint32_t typed_copy(const struct typed *typed, bool by_lines, uint8_t *bytes, uint32_t most, uint32_t *items_out);
void typed_remove(struct typed *typed, uint32_t items);

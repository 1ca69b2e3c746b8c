/* A run of pages of which some are good for a pointer and some are not. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
    PAGE_FIRST,                  /* writable */
    PAGE_HOLE,                   /* not mapped */
    PAGE_SECOND,                 /* writable */
    PAGE_READ_ONLY,
    PAGE_THIRD,                  /* writable */
    PAGE_KINDS,
};

/* Makes such a run; every mapped byte is PAGE_FILL. Its address. */
#define PAGE_FILL 0x5AU
uint32_t pages_create(void);

/* Are all bytes of these PAGE_FILL still? */
void pages_expect_untouched(uint32_t run, uint32_t page);

/* Writes an address that no call may read `size` bytes from at *address_out. False: there are no more. */
bool pages_bad_to_read(uint32_t run, uint32_t index, uint32_t size, uint32_t *address_out);

/* The same for writing. */
bool pages_bad_to_write(uint32_t run, uint32_t index, uint32_t size, uint32_t *address_out);

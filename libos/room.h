/* Memory for as long as a function runs: in its frame if little is needed, else pages of the kernel. */
#pragma once

#include <stdint.h>

#define ROOM_SMALL 128U          /* bytes that a frame has */

struct room {
    uint32_t address;            /* of pages, or 0 */
    uint32_t page_count;
    uint8_t small[ROOM_SMALL] __attribute__((aligned(8)));
};

/* Room for so many bytes; NULL: there is no memory. room_end gives it back, in any case. */
[[nodiscard]] void *room_begin(struct room *room, uint32_t size);

void room_end(struct room *room);

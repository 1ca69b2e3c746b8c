/* Memory of a frozen process. */
#pragma once

#include <abi/types.h>

#include "backtrace.h"

#define MEMORY_KEPT 2U           /* pages: code and stack take turns */

struct memory {
    struct backtrace_memory for_backtrace;
    process_id_t process;
    uint32_t last;               /* of the pages kept: used last */
    struct {
        uint32_t address;        /* of the page; 0: none */
        uint8_t bytes[PAGE_SIZE];
    } pages[MEMORY_KEPT];
};

/* Begins with another process. */
void memory_open(struct memory *memory, process_id_t process);

/* Copies bytes. False: not all of them can be read. */
[[nodiscard]] bool memory_read(struct memory *memory, uint32_t address, void *to, uint32_t size);

/* Does it hold these bytes? */
[[nodiscard]] bool memory_equals(struct memory *memory, uint32_t address, const void *bytes, uint32_t size);

/* Can the page of an address be read? */
[[nodiscard]] bool memory_has_page(const struct memory *memory, uint32_t address);

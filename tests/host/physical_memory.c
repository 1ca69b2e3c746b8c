#include "physical_memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "frame.h"
#include "memory.h"
#include "test.h"

void physical_memory_create(uint32_t frames)
{
    static struct frame table[1U << 16];
    void *wanted = physical_to_virtual(0);
    void *memory = mmap(wanted, (size_t)frames * PAGE_SIZE, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

    CHECK(frames <= sizeof table / sizeof table[0]);
    if (memory != wanted) {
        FAIL("%u frames of memory cannot be had at %p", frames, wanted);
    }
    memset(memory, 0xA5, (size_t)frames * PAGE_SIZE);
    frames_initialise(&frame_table, table, frames);
    frames_add(&frame_table, 1, frames - 1);
}

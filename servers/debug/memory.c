#include "memory.h"

#include <abi/debug.h>

#include <ternion/string.h>
#include <ternion/syscall.h>

_Static_assert(DEBUG_READ_MAX >= PAGE_SIZE, "a page is read at once");

/* The page of an address, or NULL. */
static const uint8_t *page_of(struct memory *memory, uint32_t address)
{
    uint32_t page = address & ~(PAGE_SIZE - 1);

    for (uint32_t i = 0; i < MEMORY_KEPT; i++) {
        if (memory->pages[i].address == page && page != 0) {
            memory->last = i;
            return memory->pages[i].bytes;
        }
    }
    uint32_t place = (memory->last + 1) % MEMORY_KEPT;
    memory->pages[place].address = 0;
    if (page == 0 || debug_read(memory->process, page, memory->pages[place].bytes, PAGE_SIZE) != OK) {
        return NULL;
    }
    memory->pages[place].address = page;
    memory->last = place;
    return memory->pages[place].bytes;
}

bool memory_read(struct memory *memory, uint32_t address, void *to, uint32_t size)
{
    uint8_t *bytes = to;

    while (size != 0) {
        const uint8_t *page = page_of(memory, address);
        uint32_t offset = address % PAGE_SIZE;
        uint32_t part = size < PAGE_SIZE - offset ? size : PAGE_SIZE - offset;

        if (page == NULL) {
            return false;
        }
        memcpy(bytes, page + offset, part);
        bytes += part;
        address += part;
        size -= part;
    }
    return true;
}

static bool read_for_backtrace(const struct backtrace_memory *memory, uint32_t address, void *to, uint32_t size)
{
    return memory_read((struct memory *)memory, address, to, size);
}

void memory_open(struct memory *memory, process_id_t process)
{
    memory->for_backtrace.read = read_for_backtrace;
    memory->process = process;
    for (uint32_t i = 0; i < MEMORY_KEPT; i++) {
        memory->pages[i].address = 0;
    }
}

bool memory_has_page(const struct memory *memory, uint32_t address)
{
    uint8_t byte;

    return debug_read(memory->process, address, &byte, sizeof byte) == OK;
}

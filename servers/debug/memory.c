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

/* What can be reached from an address on in one page, at most so much. */
static uint32_t part_of(uint32_t address, uint32_t size)
{
    uint32_t rest = PAGE_SIZE - address % PAGE_SIZE;

    return rest < size ? rest : size;
}

bool memory_read(struct memory *memory, uint32_t address, void *to, uint32_t size)
{
    for (uint32_t done = 0, part; done < size; done += part) {
        const uint8_t *page = page_of(memory, address + done);

        part = part_of(address + done, size - done);
        if (page == NULL) {
            return false;
        }
        memcpy((uint8_t *)to + done, page + (address + done) % PAGE_SIZE, part);
    }
    return true;
}

bool memory_equals(struct memory *memory, uint32_t address, const void *bytes, uint32_t size)
{
    for (uint32_t done = 0, part; done < size; done += part) {
        const uint8_t *page = page_of(memory, address + done);

        part = part_of(address + done, size - done);
        if (page == NULL || memcmp(page + (address + done) % PAGE_SIZE, (const uint8_t *)bytes + done, part) != 0) {
            return false;
        }
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

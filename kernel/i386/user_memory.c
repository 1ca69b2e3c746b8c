#include "user_memory.h"

#include <abi/system.h>

#include <stdbool.h>

#include "address_space.h"
#include "i386/cpu.h"
#include "i386/entry.h"
#include "process.h"
#include "thread.h"

static bool range_is_user(uint32_t address, uint32_t size)
{
    return address < USER_END && size <= USER_END - address;
}

status_t user_read(void *to, const void USER *from, uint32_t size)
{
    uint32_t address = (uint32_t)from;

    if (size == 0) {
        return OK;
    }
    if (!range_is_user(address, size) || entry_copy(to, (const void *)address, size) != 0) {
        return BAD_ADDRESS;
    }
    return OK;
}

/* The 386 lets the kernel write to read-only pages: there we look ourselves, once all pages were touched. */
static bool range_is_writable(uint32_t address, uint32_t size)
{
    uint8_t touched;

    if (cpu_has(CPU_WRITE_PROTECT)) {
        return true;
    }
    for (uint32_t at = address; at - address < size; at = (at | (PAGE_SIZE - 1)) + 1) {
        if (entry_copy(&touched, (const void *)at, 1) != 0) {
            return false;
        }
    }
    return address_space_is_writable(&thread_current->process->space, address, size);
}

status_t user_write(void USER *to, const void *from, uint32_t size)
{
    uint32_t address = (uint32_t)to;

    if (size == 0) {
        return OK;
    }
    if (!range_is_user(address, size) || !range_is_writable(address, size)
        || entry_copy((void *)address, from, size) != 0) {
        return BAD_ADDRESS;
    }
    return OK;
}

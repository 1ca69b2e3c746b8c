#include "memory.h"

#include <abi/process.h>

#include "address_space.h"
#include "boot_memory.h"
#include "i386/timer.h"
#include "process.h"
#include "strike.h"
#include "syscall_handlers.h"
#include "thread.h"

static struct address_space *own_space(void)
{
    return &thread_current->process->space;
}

status_t sys_memory_allocate(uint32_t pages, uint32_t flags, uint32_t *address_out)
{
    return address_space_allocate(own_space(), pages, flags, address_out);
}

status_t sys_memory_free(uint32_t address, uint32_t pages)
{
    return address_space_free(own_space(), address, pages);
}

status_t sys_memory_protect(uint32_t address, uint32_t pages, uint32_t flags)
{
    if ((flags & ~MEMORY_READ_ONLY) != 0) {
        return BAD_ARGUMENT;
    }
    return address_space_protect(own_space(), address, pages, (flags & MEMORY_READ_ONLY) == 0);
}

status_t memory_check_physical(physical_t physical, uint32_t pages, uint32_t flags)
{
    if (physical % PAGE_SIZE != 0 || pages == 0 || pages > (UINT32_MAX - physical) / PAGE_SIZE + 1
        || (flags & ~(PHYSICAL_READ_ONLY | PHYSICAL_UNCACHED | PHYSICAL_WRITE_COMBINING)) != 0
        || (flags & (PHYSICAL_UNCACHED | PHYSICAL_WRITE_COMBINING)) == (PHYSICAL_UNCACHED | PHYSICAL_WRITE_COMBINING)) {
        return BAD_ARGUMENT;
    }
    if (!access_has_memory(&thread_current->process->access, physical, physical + (pages * PAGE_SIZE - 1))) {
        return strike_refuse(STRIKE_MEMORY, physical);
    }
    /* Never a byte of RAM: the kernel, page tables, other processes. */
    if (boot_memory_touches_ram(physical, pages)) {
        return NOT_ALLOWED;
    }
    return OK;
}

status_t sys_physical_map(physical_t physical, uint32_t pages, uint32_t flags, uint32_t *address_out)
{
    status_t status = memory_check_physical(physical, pages, flags);

    return status == OK ? address_space_map_physical(own_space(), physical, pages, flags, address_out) : status;
}

status_t sys_speaker_divisor(uint32_t divisor)
{
    if (divisor == 0 || divisor > UINT16_MAX) {
        return BAD_ARGUMENT;
    }
    if (!access_has_right(&thread_current->process->access, RIGHT_SPEAKER)) {
        return NOT_ALLOWED;
    }
    timer_set_speaker(divisor);
    return OK;
}

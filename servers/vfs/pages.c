#include <ternion/syscall.h>

#include "file_system.h"

void *pages_take(uint32_t count)
{
    uint32_t address;

    return memory_allocate(count, 0, &address) == OK ? (void *)address : NULL;
}

void pages_give_back(void *pages, uint32_t count)
{
    (void)memory_free((uint32_t)pages, count);
}

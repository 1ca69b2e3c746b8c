#include "pages.h"

#include <ternion/string.h>
#include <ternion/system.h>

#include "test.h"

uint32_t pages_create(void)
{
    uint32_t run;

    EXPECT_OK(memory_allocate(PAGE_KINDS, 0, &run));
    memset((void *)run, PAGE_FILL, PAGE_KINDS * PAGE_SIZE);
    EXPECT_OK(memory_free(run + PAGE_HOLE * PAGE_SIZE, 1));
    EXPECT_OK(memory_protect(run + PAGE_READ_ONLY * PAGE_SIZE, 1, MEMORY_READ_ONLY));
    return run;
}

void pages_expect_untouched(uint32_t run, uint32_t page)
{
    const uint8_t *bytes = (const uint8_t *)(run + page * PAGE_SIZE);

    for (uint32_t i = 0; i < PAGE_SIZE; i++) {
        if (bytes[i] != PAGE_FILL) {
            EXPECT_NOT("page %u was written to at byte 0x%x", page, i);
        }
    }
}

bool pages_bad_to_read(uint32_t run, uint32_t index, uint32_t size, uint32_t *address_out)
{
    uint32_t hole = run + PAGE_HOLE * PAGE_SIZE;
    const uint32_t addresses[] = {
        0, 4, PAGE_SIZE, 0xB8000, 0xFFFFC, 0x100000, STACK_TOP - STACK_SIZE_MAX - PAGE_SIZE,
        hole, hole + PAGE_SIZE - size, hole + PAGE_SIZE - 1, hole - 1, hole - size + 1,
        USER_END - PAGE_SIZE, USER_END - size, USER_END - size + 1, USER_END - 1, USER_END, USER_END + 1, USER_END + 0x100000,
        USER_END + 0x110000, 0xC0000000, 0xF8000000, 0xFFFFF000, 0U - size, 0U - size + 1, 0xFFFFFFFC, 0xFFFFFFFF,
    };

    if (index >= COUNT(addresses)) {
        return false;
    }
    *address_out = addresses[index];
    return true;
}

bool pages_bad_to_write(uint32_t run, uint32_t index, uint32_t size, uint32_t *address_out)
{
    uint32_t read_only = run + PAGE_READ_ONLY * PAGE_SIZE;
    const uint32_t addresses[] = {
        read_only, read_only + PAGE_SIZE - size, read_only + PAGE_SIZE - 1, read_only - 1, read_only - size + 1,
        PROGRAM_BASE, SYSTEM_PAGE, PROCESS_PAGE, PROCESS_PAGE + PAGE_SIZE - 1, SYSTEM_PAGE - 1,
    };

    if (index < COUNT(addresses)) {
        *address_out = addresses[index];
        return true;
    }
    return pages_bad_to_read(run, index - COUNT(addresses), size, address_out);
}

#include "stack.h"

#include <stdint.h>

#define STACK_USED_MAX 0x60000U /* the first thread has 512 KB */

static uintptr_t start;

/* Stacks grow down. */
static uintptr_t here(void)
{
    return (uintptr_t)__builtin_frame_address(0);
}

void stack_begin(void)
{
    start = here();
}

bool stack_is_short(void)
{
    uintptr_t now = here();

    return now < start && start - now > STACK_USED_MAX;
}

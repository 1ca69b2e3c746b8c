#include "kernel_heap.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

static uint32_t objects;
static uint32_t successes_left = UINT32_MAX;

uint32_t heap_objects(void)
{
    return objects;
}

void heap_fail_after(uint32_t successes)
{
    successes_left = successes;
}

bool heap_fails_now(void)
{
    if (successes_left == 0) {
        successes_left = UINT32_MAX;
        return true;
    }
    successes_left -= successes_left != UINT32_MAX;
    return false;
}

void *heap_allocate_unset(uint32_t size, bool reserve)
{
    (void)reserve;
    CHECK(size > 0 && size <= HEAP_SIZE_MAX);
    if (heap_fails_now()) {
        return NULL;
    }
    objects++;
    return memset(malloc(size), 0xC3, size);
}

void *heap_allocate(uint32_t size, bool reserve)
{
    void *object = heap_allocate_unset(size, reserve);

    return object == NULL ? NULL : memset(object, 0, size);
}

void heap_free(void *object)
{
    objects -= object != NULL;
    free(object);
}

uint32_t heap_pages(void)
{
    return 0;
}

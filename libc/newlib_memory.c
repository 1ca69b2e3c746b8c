/*
 * malloc as newlib calls it from within, with a structure for errno: libos' allocator, the only one of a program. And what of
 * <malloc.h> and <stdlib.h> stands beside malloc.
 */
#include <errno.h>
#include <malloc.h>
#include <reent.h>
#include <stdint.h>
#include <stdlib.h>

#include <ternion/memory.h>

void allocation_failed(void);

/* libos' malloc, calloc and realloc call it, so all that calls those sees errno. */
void allocation_failed(void)
{
    errno = ENOMEM;
}

static void *or_errno(struct _reent *reent, void *memory)
{
    if (memory == NULL) {
        reent->_errno = ENOMEM;
    }
    return memory;
}

void *_malloc_r(struct _reent *reent, size_t size)
{
    return or_errno(reent, malloc(size));
}

void *_calloc_r(struct _reent *reent, size_t count, size_t size)
{
    return or_errno(reent, calloc(count, size));
}

void *_realloc_r(struct _reent *reent, void *memory, size_t size)
{
    return or_errno(reent, realloc(memory, size));
}

void _free_r(struct _reent *reent, void *memory)
{
    (void)reent;
    free(memory);
}

void *reallocf(void *memory, size_t size)
{
    void *moved = realloc(memory, size);

    if (moved == NULL) {
        free(memory);
    }
    return moved;
}

void *reallocarray(void *memory, size_t count, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(memory, bytes);
}

static int is_power_of_two(size_t number)
{
    return number != 0 && (number & (number - 1)) == 0;
}

void *memalign(size_t alignment, size_t size)
{
    if (!is_power_of_two(alignment)) {
        errno = EINVAL;
        return NULL;
    }
    return or_errno(_REENT, memory_allocate_aligned(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **memory_out, size_t alignment, size_t size)
{
    if (!is_power_of_two(alignment) || alignment < sizeof(void *)) {
        return EINVAL;
    }
    void *memory = memory_allocate_aligned(alignment, size);
    if (memory == NULL) {
        return ENOMEM;
    }
    *memory_out = memory;
    return 0;
}

void *valloc(size_t size)
{
    return memalign(PAGE_SIZE, size);
}

size_t malloc_usable_size(void *memory)
{
    return memory == NULL ? 0 : memory_size(memory);
}

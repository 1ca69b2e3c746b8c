/*
 * malloc on pages. Every page that it uses begins with a header, so the header
 * of any piece of memory is found by rounding its address down.
 *
 *   - Small sizes are rounded up to one of a few; a *slab* has pieces of one size. Slabs
 *     with a free piece are in the list of their size. A slab without a piece in use is given back, unless it is the
 *     last in its list: a program that takes and frees one piece in turn makes no calls.
 *   - A slab is a page, or for the smaller sizes a quarter of one, with a header of its own: a small program has a
 *     few pieces of many sizes.
 *   - Larger ones are runs of whole pages. Memory that begins with a page has its header in the page before.
 */
#include <ternion/lock.h>
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#include <stdbool.h>

#define WEAK __attribute__((weak))
#define QUARTER (PAGE_SIZE / 4)

/* The free pieces of a slab hang together through their first bytes. */
struct piece {
    struct piece *next;
};

/* At the beginning of a page, and of each of its quarters if it is divided. */
struct slab {
    struct slab *next;     /* in the list of its size, only while it has a free piece; or in free_quarters */
    struct slab *previous;
    struct piece *free;
    uint32_t pieces_used;
    uint32_t piece_size;   /* 0: a run of whole pages */
    union {
        uint32_t run_pages;
        uint32_t quarters_used;     /* of a divided page */
    };
    bool is_divided;       /* the page that begins here */
};

#define HEADER_SIZE 32U /* of struct slab, rounded up to what malloc aligns to */
_Static_assert(sizeof(struct slab) <= HEADER_SIZE);

/* Multiples of 16: what comes of a quarter of a page behind its header, and the last two of a page. */
static const uint16_t sizes[] = { 16, 32, 48, 64, 96, 128, 192, 240, 320, 496, 1008, 2032 };
#define SIZE_COUNT (sizeof sizes / sizeof sizes[0])
#define QUARTER_PIECE_MAX 496U

static struct lock lock;                    /* protects everything below, and all headers */
static struct slab *slabs_with_room[SIZE_COUNT];
static struct slab *free_quarters;

/* The header of the page in which memory lies, or before which it begins. */
static struct slab *page_of(const void *memory)
{
    return (struct slab *)(((uintptr_t)memory - 1) & ~(uintptr_t)(PAGE_SIZE - 1));
}

static struct slab *slab_of(const void *memory)
{
    struct slab *page = page_of(memory);

    return page->is_divided ? (struct slab *)(((uintptr_t)memory - 1) & ~(uintptr_t)(QUARTER - 1)) : page;
}

static unsigned size_index(size_t size)
{
    unsigned index = 0;

    while (sizes[index] < size) {
        index++;
    }
    return index;
}

static void list_insert(struct slab **list, struct slab *slab)
{
    slab->previous = NULL;
    slab->next = *list;
    if (*list != NULL) {
        (*list)->previous = slab;
    }
    *list = slab;
}

static void list_remove(struct slab **list, struct slab *slab)
{
    if (slab->previous != NULL) {
        slab->previous->next = slab->next;
    } else {
        *list = slab->next;
    }
    if (slab->next != NULL) {
        slab->next->previous = slab->previous;
    }
}

static struct slab *page_take(void)
{
    uint32_t address;

    return memory_allocate(1, 0, &address) == OK ? (struct slab *)address : NULL;
}

static struct slab *quarter_take(void)
{
    if (free_quarters == NULL) {
        struct slab *page = page_take();

        if (page == NULL) {
            return NULL;
        }
        page->is_divided = true;
        for (uint32_t at = PAGE_SIZE; at > 0; at -= QUARTER) {
            list_insert(&free_quarters, (struct slab *)((char *)page + at - QUARTER));
        }
    }
    struct slab *quarter = free_quarters;
    list_remove(&free_quarters, quarter);
    quarter->free = NULL;
    page_of((char *)quarter + 1)->quarters_used++;
    return quarter;
}

/* With the last one in use the page goes. */
static void quarter_give_back(struct slab *quarter)
{
    struct slab *page = page_of((char *)quarter + 1);

    list_insert(&free_quarters, quarter);
    if (--page->quarters_used > 0) {
        return;
    }
    for (uint32_t at = 0; at < PAGE_SIZE; at += QUARTER) {
        list_remove(&free_quarters, (struct slab *)((char *)page + at));
    }
    (void)memory_free((uint32_t)page, 1);
}

static struct slab *slab_create(uint32_t piece_size)
{
    bool is_quarter = piece_size <= QUARTER_PIECE_MAX;
    struct slab *slab = is_quarter ? quarter_take() : page_take();

    if (slab == NULL) {
        return NULL;
    }
    slab->piece_size = piece_size;
    for (uint32_t at = HEADER_SIZE; at + piece_size <= (is_quarter ? QUARTER : PAGE_SIZE); at += piece_size) {
        struct piece *piece = (struct piece *)((char *)slab + at);

        piece->next = slab->free;
        slab->free = piece;
    }
    return slab;
}

static void *piece_allocate(size_t size)
{
    unsigned index = size_index(size);
    struct slab *slab = slabs_with_room[index];

    if (slab == NULL) {
        slab = slab_create(sizes[index]);
        if (slab == NULL) {
            return NULL;
        }
        list_insert(&slabs_with_room[index], slab);
    }
    struct piece *piece = slab->free;
    slab->free = piece->next;
    slab->pieces_used++;
    if (slab->free == NULL) {
        list_remove(&slabs_with_room[index], slab);
    }
    return piece;
}

static void piece_free(struct slab *slab, struct piece *piece)
{
    struct slab **list = &slabs_with_room[size_index(slab->piece_size)];

    if (slab->free == NULL) {
        list_insert(list, slab);
    }
    piece->next = slab->free;
    slab->free = piece;
    slab->pieces_used--;
    if (slab->pieces_used > 0 || (slab->next == NULL && slab->previous == NULL)) {
        return;
    }
    list_remove(list, slab);
    if (slab->piece_size <= QUARTER_PIECE_MAX) {
        quarter_give_back(slab);
    } else {
        (void)memory_free((uint32_t)slab, 1);
    }
}

static void *run_allocate(size_t size)
{
    uint32_t address;

    if (size > USER_END - HEADER_SIZE) {
        return NULL;
    }
    uint32_t pages = PAGES(size + HEADER_SIZE);
    if (memory_allocate(pages, 0, &address) != OK) {
        return NULL;
    }
    struct slab *page = (struct slab *)address;
    page->run_pages = pages;
    return (char *)page + HEADER_SIZE;
}

size_t memory_size(const void *memory)
{
    const struct slab *slab = slab_of(memory);

    return slab->piece_size != 0 ? slab->piece_size : slab->run_pages * PAGE_SIZE - (size_t)((const char *)memory - (const char *)slab);
}

/* A run in which the memory begins at a multiple of the alignment, with a header in the page before or in its own. */
void *memory_allocate_aligned(size_t alignment, size_t size)
{
    uint32_t address;

    if (alignment <= MEMORY_ALIGNMENT) {
        return malloc(size);
    }
    if (alignment > USER_END / 2 || size > USER_END / 2) {
        return NULL;
    }
    size_t before = alignment < HEADER_SIZE ? HEADER_SIZE : alignment;
    uint32_t pages = PAGES(before + size);
    if (memory_allocate(pages, 0, &address) != OK) {
        return NULL;
    }
    uintptr_t memory = (address + HEADER_SIZE + alignment - 1) & ~(uintptr_t)(alignment - 1);
    struct slab *page = page_of((void *)memory);
    uint32_t unused = ((uint32_t)page - address) / PAGE_SIZE;
    if (unused > 0) {
        (void)memory_free(address, unused);
    }
    page->run_pages = pages - unused;
    return (void *)memory;
}

/* The C library says in errno that there is no memory (libc/newlib_memory.c). */
WEAK void allocation_failed(void);

static void *or_failed(void *memory)
{
    if (memory == NULL && allocation_failed != NULL) {
        allocation_failed();
    }
    return memory;
}

WEAK void *malloc(size_t size)
{
    if (size > sizes[SIZE_COUNT - 1]) {
        return or_failed(run_allocate(size));
    }
    lock_acquire(&lock);
    void *memory = piece_allocate(size);
    lock_release(&lock);
    return or_failed(memory);
}

WEAK void free(void *memory)
{
    if (memory == NULL) {
        return;
    }
    struct slab *slab = slab_of(memory);
    if (slab->piece_size == 0) {
        (void)memory_free((uint32_t)slab, slab->run_pages);
        return;
    }
    lock_acquire(&lock);
    piece_free(slab, memory);
    lock_release(&lock);
}

WEAK void *calloc(size_t count, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes)) {
        return or_failed(NULL);
    }
    void *memory = malloc(bytes);
    if (memory != NULL && slab_of(memory)->piece_size != 0) {
        memset(memory, 0, bytes); /* runs come from the kernel, zeroed */
    }
    return memory;
}

WEAK void *realloc(void *memory, size_t size)
{
    if (memory == NULL) {
        return malloc(size);
    }
    size_t old_size = memory_size(memory);
    if (size <= old_size && size > old_size / 2) {
        return memory;
    }
    void *moved = malloc(size);
    if (moved != NULL) {
        memcpy(moved, memory, old_size < size ? old_size : size);
        free(memory);
    }
    return moved;
}

/*
 * malloc on pages. Every page that it uses begins with a header, so the header
 * of any piece of memory is found by rounding its address down.
 *
 *   - Small sizes are rounded up to one of a few; a page holds pieces of one size. Pages
 *     with a free piece are in the list of their size. A page without a piece in use goes back to
 *     the kernel, unless it is the last in its list: a program that takes and frees one piece in turn makes no calls.
 *   - Larger ones are runs of whole pages. Memory that begins with a page has its header in the page before.
 */
#include <ternion/lock.h>
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#define WEAK __attribute__((weak))

/* The free pieces of a page hang together through their first bytes. */
struct piece {
    struct piece *next;
};

struct page {
    struct page *next;     /* in the list of its size: only while it has a free piece */
    struct page *previous;
    struct piece *free;
    uint32_t pieces_used;
    uint32_t piece_size;   /* 0: a run of whole pages */
    uint32_t run_pages;
};

#define HEADER_SIZE 32U /* of struct page, rounded up to what malloc aligns to */
_Static_assert(sizeof(struct page) <= HEADER_SIZE);

/* Multiples of 16; the last ones are what an eighth, a quarter and a half of a page behind its header come to. */
static const uint16_t sizes[] = { 16, 32, 48, 64, 96, 128, 192, 256, 496, 1008, 2032 };
#define SIZE_COUNT (sizeof sizes / sizeof sizes[0])

static struct lock lock;                    /* protects everything below, and all headers */
static struct page *pages_with_room[SIZE_COUNT];

static struct page *page_of(const void *memory)
{
    return (struct page *)(((uintptr_t)memory - 1) & ~(uintptr_t)(PAGE_SIZE - 1));
}

static unsigned size_index(size_t size)
{
    unsigned index = 0;

    while (sizes[index] < size) {
        index++;
    }
    return index;
}

static void list_insert(struct page **list, struct page *page)
{
    page->previous = NULL;
    page->next = *list;
    if (*list != NULL) {
        (*list)->previous = page;
    }
    *list = page;
}

static void list_remove(struct page **list, struct page *page)
{
    if (page->previous != NULL) {
        page->previous->next = page->next;
    } else {
        *list = page->next;
    }
    if (page->next != NULL) {
        page->next->previous = page->previous;
    }
}

static struct page *page_create(uint32_t piece_size)
{
    uint32_t address;

    if (memory_allocate(1, 0, &address) != OK) {
        return NULL;
    }
    struct page *page = (struct page *)address;
    page->piece_size = piece_size;
    for (uint32_t at = HEADER_SIZE; at + piece_size <= PAGE_SIZE; at += piece_size) {
        struct piece *piece = (struct piece *)(address + at);
        piece->next = page->free;
        page->free = piece;
    }
    return page;
}

static void *piece_allocate(size_t size)
{
    unsigned index = size_index(size);
    struct page *page = pages_with_room[index];

    if (page == NULL) {
        page = page_create(sizes[index]);
        if (page == NULL) {
            return NULL;
        }
        list_insert(&pages_with_room[index], page);
    }
    struct piece *piece = page->free;
    page->free = piece->next;
    page->pieces_used++;
    if (page->free == NULL) {
        list_remove(&pages_with_room[index], page);
    }
    return piece;
}

static void piece_free(struct page *page, struct piece *piece)
{
    struct page **list = &pages_with_room[size_index(page->piece_size)];

    if (page->free == NULL) {
        list_insert(list, page);
    }
    piece->next = page->free;
    page->free = piece;
    page->pieces_used--;
    if (page->pieces_used == 0 && (page->next != NULL || page->previous != NULL)) {
        list_remove(list, page);
        (void)memory_free((uint32_t)page, 1);
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
    struct page *page = (struct page *)address;
    page->run_pages = pages;
    return (char *)page + HEADER_SIZE;
}

size_t memory_size(const void *memory)
{
    const struct page *page = page_of(memory);

    return page->piece_size != 0 ? page->piece_size : page->run_pages * PAGE_SIZE - (size_t)((const char *)memory - (const char *)page);
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
    struct page *page = page_of((void *)memory);
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
    struct page *page = page_of(memory);
    if (page->piece_size == 0) {
        (void)memory_free((uint32_t)page, page->run_pages);
        return;
    }
    lock_acquire(&lock);
    piece_free(page, memory);
    lock_release(&lock);
}

WEAK void *calloc(size_t count, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes)) {
        return or_failed(NULL);
    }
    void *memory = malloc(bytes);
    if (memory != NULL && page_of(memory)->piece_size != 0) {
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

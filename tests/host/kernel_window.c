#include "kernel_window.h"

#include <abi/types.h>

#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "frame.h"
#include "test.h"
#include "window.h"

#define PAGES (WINDOW_SIZE / PAGE_SIZE)
#define GARBAGE 0xA5             /* what a frame holds that was taken */

static uint8_t *window;
static uint32_t frame_of[PAGES]; /* 0: not mapped */

uint32_t window_place(uint32_t which)
{
    if (window == NULL) {
        window = mmap(NULL, WINDOW_SIZE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        CHECK(window != MAP_FAILED);
        __lsan_register_root_region(window, WINDOW_SIZE);    /* what processes and threads lead to is not lost */
    }
    return (uint32_t)(uintptr_t)window + which * (WINDOW_SIZE / 2);
}

static uint32_t *entry_of(uint32_t address)
{
    uint32_t offset = address - (uint32_t)(uintptr_t)window;

    CHECK(offset < WINDOW_SIZE && offset % PAGE_SIZE == 0);
    return &frame_of[offset / PAGE_SIZE];
}

bool window_is_mapped(uint32_t address)
{
    return *entry_of(address) != 0;
}

void window_map(uint32_t address, uint32_t frame)
{
    void *page = (void *)(uintptr_t)address;

    CHECK(frame != FRAME_NONE && !window_is_mapped(address));
    *entry_of(address) = frame;
    CHECK(mprotect(page, PAGE_SIZE, PROT_READ | PROT_WRITE) == 0);
    memset(page, GARBAGE, PAGE_SIZE);
}

void window_unmap(uint32_t address)
{
    void *page = (void *)(uintptr_t)address;
    uint32_t frame = *entry_of(address);

    CHECK(window_is_mapped(address));
    *entry_of(address) = 0;
    CHECK(madvise(page, PAGE_SIZE, MADV_DONTNEED) == 0 && mprotect(page, PAGE_SIZE, PROT_READ) == 0);
    frames_release(&frame_table, frame);
}

bool window_add_needs_page(const struct arena *arena)
{
    uint32_t object = arena->base + (arena->first_free << arena->stride_shift);

    return arena->first_free < arena->capacity && !window_is_mapped(object & ~(PAGE_SIZE - 1));
}

static void each_free_slot(const struct arena *arena, bool closed)
{
    uint32_t stride = 1U << arena->stride_shift;

    for (uint32_t index = 0; index < arena->capacity; index++) {
        uint8_t *object = (uint8_t *)(uintptr_t)(arena->base + index * stride);

        if (closed && ((const struct arena_object *)object)->id == 0) {
            ASAN_POISON_MEMORY_REGION(object + sizeof(struct arena_object), stride - sizeof(struct arena_object));
        } else {
            ASAN_UNPOISON_MEMORY_REGION(object, stride);
        }
    }
}

void window_close(const struct arena *arena)
{
    each_free_slot(arena, true);
}

void window_open(const struct arena *arena)
{
    each_free_slot(arena, false);
}

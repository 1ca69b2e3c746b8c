#include "heap.h"

#include <abi/types.h>

#include "frame.h"
#include "list.h"
#include "memory.h"
#include "panic.h"
#include "string.h"

#define SMALLEST_SHIFT 5U        /* 32 bytes */
#define CLASSES 7U               /* up to 2048 bytes; larger objects are whole blocks of frames */
#define LARGEST (1U << (SMALLEST_SHIFT + CLASSES - 1))

/* Stands at the beginning of each page of small objects. */
struct slab {
    struct list node;            /* in its class's list while it has a free object */
    void *free;                  /* objects given back: each begins with a pointer to the next */
    uint16_t used;               /* objects in use */
    uint16_t fresh;              /* objects that were never in use: those from here on */
    uint16_t capacity;
    uint16_t class;
};

static struct list slabs_with_room[CLASSES] = {
    LIST_EMPTY(slabs_with_room[0]), LIST_EMPTY(slabs_with_room[1]), LIST_EMPTY(slabs_with_room[2]),
    LIST_EMPTY(slabs_with_room[3]), LIST_EMPTY(slabs_with_room[4]), LIST_EMPTY(slabs_with_room[5]),
    LIST_EMPTY(slabs_with_room[6]),
};
static uint32_t pages_held;

/* Objects begin at a multiple of their size behind the header, so none begins where a page does. */
static uint32_t first_offset(uint32_t object_size)
{
    return object_size < sizeof(struct slab) ? sizeof(struct slab) : object_size;
}

static struct slab *slab_create(uint32_t class, bool reserve)
{
    uint32_t object_size = 1U << (SMALLEST_SHIFT + class);
    uint32_t frame = frames_take(&frame_table, 0, reserve);

    if (frame == FRAME_NONE) {
        return NULL;
    }
    struct slab *slab = frame_to_virtual(frame);
    *slab = (struct slab){
        .class = (uint16_t)class,
        .capacity = (uint16_t)((PAGE_SIZE - first_offset(object_size)) / object_size),
    };
    list_prepend(&slabs_with_room[class], &slab->node);
    pages_held++;
    return slab;
}

static void *small_allocate(uint32_t class, bool reserve)
{
    uint32_t object_size = 1U << (SMALLEST_SHIFT + class);
    struct slab *slab;
    void *object;

    if (list_is_empty(&slabs_with_room[class])) {
        slab = slab_create(class, reserve);
        if (slab == NULL) {
            return NULL;
        }
    } else {
        slab = LIST_ENTRY(slabs_with_room[class].next, struct slab, node);
    }
    if (slab->free != NULL) {
        object = slab->free;
        slab->free = *(void **)object;
    } else {
        object = (uint8_t *)slab + first_offset(object_size) + slab->fresh++ * object_size;
    }
    if (++slab->used == slab->capacity) {
        list_remove(&slab->node);
    }
    return object;
}

static uint32_t order_of(uint32_t size)
{
    uint32_t order = 0;

    while ((PAGE_SIZE << order) < size) {
        order++;
    }
    return order;
}

static void *large_allocate(uint32_t size, bool reserve)
{
    uint32_t order = order_of(size);
    uint32_t frame = frames_take(&frame_table, order, reserve);

    if (frame == FRAME_NONE) {
        return NULL;
    }
    pages_held += 1U << order;
    return frame_to_virtual(frame);
}

void *heap_allocate_unset(uint32_t size, bool reserve)
{
    uint32_t class = 0;

    if (size > LARGEST) {
        return size <= HEAP_SIZE_MAX ? large_allocate(size, reserve) : NULL;
    }
    while ((1U << (SMALLEST_SHIFT + class)) < size) {
        class++;
    }
    return small_allocate(class, reserve);
}

void *heap_allocate(uint32_t size, bool reserve)
{
    void *object = heap_allocate_unset(size, reserve);

    if (object != NULL) {
        memset(object, 0, size);
    }
    return object;
}

void heap_free(void *object)
{
    struct slab *slab = (struct slab *)((uintptr_t)object & ~(uintptr_t)(PAGE_SIZE - 1));

    if (object == NULL) {
        return;
    }
    if (object == slab) {
        uint32_t frame = frame_of_virtual(object);
        pages_held -= 1U << frame_table.frames[frame].order;
        frames_release(&frame_table, frame);
        return;
    }
    ASSERT(slab->used > 0);
    if (slab->used == slab->capacity) {
        list_prepend(&slabs_with_room[slab->class], &slab->node);
    }
    *(void **)object = slab->free;
    slab->free = object;
    if (--slab->used == 0) {
        list_remove(&slab->node);
        frames_release(&frame_table, frame_of_virtual(slab));
        pages_held--;
    }
}

uint32_t heap_pages(void)
{
    return pages_held;
}

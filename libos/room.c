#include "room.h"

#include <ternion/memory.h>
#include <ternion/syscall.h>

void *room_begin(struct room *room, uint32_t size)
{
    room->address = 0;
    room->page_count = PAGES(size);
    if (size <= ROOM_SMALL) {
        return room->small;
    }
    return memory_allocate(room->page_count, 0, &room->address) == OK ? (void *)(uintptr_t)room->address : NULL;
}

void room_end(struct room *room)
{
    if (room->address != 0) {
        (void)memory_free(room->address, room->page_count);
    }
}

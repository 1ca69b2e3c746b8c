#include "boot_memory.h"

#include "memory.h"
#include "panic.h"

static struct physical_range ram[BOOT_RAM_MAX];
static uint32_t ram_count;
static struct physical_range taken[BOOT_TAKEN_MAX];
static uint32_t taken_count;

static uint32_t page_down(uint32_t address)
{
    return address & ~(PAGE_SIZE - 1);
}

static uint32_t page_up(uint32_t address)
{
    return page_down(address + PAGE_SIZE - 1);
}

static void ram_remove(uint32_t which)
{
    ram_count--;
    for (uint32_t i = which; i < ram_count; i++) {
        ram[i] = ram[i + 1];
    }
}

/* The table is kept in order; ranges that overlap or touch are one in it. */
bool boot_memory_add(physical_t begin, physical_t end)
{
    if (begin >= end) {
        return true;
    }
    for (uint32_t i = ram_count; i-- > 0;) {
        if (ram[i].begin <= end && ram[i].end >= begin) {
            begin = ram[i].begin < begin ? ram[i].begin : begin;
            end = ram[i].end > end ? ram[i].end : end;
            ram_remove(i);
        }
    }
    if (ram_count == BOOT_RAM_MAX) {
        return false;
    }
    uint32_t at = ram_count++;
    for (; at > 0 && ram[at - 1].begin > begin; at--) {
        ram[at] = ram[at - 1];
    }
    ram[at] = (struct physical_range){ begin, end };
    return true;
}

bool boot_memory_reserve(physical_t begin, physical_t end)
{
    begin = page_down(begin);
    end = end > UINT32_MAX - PAGE_SIZE ? page_down(UINT32_MAX) : page_up(end);
    if (taken_count > 0 && taken[taken_count - 1].end == begin) {
        taken[taken_count - 1].end = end;
        return true;
    }
    if (taken_count == BOOT_TAKEN_MAX) {
        return false;
    }
    taken[taken_count++] = (struct physical_range){ begin, end };
    return true;
}

/* The part of a range that the kernel can use: whole pages, within its view. */
static struct physical_range whole_pages(struct physical_range range)
{
    if (range.begin >= DIRECT_MAP_SIZE) {
        return (struct physical_range){ 0, 0 };
    }
    range.begin = page_up(range.begin);
    range.end = page_down(range.end < DIRECT_MAP_SIZE ? range.end : DIRECT_MAP_SIZE);
    return range.begin < range.end ? range : (struct physical_range){ 0, 0 };
}

/* The range in use with the lowest beginning that overlaps begin … end, or NULL. */
static const struct physical_range *first_taken(physical_t begin, physical_t end)
{
    const struct physical_range *first = NULL;

    for (uint32_t i = 0; i < taken_count; i++) {
        if (taken[i].begin < end && taken[i].end > begin
            && (first == NULL || taken[i].begin < first->begin)) {
            first = &taken[i];
        }
    }
    return first;
}

bool boot_memory_is_taken(physical_t begin, physical_t end)
{
    return first_taken(begin, end) != NULL;
}

bool boot_memory_is_ram(physical_t begin, physical_t end)
{
    for (uint32_t i = 0; i < ram_count; i++) {
        if (ram[i].begin <= begin && end <= ram[i].end) {
            return true;
        }
    }
    return false;
}

physical_t boot_memory_take(uint32_t size)
{
    size = page_up(size);
    for (uint32_t i = 0; i < ram_count; i++) {
        struct physical_range usable = whole_pages(ram[i]);
        physical_t at = usable.begin;

        while (at < usable.end && usable.end - at >= size) {
            const struct physical_range *obstacle = first_taken(at, at + size);

            if (obstacle != NULL) {
                at = obstacle->end;
                continue;
            }
            if (!boot_memory_reserve(at, at + size)) {
                panic("boot: too many pieces of memory are in use");
            }
            return at;
        }
    }
    panic("boot: too little memory: no %u KB in a row are free", size / 1024);
}

physical_t boot_memory_end(void)
{
    physical_t end = 0;

    for (uint32_t i = 0; i < ram_count; i++) {
        struct physical_range usable = whole_pages(ram[i]);

        end = usable.end > end ? usable.end : end;
    }
    return end;
}

void boot_memory_free_frames(void (*found)(uint32_t first, uint32_t count))
{
    for (uint32_t i = 0; i < ram_count; i++) {
        struct physical_range usable = whole_pages(ram[i]);
        physical_t at = usable.begin;

        while (at < usable.end) {
            const struct physical_range *obstacle = first_taken(at, usable.end);
            physical_t run_end = obstacle == NULL ? usable.end : obstacle->begin;

            if (run_end > at) {
                found(at / PAGE_SIZE, (run_end - at) / PAGE_SIZE);
            }
            at = obstacle == NULL ? usable.end : obstacle->end;
        }
    }
}

bool boot_memory_touches_ram(physical_t begin, uint32_t pages)
{
    physical_t last = begin + pages * PAGE_SIZE - 1;

    for (uint32_t i = 0; i < ram_count; i++) {
        if (page_down(ram[i].begin) <= last && ram[i].end > begin) {
            return true;
        }
    }
    return false;
}

uint32_t boot_memory_ram_pages(void)
{
    uint32_t pages = 0;

    for (uint32_t i = 0; i < ram_count; i++) {
        struct physical_range usable = whole_pages(ram[i]);

        pages += (usable.end - usable.begin) / PAGE_SIZE;
    }
    return pages;
}

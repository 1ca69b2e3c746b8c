#include "ram_disk.h"

#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

status_t ram_disk_make(struct ram_disk *disk, uint32_t kilobytes, const void *image, uint32_t image_size)
{
    uint64_t size = (uint64_t)kilobytes * 1024;

    if (size < image_size) {
        size = ((uint64_t)image_size + RAM_DISK_BLOCK - 1) / RAM_DISK_BLOCK * RAM_DISK_BLOCK;
    }
    if (size == 0 || size > (uint64_t)RAM_DISK_KB_MAX * 1024) {
        return BAD_ARGUMENT;
    }
    uint8_t **pages = calloc(PAGES((uint32_t)size), sizeof *pages);
    if (pages == NULL) {
        return NO_MEMORY;
    }
    *disk = (struct ram_disk){
        .blocks = (uint32_t)(size / RAM_DISK_BLOCK),
        .pages = pages,
        .image = image,
        .image_size = image_size,
    };
    return OK;
}

bool ram_disk_has(const struct ram_disk *disk, uint64_t first, uint32_t count)
{
    return first <= disk->blocks && count <= disk->blocks - first;
}

/* ---- Pages ---- */

/* Copies what the image has there, and zeroes behind it. */
static void image_read(const struct ram_disk *disk, uint32_t offset, uint32_t size, uint8_t *bytes)
{
    uint32_t there = offset < disk->image_size ? disk->image_size - offset : 0;

    if (there > size) {
        there = size;
    }
    if (there != 0) {
        memcpy(bytes, disk->image + offset, there);
    }
    memset(bytes + there, 0, size - there);
}

/* The page with this number, to be written to. NULL: there is no memory for it. */
static uint8_t *page_own(struct ram_disk *disk, uint32_t number)
{
    uint32_t address;

    if (disk->pages[number] == NULL && memory_allocate(1, 0, &address) == OK) {
        disk->pages[number] = (uint8_t *)address;
        disk->page_count_own++;
        if (number * PAGE_SIZE < disk->image_size) {         /* pages of memory_allocate are zeroes */
            image_read(disk, number * PAGE_SIZE, PAGE_SIZE, disk->pages[number]);
        }
    }
    return disk->pages[number];
}

/* The part of so many bytes that lies within the page where it begins. */
static uint32_t part_in_page(uint32_t offset, uint32_t size)
{
    uint32_t left = PAGE_SIZE - offset % PAGE_SIZE;

    return size < left ? size : left;
}

void ram_disk_read(const struct ram_disk *disk, uint32_t first, uint32_t count, void *bytes)
{
    uint32_t offset = first * RAM_DISK_BLOCK;
    uint32_t size = count * RAM_DISK_BLOCK;
    uint8_t *at = bytes;

    while (size != 0) {
        const uint8_t *page = disk->pages[offset / PAGE_SIZE];
        uint32_t part = part_in_page(offset, size);

        if (page == NULL) {
            image_read(disk, offset, part, at);
        } else {
            memcpy(at, page + offset % PAGE_SIZE, part);
        }
        offset += part;
        size -= part;
        at += part;
    }
}

static bool is_zero(const uint8_t *bytes, uint32_t size)
{
    return size == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

status_t ram_disk_write(struct ram_disk *disk, uint32_t first, uint32_t count, const void *bytes)
{
    uint32_t offset = first * RAM_DISK_BLOCK;
    uint32_t size = count * RAM_DISK_BLOCK;
    const uint8_t *at = bytes;

    while (size != 0) {
        uint32_t number = offset / PAGE_SIZE;
        uint32_t part = part_in_page(offset, size);
        bool is_zero_already = disk->pages[number] == NULL && offset >= disk->image_size && is_zero(at, part);

        if (!is_zero_already) {
            uint8_t *page = page_own(disk, number);

            if (page == NULL) {
                return NO_MEMORY;
            }
            memcpy(page + offset % PAGE_SIZE, at, part);
        }
        offset += part;
        size -= part;
        at += part;
    }
    return OK;
}

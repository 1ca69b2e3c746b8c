/*
 * RAM disks: blocks in the driver's own memory, a page of it as soon as something is written there. What nobody has written is the
 * image of the disk, if it has one, and zeroes behind it. One thread only.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <abi/status.h>

#define RAM_DISK_BLOCK 512U          /* bytes of a block */
#define RAM_DISK_KB_MAX 1048576U     /* 1 GB */

struct ram_disk {
    uint32_t blocks;
    uint8_t **pages;                 /* by number; NULL: as the image says */
    uint32_t page_count_own;         /* those that are not NULL */
    const uint8_t *image;            /* read-only; NULL: there is none */
    uint32_t image_size;             /* bytes */
    bool is_read_only;               /* its owner's to respect */
};

/*
 * Makes a disk.
 *   kilobytes           its size, at most RAM_DISK_KB_MAX; it is larger if the image is
 *   image, image_size   what is on it; it must stay where it is. NULL, 0: zeroes
 * Statuses: NO_MEMORY, BAD_ARGUMENT: it would have no block, or too many.
 */
[[nodiscard]] status_t ram_disk_make(struct ram_disk *disk, uint32_t kilobytes, const void *image, uint32_t image_size);

/* Are these blocks of the disk? For any numbers. */
bool ram_disk_has(const struct ram_disk *disk, uint64_t first, uint32_t count);

/* Reads blocks that the disk has. */
void ram_disk_read(const struct ram_disk *disk, uint32_t first, uint32_t count, void *bytes);

/* Writes blocks that the disk has. NO_MEMORY: some of it was written, perhaps. */
[[nodiscard]] status_t ram_disk_write(struct ram_disk *disk, uint32_t first, uint32_t count, const void *bytes);

/* Disks whose blocks are a function of their numbers: what is read can be judged, whoever has answered, and how often that died. */
#pragma once

#include <stdbool.h>

#include <ternion/storage.h>

#define DISK_BLOCKS (1U << 20)
#define DISK_BLOCK_SIZE 512U

/* Is this the block with that number, of the disk with that salt? */
bool disk_block_is(const uint32_t *block, uint32_t salt, uint32_t number);

/*
 * Starts a driver in class driver.
 *   salt           of its first disk; the second has one more, and so on
 *   first, second  names of its disks; second may be NULL
 * It is there when its disks are: disk_wait.
 */
process_id_t disk_driver_start(uint32_t salt, const char *first, const char *second);

/* Waits until a name leads to a disk, 5 s at most. */
void disk_wait(const char *name);

/* The salt of the disk that a name leads to: whose its first block is. Fails the test if it leads to none. */
uint32_t disk_salt(const char *name);

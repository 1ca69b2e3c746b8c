/* Images of disks, made by the tools of other people, as blocks in memory. */
#pragma once

#include "servers/vfs/blocks.h"
#include "servers/vfs/file_system.h"

struct image {
    struct blocks blocks;        /* the first member */
    uint8_t *bytes;
    size_t size;
};

enum image_kind { IMAGE_FAT12, IMAGE_FAT16, IMAGE_FAT32, IMAGE_ROCK_RIDGE, IMAGE_JOLIET, IMAGE_KINDS };

/* Has the tools make an image with the tree below; the test fails if they are missing. */
void image_make(struct image *image, enum image_kind kind);

/* Has shell commands make an image: the first fills the folder `tree`, the second makes the file `image` of it. */
void image_make_by(struct image *image, const char *tree_command, const char *image_command);

/* Blocks of these bytes, which stay the caller's. */
void image_of(struct image *image, uint8_t *bytes, size_t size);

void image_free(struct image *image);

/* Has fsck.fat look at it; the test fails if it finds a fault. */
void image_check(const struct image *image);

/* The same after a machine went down: what may be found then is clusters that nobody has, and parts of names that are for nothing. */
void image_check_cut_off(const struct image *image);

/* The file system on it, or the status why there is none. */
[[nodiscard]] status_t image_mount(struct image *image, struct file_system **file_system_out);

/*
 * The tree: readme.txt ("hello\n"), "A long name with spaces.text", deep/er/file.bin (300,000 bytes: image_byte), many/file-0 to
 * file-199 (empty).
 */
#define IMAGE_LONG_NAME "A long name with spaces.text"
#define IMAGE_LARGE_SIZE 300000U
#define IMAGE_MANY 200U

static inline uint8_t image_byte(uint32_t at)
{
    return (uint8_t)(at * 7 + at / 251);
}

/* Goes through all directories and reads all files, of a file system that may be damaged. Returns how many files could be read. */
uint32_t image_visit(struct file_system *file_system);

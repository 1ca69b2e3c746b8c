/* Fuzzes what is on a disk: FAT or ISO 9660, as the bytes say. */
#include <stdlib.h>
#include <string.h>

#include "disk_image.h"
#include "fuzz.h"

#define SEED_BYTES 24576U
#define DISK_BYTES (1U << 20)
#define DESCRIPTORS 32768U       /* where ISO 9660 begins */

/* The first byte says where the rest lies on the disk; all else of it is zeroes. */
static int try(const uint8_t *bytes, size_t size)
{
    static uint8_t disk[DISK_BYTES];
    struct file_system *file_system;
    struct image image;

    if (size < 2) {
        return 0;
    }
    uint8_t *place = disk + (bytes[0] % 2 != 0 ? DESCRIPTORS : 0);
    memcpy(place, bytes + 1, size - 1);
    image_of(&image, disk, sizeof disk);
    if (image_mount(&image, &file_system) == OK) {
        (void)image_visit(file_system);
        file_system->operations->end(file_system);
    }
    memset(place, 0, size - 1);
    return 0;
}

static size_t seed(uint32_t number, uint8_t *bytes)
{
    struct image image;

    if (number == IMAGE_KINDS) {
        return 0;
    }
    image_make(&image, (enum image_kind)number);
    bytes[0] = number >= IMAGE_ROCK_RIDGE;
    memcpy(bytes + 1, image.bytes + (bytes[0] != 0 ? DESCRIPTORS : 0), SEED_BYTES - 1);
    if (bytes[0] == 0) {         /* no more sectors than the disk of the fuzzer has */
        bytes[1 + 19] = 0;
        bytes[1 + 20] = 8;
    }
    image_free(&image);
    return SEED_BYTES;
}

int main(int argc, char **argv)
{
    static const struct fuzzer fuzzer = { "any_disk_is_read_within_its_bounds", 5, SEED_BYTES, try, seed };

    return fuzz(&fuzzer, argc, argv);
}

/* Fuzzes what is on a disk: FAT or ISO 9660, as the bytes say. */
#include <stdlib.h>
#include <string.h>

#include "disk_image.h"
#include "fuzz.h"

#define SEED_BYTES 65536U

static int try(const uint8_t *bytes, size_t size)
{
    struct file_system *file_system;
    struct image image;
    size_t whole = 4U << 20;     /* what lies behind the input is zeroes */
    static uint8_t disk[4U << 20];

    memset(disk, 0, SEED_BYTES);
    memcpy(disk, bytes, size);
    image_of(&image, disk, whole);
    if (image_mount(&image, &file_system) == OK) {
        (void)image_visit(file_system);
        file_system->operations->end(file_system);
    }
    return 0;
}

static size_t seed(uint32_t number, uint8_t *bytes)
{
    struct image image;

    if (number == IMAGE_KINDS) {
        return 0;
    }
    image_make(&image, (enum image_kind)number);
    memcpy(bytes, image.bytes, SEED_BYTES);
    image_free(&image);
    return SEED_BYTES;
}

int main(int argc, char **argv)
{
    static const struct fuzzer fuzzer = { "any_disk_is_read_within_its_bounds", 5, SEED_BYTES, try, seed };

    return fuzz(&fuzzer, argc, argv);
}

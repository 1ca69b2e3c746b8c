/* Fuzzes what is on a CD: ISO 9660 with Rock Ridge and Joliet, as the bytes say. */
#include <string.h>

#include "disk_image.h"
#include "fuzz.h"
#include "servers/vfs/iso9660.h"

#define SEED_BYTES 24576U
#define DISK_BYTES (1U << 20)
#define DESCRIPTORS 32768U       /* where ISO 9660 begins */

/* From the descriptors on; all else of the disk is zeroes. */
static int try(const uint8_t *bytes, size_t size)
{
    static uint8_t disk[DISK_BYTES];
    struct file_system *file_system;
    struct image image;

    memcpy(disk + DESCRIPTORS, bytes, size);
    image_of(&image, disk, sizeof disk);
    if (iso9660_make(&image.blocks, &file_system) == OK) {
        (void)image_visit(file_system);
        file_system->operations->end(file_system);
    }
    memset(disk + DESCRIPTORS, 0, size);
    return 0;
}

static size_t seed(uint32_t number, uint8_t *bytes)
{
    static const char tree[] = "mkdir -p tree/1/2/3/4/5/6/7/8/9 && echo deep >tree/1/2/3/4/5/6/7/8/9/deep && n=$(printf '%220s' x | tr ' ' n) && "
                               "echo long >tree/$n && ln -s a/b/c tree/link && echo small >tree/small.txt";
    static const char *const commands[] = {
        "xorriso -as mkisofs -R -o image tree",
        "xorriso -compliance deep_paths_off -as mkisofs -R -rr_reloc_dir rr_moved -o image tree",
        "xorriso -as mkisofs -J -o image tree",
        "xorriso -as mkisofs -J -U --norock -o image tree",
    };
    struct image image;

    if (number == sizeof commands / sizeof commands[0]) {
        return 0;
    }
    image_make_by(&image, tree, commands[number]);
    memcpy(bytes, image.bytes + DESCRIPTORS, SEED_BYTES);
    image_free(&image);
    return SEED_BYTES;
}

int main(int argc, char **argv)
{
    static const struct fuzzer fuzzer = { "any_cd_is_read_within_its_bounds", 5, SEED_BYTES, try, seed };

    return fuzz(&fuzzer, argc, argv);
}

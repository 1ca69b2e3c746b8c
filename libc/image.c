#include "libc/image.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <abi/types.h>
#include <ternion/syscall.h>

#include "libc/note.h"
#include "libc/status_errno.h"
#include "libc/vfs.h"

#define IMAGE_SIZE_MAX 0x4000000U /* 64 MB: more than any machine for this has in memory */

/* Reads the whole file into pages of its own. */
static int image_read(struct image *image)
{
    uint32_t address, got = 0;

    image->pages = (image->size + PAGE_SIZE - 1) / PAGE_SIZE;
    status_t status = memory_allocate(image->pages, 0, &address);
    if (status != OK) {
        image->pages = 0;
        return status_error(status);
    }
    image->bytes = (const void *)address;
    while (got < image->size) {
        ssize_t moved = file_read_at(image->file, (char *)address + got, image->size - got, got);
        if (moved <= 0) {
            return moved < 0 ? (int)moved : -ENOEXEC;
        }
        got += (uint32_t)moved;
    }
    return 0;
}

/* The file's own pages, if they hold all of it. */
static bool image_take_pages(struct image *image)
{
    if (image->file->operations->pages == NULL) {
        return false;
    }
    ssize_t there = image->file->operations->pages(image->file, image->size, &image->bytes);
    image->pages = there <= 0 ? 0 : ((uint32_t)there + PAGE_SIZE - 1) / PAGE_SIZE;
    if (there == (ssize_t)image->size) {
        return true;
    }
    if (image->pages > 0) {
        (void)memory_free((uint32_t)image->bytes, image->pages);
        image->pages = 0;
    }
    return false;
}

static int image_load(struct image *image)
{
    struct stat description;

    memset(&description, 0, sizeof description);
    int result = image->file->operations->describe(image->file, &description);
    if (result < 0) {
        return result;
    }
    if (!S_ISREG(description.st_mode) || (description.st_mode & S_IXUSR) == 0) {
        return -EACCES;
    }
    if (description.st_size <= 0 || description.st_size > IMAGE_SIZE_MAX) {
        return -ENOEXEC;
    }
    image->size = (uint32_t)description.st_size;
    return image_take_pages(image) ? 0 : image_read(image);
}

int image_open(const char *path, struct image *image_out)
{
    *image_out = (struct image){ 0 };
    int result = vfs_open(path, O_RDONLY, &image_out->file);

    if (result == 0) {
        result = image_load(image_out);
        if (result < 0) {
            image_close(image_out);
        }
    }
    return result;
}

void image_close(struct image *image)
{
    if (image->pages > 0) {
        (void)memory_free((uint32_t)image->bytes, image->pages);
    }
    file_release(image->file);
}

bool image_has_libc(const void *bytes, uint32_t size)
{
    uint32_t version;

    return note_read(bytes, size, LIBC_NOTE_TYPE, &version, sizeof version) == OK && version == LIBC_NOTE_VERSION;
}

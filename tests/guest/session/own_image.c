#include "own_image.h"

#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/vfs.h>

#define PATH "/boot/session.elf"

/* One copy for the life of the process. */
static status_t read_image(const void **image_out, uint32_t *size_out)
{
    static void *image;
    static uint32_t size;
    struct vfs_file file;
    status_t status = OK;

    if (image == NULL) {
        status = vfs_file_open(&file, PATH, VFS_READ);
        if (status == OK) {
            status = vfs_file_read_pages(&file, 0, VFS_PAGES_MAX, &image, &size);
            vfs_file_close(&file);
        }
    }
    *image_out = image;
    *size_out = size;
    return status;
}

/* spawn_image watches, and who starts many would be full of events. */
status_t own_image_start(const char *name, int count, char *const verbs[], process_id_t *id_out)
{
    char packed[ARGUMENTS_SIZE_MAX];
    elf_reason_t reason;
    struct spawn spawn = { .class = CLASS_APPLICATION, .name = name, .name_size = (uint32_t)strlen(name), .arguments = packed };
    const void *image;
    status_t status = read_image(&image, &spawn.image_size);

    if (status == OK) {
        status = arguments_pack(count, verbs, packed, sizeof packed, &spawn.arguments_size);
    }
    if (status != OK) {
        return status;
    }
    spawn.image = image;
    return process_spawn(&spawn, id_out, &reason);
}

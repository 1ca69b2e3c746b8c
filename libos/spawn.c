#include <ternion/log.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

status_t arguments_pack(int count, char *const arguments[], char *buffer, uint32_t size, uint32_t *size_out)
{
    uint32_t used = 0;

    for (int i = 0; i < count; i++) {
        size_t length = strlen(arguments[i]) + 1;
        if (length > size - used) {
            return TOO_BIG;
        }
        memcpy(buffer + used, arguments[i], length);
        used += (uint32_t)length;
    }
    *size_out = used;
    return OK;
}

status_t spawn_image(process_class_t class, const char *name, const void *image, uint32_t image_size,
                     int count, char *const arguments[], process_id_t *id_out)
{
    char packed[ARGUMENTS_SIZE_MAX];
    elf_reason_t reason = ELF_FINE;
    struct spawn spawn = {
        .class = class,
        .flags = SPAWN_WATCH,
        .name = name,
        .name_size = (uint32_t)strlen(name),
        .image = image,
        .image_size = image_size,
        .arguments = packed,
    };

    status_t status = arguments_pack(count, arguments, packed, sizeof packed, &spawn.arguments_size);
    if (status != OK) {
        return status;
    }
    status = process_spawn(&spawn, id_out, &reason);
    if (status == BAD_IMAGE) {
        log_print(LOG_ERROR, "cannot start %s: its image is refused: %s", name, elf_reason_meaning(reason));
    }
    return status;
}

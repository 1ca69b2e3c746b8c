#include "module_spawn.h"

#include <stdarg.h>

#include <ternion/process.h>
#include <ternion/string.h>

#include "module_image.h"
#include "test.h"

#define ARGUMENTS_MAX 12U

/* Mapped once for each process. */
static void module_bytes(const char *path, const void **image_out, uint32_t *size_out)
{
    static const char *last;
    static const void *bytes;
    static uint32_t size;

    if (path != last) {
        bytes = module_map_named(path, &size);
        last = path;
    }
    *image_out = bytes;
    *size_out = size;
}

process_id_t module_spawn(const char *path, process_class_t class, const char *name, ...)
{
    struct spawn spawn = { .class = class, .flags = SPAWN_WATCH, .name = name, .name_size = (uint32_t)strlen(name) };
    char packed[ARGUMENTS_SIZE_MAX];
    char *arguments[ARGUMENTS_MAX];
    elf_reason_t reason;
    process_id_t id = 0;
    va_list values;
    int count = 0;

    va_start(values, name);
    for (const char *argument; (argument = va_arg(values, const char *)) != NULL; count++) {
        EXPECT(count < (int)ARGUMENTS_MAX);
        arguments[count] = (char *)argument;
    }
    va_end(values);
    EXPECT_OK(arguments_pack(count, arguments, packed, sizeof packed, &spawn.arguments_size));
    spawn.arguments = packed;
    module_bytes(path, &spawn.image, &spawn.image_size);
    EXPECT_OK(process_spawn(&spawn, &id, &reason));
    return id;
}

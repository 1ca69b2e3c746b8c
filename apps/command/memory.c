#include <stdlib.h>
#include <string.h>

#include "apps/command/command.h"

static void *there_must_be(void *memory)
{
    if (memory == NULL) {
        command_error("there is no memory left for this");
        exit(EXIT_FAILED);
    }
    return memory;
}

void *command_memory(size_t size)
{
    return there_must_be(malloc(size));
}

void *command_memory_again(void *memory, size_t size)
{
    return there_must_be(realloc(memory, size));
}

char *command_copy(const char *text)
{
    size_t size = strlen(text) + 1;

    return memcpy(command_memory(size), text, size);
}

char *command_path(const char *directory, const char *name)
{
    size_t size = strlen(directory), name_size = strlen(name) + 1;
    char *path = command_memory(size + 1 + name_size);

    memcpy(path, directory, size);
    if (size > 0 && path[size - 1] != '/') {
        path[size++] = '/';
    }
    memcpy(path + size, name, name_size);
    return path;
}

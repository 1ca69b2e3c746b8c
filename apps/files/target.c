#include "apps/files/target.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "apps/command/command.h"

bool target_is_same(const char *left, const char *right)
{
    struct stat a, b;

    return stat(left, &a) == 0 && stat(right, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* The last part of a path, without slashes at its end. */
static char *name_of(const char *path)
{
    char *name = command_copy(command_last_part(path));

    for (size_t size = strlen(name); size > 1 && name[size - 1] == '/'; size--) {
        name[size - 1] = '\0';
    }
    return name;
}

void target_each(void (*take)(const char *from, const char *to))
{
    struct stat about;

    command_expect(2, INT_MAX);
    const char *target = command.operands[command.count - 1];
    bool is_directory = stat(target, &about) == 0 && S_ISDIR(about.st_mode);
    if (!is_directory && command.count > 2) {
        command_error("%s: is no directory, so only one file can be put there", target);
        exit(EXIT_FAILED);
    }
    for (int i = 0; i < command.count - 1; i++) {
        if (is_directory) {
            char *name = name_of(command.operands[i]), *path = command_path(target, name);
            take(command.operands[i], path);
            free(name);
            free(path);
        } else {
            take(command.operands[i], target);
        }
    }
}

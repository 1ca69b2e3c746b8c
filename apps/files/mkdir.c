/* mkdir: makes directories. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "apps/command/command.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: mkdir [-pv] DIRECTORY...\n"
    "Makes directories.\n"
    "  -p  with those above it that are missing; one that is there is no mistake\n"
    "  -v  says what it makes\n";

static bool parents, verbose;

static bool is_directory(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static bool make(const char *path)
{
    if (mkdir(path, 0777) < 0) {
        int error = errno;

        if (parents && is_directory(path)) {
            return true;
        }
        errno = parents && error == EEXIST ? ENOTDIR : error;
        command_errno(path);
        return false;
    }
    if (verbose) {
        output_format("made %s\n", path);
    }
    return true;
}

static void make_with_parents(char *path)
{
    for (char *at = path + strspn(path, "/"); *at != '\0'; at += strspn(at, "/")) {
        at += strcspn(at, "/");
        char end = *at;
        *at = '\0';
        if (!make(path)) {
            return;
        }
        *at = end;
    }
}

int main(int argc, char **argv)
{
    command_begin(argc, argv, "pv", help);
    for (int letter; (letter = command_option()) != 0;) {
        parents |= letter == 'p';
        verbose |= letter == 'v';
    }
    command_expect(1, INT_MAX);
    for (int i = 0; i < command.count; i++) {
        if (parents) {
            make_with_parents(command.operands[i]);
        } else {
            (void)make(command.operands[i]);
        }
    }
    return command_end();
}

/* touch: makes files, and makes them new. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/command/command.h"
#include "apps/files/stamp.h"

static const char help[] =
    "usage: touch [-cm] [-d TIME] [-r FILE] [-t STAMP] FILE...\n"
    "Of files and directories that are there the time of the last change becomes now; others are made as empty files.\n"
    "  -c        makes none\n"
    "  -d TIME   the time becomes this: 2024-02-28T23:59:58\n"
    "  -m        the time of the last change, and no other: there is none\n"
    "  -r FILE   the time becomes that of FILE\n"
    "  -t STAMP  the time becomes this: [[CC]YY]MMDDhhmm[.SS]\n";

static struct timespec times[2] = { { .tv_nsec = UTIME_NOW }, { .tv_nsec = UTIME_NOW } };
static bool makes_none;

static void touch(const char *path)
{
    if (utimensat(AT_FDCWD, path, times, 0) == 0) {
        return;
    }
    if (errno != ENOENT) {
        command_errno(path);
        return;
    }
    if (makes_none) {
        return;
    }
    int file = open(path, O_WRONLY | O_CREAT, 0666);
    if (file < 0 || (times[1].tv_nsec != UTIME_NOW && futimens(file, times) < 0)) {
        command_errno(path);
    }
    if (file >= 0) {
        (void)close(file);
    }
}

static void set_time(int64_t seconds)
{
    times[0] = times[1] = (struct timespec){ .tv_sec = (time_t)seconds };
}

static void set_time_of(const char *path)
{
    struct stat about;

    if (stat(path, &about) < 0) {
        command_misused("%s: %s", path, command_meaning(errno));
    }
    set_time(about.st_mtime);
}

int main(int argc, char **argv)
{
    int64_t seconds;

    command_begin(argc, argv, "cd:mr:t:", help);
    for (int letter; (letter = command_option()) != 0;) {
        switch (letter) {
        case 'c': makes_none = true; break;
        case 'r': set_time_of(command.value); break;
        case 'd':
        case 't':
            if (letter == 'd' ? !stamp_read_date(command.value, &seconds) : !stamp_read_digits(command.value, &seconds)) {
                command_misused("-%c: there is no time %s", letter, command.value);
            }
            set_time(seconds);
            break;
        }
    }
    command_expect(1, INT_MAX);
    for (int i = 0; i < command.count; i++) {
        touch(command.operands[i]);
    }
    return command_end();
}

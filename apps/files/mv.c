/* mv: gives files and directories other names. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "apps/command/command.h"
#include "apps/command/output.h"
#include "apps/files/copy.h"
#include "apps/files/remove.h"
#include "apps/files/target.h"

static const char help[] =
    "usage: mv [-finv] FROM TO\n"
    "       mv [-finv] FROM... DIRECTORY\n"
    "Gives files and directories another name, or puts them into a directory. In another file system they are copied, then removed.\n"
    "  -f  asks nothing\n"
    "  -i  asks before it takes the place of a file\n"
    "  -n  takes the place of no file\n"
    "  -v  says what it moves\n";

static bool asks, keeps, verbose;

static void move_to_other_file_system(const char *from, const char *to)
{
    static const struct copy_style copying = { .recursive = true, .with_times = true };
    static const struct remove_style removing = { .recursive = true };

    if (copy_path(from, to, &copying) && remove_path(from, &removing) && verbose) {
        output_format("%s -> %s\n", from, to);
    }
}

static void move(const char *from, const char *to)
{
    struct stat about;

    if (stat(from, &about) < 0) {
        command_errno(from);
        return;
    }
    if (target_is_same(from, to)) {
        command_error("%s and %s are the same", from, to);
        return;
    }
    if (stat(to, &about) == 0 && (keeps || (asks && !command_ask("overwrite %s?", to)))) {
        return;
    }
    if (rename(from, to) == 0) {
        if (verbose) {
            output_format("%s -> %s\n", from, to);
        }
    } else if (errno == EXDEV) {
        move_to_other_file_system(from, to);
    } else {
        command_error("%s: cannot become %s: %s", from, to, command_meaning(errno));
    }
}

int main(int argc, char **argv)
{
    command_begin(argc, argv, "finv", help);
    for (int letter; (letter = command_option()) != 0;) {
        switch (letter) {
        case 'f': asks = keeps = false; break;
        case 'i': asks = true; keeps = false; break;
        case 'n': keeps = true; asks = false; break;
        case 'v': verbose = true; break;
        }
    }
    target_each(move);
    return command_end();
}

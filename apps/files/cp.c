/* cp: copies files and trees. */
#include "apps/command/command.h"
#include "apps/files/copy.h"
#include "apps/files/target.h"

static const char help[] =
    "usage: cp [-afinprRv] FROM TO\n"
    "       cp [-afinprRv] FROM... DIRECTORY\n"
    "Copies files, under a new name or into a directory.\n"
    "  -a      as -rp\n"
    "  -f      a file that cannot be written to is removed first\n"
    "  -i      asks before it takes the place of a file\n"
    "  -n      takes the place of no file\n"
    "  -p      with the times of the last changes\n"
    "  -r, -R  directories with all that is in them\n"
    "  -v      says what it copies\n";

static struct copy_style style;

static void copy(const char *from, const char *to)
{
    (void)copy_path(from, to, &style);
}

int main(int argc, char **argv)
{
    command_begin(argc, argv, "afinprRv", help);
    for (int letter; (letter = command_option()) != 0;) {
        switch (letter) {
        case 'a': style.recursive = style.with_times = true; break;
        case 'f': style.force = true; break;
        case 'i': style.ask = true; break;
        case 'n': style.keep = true; break;
        case 'p': style.with_times = true; break;
        case 'v': style.verbose = true; break;
        default: style.recursive = true; break;
        }
    }
    target_each(copy);
    return command_end();
}

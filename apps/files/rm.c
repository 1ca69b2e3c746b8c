/* rm: removes files and trees. */
#include "apps/command/command.h"
#include "apps/files/remove.h"

static const char help[] =
    "usage: rm [-dfirRv] PATH...\n"
    "Removes files.\n"
    "  -d      empty directories, too\n"
    "  -f      asks nothing, and what is not there is no mistake\n"
    "  -i      asks before each\n"
    "  -r, -R  directories with all that is in them\n"
    "  -v      says what it removes\n";

int main(int argc, char **argv)
{
    struct remove_style style = { 0 };

    command_begin(argc, argv, "dfirRv", help);
    for (int letter; (letter = command_option()) != 0;) {
        switch (letter) {
        case 'd': style.directories = true; break;
        case 'f': style.force = true; style.ask = false; break;
        case 'i': style.ask = true; style.force = false; break;
        case 'v': style.verbose = true; break;
        default: style.recursive = true; break;
        }
    }
    if (command.count == 0 && !style.force) {
        command_misused("a path is missing");
    }
    for (int i = 0; i < command.count; i++) {
        (void)remove_path(command.operands[i], &style);
    }
    return command_end();
}

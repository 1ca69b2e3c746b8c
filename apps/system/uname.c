/* uname: what system this is. */
#include <string.h>

#include <ternion/system.h>

#include "apps/command/command.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: uname [-amrs]\n"
    "Tells what system this is.\n"
    "  -a  all  -m  the machine  -r  the version  -s  the name, as without an option\n";

int main(int argc, char **argv)
{
    const char *version = system_page()->version, *space = strchr(version, ' ');
    bool name = false, machine = false, release = false;

    command_begin(argc, argv, "amrs", help);
    for (int letter; (letter = command_option()) != 0;) {
        name |= letter == 's' || letter == 'a';
        machine |= letter == 'm' || letter == 'a';
        release |= letter == 'r' || letter == 'a';
    }
    command_expect(0, 0);
    name |= !machine && !release;
    output_text(name ? "Ternion" : "");
    output_format("%s%s", release && name ? " " : "", !release ? "" : space != NULL ? space + 1 : version);
    output_format("%s%s\n", machine && (name || release) ? " " : "", machine ? "i386" : "");
    return command_end();
}

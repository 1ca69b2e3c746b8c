/* clear: an empty screen. */
#include "apps/command/command.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: clear\n"
    "Makes the screen empty.\n";

int main(int argc, char **argv)
{
    command_begin(argc, argv, "", help);
    (void)command_option();
    command_expect(0, 0);
    output_text("\033[H\033[2J");    /* docs/terminal.md */
    return command_end();
}

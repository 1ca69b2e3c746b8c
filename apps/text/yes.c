/* yes: the same line until nobody wants more. */
#include "apps/command/command.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: yes [TEXT]...\n"
    "Writes a line with its arguments, or y, again and again, until it is ended or nobody reads it any more.\n";

int main(int argc, char **argv)
{
    command_begin(argc, argv, "", help);
    (void)command_option();
    for (;;) {
        for (int i = 0; i < command.count; i++) {
            output_text(i > 0 ? " " : "");
            output_text(command.operands[i]);
        }
        output_text(command.count == 0 ? "y\n" : "\n");
    }
}

/* echo: its arguments. */
#include <string.h>

#include "apps/command/command.h"
#include "apps/command/output.h"
#include "apps/text/escapes.h"

static const char help[] =
    "usage: echo [-n] [-e] [TEXT]...\n"
    "Writes its arguments with blanks between them, and a line end.\n"
    "  -n  without the line end\n"
    "  -e  with \\n, \\t, \\\\, \\e, \\0NNN and others for what they stand for; \\c ends the output\n";

/* What is no option of these letters is text: echo -x writes -x. */
static bool read_option(const char *argument, bool *newline, bool *escapes)
{
    if (argument[0] != '-' || argument[1] == '\0' || argument[1 + strspn(argument + 1, "ne")] != '\0') {
        return false;
    }
    *newline &= strchr(argument, 'n') == NULL;
    *escapes |= strchr(argument, 'e') != NULL;
    return true;
}

int main(int argc, char **argv)
{
    bool newline = true, escapes = false, goes_on = true;
    int at = 1;

    command_begin(argc > 1 && strcmp(argv[1], "--help") == 0 ? 2 : 1, argv, "+", help);
    while (at < argc && read_option(argv[at], &newline, &escapes)) {
        at++;
    }
    for (; at < argc && goes_on; at++) {
        if (escapes) {
            goes_on = escapes_write(argv[at]);
        } else {
            output_text(argv[at]);
        }
        if (goes_on && at + 1 < argc) {
            output_byte(' ');
        }
    }
    if (newline && goes_on) {
        output_byte('\n');
    }
    return command_end();
}

/* sed: changes lines as a script says. */
#include "apps/command/command.h"
#include "apps/text/sed.h"

#include <string.h>

static const char help[] =
    "usage: sed [-Enr] SCRIPT [FILE]...\n"
    "       sed [-Enr] [-e SCRIPT]... [-f FILE]... [FILE]...\n"
    "Writes lines of files as a script changes them. Without a FILE, or for -, those of standard input.\n"
    "  -e SCRIPT  does this, too        -f FILE  does what stands in it, too\n"
    "  -E, -r     extended expressions  -n       writes only what p and its like do\n"
    "A script: [ADDRESS[,ADDRESS]][!]FUNCTION, one behind the other with ; or in lines.\n"
    "  addresses  a number; $, the last line; /EXPRESSION/, with I as s has it; in the second place +NUMBER of lines\n"
    "  s/EXPRESSION/TEXT/FLAGS  replaces; & and \\1 are what was found; flags: g: all; a number: from that one on; p: writes; i: small\n"
    "             and capital letters are the same\n"
    "  p d q =    writes, deletes, ends, writes the number; P D: up to the first line end\n"
    "  y/abc/xyz/ replaces characters   a i c TEXT  writes behind, before, in the place of the line\n"
    "  n N        the next line; behind this one    h H g G x  keep it, get it back, exchange\n"
    "  b t : LABEL, { }  go there; if s has replaced; there; several functions\n";

static struct line text;             /* of the script */

static void add(const char *bytes)
{
    line_append(&text, bytes, strlen(bytes));
    line_append(&text, "\n", 1);
}

static void add_file(const char *path)
{
    struct input input;
    char *bytes;
    size_t size;

    if (!input_begin(&input, path)) {
        command_misused("-f %s cannot be read", path);
    }
    while ((size = input_bytes(&input, &bytes, INPUT_BUFFER_SIZE)) > 0) {
        line_append(&text, bytes, size);
    }
    line_append(&text, "\n", 1);
    input_end(&input);
}

int main(int argc, char **argv)
{
    static struct script script;
    bool is_extended = false, is_quiet = false;

    command_begin(argc, argv, "e:Ef:nr", help);
    for (int letter; (letter = command_option()) != 0;) {
        switch (letter) {
        case 'e': add(command.value); break;
        case 'f': add_file(command.value); break;
        case 'n': is_quiet = true; break;
        default: is_extended = true; break;
        }
    }
    if (text.size == 0) {
        command_expect(1, 1000000);
        add(*command.operands++);
        command.count--;
    }
    sed_parse(&script, text.text, is_extended);
    sed_run(&script, is_quiet);
    return command_end();
}

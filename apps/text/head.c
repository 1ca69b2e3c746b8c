/* head: the beginnings of files. */
#include "apps/command/command.h"
#include "apps/command/input.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: head [-n LINES] [-c BYTES] [-q] [FILE]...\n"
    "Writes the first 10 lines of files; without a FILE, or for -, of standard input.\n"
    "  -n LINES  so many lines; also written -LINES\n"
    "  -c BYTES  so many bytes instead\n"
    "  -q        without the names, which stand above each of several files\n";

static uint64_t most = 10;
static bool bytes_wanted, quiet;

static void copy_bytes(struct input *input)
{
    char *bytes;
    size_t size;

    for (uint64_t left = most; left > 0; left -= size) {
        size = input_bytes(input, &bytes, left < INPUT_BUFFER_SIZE ? (size_t)left : INPUT_BUFFER_SIZE);
        if (size == 0) {
            return;
        }
        output_bytes(bytes, size);
    }
}

static void copy(struct input *input)
{
    static bool has_printed;
    static struct line line;

    if (command.count > 1 && !quiet) {
        output_format(has_printed ? "\n==> %s <==\n" : "==> %s <==\n", input->name);
    }
    has_printed = true;
    if (bytes_wanted) {
        copy_bytes(input);
        return;
    }
    for (uint64_t left = most; left > 0 && input_line(input, &line); left--) {
        output_bytes(line.text, line.size);
    }
}

int main(int argc, char **argv)
{
    bool has_digits = false;

    command_begin(argc, argv, "n:c:q0123456789", help);
    for (int letter; (letter = command_option()) != 0;) {
        if (letter == 'q') {
            quiet = true;
        } else if (letter == 'n' || letter == 'c') {
            bytes_wanted = letter == 'c';
            most = command_number(command.value, UINT64_MAX / 20, bytes_wanted ? "-c" : "-n");
        } else {
            most = (has_digits ? 10 * most : 0) + (uint64_t)(letter - '0');
            has_digits = true;
        }
    }
    input_each(copy);
    return command_end();
}

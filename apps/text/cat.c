/* cat: files one behind the other. */
#include "apps/command/command.h"
#include "apps/command/input.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: cat [-n] [FILE]...\n"
    "Writes files one behind the other; without a FILE, or for -, standard input.\n"
    "  -n  with the number of each line in front\n";

static bool has_numbers;
static unsigned long line_number;

static void copy(struct input *input)
{
    char *bytes;
    size_t size;

    while ((size = input_bytes(input, &bytes, INPUT_BUFFER_SIZE)) > 0) {
        output_bytes(bytes, size);
    }
}

static void copy_with_numbers(struct input *input)
{
    static struct line line;
    static bool goes_on;         /* the file before had no end of its last line */

    while (input_line(input, &line)) {
        if (!goes_on) {
            output_format("%6lu\t", ++line_number);
        }
        output_bytes(line.text, line.size);
        goes_on = line.text[line.size - 1] != '\n';
    }
}

int main(int argc, char **argv)
{
    command_begin(argc, argv, "n", help);
    while (command_option() != 0) {
        has_numbers = true;
    }
    input_each(has_numbers ? copy_with_numbers : copy);
    return command_end();
}

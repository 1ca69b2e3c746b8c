/* cmp: are two files the same? */
#include <string.h>

#include "apps/command/command.h"
#include "apps/command/input.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: cmp [-ls] FILE1 FILE2\n"
    "Tells where two files begin to differ; - is standard input. Exit code 0: they are the same; 1: they differ; 2: trouble.\n"
    "  -l  every byte that differs: its number, and both in octal\n"
    "  -s  tells nothing\n";

static bool all_bytes, silent;

static void tell_end(const char *name, uint64_t bytes)
{
    if (!silent) {
        command_error(bytes == 0 ? "EOF on %s which is empty" : "EOF on %s after byte %llu", name, (unsigned long long)bytes);
    }
}

/* The number whose decimal digits are the octal ones of a byte. */
static unsigned octal(int byte)
{
    return (unsigned)((byte >> 6) * 100 + (byte >> 3 & 7) * 10 + (byte & 7));
}

static int compare(struct input *left, struct input *right)
{
    uint64_t byte = 1, line = 1;
    int result = EXIT_DONE;

    for (;; byte++) {
        int a = input_byte(left), b = input_byte(right);

        if (command.exit_code != EXIT_DONE) {
            return EXIT_MISUSED;
        }
        if (a < 0 || b < 0) {
            if (a != b) {
                tell_end(a < 0 ? left->name : right->name, byte - 1);
                result = EXIT_FAILED;
            }
            return result;
        }
        if (a != b) {
            result = EXIT_FAILED;
            if (all_bytes && !silent) {
                output_format("%llu %3u %3u\n", (unsigned long long)byte, octal(a), octal(b));
            } else {
                if (!silent) {
                    output_format("%s %s differ: char %llu, line %llu\n", left->name, right->name, (unsigned long long)byte,
                                  (unsigned long long)line);
                }
                return result;
            }
        }
        line += a == '\n';
    }
}

int main(int argc, char **argv)
{
    struct input left, right;

    command_begin(argc, argv, "ls", help);
    for (int letter; (letter = command_option()) != 0;) {
        all_bytes |= letter == 'l';
        silent |= letter == 's';
    }
    command_expect(2, 2);
    if (!input_begin(&left, command.operands[0]) || !input_begin(&right, command.operands[1])) {
        return EXIT_MISUSED;
    }
    int result = compare(&left, &right);
    (void)command_end();
    return result;
}

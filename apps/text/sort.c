/* sort: lines in order. */
#include <string.h>

#include "apps/command/command.h"
#include "apps/command/input.h"
#include "apps/command/output.h"
#include "apps/command/sort.h"
#include "apps/text/sort_key.h"

static const char help[] =
    "usage: sort [-bfnru] [-k FIRST[,LAST]] [-t C] [FILE]...\n"
    "Writes the lines of all files in order, by their bytes. Without a FILE, or for -, those of standard input.\n"
    "  -b          blanks at the beginning of a field do not count\n"
    "  -f          small and capital letters are the same\n"
    "  -k 2,3      by the fields 2 to 3; without ,3 to the line's end; -k 2n is by numbers, and so with b, f and r. Several: the first that differs\n"
    "  -n          by the number at the beginning\n"
    "  -r          the other way round\n"
    "  -t C        fields end with this character; else they begin with blanks\n"
    "  -u          of lines that are equal only the first\n";

#define AT_A_TIME 256U

static struct sort_line **lines;
static size_t count;
static bool once;

static void read_lines(struct input *input)
{
    static struct line line;

    while (input_line(input, &line)) {
        line_strip(&line);
        if (count % AT_A_TIME == 0) {
            lines = command_memory_again(lines, (count + AT_A_TIME) * sizeof *lines);
        }
        struct sort_line *kept = command_memory(sizeof *kept + line.size + 1);
        kept->size = line.size;
        memcpy(kept->text, line.text != NULL ? line.text : "", line.size + 1);
        lines[count++] = kept;
    }
}

static int compare(const void *left, const void *right)
{
    return sort_compare(left, right, once);
}

int main(int argc, char **argv)
{
    command_begin(argc, argv, "bfnruk:t:", help);
    for (int letter; (letter = command_option()) != 0;) {
        if (letter == 'u') {
            once = true;
        } else if (letter == 't') {
            sort_separator(command.value);
        } else if (letter == 'k') {
            sort_key(command.value);
        } else {
            sort_option((char)letter);
        }
    }
    input_each(read_lines);
    sort_pointers((void **)lines, count, compare);
    for (size_t i = 0; i < count; i++) {
        if (!once || i == 0 || compare(lines[i - 1], lines[i]) != 0) {
            output_bytes(lines[i]->text, lines[i]->size);
            output_byte('\n');
        }
    }
    return command_end();
}

/* uniq: lines that repeat the one before. */
#include <string.h>
#include <strings.h>

#include "apps/command/command.h"
#include "apps/command/input.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: uniq [-cdiu] [FILE]\n"
    "Writes lines that follow each other and are the same once. Without a FILE, or for -, of standard input.\n"
    "  -c  with how often each stood there\n"
    "  -d  only those that stood there more than once\n"
    "  -i  small and capital letters are the same\n"
    "  -u  only those that stood there once\n";

static bool with_count, repeated_only, single_only, ignores_case;

static bool is_same(const struct line *left, const struct line *right)
{
    return left->size == right->size
        && (ignores_case ? strncasecmp(left->text, right->text, left->size) : memcmp(left->text, right->text, left->size)) == 0;
}

static void print(const struct line *line, unsigned long count)
{
    if ((repeated_only && count == 1) || (single_only && count > 1)) {
        return;
    }
    if (with_count) {
        output_format("%7lu ", count);
    }
    output_bytes(line->text, line->size);
    output_byte('\n');
}

static void filter(struct input *input)
{
    static struct line lines[2];
    unsigned long count = 0;
    int now = 0;

    while (input_line(input, &lines[now])) {
        line_strip(&lines[now]);
        if (count > 0 && is_same(&lines[0], &lines[1])) {
            count++;
            continue;
        }
        if (count > 0) {
            print(&lines[1 - now], count);
        }
        now = 1 - now;
        count = 1;
    }
    if (count > 0) {
        print(&lines[1 - now], count);
    }
}

int main(int argc, char **argv)
{
    command_begin(argc, argv, "cdiu", help);
    for (int letter; (letter = command_option()) != 0;) {
        with_count |= letter == 'c';
        repeated_only |= letter == 'd';
        ignores_case |= letter == 'i';
        single_only |= letter == 'u';
    }
    command_expect(0, 1);
    input_each(filter);
    return command_end();
}

/* tr: characters in the place of others. */
#include <string.h>

#include "apps/command/command.h"
#include "apps/command/input.h"
#include "apps/command/output.h"
#include "apps/text/byte_set.h"

static const char help[] =
    "usage: tr [-cs] SET1 SET2\n"
    "       tr [-c] -d SET1\n"
    "       tr [-c] -s SET1\n"
    "       tr [-c] -ds SET1 SET2\n"
    "Copies standard input with each byte of SET1 replaced by the one in the same place of SET2, whose last is used for all that are more.\n"
    "  -c  for all bytes that are not in SET1\n"
    "  -d  removes them\n"
    "  -s  of a byte of the last set that repeats, only one is left\n"
    "A set: bytes, a-z, [:alpha:] [:digit:] [:alnum:] [:upper:] [:lower:] [:space:] [:blank:] [:punct:], \\n \\t \\\\ \\ooo.\n";

static unsigned char replaced[256];
static bool removed[256], squeezed[256];

static void replace(const struct byte_set *from, const struct byte_set *to)
{
    if (to->count == 0) {
        command_misused("SET2 is empty");
    }
    for (size_t i = 0; i < from->count; i++) {
        replaced[from->bytes[i]] = to->bytes[i < to->count ? i : to->count - 1];
    }
}

static void mark(bool marks[256], const struct byte_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        marks[set->bytes[i]] = true;
    }
}

static void copy(struct input *input)
{
    int before = -1;
    char *bytes;
    size_t size;

    while ((size = input_bytes(input, &bytes, INPUT_BUFFER_SIZE)) > 0) {
        size_t kept = 0;

        for (size_t i = 0; i < size; i++) {
            unsigned char byte = (unsigned char)bytes[i];

            if (removed[byte]) {
                continue;
            }
            byte = replaced[byte];
            if (!squeezed[byte] || byte != before) {
                bytes[kept++] = (char)byte;
            }
            before = byte;
        }
        output_bytes(bytes, kept);
    }
}

int main(int argc, char **argv)
{
    bool complement = false, removes = false, squeezes = false;
    static struct byte_set first, second;
    struct input input;

    command_begin(argc, argv, "+cCds", help);
    for (int letter; (letter = command_option()) != 0;) {
        complement |= letter == 'c' || letter == 'C';
        removes |= letter == 'd';
        squeezes |= letter == 's';
    }
    int sets = removes ? 1 + squeezes : squeezes && command.count == 1 ? 1 : 2;
    command_expect(sets, sets);
    byte_set_read(command.operands[0], &first);
    if (complement) {
        byte_set_complement(&first);
    }
    if (sets == 2) {
        byte_set_read(command.operands[1], &second);
    }
    for (unsigned byte = 0; byte < sizeof replaced; byte++) {
        replaced[byte] = (unsigned char)byte;
    }
    if (removes) {
        mark(removed, &first);
    } else if (sets == 2) {
        replace(&first, &second);
    }
    if (squeezes) {
        mark(squeezed, sets == 2 ? &second : &first);
    }
    if (input_begin(&input, "-")) {
        copy(&input);
        input_end(&input);
    }
    return command_end();
}

/* tail: the ends of files. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ternion/clock.h>

#include "apps/command/command.h"
#include "apps/command/input.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: tail [-n [+]LINES] [-c [+]BYTES] [-fq] [FILE]...\n"
    "Writes the last 10 lines of files; without a FILE, or for -, of standard input.\n"
    "  -n LINES   so many lines, also written -LINES; +LINES: from that one on, the first being 1\n"
    "  -c BYTES   so many bytes instead; +BYTES: from that one on\n"
    "  -f         goes on with what is written behind the end of the last FILE, until it is ended\n"
    "  -q         without the names, which stand above each of several files\n";

#define LOOK_NS (250 * MILLISECOND)
#define COUNT_MAX 10000000U

static size_t wanted = 10;
static bool bytes_wanted, from_start, follows, quiet;

/* Units, which are lines or blocks of bytes, from one on; the last of them are kept in a ring. */
struct ring {
    struct line *lines;
    size_t room, first, count;
};

static void ring_add(struct ring *ring, struct line *line)
{
    struct line kept;

    if (ring->count == wanted) {
        ring->first = (ring->first + 1) % ring->room;
        ring->count--;
    }
    if (ring->count == ring->room) {         /* it never begins inside while it grows */
        ring->lines = command_memory_again(ring->lines, (ring->room + 64) * sizeof *ring->lines);
        memset(ring->lines + ring->room, 0, 64 * sizeof *ring->lines);
        ring->room += 64;
    }
    size_t at = (ring->first + ring->count++) % ring->room;
    kept = ring->lines[at];
    ring->lines[at] = *line;
    *line = kept;
}

static void last_lines(struct input *input)
{
    static struct ring ring;
    static struct line line;

    ring.first = ring.count = 0;
    while (wanted > 0 && input_line(input, &line)) {
        ring_add(&ring, &line);
    }
    for (size_t i = 0; i < ring.count; i++) {
        const struct line *kept = &ring.lines[(ring.first + i) % ring.room];
        output_bytes(kept->text, kept->size);
    }
}

static void last_bytes(struct input *input)
{
    char *kept = command_memory(wanted + 1), *bytes;
    size_t used = 0, size;

    while ((size = input_bytes(input, &bytes, INPUT_BUFFER_SIZE)) > 0) {
        size_t taken = size < wanted ? size : wanted, stays = used + taken <= wanted ? used : wanted - taken;

        memmove(kept, kept + used - stays, stays);
        memcpy(kept + stays, bytes + size - taken, taken);
        used = stays + taken;
    }
    output_bytes(kept, used);
    free(kept);
}

/* What stands behind so many lines or bytes. */
static void rest(struct input *input)
{
    static struct line line;
    char *bytes;
    size_t size, left = wanted > 0 ? wanted - 1 : 0;

    while (!bytes_wanted && left > 0 && input_line(input, &line)) {
        left--;
    }
    while ((size = input_bytes(input, &bytes, INPUT_BUFFER_SIZE)) > 0) {
        size_t skipped = size < left ? size : left;

        left -= skipped;
        output_bytes(bytes + skipped, size - skipped);
    }
}

static void follow(struct input *input)
{
    char *bytes;
    size_t size;

    for (;;) {
        (void)output_flush();
        clock_sleep(LOOK_NS);
        input->has_ended = false;
        while ((size = input_bytes(input, &bytes, INPUT_BUFFER_SIZE)) > 0) {
            output_bytes(bytes, size);
        }
        if (command.exit_code != EXIT_DONE) {
            return;              /* it cannot be read any more, and that was said */
        }
    }
}

static void copy(struct input *input)
{
    static int done;

    if (command.count > 1 && !quiet) {
        output_format(done > 0 ? "\n==> %s <==\n" : "==> %s <==\n", input->name);
    }
    if (from_start) {
        rest(input);
    } else if (bytes_wanted) {
        last_bytes(input);
    } else {
        last_lines(input);
    }
    done++;
    if (follows && done >= command.count) {
        follow(input);
    }
}

static void read_count(char letter)
{
    const char *text = command.value;

    bytes_wanted = letter == 'c';
    from_start = *text == '+';
    text += *text == '+' || *text == '-';
    wanted = (size_t)command_number(text, COUNT_MAX, bytes_wanted ? "-c" : "-n");
}

int main(int argc, char **argv)
{
    bool has_digits = false;

    command_begin(argc, argv, "n:c:fq0123456789", help);
    for (int letter; (letter = command_option()) != 0;) {
        switch (letter) {
        case 'n': case 'c': read_count((char)letter); break;
        case 'f': follows = true; break;
        case 'q': quiet = true; break;
        default:
            wanted = (has_digits && wanted < COUNT_MAX ? 10 * wanted : 0) + (size_t)(letter - '0');
            has_digits = true;
        }
    }
    input_each(copy);
    return command_end();
}

/* hexdump: bytes as numbers. */
#include <string.h>

#include "apps/command/command.h"
#include "apps/command/input.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: hexdump [-Cv] [-n BYTES] [-s BYTES] [FILE]...\n"
    "Shows bytes in hexadecimal and as characters, 16 a line, with their places in front; * stands for lines that are like the one before.\n"
    "Without a FILE, or for -, of standard input; several files are one behind the other.\n"
    "  -C        as always\n"
    "  -n BYTES  not more than so many\n"
    "  -s BYTES  without so many at the beginning\n"
    "  -v        every line\n";

#define ROW 16U

static uint64_t left = UINT64_MAX, to_skip, place;
static bool shows_all;
static unsigned char row[ROW], row_before[ROW];
static size_t row_size;
static bool has_row_before, has_star;

static void print_row(void)
{
    if (!shows_all && has_row_before && row_size == ROW && memcmp(row, row_before, ROW) == 0) {
        if (!has_star) {
            output_text("*\n");
        }
        has_star = true;
        return;
    }
    output_format("%08llx ", (unsigned long long)place);
    for (size_t i = 0; i < ROW; i++) {
        output_text(i % 8 == 0 ? " " : "");
        if (i < row_size) {
            output_format("%02x ", row[i]);
        } else {
            output_text("   ");
        }
    }
    output_text(" |");
    for (size_t i = 0; i < row_size; i++) {
        output_byte(row[i] >= ' ' && row[i] < 127 ? (char)row[i] : '.');
    }
    output_text("|\n");
    memcpy(row_before, row, ROW);
    has_row_before = row_size == ROW;
    has_star = false;
}

static void end_row(void)
{
    print_row();
    place += row_size;
    row_size = 0;
}

static void dump(struct input *input)
{
    char *bytes;
    size_t size;

    while (left > 0 && (size = input_bytes(input, &bytes, INPUT_BUFFER_SIZE)) > 0) {
        size_t skipped = size < to_skip ? size : (size_t)to_skip;

        to_skip -= skipped;
        place += skipped;
        for (size_t i = skipped; i < size && left > 0; i++, left--) {
            row[row_size++] = (unsigned char)bytes[i];
            if (row_size == ROW) {
                end_row();
            }
        }
    }
}

int main(int argc, char **argv)
{
    command_begin(argc, argv, "Cvn:s:", help);
    for (int letter; (letter = command_option()) != 0;) {
        switch (letter) {
        case 'n': left = command_number(command.value, UINT64_MAX / 20, "-n"); break;
        case 's': to_skip = command_number(command.value, UINT64_MAX / 20, "-s"); break;
        case 'v': shows_all = true; break;
        }
    }
    input_each(dump);
    if (row_size > 0) {
        end_row();
    }
    if (place > 0) {
        output_format("%08llx\n", (unsigned long long)place);
    }
    return command_end();
}

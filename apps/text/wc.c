/* wc: counts lines, words and bytes. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/command/command.h"
#include "apps/command/input.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: wc [-clw] [FILE]...\n"
    "Counts lines, words and bytes of files; without a FILE, or for -, of standard input.\n"
    "  -c  bytes alone    -l  lines alone    -w  words alone; several do several\n";

struct counts {
    uint64_t lines, words, bytes;
};

static bool lines_wanted, words_wanted, bytes_wanted;
static int width = 1;
static struct counts total;

static bool is_blank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static void print(const struct counts *counts, const char *name)
{
    const uint64_t numbers[] = { counts->lines, counts->words, counts->bytes };
    const bool wanted[] = { lines_wanted, words_wanted, bytes_wanted };
    const char *gap = "";

    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (wanted[i]) {
            output_format("%s%*llu", gap, width, (unsigned long long)numbers[i]);
            gap = " ";
        }
    }
    if (name != NULL) {
        output_byte(' ');
        output_name(name);
    }
    output_byte('\n');
}

static void count(struct input *input)
{
    struct counts counts = { 0 };
    bool in_word = false;
    char *bytes;
    size_t size;

    while ((size = input_bytes(input, &bytes, INPUT_BUFFER_SIZE)) > 0) {
        counts.bytes += size;
        for (size_t i = 0; i < size; i++) {
            counts.lines += bytes[i] == '\n';
            bool blank = is_blank(bytes[i]);
            counts.words += !blank && !in_word;
            in_word = !blank;
        }
    }
    total.lines += counts.lines;
    total.words += counts.words;
    total.bytes += counts.bytes;
    print(&counts, command.count > 0 ? input->name : NULL);
}

/* Columns as wide as the largest number can be; what is no file may have any size. */
static void choose_width(void)
{
    uint64_t size = 0;
    int least = 1;

    for (int i = 0; i < command.count || i == 0; i++) {
        bool is_standard = command.count == 0 || strcmp(command.operands[i], "-") == 0;
        struct stat about;

        if ((is_standard ? fstat(STDIN_FILENO, &about) : stat(command.operands[i], &about)) == 0 && S_ISREG(about.st_mode)) {
            size += (uint64_t)about.st_size;
        } else {
            least = 7;
        }
    }
    for (width = 1; size >= 10; size /= 10) {
        width++;
    }
    width = width < least ? least : width;
}

int main(int argc, char **argv)
{
    command_begin(argc, argv, "clw", help);
    for (int letter; (letter = command_option()) != 0;) {
        bytes_wanted |= letter == 'c';
        lines_wanted |= letter == 'l';
        words_wanted |= letter == 'w';
    }
    if (!bytes_wanted && !lines_wanted && !words_wanted) {
        bytes_wanted = lines_wanted = words_wanted = true;
    }
    if (command.count > 1 || lines_wanted + words_wanted + bytes_wanted > 1) {
        choose_width();
    }
    input_each(count);
    if (command.count > 1) {
        print(&total, "total");
    }
    return command_end();
}

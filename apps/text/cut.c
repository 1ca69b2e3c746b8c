/* cut: parts of each line. */
#include <stdlib.h>
#include <string.h>

#include "apps/command/command.h"
#include "apps/command/input.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: cut -c LIST [FILE]...\n"
    "       cut -f LIST [-d C] [-s] [FILE]...\n"
    "Writes parts of each line. Without a FILE, or for -, of standard input. LIST: 1,3-5,7- or -2, from 1 on.\n"
    "  -b LIST, -c LIST  these bytes\n"
    "  -d C              fields end with this character; a tab, if nothing is said\n"
    "  -f LIST           these fields; a line without the character is written as it is\n"
    "  -s                no lines without the character\n";

#define RANGES_MAX 64U
#define PLACE_MAX 1000000000U

struct range {
    size_t first, last;
};

static struct range ranges[RANGES_MAX];
static size_t range_count;
static bool by_fields, skips_others;
static char separator = '\t';

static size_t read_number(const char **at)
{
    size_t number = 0;

    while (**at >= '0' && **at <= '9' && number < PLACE_MAX) {
        number = 10 * number + (size_t)(*(*at)++ - '0');
    }
    return number;
}

static void read_list(const char *text)
{
    for (const char *at = text;; at++) {
        bool begins_with_number = *at >= '0' && *at <= '9';
        struct range range = { begins_with_number ? read_number(&at) : 1, 0 };
        bool is_right = range.first > 0 && (begins_with_number || *at == '-') && range_count < RANGES_MAX;

        range.last = range.first;
        if (*at == '-') {
            at++;
            bool ends_with_number = *at >= '0' && *at <= '9';
            range.last = ends_with_number ? read_number(&at) : SIZE_MAX;
            is_right &= (begins_with_number || ends_with_number) && range.last >= range.first;
        }
        if (!is_right || (*at != ',' && *at != '\0')) {
            command_misused("%s is no list like 1,3-5,7-", text);
        }
        ranges[range_count++] = range;
        if (*at == '\0') {
            return;
        }
    }
}

static bool is_wanted(size_t place)
{
    for (size_t i = 0; i < range_count; i++) {
        if (place >= ranges[i].first && place <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

static void cut_bytes(const struct line *line)
{
    for (size_t i = 0; i < line->size; i++) {
        if (is_wanted(i + 1)) {
            output_byte(line->text[i]);
        }
    }
    output_byte('\n');
}

static void cut_fields(const struct line *line)
{
    const char *at = line->text, *end = line->text + line->size;
    bool goes_on = false;

    if (memchr(at, separator, line->size) == NULL) {
        if (!skips_others) {
            output_bytes(line->text, line->size);
            output_byte('\n');
        }
        return;
    }
    for (size_t field = 1; at <= end; field++) {
        const char *next = memchr(at, separator, (size_t)(end - at));
        size_t size = next == NULL ? (size_t)(end - at) : (size_t)(next - at);

        if (is_wanted(field)) {
            output_bytes(&separator, goes_on);
            output_bytes(at, size);
            goes_on = true;
        }
        at += size + 1;
    }
    output_byte('\n');
}

static void cut(struct input *input)
{
    static struct line line;

    while (input_line(input, &line)) {
        line_strip(&line);
        if (by_fields) {
            cut_fields(&line);
        } else {
            cut_bytes(&line);
        }
    }
}

int main(int argc, char **argv)
{
    command_begin(argc, argv, "b:c:d:f:s", help);
    for (int letter; (letter = command_option()) != 0;) {
        if (letter == 's') {
            skips_others = true;
        } else if (letter == 'd') {
            if (command.value[0] == '\0' || command.value[1] != '\0') {
                command_misused("-d: %s is not one character", command.value);
            }
            separator = command.value[0];
        } else {
            if (range_count > 0) {
                command_misused("only one list of -b, -c and -f can be");
            }
            by_fields = letter == 'f';
            read_list(command.value);
        }
    }
    if (range_count == 0) {
        command_misused("-c or -f must say what is wanted");
    }
    input_each(cut);
    return command_end();
}

/* seq: numbers in a row. */
#include "apps/command/command.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: seq [-w] [-s TEXT] [FIRST [STEP]] LAST\n"
    "Writes whole numbers from FIRST (1, if nothing is said) to LAST, each STEP (1) more than the one before.\n"
    "  -s TEXT  between them; a line end, if nothing is said\n"
    "  -w       all equally wide, with zeroes in front\n";

static int64_t read_number(const char *text)
{
    bool is_negative = *text == '-';
    int64_t number = (int64_t)command_number(text + is_negative, INT32_MAX, "seq");

    return is_negative ? -number : number;
}

static int digits(int64_t number)
{
    int count = number < 0 ? 2 : 1;

    for (number = number < 0 ? -number : number; number >= 10; number /= 10) {
        count++;
    }
    return count;
}

static void print(int64_t number, int width)
{
    if (number < 0) {
        output_byte('-');
        width--;
    }
    output_format("%0*lld", width, (long long)(number < 0 ? -number : number));
}

int main(int argc, char **argv)
{
    const char *between = "\n";
    int64_t first = 1, step = 1;
    bool equally_wide = false, goes_on = false;

    command_begin(argc, argv, "#ws:", help);
    for (int letter; (letter = command_option()) != 0;) {
        if (letter == 'w') {
            equally_wide = true;
        } else {
            between = command.value;
        }
    }
    command_expect(1, 3);
    if (command.count > 1) {
        first = read_number(command.operands[0]);
    }
    if (command.count > 2) {
        step = read_number(command.operands[1]);
    }
    int64_t last = read_number(command.operands[command.count - 1]);
    if (step == 0) {
        command_misused("a step of 0 leads nowhere");
    }
    int width = !equally_wide ? 1 : digits(first) > digits(last) ? digits(first) : digits(last);
    for (int64_t number = first; step > 0 ? number <= last : number >= last; number += step) {
        output_text(goes_on ? between : "");
        print(number, width);
        goes_on = true;
    }
    output_text(goes_on ? "\n" : "");
    return command_end();
}

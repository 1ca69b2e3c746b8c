/* more: text page by page. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/command/command.h"
#include "apps/command/input.h"
#include "apps/command/output.h"
#include "apps/command/screen.h"
#include "apps/command/units.h"

static const char help[] =
    "usage: more [FILE]...\n"
    "Shows text a screen at a time; without a FILE, or for -, standard input. Where the output is no terminal it copies.\n"
    "  Space   the next screen\n"
    "  Return  a line more\n"
    "  q       the end\n";

static bool has_screen;
static int rows_left;

/* True: go on. */
static bool ask(void)
{
    static const char prompt[] = "\033[7m-- more --\033[0m", no_prompt[] = "\r\033[K";

    (void)output_flush();
    (void)write(STDOUT_FILENO, prompt, sizeof prompt - 1);
    for (;;) {
        int key = screen_key(-1);

        if (key == ' ' || key == '\r' || key == '\n') {
            rows_left = key == ' ' ? screen_size().rows - 1 : 1;
        } else if (key != 'q' && key != 'Q' && key != KEY_INTERRUPT && key != KEY_END) {
            continue;
        }
        (void)write(STDOUT_FILENO, no_prompt, sizeof no_prompt - 1);
        return key == ' ' || key == '\r' || key == '\n';
    }
}

/* Rows that a line takes; a tab takes up to 8 columns. */
static int rows_of(struct line *line, int columns)
{
    int width = text_width(line->text) - 1;

    for (const char *tab = line->text; (tab = strchr(tab, '\t')) != NULL; tab++) {
        width += 7;
    }
    return width <= columns ? 1 : (width + columns - 1) / columns;
}

static void show(struct input *input)
{
    static struct line line;

    while (input_line(input, &line)) {
        int rows = has_screen ? rows_of(&line, screen_size().columns) : 0;

        if (has_screen && rows > rows_left && !ask()) {
            exit(command_end());
        }
        rows_left -= rows;
        output_bytes(line.text, line.size);
    }
}

int main(int argc, char **argv)
{
    command_begin(argc, argv, "", help);
    (void)command_option();
    has_screen = isatty(STDOUT_FILENO) && screen_begin();
    rows_left = screen_size().rows - 1;
    input_each(show);
    return command_end();
}

#include "apps/command/input.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/command/command.h"
#include "apps/command/output.h"

#define LINE_ROOM 128U

bool input_begin(struct input *input, const char *path)
{
    bool is_standard = strcmp(path, "-") == 0;

    *input = (struct input){ .descriptor = STDIN_FILENO, .name = is_standard ? "standard input" : path };
    if (!is_standard) {
        input->descriptor = open(path, O_RDONLY);
    }
    if (input->descriptor < 0) {
        command_errno(path);
        return false;
    }
    input->buffer = command_memory(INPUT_BUFFER_SIZE);
    return true;
}

void input_end(struct input *input)
{
    if (input->descriptor != STDIN_FILENO) {
        (void)close(input->descriptor);
    }
    free(input->buffer);
}

/* False: there is nothing more. */
static bool fill(struct input *input)
{
    if (input->first < input->end) {
        return true;
    }
    if (input->has_ended) {
        return false;
    }
    if (isatty(input->descriptor)) {
        (void)output_flush();    /* what was asked is read before the answer is typed */
    }
    ssize_t count = read(input->descriptor, input->buffer, INPUT_BUFFER_SIZE);
    if (count < 0) {
        command_errno(input->name);
    }
    input->has_ended = count <= 0;
    input->first = 0;
    input->end = count > 0 ? (size_t)count : 0;
    return count > 0;
}

size_t input_bytes(struct input *input, char **bytes_out, size_t most)
{
    if (!fill(input)) {
        return 0;
    }
    size_t size = input->end - input->first < most ? input->end - input->first : most;
    *bytes_out = input->buffer + input->first;
    input->first += size;
    return size;
}

int input_byte(struct input *input)
{
    return fill(input) ? (unsigned char)input->buffer[input->first++] : -1;
}

static void append(struct line *line, const char *bytes, size_t size)
{
    if (line->room - line->size <= size) {
        line->room = 2 * line->room > line->size + size + LINE_ROOM ? 2 * line->room : line->size + size + LINE_ROOM;
        line->text = command_memory_again(line->text, line->room);
    }
    memcpy(line->text + line->size, bytes, size);
    line->size += size;
    line->text[line->size] = '\0';
}

bool input_line(struct input *input, struct line *line)
{
    line->size = 0;
    while (fill(input)) {
        const char *from = input->buffer + input->first;
        const char *newline = memchr(from, '\n', input->end - input->first);
        size_t size = newline != NULL ? (size_t)(newline - from) + 1 : input->end - input->first;

        append(line, from, size);
        input->first += size;
        if (newline != NULL) {
            return true;
        }
    }
    return line->size > 0;
}

void line_strip(struct line *line)
{
    if (line->size > 0 && line->text[line->size - 1] == '\n') {
        line->text[--line->size] = '\0';
    }
}

void input_each(void (*take)(struct input *input))
{
    struct input input;

    if (command.count == 0 && input_begin(&input, "-")) {
        take(&input);
        input_end(&input);
    }
    for (int i = 0; i < command.count; i++) {
        if (input_begin(&input, command.operands[i])) {
            take(&input);
            input_end(&input);
        }
    }
}

#include "history.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"
#include "output.h"

#define CHUNK_SIZE 512U
#define LINE_MAX_SIZE 4096U     /* longer ones in the file are nobody's */
#define FILE_LINES_MAX (2 * HISTORY_LINES_MAX)

static char *lines[HISTORY_LINES_MAX]; /* a ring */
static unsigned first, count;
static char *file_path;

/* ---- Lines ---- */

unsigned history_count(void)
{
    return count;
}

const char *history_line(unsigned back)
{
    return lines[(first + count - back) % HISTORY_LINES_MAX];
}

/* True: it was added. */
static bool add(const char *line)
{
    if (*line == '\0' || *line == ' ' || (count > 0 && strcmp(history_line(1), line) == 0)) {
        return false;
    }
    char *copy = memory_copy(line, strlen(line));
    if (count == HISTORY_LINES_MAX) {
        free(lines[first]);
        first = (first + 1) % HISTORY_LINES_MAX;
        count--;
    }
    lines[(first + count) % HISTORY_LINES_MAX] = copy;
    count++;
    return true;
}

/* ---- The file: a line each; newlines inside a command are NULs there ---- */

static void swap(char *line, size_t size, char from, char to)
{
    for (size_t i = 0; i < size; i++) {
        line[i] = line[i] == from ? to : line[i];
    }
}

static void write_line(int descriptor, const char *line)
{
    size_t size = strlen(line) + 1;
    char *copy = memory_copy(line, size);

    swap(copy, size - 1, '\n', '\0');
    copy[size - 1] = '\n';
    (void)write_all(descriptor, copy, size); /* a full disk costs the history, and nothing else */
    free(copy);
}

static void write_whole_file(void)
{
    int descriptor = file_path == NULL ? -1 : open(file_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    if (descriptor >= 0) {
        for (unsigned i = count; i > 0; i--) {
            write_line(descriptor, history_line(i));
        }
        (void)close(descriptor);
    }
}

void history_add(const char *line)
{
    int descriptor;

    if (add(line) && file_path != NULL && (descriptor = open(file_path, O_WRONLY | O_CREAT | O_APPEND, 0600)) >= 0) {
        write_line(descriptor, line);
        (void)close(descriptor);
    }
}

void history_clear(void)
{
    while (count > 0) {
        free(lines[first]);
        first = (first + 1) % HISTORY_LINES_MAX;
        count--;
    }
    write_whole_file();
}

/* Lines of the file that were read. */
static unsigned read_lines(int descriptor)
{
    struct arena arena = { NULL };
    struct text line = TEXT_EMPTY(&arena);
    char chunk[CHUNK_SIZE];
    unsigned number = 0;
    ssize_t size;

    while ((size = read(descriptor, chunk, sizeof chunk)) > 0) {
        for (ssize_t i = 0; i < size; i++) {
            if (chunk[i] != '\n') {
                if (line.size < LINE_MAX_SIZE) {
                    text_add(&line, chunk[i]);
                }
                continue;
            }
            size_t length = line.size;
            char *string = text_string(&line);
            swap(string, length, '\0', '\n');
            (void)add(string);
            line.size = 0;
            number++;
        }
    }
    arena_free(&arena);
    return number;
}

void history_open(const char *path)
{
    int descriptor = open(path, O_RDONLY);
    unsigned number = 0;

    free(file_path);
    file_path = memory_copy(path, strlen(path));
    if (descriptor >= 0) {
        number = read_lines(descriptor);
        (void)close(descriptor);
    }
    if (number > FILE_LINES_MAX) {
        write_whole_file();
    }
}

/* tee: standard input to standard output and to files. */
#include <fcntl.h>
#include <unistd.h>

#include "apps/command/command.h"
#include "apps/command/input.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: tee [-a] [FILE]...\n"
    "Copies standard input to standard output, and to files.\n"
    "  -a  behind what is in the files already\n";

/* A file that cannot be written to gets no more; the others do. */
static void write_all(int *file, const char *path, const char *bytes, size_t size)
{
    while (*file >= 0 && size > 0) {
        ssize_t count = write(*file, bytes, size);

        if (count < 0) {
            command_errno(path);
            (void)close(*file);
            *file = -1;
        } else {
            bytes += count;
            size -= (size_t)count;
        }
    }
}

int main(int argc, char **argv)
{
    struct input input;
    int flags = O_WRONLY | O_CREAT | O_TRUNC;
    char *bytes;
    size_t size;

    command_begin(argc, argv, "a", help);
    while (command_option() != 0) {
        flags = O_WRONLY | O_CREAT | O_APPEND;
    }
    int *files = command_memory(((size_t)command.count + 1) * sizeof *files);
    for (int i = 0; i < command.count; i++) {
        files[i] = open(command.operands[i], flags, 0666);
        if (files[i] < 0) {
            command_errno(command.operands[i]);
        }
    }
    if (input_begin(&input, "-")) {
        while ((size = input_bytes(&input, &bytes, INPUT_BUFFER_SIZE)) > 0) {
            output_bytes(bytes, size);
            (void)output_flush();
            for (int i = 0; i < command.count; i++) {
                write_all(&files[i], command.operands[i], bytes, size);
            }
        }
    }
    return command_end();
}

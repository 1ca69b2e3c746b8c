/* basename, dirname: parts of paths. */
#include <string.h>

#include "apps/command/command.h"
#include "apps/command/output.h"

static const char help_of_basename[] =
    "usage: basename PATH [ENDING]\n"
    "Writes the last part of a path, without the ENDING if it has it.\n";
static const char help_of_dirname[] =
    "usage: dirname PATH...\n"
    "Writes paths without their last parts.\n";

static size_t without_slashes(const char *path, size_t size)
{
    while (size > 1 && path[size - 1] == '/') {
        size--;
    }
    return size;
}

/* Where the last part of a path of so many bytes begins. */
static size_t last_part(const char *path, size_t size)
{
    while (size > 0 && path[size - 1] != '/') {
        size--;
    }
    return size;
}

static void print_base(const char *path, const char *ending)
{
    size_t size = without_slashes(path, strlen(path)), ending_size = strlen(ending);
    size_t first = size == 1 ? 0 : last_part(path, size);

    if (ending_size < size - first && memcmp(path + size - ending_size, ending, ending_size) == 0) {
        size -= ending_size;
    }
    output_bytes(path + first, size - first);
    output_byte('\n');
}

static void print_directory(const char *path)
{
    size_t size = last_part(path, without_slashes(path, strlen(path)));

    size = without_slashes(path, size);
    if (size == 0) {
        output_text(*path == '/' ? "/" : ".");
    } else {
        output_bytes(path, size);
    }
    output_byte('\n');
}

int main(int argc, char **argv)
{
    bool is_dirname = argc > 0 && strcmp(command_last_part(argv[0]), "dirname") == 0;

    command_begin(argc, argv, "", is_dirname ? help_of_dirname : help_of_basename);
    (void)command_option();
    command_expect(1, is_dirname ? 1000000 : 2);
    if (!is_dirname) {
        print_base(command.operands[0], command.count > 1 ? command.operands[1] : "");
    }
    for (int i = 0; is_dirname && i < command.count; i++) {
        print_directory(command.operands[i]);
    }
    return command_end();
}

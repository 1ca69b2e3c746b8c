/* ls: what is in directories. */
#include <stdlib.h>
#include <string.h>

#include "apps/command/command.h"
#include "apps/command/directory.h"
#include "apps/command/output.h"
#include "apps/command/units.h"
#include "apps/files/list.h"

static const char help[] =
    "usage: ls [-1adFhlrRSt] [PATH]...\n"
    "Lists files, and what is in directories; without a PATH the current one.\n"
    "  -1  one name a line, as always where the output is no terminal\n"
    "  -a  names that begin with a full stop, too\n"
    "  -d  directories themselves, not what is in them\n"
    "  -F  a / behind the names of directories\n"
    "  -h  sizes in K, M, G\n"
    "  -l  kind (d: directory), rights, size, time of the last change (UTC), name\n"
    "  -r  the other way round\n"
    "  -R  and all directories below\n"
    "  -S  the largest first\n"
    "  -t  what was changed last first\n";

static struct list_style style;
static bool hidden, directories_themselves, recursive, has_printed, several;

static void read_options(void)
{
    for (int letter; (letter = command_option()) != 0;) {
        switch (letter) {
        case '1': style.single = true; break;
        case 'a': hidden = true; break;
        case 'd': directories_themselves = true; break;
        case 'F': style.slashes = true; break;
        case 'h': style.human = true; break;
        case 'l': style.is_long = true; break;
        case 'r': style.reverse = true; break;
        case 'R': recursive = true; break;
        case 'S': style.order = LIST_BY_SIZE; break;
        case 't': style.order = LIST_BY_TIME; break;
        }
    }
}

static void list_directory(const char *path);

static void go_below(const char *path, const struct list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct list_entry *entry = list->entries[i];

        if (S_ISDIR(entry->about.st_mode) && strcmp(entry->name, ".") != 0 && strcmp(entry->name, "..") != 0) {
            char *below = command_path(path, entry->name);
            list_directory(below);
            free(below);
        }
    }
}

static void list_directory(const char *path)
{
    struct list list = { 0 };
    struct names names;

    if (several || recursive) {
        output_format(has_printed ? "\n%s:\n" : "%s:\n", path);
    }
    has_printed = true;
    if (hidden) {
        list_add(&list, path, ".");
        list_add(&list, path, "..");
    }
    (void)names_read(path, &names);
    for (size_t i = 0; i < names.count; i++) {
        if (hidden || names.name[i][0] != '.') {
            list_add(&list, path, names.name[i]);
        }
    }
    list_sort(&list, &style);
    list_print(&list, &style);
    if (recursive) {
        go_below(path, &list);
    }
    list_free(&list);
    names_free(&names);
}

/* Operands that are no directories come first, as one list. */
static void list_operands(void)
{
    struct list files = { 0 }, directories = { 0 };

    for (int i = 0; i < command.count; i++) {
        struct list one = { 0 };

        if (list_add(&one, NULL, command.operands[i])) {
            bool is_directory = S_ISDIR(one.entries[0]->about.st_mode) && !directories_themselves;
            (void)list_add(is_directory ? &directories : &files, NULL, command.operands[i]);
        }
        list_free(&one);
    }
    list_sort(&files, &style);
    list_sort(&directories, &style);
    list_print(&files, &style);
    has_printed = files.count > 0;
    several = command.count > 1;
    for (size_t i = 0; i < directories.count; i++) {
        list_directory(directories.entries[i]->name);
    }
    list_free(&files);
    list_free(&directories);
}

int main(int argc, char **argv)
{
    static char here[] = ".", *only_here[] = { here, NULL };

    command_begin(argc, argv, "1adFhlrRSt", help);
    read_options();
    if (command.count == 0) {
        command.operands = only_here;
        command.count = 1;
    }
    list_operands();
    return command_end();
}

/* help: what there is. */
#include <string.h>

#include "builtins.h"
#include "fields.h"
#include "output.h"
#include "program.h"
#include "shell.h"
#include "sort.h"

#define COLUMNS 78U

static const char keys[] =
    "Left Right Home End, Ctrl+A Ctrl+E, Alt+B Alt+F   move in the line\n"
    "Up Down, Ctrl+P Ctrl+N                            earlier lines, later ones; Ctrl+R searches in them\n"
    "Tab                                               completes a name; twice: shows what there is\n"
    "Backspace Delete, Ctrl+W Alt+D, Ctrl+K Ctrl+U     delete a character, a word, the rest of the line, what is before\n"
    "Ctrl+Y                                            puts back what was deleted last\n"
    "Ctrl+L                                            clears the screen\n"
    "Ctrl+C, Ctrl+Z                                    ends what runs, stops it: fg, bg, jobs, kill\n"
    "Ctrl+D                                            on an empty line: the end\n";

static const char language[] =
    "a; b   a && b   a || b   ! a   a | b   a &        a < FILE   a > FILE   a >> FILE   a 2> FILE   a 2>&1   a << END\n"
    "x=WORD   $x ${x:-WORD} ${x#PATTERN} $(COMMAND) $((1 + x))   $? $$ $! $# $1 \"$@\"   '...' \"...\" \\c   * ? [a-z] ~\n"
    "if a; then b; elif c; then d; else e; fi     while a; do b; done     until a; do b; done     for x in WORDS; do b; done\n"
    "case WORD in PATTERN) a;; esac     { a; b; }     (a; b)     f() { a; }     time a     # comment\n";

static void output_columns(const struct fields *names)
{
    size_t width = 0, column = 0;

    for (size_t i = 0; i < names->count; i++) {
        size_t length = strlen(names->values[i]);
        width = length > width ? length : width;
    }
    width += 2;
    for (size_t i = 0; i < names->count; i++) {
        if (column > 0 && column + width > COLUMNS) {
            output("\n");
            column = 0;
        }
        output_format("%-*s", (int)width, names->values[i]);
        column += width;
    }
    output(column > 0 ? "\n" : "");
}

static void take_program(const char *name, void *context)
{
    fields_add(context, (char *)name);
}

static void output_programs(void)
{
    struct fields names = { 0 };

    programs_each(take_program, &names);
    if (names.count == 0) {
        output("(none in the folders of PATH)\n");
        return;
    }
    sort_strings(names.values, names.count);
    output_columns(&names);
}

static int help_all(void)
{
    struct fields names = { 0 };

    output("Commands of the shell; help NAME says more:\n");
    for (const struct builtin *builtin = builtins_first(); builtin->name != NULL; builtin++) {
        fields_add(&names, (char *)builtin->name);
    }
    output_columns(&names);
    output("\nPrograms; most of them tell more with --help:\n");
    output_programs();
    output("\nLanguage:\n");
    output(language);
    output("\nKeys:\n");
    output(keys);
    return 0;
}

int builtin_help(int count, char **arguments)
{
    if (count == 1) {
        return help_all();
    }
    const struct builtin *builtin = builtin_find(arguments[1]);
    if (builtin != NULL) {
        output_format("%s %s\n", builtin->name, builtin->synopsis);
        output_format("    %s\n", builtin->help);
        return 0;
    }
    const char *path = program_find(arguments[1]);
    if (path == NULL) {
        complain("help: %s: there is none of that name; help alone lists what there is", arguments[1]);
        return 1;
    }
    output_format("%s is the program %s; %s --help may say more\n", arguments[1], path, arguments[1]);
    return 0;
}

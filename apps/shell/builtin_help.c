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
    "Left Right, Ctrl+B Ctrl+F     a character to the left, to the right\n"
    "Alt+B Alt+F, Ctrl+Left, ...   a word\n"
    "Home End, Ctrl+A Ctrl+E       to the begin, to the end\n"
    "Up Down, Ctrl+P Ctrl+N        earlier lines, later ones\n"
    "Ctrl+R                        looks for a text in earlier lines; again: further back\n"
    "Tab                           completes a name; twice: shows what there is\n"
    "Backspace Delete, Ctrl+T      deletes a character; swaps two\n"
    "Ctrl+W, Alt+Backspace, Alt+D  deletes a word: to a blank, to the left, to the right\n"
    "Ctrl+U Ctrl+K, Ctrl+Y         deletes what is before, behind; puts it back\n"
    "Ctrl+L                        clears the screen\n"
    "Ctrl+C Ctrl+Z                 ends what runs; stops it: see fg, bg, jobs, kill\n"
    "Ctrl+D                        on an empty line: the end\n";

static const char language[] =
    "a; b    a && b    a || b    ! a    a | b    a &    time a\n"
    "if a; then b; elif c; then d; else e; fi    case WORD in PATTERN|PATTERN) a;; esac\n"
    "while a; do b; done    until a; do b; done    for x in WORD...; do a; done\n"
    "{ a; b; }    (a; b)    f() { a; }    # comment\n"
    "a < FILE    a > FILE    a >> FILE    a 2> FILE    a 2>&1    a <> FILE    a << END\n"
    "x=WORD    $x    ${x:-WORD} ${x:=WORD} ${x:+WORD} ${x:?WORD}    ${#x}\n"
    "${x#PATTERN} ${x##PATTERN} ${x%PATTERN} ${x%%PATTERN}    $(a)    $((1 + x))\n"
    "$? $$ $! $# $0 $1 ... \"$@\"    '...' \"...\" \\c    * ? [a-z] [!a-z] ~\n";

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

    output("help keys, help language: how to type, and what. help NAME: how a command of\n"
           "the shell is used. The commands of the shell:\n");
    for (const struct builtin *builtin = builtins_first(); builtin->name != NULL; builtin++) {
        fields_add(&names, (char *)builtin->name);
    }
    output_columns(&names);
    output("Programs:\n");
    output_programs();
    return 0;
}

int builtin_help(int count, char **arguments)
{
    if (count == 1) {
        return help_all();
    }
    if (strcmp(arguments[1], "keys") == 0 || strcmp(arguments[1], "language") == 0) {
        output(arguments[1][0] == 'k' ? keys : language);
        return 0;
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

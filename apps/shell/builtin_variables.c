/* Built-in commands for variables, options and parameters. */
#include <string.h>

#include "builtins.h"
#include "functions.h"
#include "lexer.h"
#include "options.h"
#include "output.h"
#include "shell.h"
#include "unparse.h"
#include "variables.h"

/* ---- export, readonly, local ---- */

static void show(const char *command, const struct variable *variable)
{
    struct text text = TEXT_EMPTY(&shell.scratch);

    output(command);
    output(*command != '\0' ? " " : "");
    output(variable->name);
    if (variable->value != NULL) {
        output("=");
        unparse_string(variable->value, &text);
        output_bytes(text.bytes, text.size);
    }
    output("\n");
}

static int show_all(const char *command, unsigned flags)
{
    for (const struct variable **list = variables_list(&shell.scratch); *list != NULL; list++) {
        if (flags == 0 ? (*list)->value != NULL : ((*list)->flags & flags) != 0) {
            show(command, *list);
        }
    }
    return 0;
}

/* name or name=value: splits it. NULL: it is neither, which was said. */
static const char *name_of(const char *command, const char *word, const char **value_out)
{
    size_t length = name_length(word);

    if (length == 0 || (word[length] != '\0' && word[length] != '=')) {
        complain("%s: %s is no name of a variable", command, word);
        return NULL;
    }
    *value_out = word[length] == '=' ? word + length + 1 : NULL;
    return arena_copy(&shell.scratch, word, length);
}

/* A special command has made a mistake. */
static int special_mistake(void)
{
    shell.status = STATUS_MISTAKE;
    shell.leaving = LEAVING_COMMAND;
    return STATUS_MISTAKE;
}

/* readonly, too. */
int builtin_export(int count, char **arguments)
{
    unsigned flag = arguments[0][0] == 'e' ? VARIABLE_EXPORTED : VARIABLE_READ_ONLY;
    uint32_t letters;
    int at = builtin_options(count, arguments, "p", &letters);

    if (at < 0) {
        return STATUS_MISTAKE;
    }
    if (at == count) {
        return show_all(arguments[0], flag);
    }
    for (; at < count; at++) {
        const char *value;
        const char *name = name_of(arguments[0], arguments[at], &value);
        if (name == NULL || (value != NULL && !variable_set(name, value))) {
            return special_mistake();
        }
        variable_change_flags(name, flag, 0);
    }
    return 0;
}

int builtin_local(int count, char **arguments)
{
    if (shell.functions == 0) {
        complain("local is for functions");
        return 1;
    }
    for (int i = 1; i < count; i++) {
        const char *value;
        const char *name = name_of(arguments[0], arguments[i], &value);
        if (name == NULL) {
            return STATUS_MISTAKE;
        }
        scope_save_in_function(name);
        if (value != NULL && !variable_set(name, value)) {
            return 1;
        }
    }
    return 0;
}

int builtin_unset(int count, char **arguments)
{
    uint32_t letters;
    int at = builtin_options(count, arguments, "fv", &letters);

    if (at < 0) {
        return STATUS_MISTAKE;
    }
    for (; at < count; at++) {
        if ((letters & 1) != 0) {
            (void)function_remove(arguments[at]);
        } else if (!variable_set(arguments[at], NULL)) {
            return special_mistake();
        }
    }
    return 0;
}

/* ---- set ---- */

static int show_options(void)
{
    bool is_on;
    const char *name;

    for (unsigned i = 0; (name = option_name(i, &is_on)) != NULL; i++) {
        output_format("%-12s %s\n", name, is_on ? "on" : "off");
    }
    return 0;
}

/* A word like -ex or +x; -o takes the next one. How many words were taken; 0: a mistake. */
static int take_options(int count, char **arguments)
{
    bool is_on = arguments[0][0] == '-';
    int taken = 1;

    for (const char *letter = arguments[0] + 1; *letter != '\0'; letter++) {
        if (*letter == 'o' && taken == count) {
            (void)show_options();
        } else if (*letter == 'o' ? !option_set_name(arguments[taken], is_on) : !option_set_letter(*letter, is_on)) {
            complain("set: there is no option %s", *letter == 'o' ? arguments[taken] : arguments[0]);
            return 0;
        } else {
            taken += *letter == 'o';
        }
    }
    return taken;
}

/* -x or +x, but not -, + and -- */
static bool is_option(const char *word)
{
    return (word[0] == '-' || word[0] == '+') && word[1] != '\0' && strcmp(word, "--") != 0;
}

int builtin_set(int count, char **arguments)
{
    int at = 1;

    if (count == 1) {
        return show_all("", 0);
    }
    while (at < count && is_option(arguments[at])) {
        int taken = take_options(count - at, arguments + at);
        if (taken == 0) {
            return builtin_usage("set");
        }
        at += taken;
    }
    bool has_parameters = at < count;
    if (has_parameters && (strcmp(arguments[at], "--") == 0 || strcmp(arguments[at], "-") == 0)) {
        at++;
    }
    if (has_parameters) {
        parameters_set(count - at, arguments + at);
    }
    return 0;
}

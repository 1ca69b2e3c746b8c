#include "state.h"

#include <string.h>

#include <ternion/format.h>

#include "alias.h"
#include "arithmetic.h"
#include "fields.h"
#include "functions.h"
#include "lexer.h"
#include "shell.h"
#include "variables.h"

#define NUMBERS_SIZE 80U

/* The first character says what an argument is. */
#define STATE_VARIABLE 'v'      /* name=value */
#define STATE_READ_ONLY 'r'     /* name */
#define STATE_EXPORTED 'e'      /* name: exported, but not set */
#define STATE_FUNCTION 'f'      /* name=text */
#define STATE_ALIAS 'a'         /* name=text */
#define STATE_NUMBERS 'n'       /* options, $?, $$, $!, line */

/* ---- Giving ---- */

static void add(struct fields *arguments, char kind, const char *name, const char *value)
{
    struct text text = TEXT_EMPTY(&shell.scratch);

    text_add(&text, kind);
    text_append_string(&text, name);
    if (value != NULL) {
        text_add(&text, '=');
        text_append_string(&text, value);
    }
    fields_add(arguments, text_string(&text));
}

static void add_variables(struct fields *arguments)
{
    const struct variable **list = variables_list(&shell.scratch);

    for (; *list != NULL; list++) {
        bool is_exported = ((*list)->flags & VARIABLE_EXPORTED) != 0;
        if (!is_exported && (*list)->value != NULL) {
            add(arguments, STATE_VARIABLE, (*list)->name, (*list)->value);
        }
        if (is_exported && (*list)->value == NULL) {
            add(arguments, STATE_EXPORTED, (*list)->name, NULL);
        }
        if (((*list)->flags & VARIABLE_READ_ONLY) != 0) {
            add(arguments, STATE_READ_ONLY, (*list)->name, NULL);
        }
    }
}

/* Where nobody looks at the status here, `set -e` does not count there either. */
static void add_numbers(struct fields *arguments)
{
    char text[NUMBERS_SIZE];
    uint32_t options = shell.guards > 0 ? shell.options & ~(uint32_t)OPTION_ERROR_EXIT : shell.options;

    (void)format_text(text, sizeof text, "%u,%d,%ld,%ld,%u", options, shell.status, (long)shell.pid, (long)shell.last_background,
                      shell.line);
    add(arguments, STATE_NUMBERS, text, NULL);
}

char *const *state_arguments(const char *text)
{
    struct fields arguments = { 0 };
    char count[12];

    fields_add(&arguments, (char *)"shell");
    fields_add(&arguments, (char *)STATE_OPTION);
    fields_add(&arguments, NULL);
    add_variables(&arguments);
    for (const struct function *function = functions_first(); function != NULL; function = function->next) {
        add(&arguments, STATE_FUNCTION, function->name, function->text);
    }
    for (const struct alias *alias = aliases_first(); alias != NULL; alias = alias->next) {
        add(&arguments, STATE_ALIAS, alias->name, alias->text);
    }
    add_numbers(&arguments);
    size_t length = format_text(count, sizeof count, "%u", (unsigned)arguments.count - 3);
    arguments.values[2] = arena_copy(&shell.scratch, count, length);
    fields_add(&arguments, (char *)"-c");
    fields_add(&arguments, arena_copy(&shell.scratch, text, strlen(text)));
    fields_add(&arguments, (char *)shell.name);
    for (int i = 0; i < parameters.count; i++) {
        fields_add(&arguments, parameters.values[i]);
    }
    return arguments.values;
}

/* ---- Taking ---- */

static bool take_numbers(const char *text)
{
    int64_t values[5];

    for (unsigned i = 0; i < 5; i++) {
        size_t length = strcspn(text, ",");
        if (!number_read(arena_copy(&shell.scratch, text, length), &values[i])) {
            return false;
        }
        text += length + (text[length] == ',');
    }
    shell.options = (uint32_t)values[0];
    shell.status = (int)values[1];
    shell.pid = (pid_t)values[2];
    shell.last_background = (pid_t)values[3];
    shell.line = (unsigned)values[4];
    return true;
}

/* A name, and what stands behind its =; NULL if that is missing. */
static const char *split(const char *text, const char **name_out)
{
    size_t length = strcspn(text, "=");

    *name_out = arena_copy(&shell.scratch, text, length);
    return text[length] == '=' ? text + length + 1 : NULL;
}

bool state_take(const char *argument)
{
    const char *name;

    if (argument[0] == '\0') {
        return false;
    }
    if (argument[0] == STATE_NUMBERS) {
        return take_numbers(argument + 1);
    }
    const char *value = split(argument + 1, &name);
    switch (argument[0]) {
    case STATE_VARIABLE:
        return value != NULL && name_length(name) == strlen(name) && variable_set(name, value);
    case STATE_READ_ONLY:
        variable_change_flags(name, VARIABLE_READ_ONLY, 0);
        return true;
    case STATE_EXPORTED:
        variable_change_flags(name, VARIABLE_EXPORTED, 0);
        return true;
    case STATE_FUNCTION:
        return value != NULL && function_define_text(name, value);
    case STATE_ALIAS:
        if (value != NULL) {
            alias_set(name, value);
        }
        return value != NULL;
    default:
        return false;
    }
}

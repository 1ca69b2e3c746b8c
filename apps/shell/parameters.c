/* Positional parameters, and those with other names than variables. */
#include <stdlib.h>
#include <string.h>

#include <ternion/format.h>

#include "lexer.h"
#include "options.h"
#include "shell.h"
#include "variables.h"

#define NUMBER_SIZE 24U

struct parameters parameters;

static struct parameters copy_of(int count, char *const values[])
{
    struct parameters copy = { .values = memory_take(((size_t)count + 1) * sizeof(char *)), .count = count };

    for (int i = 0; i < count; i++) {
        copy.values[i] = memory_copy(values[i], strlen(values[i]));
    }
    copy.values[count] = NULL;
    return copy;
}

static void free_all(struct parameters *old)
{
    for (int i = 0; i < old->count; i++) {
        free(old->values[i]);
    }
    free(old->values);
}

void parameters_set(int count, char *const values[])
{
    struct parameters before = parameters;

    parameters = copy_of(count, values);
    parameters.outer = before.outer;
    free_all(&before);
}

void parameters_shift(int count)
{
    for (int i = 0; i < count; i++) {
        free(parameters.values[i]);
    }
    parameters.count -= count;
    memmove(parameters.values, parameters.values + count, ((size_t)parameters.count + 1) * sizeof(char *));
}

void parameters_begin(int count, char *const values[])
{
    struct parameters *outer = memory_take(sizeof *outer);

    *outer = parameters;
    parameters = copy_of(count, values);
    parameters.outer = outer;
}

void parameters_end(void)
{
    struct parameters *outer = parameters.outer;

    free_all(&parameters);
    parameters = *outer;
    free(outer);
}

void parameters_end_all(void)
{
    while (parameters.outer != NULL) {
        parameters_end();
    }
}

static const char *number(long value, struct arena *arena)
{
    char text[NUMBER_SIZE];

    return arena_copy(arena, text, format_text(text, sizeof text, "%ld", value));
}

/* $1 and so on; $0. */
static const char *positional(const char *name)
{
    int index = 0;

    for (; *name != '\0'; name++) {
        if (index > parameters.count) {
            return NULL;
        }
        index = index * 10 + (*name - '0');
    }
    if (index == 0) {
        return shell.name;
    }
    return index <= parameters.count ? parameters.values[index - 1] : NULL;
}

const char *parameter_value(const char *name, struct arena *arena)
{
    if (is_name_start((unsigned char)name[0])) {
        return strcmp(name, "LINENO") == 0 ? number((long)shell.line, arena) : variable_value(name);
    }
    switch (name[0]) {
    case '?':
        return number(shell.status, arena);
    case '$':
        return number((long)shell.pid, arena);
    case '!':
        return shell.last_background == 0 ? NULL : number((long)shell.last_background, arena);
    case '#':
        return number(parameters.count, arena);
    case '-':
        return options_text(arena);
    default:
        return positional(name);
    }
}

#include "variables.h"

#include <stdlib.h>
#include <string.h>

#include <ternion/format.h>

#include "lexer.h"
#include "shell.h"
#include "sort.h"

#define BUCKETS 64U
#define NUMBER_SIZE 24U

struct scope {
    struct scope *outer;
    bool is_of_function;
    struct saved_variable *saved;
};

struct saved_variable {
    struct saved_variable *next;
    bool was_there;
    unsigned flags;
    char *value;
    char name[];
};

static struct variable *buckets[BUCKETS];
static struct scope *scopes;

/* FNV-1a. */
static struct variable **bucket_of(const char *name)
{
    uint32_t hash = 2166136261U;

    for (; *name != '\0'; name++) {
        hash = (hash ^ (unsigned char)*name) * 16777619U;
    }
    return &buckets[(hash ^ hash >> 16) % BUCKETS];
}

/* The link to a variable, or the end of its bucket. */
static struct variable **link_find(const char *name)
{
    struct variable **link = bucket_of(name);

    while (*link != NULL && strcmp((*link)->name, name) != 0) {
        link = &(*link)->next;
    }
    return link;
}

const struct variable *variable_find(const char *name)
{
    return *link_find(name);
}

const char *variable_value(const char *name)
{
    const struct variable *variable = variable_find(name);

    return variable != NULL ? variable->value : NULL;
}

static struct variable *find_or_make(const char *name)
{
    struct variable **link = link_find(name);

    if (*link == NULL) {
        size_t length = strlen(name);
        struct variable *variable = memory_take(sizeof *variable + length + 1);
        *variable = (struct variable){ 0 };
        memcpy(variable->name, name, length + 1);
        *link = variable;
    }
    return *link;
}

static void remove_variable(const char *name)
{
    struct variable **link = link_find(name);
    struct variable *variable = *link;

    if (variable != NULL) {
        *link = variable->next;
        free(variable->value);
        free(variable);
    }
}

bool variable_set(const char *name, const char *value)
{
    const struct variable *found = variable_find(name);

    if (found != NULL && (found->flags & VARIABLE_READ_ONLY) != 0) {
        complain("%s: the variable is read-only", name);
        return false;
    }
    if (value == NULL) {
        remove_variable(name);
        return true;
    }
    struct variable *variable = find_or_make(name);
    size_t length = strlen(value);
    if (variable->value != NULL && strlen(variable->value) >= length) { /* the usual loop counts: it takes no memory */
        memmove(variable->value, value, length + 1);
    } else {
        char *copy = memory_copy(value, length);
        free(variable->value);
        variable->value = copy;
    }
    variable->flags |= shell_has(OPTION_ALL_EXPORT) ? VARIABLE_EXPORTED : 0;
    return true;
}

bool variable_set_number(const char *name, long long value)
{
    char text[NUMBER_SIZE];

    (void)format_text(text, sizeof text, "%lld", value);
    return variable_set(name, text);
}

void variable_change_flags(const char *name, unsigned set, unsigned clear)
{
    struct variable *variable = find_or_make(name);

    variable->flags = (variable->flags | set) & ~clear;
}

void variables_import(char *const environment[])
{
    for (; *environment != NULL; environment++) {
        const char *entry = *environment;
        size_t length = name_length(entry);
        if (length > 0 && entry[length] == '=') {
            char *name = arena_copy(&shell.scratch, entry, length);
            (void)variable_set(name, entry + length + 1);
            variable_change_flags(name, VARIABLE_EXPORTED, 0);
        }
    }
}

/* ---- Lists ---- */

static size_t count_all(void)
{
    size_t count = 0;

    for (unsigned i = 0; i < BUCKETS; i++) {
        for (const struct variable *variable = buckets[i]; variable != NULL; variable = variable->next) {
            count++;
        }
    }
    return count;
}

const struct variable **variables_list(struct arena *arena)
{
    size_t count = 0;
    const struct variable **list = arena_take(arena, (count_all() + 1) * sizeof *list);

    for (unsigned i = 0; i < BUCKETS; i++) {
        for (const struct variable *variable = buckets[i]; variable != NULL; variable = variable->next) {
            list[count++] = variable;
        }
    }
    sort_by_name((void **)list, count, offsetof(struct variable, name));
    list[count] = NULL;
    return list;
}

char **variables_environment(struct arena *arena)
{
    size_t count = 0;
    char **list = arena_take(arena, (count_all() + 1) * sizeof *list);

    for (unsigned i = 0; i < BUCKETS; i++) {
        for (const struct variable *variable = buckets[i]; variable != NULL; variable = variable->next) {
            if ((variable->flags & VARIABLE_EXPORTED) != 0 && variable->value != NULL) {
                struct text entry = TEXT_EMPTY(arena);
                text_append_string(&entry, variable->name);
                text_add(&entry, '=');
                text_append_string(&entry, variable->value);
                list[count++] = text_string(&entry);
            }
        }
    }
    list[count] = NULL;
    return list;
}

/* ---- Scopes ---- */

void scope_begin(bool is_of_function)
{
    struct scope *scope = memory_take(sizeof *scope);

    *scope = (struct scope){ .outer = scopes, .is_of_function = is_of_function };
    scopes = scope;
}

static void save_in(struct scope *scope, const char *name)
{
    const struct variable *variable = variable_find(name);
    size_t length = strlen(name);

    for (const struct saved_variable *saved = scope->saved; saved != NULL; saved = saved->next) {
        if (strcmp(saved->name, name) == 0) {
            return;
        }
    }
    struct saved_variable *saved = memory_take(sizeof *saved + length + 1);
    *saved = (struct saved_variable){ .next = scope->saved, .was_there = variable != NULL };
    memcpy(saved->name, name, length + 1);
    if (variable != NULL) {
        saved->flags = variable->flags;
        saved->value = variable->value == NULL ? NULL : memory_copy(variable->value, strlen(variable->value));
    }
    scope->saved = saved;
}

void scope_save(const char *name)
{
    save_in(scopes, name);
}

void scope_save_in_function(const char *name)
{
    struct scope *scope = scopes;

    while (!scope->is_of_function) {
        scope = scope->outer;
    }
    save_in(scope, name);
}

/* Read-only or not: it is as it was. */
static void restore(struct saved_variable *saved)
{
    remove_variable(saved->name);
    if (saved->was_there) {
        struct variable *variable = find_or_make(saved->name);
        variable->flags = saved->flags;
        variable->value = saved->value;
    }
    free(saved);
}

void scope_end(void)
{
    struct scope *scope = scopes;

    scopes = scope->outer;
    while (scope->saved != NULL) {
        struct saved_variable *saved = scope->saved;
        scope->saved = saved->next;
        restore(saved);
    }
    free(scope);
}

void scopes_end(void)
{
    while (scopes != NULL) {
        scope_end();
    }
}

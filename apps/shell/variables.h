/* Variables, and the parameters that have other names. */
#pragma once

#include <stdbool.h>

#include "memory.h"

enum variable_flags {
    VARIABLE_EXPORTED = 1,  /* programs get it in their environment */
    VARIABLE_READ_ONLY = 2,
};

struct variable {
    struct variable *next;
    unsigned flags;
    char *value;            /* NULL: not set, but with flags */
    char name[];
};

/* Makes exported variables of an environment; what is no name=value is left out. */
void variables_import(char *const environment[]);

/* NULL: there is none, or it is not set. The text stays until the variable is changed. */
const char *variable_value(const char *name);

/* NULL: there is none. */
const struct variable *variable_find(const char *name);

/* value: NULL unsets. False: it is read-only, which was said. */
bool variable_set(const char *name, const char *value);

/* The same for a number. */
bool variable_set_number(const char *name, long long value);

/* Flags that it gets, or loses; it may not be set. */
void variable_change_flags(const char *name, unsigned set, unsigned clear);

/* All that are set or have flags, sorted by name; NULL behind the last. */
const struct variable **variables_list(struct arena *arena);

/* name=value of all that are exported, with NULL behind the last. */
char **variables_environment(struct arena *arena);

/* ---- Changes that are taken back ---- */

/* Begins a scope: variables that it saves have other values for a while, in a function or for one command. */
void scope_begin(bool is_of_function);

/* What the variable is now, it is again when the innermost scope ends. Not: if that scope has it already. */
void scope_save(const char *name);

/* The same for the innermost scope of a function. There must be one. */
void scope_save_in_function(const char *name);

/* Ends the innermost scope. */
void scope_end(void);

/* All of them, after an error. */
void scopes_end(void);

/* ---- Positional parameters, and $? and the like ---- */

struct parameters {
    char **values;          /* without $0 */
    int count;
    struct parameters *outer; /* those that hold when these have ended */
};

/* Those that hold now. */
extern struct parameters parameters;

/* Copies of these, in place of what was there. */
void parameters_set(int count, char *const values[]);

/* Takes the first ones away; there are that many. */
void parameters_shift(int count);

/* Others hold, until the end of it; all ends, after an error. */
void parameters_begin(int count, char *const values[]);
void parameters_end(void);
void parameters_end_all(void);

/* What $name is, of any name; NULL: it is not set. "@" and "*" are not for this. May lie in the arena. */
const char *parameter_value(const char *name, struct arena *arena);

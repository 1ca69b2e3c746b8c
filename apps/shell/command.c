/* Simple commands. */
#include <string.h>
#include <unistd.h>

#include "builtins.h"
#include "execute.h"
#include "expand.h"
#include "functions.h"
#include "jobs.h"
#include "output.h"
#include "program.h"
#include "redirection.h"
#include "shell.h"
#include "unparse.h"
#include "variables.h"

/* ---- Words ---- */

/* export, readonly, local: their words are assignments. */
static bool declares(const struct word *word)
{
    const struct part *part = word->parts;

    if (part == NULL || part->next != NULL || part->kind != PART_LITERAL) {
        return false;
    }
    const struct builtin *builtin = builtin_find(part->literal.bytes);
    return builtin != NULL && (builtin->flags & BUILTIN_DECLARES) != 0;
}

bool expand_command(const struct node *node, struct fields *fields)
{
    const struct word *words = node->simple.words;

    if (words == NULL) {
        return true;
    }
    return declares(words) ? expand_declaration(words, fields) : expand_words(words, fields);
}

bool has_effects(const struct node *node)
{
    for (const struct word *word = node->simple.words; word != NULL; word = word->next) {
        if (word->has_effects) {
            return true;
        }
    }
    for (const struct assignment *assignment = node->simple.assignments; assignment != NULL; assignment = assignment->next) {
        if (assignment->value->has_effects) {
            return true;
        }
    }
    for (const struct redirection *redirection = node->redirections; redirection != NULL; redirection = redirection->next) {
        if (redirection->target != NULL && redirection->target->has_effects) {
            return true;
        }
    }
    return false;
}

/* ---- set -x ---- */

static void trace(struct text *text)
{
    text_add(text, '\n');
    (void)write_all(STDERR_FILENO, text->bytes, text->size);
}

static struct text trace_begin(void)
{
    struct text text = TEXT_EMPTY(&shell.scratch);
    const char *before = variable_value("PS4");

    text_append_string(&text, before != NULL ? before : "+ ");
    return text;
}

void trace_words(char *const *words)
{
    if (shell_has(OPTION_TRACE)) {
        struct text text = trace_begin();
        for (const char *blank = ""; *words != NULL; words++, blank = " ") {
            text_append_string(&text, blank);
            unparse_string(*words, &text);
        }
        trace(&text);
    }
}

static void trace_assignment(const char *name, const char *value)
{
    if (shell_has(OPTION_TRACE)) {
        struct text text = trace_begin();
        text_append_string(&text, name);
        text_add(&text, '=');
        unparse_string(value, &text);
        trace(&text);
    }
}

/* ---- Assignments ---- */

bool assign(const struct assignment *list, bool saves)
{
    for (; list != NULL; list = list->next) {
        const char *value = expand_value(list->value);
        if (value == NULL) {
            return false;
        }
        trace_assignment(list->name, value);
        if (saves) {
            scope_save(list->name);
        }
        if (!variable_set(list->name, value)) {
            shell.status = STATUS_MISTAKE;
            shell.leaving = LEAVING_COMMAND;
            return false;
        }
        if (saves) {
            variable_change_flags(list->name, VARIABLE_EXPORTED, 0);
        }
    }
    return true;
}

/* Nothing is run: the assignments stay, and files are made. The status is that of the last $( ). */
static int assign_only(const struct node *node)
{
    int status = 1;

    redirections_begin();
    if (redirect(node->redirections)) {
        status = assign(node->simple.assignments, false) ? expand_take_status() : shell.status;
    }
    redirections_end();
    return status;
}

/* ---- Running ---- */

static int run_program(char **arguments)
{
    struct text text = TEXT_EMPTY(&shell.scratch);

    for (char **argument = arguments; shell.is_interactive && *argument != NULL; argument++) {
        text_append_string(&text, argument == arguments ? "" : " ");
        unparse_string(*argument, &text);
    }
    struct job *job = job_begin(text_string(&text));
    job_set_foreground(job);
    job_add_program(job, arguments);
    return job_wait(job, true);
}

static int run_builtin(const struct builtin *builtin, int count, char **arguments)
{
    int status = builtin->run(count, arguments);

    return output_finish() || status != 0 ? status : 1;
}

int execute_arguments(int count, char **arguments, bool skips_functions, bool prefers_program)
{
    const struct builtin *builtin = builtin_find(arguments[0]);
    bool is_special = builtin != NULL && (builtin->flags & BUILTIN_SPECIAL) != 0;
    struct function *function = is_special || skips_functions ? NULL : function_find(arguments[0]);

    if (function != NULL) {
        return function_call(function, count, arguments);
    }
    if (builtin != NULL && !is_special && prefers_program && program_find(arguments[0]) != NULL) {
        builtin = NULL;
    }
    return builtin != NULL ? run_builtin(builtin, count, arguments) : run_program(arguments);
}

/* What is assigned before a special built-in command stays, before another command it is for that alone. */
static int run_assigned(const struct node *node, const struct fields *fields, bool is_special)
{
    const struct assignment *assignments = node->simple.assignments;
    bool is_for_it_alone = assignments != NULL && !is_special;
    int status;

    if (is_for_it_alone) {
        scope_begin(false);
    }
    if (assign(assignments, is_for_it_alone)) {
        status = execute_arguments((int)fields->count, fields->values, false, false);
    } else {
        status = shell.status;
    }
    if (is_for_it_alone) {
        scope_end();
    }
    return status;
}

static int run_redirected(const struct node *node, const struct fields *fields, bool is_special)
{
    int status = 1;

    redirections_begin();
    if (redirect(node->redirections)) {
        status = run_assigned(node, fields, is_special);
    } else if (is_special && shell.leaving == LEAVING_NOTHING) { /* POSIX 2.8.1 */
        shell.status = STATUS_MISTAKE;
        shell.leaving = LEAVING_COMMAND;
    }
    if (shell.keeps_redirections) {
        redirections_keep();
    } else {
        redirections_end();
    }
    shell.keeps_redirections = false;
    return status;
}

int execute_simple(const struct node *node)
{
    struct fields fields = { 0 };

    (void)expand_take_status();
    if (!expand_command(node, &fields)) {
        return shell.status;
    }
    if (fields.count == 0) {
        return assign_only(node);
    }
    trace_words(fields.values);
    const struct builtin *builtin = builtin_find(fields.values[0]);
    bool is_special = builtin != NULL && (builtin->flags & BUILTIN_SPECIAL) != 0;
    if (node->redirections != NULL) {
        return run_redirected(node, &fields, is_special);
    }
    int status = run_assigned(node, &fields, is_special);
    shell.keeps_redirections = false;
    return status;
}

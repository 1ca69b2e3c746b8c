#include "pipeline.h"

#include <string.h>
#include <unistd.h>

#include "builtins.h"
#include "execute.h"
#include "fields.h"
#include "functions.h"
#include "redirection.h"
#include "shell.h"
#include "unparse.h"
#include "variables.h"

static char *text_of(const struct node *node)
{
    struct text text = TEXT_EMPTY(&shell.scratch);

    unparse(node, &text);
    return text_string(&text);
}

/* Words that are nothing but themselves: the '' keeps the first one from being a reserved word or an assignment. */
static char *text_of_arguments(char *const *arguments)
{
    struct text text = TEXT_EMPTY(&shell.scratch);

    text_append_string(&text, "''");
    for (; *arguments != NULL; arguments++) {
        unparse_string(*arguments, &text);
        text_add(&text, ' ');
    }
    return text_string(&text);
}

/* Is it done by the shell, not by a program? */
static bool is_own(const char *name)
{
    return function_find(name) != NULL || builtin_find(name) != NULL;
}

/* A mistake in a member is not one of the whole pipeline. */
static void add_mistake(struct job *job)
{
    job_add_failed(job, shell.status);
    if (shell.leaving == LEAVING_COMMAND) {
        shell.leaving = LEAVING_NOTHING;
    }
}

static void add_redirected(struct job *job, const struct node *node, char *const *arguments)
{
    scope_begin(false);
    redirections_begin();
    if (!redirect(node->redirections) || !assign(node->simple.assignments, true)) {
        shell.status = 1;
        add_mistake(job);
    } else if (is_own(arguments[0])) {
        job_add_shell(job, text_of_arguments(arguments));
    } else {
        job_add_program(job, arguments);
    }
    redirections_end();
    scope_end();
}

/* Expanded here, unless that would change variables, or there is nothing to run. */
static void add_simple(struct job *job, const struct node *node)
{
    struct fields fields = { 0 };

    if (node->simple.words == NULL || has_effects(node)) {
        job_add_shell(job, text_of(node));
    } else if (!expand_command(node, &fields)) {
        add_mistake(job);
    } else if (fields.count == 0) {
        job_add_shell(job, text_of(node));
    } else {
        trace_words(fields.values);
        add_redirected(job, node, fields.values);
    }
}

/* ( … ): the other shell needs no parentheses. */
static void add_subshell(struct job *job, const struct node *node)
{
    redirections_begin();
    if (redirect(node->redirections)) {
        job_add_shell(job, text_of(node->body));
    } else {
        shell.status = 1;
        add_mistake(job);
    }
    redirections_end();
}

/*
 * One member; input: where it reads from, -1: from where the shell does; it is closed. Where the next one reads, -1: it is the
 * last or cannot.
 */
static int add_member(struct job *job, const struct item *item, int input)
{
    int ends[2] = { -1, -1 };
    bool is_ready = item->next == NULL || pipe_make(ends);

    redirections_begin();
    if (input >= 0) {
        is_ready = redirections_take(input, STDIN_FILENO) && is_ready;
    }
    if (ends[1] >= 0) {
        is_ready = redirections_take(ends[1], STDOUT_FILENO) && is_ready;
    }
    if (is_ready) {
        pipeline_add(job, item->node);
    } else {
        job_add_failed(job, STATUS_CANNOT_RUN);
    }
    redirections_end();
    return ends[0];
}

static void add_members(struct job *job, const struct node *node)
{
    int input = -1;

    for (const struct item *item = node->items; item != NULL; item = item->next) {
        input = add_member(job, item, input);
        if (input < 0 && item->next != NULL) {
            break;
        }
    }
    if (input >= 0) {
        (void)close(input);
    }
}

void pipeline_add(struct job *job, const struct node *node)
{
    unsigned line = shell.line;

    shell.line = node->line;
    switch (node->kind) {
    case NODE_PIPELINE:
        add_members(job, node);
        break;
    case NODE_SIMPLE:
        add_simple(job, node);
        break;
    case NODE_SUBSHELL:
        add_subshell(job, node);
        break;
    default:
        job_add_shell(job, text_of(node));
        break;
    }
    shell.line = line;
}

int pipeline_run(const struct node *node)
{
    struct job *job = job_begin(shell.is_interactive ? text_of(node) : "");

    job_set_foreground(job);
    if (node->kind == NODE_SUBSHELL) {
        job_add_shell(job, text_of(node->body));
    } else {
        add_members(job, node);
    }
    return job_wait(job, true);
}

/* The background reads an empty input. */
void pipeline_start(const struct node *node)
{
    struct job *job = job_begin(text_of(node));

    redirections_begin();
    if (redirect_nothing(STDIN_FILENO)) {
        pipeline_add(job, node);
    } else {
        job_add_failed(job, 1);
    }
    redirections_end();
    job_set_background(job);
    shell.status = 0;
}

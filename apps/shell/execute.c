#include "execute.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include <ternion/format.h>

#include "functions.h"
#include "input.h"
#include "interrupt.h"
#include "pipeline.h"
#include "redirection.h"
#include "script.h"
#include "shell.h"
#include "stack.h"

#define TIME_SIZE 64U

static int execute_sequence(const struct node *node)
{
    for (const struct item *item = node->items; item != NULL && shell.leaving == LEAVING_NOTHING; item = item->next) {
        if (item->in_background) {
            pipeline_start(item->node);
        } else {
            (void)execute(item->node);
        }
    }
    return shell.status;
}

static int execute_guarded(const struct node *node)
{
    shell.guards++;
    int status = execute(node);
    shell.guards--;
    return status;
}

static int execute_pair(const struct node *node)
{
    int status = execute_guarded(node->pair.left);

    if (shell.leaving != LEAVING_NOTHING || (status == 0) != (node->kind == NODE_AND)) {
        return status;
    }
    return execute(node->pair.right);
}

static int execute_not(const struct node *node)
{
    int status = execute_guarded(node->body);

    return shell.leaving == LEAVING_NOTHING ? status == 0 : status;
}

static int execute_timed(const struct node *node)
{
    struct timespec before, after;
    char text[TIME_SIZE];

    (void)clock_gettime(CLOCK_MONOTONIC, &before);
    int status = execute(node->body);
    (void)clock_gettime(CLOCK_MONOTONIC, &after);
    long long ms = (long long)(after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
    size_t size = format_text(text, sizeof text, "real %lld.%03d s\n", ms / 1000, (int)(ms % 1000));
    (void)!write(STDERR_FILENO, text, size);
    return status;
}

static int execute_function(const struct node *node)
{
    if (function_define(node->function.name, node->function.body)) {
        return 0;
    }
    shell.leaving = LEAVING_COMMAND;
    return STATUS_MISTAKE;
}

static int execute_kind(const struct node *node)
{
    switch (node->kind) {
    case NODE_SIMPLE:
        return execute_simple(node);
    case NODE_PIPELINE:
    case NODE_SUBSHELL:
        return pipeline_run(node);
    case NODE_AND:
    case NODE_OR:
        return execute_pair(node);
    case NODE_NOT:
        return execute_not(node);
    case NODE_TIME:
        return execute_timed(node);
    case NODE_SEQUENCE:
        return execute_sequence(node);
    case NODE_IF:
        return execute_if(node);
    case NODE_LOOP:
        return execute_loop(node);
    case NODE_FOR:
        return execute_for(node);
    case NODE_CASE:
        return execute_case(node);
    case NODE_GROUP:
        return execute(node->body);
    case NODE_FUNCTION:
        return execute_function(node);
    }
    return 0;
}

/* A simple command's own code does it in its own way. */
static int execute_redirected(const struct node *node)
{
    int status = 1;

    redirections_begin();
    if (redirect(node->redirections)) {
        status = execute_kind(node);
    }
    redirections_end();
    return status;
}

/* `set -e`: a command that fails ends the shell, if nobody looks at its status. */
static void look_at_failure(const struct node *node, int status)
{
    bool counts = node->kind == NODE_SIMPLE || node->kind == NODE_PIPELINE || node->kind == NODE_SUBSHELL;

    if (status != 0 && counts && shell_has(OPTION_ERROR_EXIT) && shell.guards == 0 && shell.leaving == LEAVING_NOTHING) {
        shell.leaving = LEAVING_SHELL;
    }
}

int execute(const struct node *node)
{
    struct arena_mark mark = arena_mark(&shell.scratch);

    if (stack_is_short()) {
        give_up("nested too deeply, as by a function that calls itself");
    } else if (interrupt_is_pending()) {
        shell.status = STATUS_INTERRUPTED;
        shell.leaving = LEAVING_INTERRUPTED;
    }
    if (shell.leaving != LEAVING_NOTHING || (shell_has(OPTION_NO_EXECUTION) && !shell.is_interactive)) {
        return shell.status;
    }
    shell.line = node->line;
    bool is_redirected = node->redirections != NULL && node->kind != NODE_SIMPLE;
    int status = is_redirected ? execute_redirected(node) : execute_kind(node);
    if (shell.leaving == LEAVING_NOTHING) {
        shell.status = status;
    }
    look_at_failure(node, status);
    arena_release(&shell.scratch, mark);
    return shell.status;
}

/* ---- Texts ---- */

int execute_text(const char *text, unsigned line)
{
    struct text_input input;
    unsigned line_before = shell.line;

    text_input_begin(&input, text, strlen(text), line);
    int status = script_run(&input.input);
    shell.line = line_before;
    return status;
}

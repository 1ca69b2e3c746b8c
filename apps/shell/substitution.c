#include "substitution.h"

#include <errno.h>
#include <unistd.h>

#include "builtins.h"
#include "execute.h"
#include "functions.h"
#include "interrupt.h"
#include "pipeline.h"
#include "redirection.h"
#include "shell.h"

#define CHUNK_SIZE 1024U

/* A built-in command that changes nothing in the shell needs no other one. */
static bool can_run_here(const struct node *node)
{
    const struct part *name = node->kind == NODE_SIMPLE && node->simple.words != NULL ? node->simple.words->parts : NULL;

    if (name == NULL || name->next != NULL || name->kind != PART_LITERAL || node->simple.assignments != NULL
        || node->redirections != NULL || has_effects(node)) {
        return false;
    }
    const struct builtin *builtin = builtin_find(name->literal.bytes);
    return builtin != NULL && (builtin->flags & BUILTIN_PURE) != 0 && function_find(name->literal.bytes) == NULL;
}

/* A mistake ends a subshell, and not the command that it belongs to. */
static void run_here(const struct node *node, struct text *output)
{
    struct arena arena = { NULL };
    struct text captured = TEXT_EMPTY(&arena);
    struct text *before = shell.capture;

    shell.capture = &captured;
    shell.guards++;
    (void)execute(node);
    shell.guards--;
    shell.capture = before;
    if (shell.leaving == LEAVING_COMMAND) {
        shell.leaving = LEAVING_NOTHING;
    }
    text_append(output, captured.bytes, captured.size);
    arena_free(&arena);
}

static void read_all(int descriptor, struct text *output)
{
    char chunk[CHUNK_SIZE];
    ssize_t size;

    while ((size = read(descriptor, chunk, sizeof chunk)) != 0) {
        if (size > 0) {
            text_append(output, chunk, (size_t)size);
        } else if (errno != EINTR) {
            complain("what $( ) writes cannot be read: %s", error_text(errno));
            break;
        }
    }
}

static void run_beside(const struct node *node, struct text *output)
{
    int ends[2];

    if (!pipe_make(ends)) {
        shell.status = STATUS_CANNOT_RUN;
        return;
    }
    struct job *job = job_begin("");
    struct text *before = shell.capture;
    shell.capture = NULL;
    job_set_foreground(job);
    redirections_begin();
    if (redirections_take(ends[1], STDOUT_FILENO)) {
        pipeline_add(job, node);
    } else {
        job_add_failed(job, STATUS_CANNOT_RUN);
    }
    redirections_end();
    shell.capture = before;
    jobs_give_terminal();
    read_all(ends[0], output);
    (void)close(ends[0]);
    shell.status = job_wait(job, false);
}

bool substitution_run(const struct node *node, struct text *output)
{
    if (can_run_here(node)) {
        run_here(node, output);
    } else {
        run_beside(node, output);
    }
    if (shell.leaving == LEAVING_NOTHING && interrupt_is_pending()) {
        shell.status = STATUS_INTERRUPTED;
        shell.leaving = LEAVING_INTERRUPTED;
    }
    return shell.leaving == LEAVING_NOTHING;
}

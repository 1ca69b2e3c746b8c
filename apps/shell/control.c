/* Commands with others in them: if, while, for, case. */
#include <string.h>

#include "execute.h"
#include "expand.h"
#include "shell.h"
#include "variables.h"

/* Looks at what break and continue have said to this loop. True: it ends. */
static bool loop_is_left(void)
{
    bool is_about_this = shell.leaving == LEAVING_LOOP || shell.leaving == LEAVING_ROUND;

    if (shell.leaving == LEAVING_NOTHING) {
        return false;
    }
    if (!is_about_this || --shell.leaving_loops > 0) {
        return true;
    }
    bool ends = shell.leaving == LEAVING_LOOP;
    shell.leaving = LEAVING_NOTHING;
    return ends;
}

/* A condition. False: it is not true, or what follows is not to be run. */
static bool holds(const struct node *condition, bool until)
{
    shell.guards++;
    int status = execute(condition);
    shell.guards--;
    return (status == 0) != until;
}

int execute_if(const struct node *node)
{
    bool is_true = holds(node->branch.condition, false);

    if (shell.leaving != LEAVING_NOTHING) {
        return shell.status;
    }
    if (is_true) {
        return execute(node->branch.body);
    }
    return node->branch.otherwise != NULL ? execute(node->branch.otherwise) : 0;
}

int execute_loop(const struct node *node)
{
    int status = 0;

    shell.loops++;
    for (;;) {
        bool goes_on = holds(node->loop.condition, node->loop.until);
        if (shell.leaving != LEAVING_NOTHING) {
            if (loop_is_left()) {
                break;
            }
            continue;
        }
        if (!goes_on) {
            break;
        }
        status = execute(node->loop.body);
        if (loop_is_left()) {
            break;
        }
    }
    shell.loops--;
    return shell.leaving == LEAVING_NOTHING ? status : shell.status;
}

int execute_for(const struct node *node)
{
    struct fields fields = { 0 };
    int status = 0;

    if (node->each.has_words) {
        if (!expand_words(node->each.words, &fields)) {
            return shell.status;
        }
    } else {
        for (int i = 0; i < parameters.count; i++) {
            fields_add(&fields, parameters.values[i]);
        }
    }
    for (size_t i = 0; !node->each.has_words && i < fields.count; i++) { /* they may be shifted away meanwhile */
        fields.values[i] = arena_copy(&shell.scratch, fields.values[i], strlen(fields.values[i]));
    }
    shell.loops++;
    for (size_t i = 0; i < fields.count; i++) {
        if (!variable_set(node->each.name, fields.values[i])) {
            status = STATUS_MISTAKE;
            break;
        }
        status = execute(node->each.body);
        if (loop_is_left()) {
            break;
        }
    }
    shell.loops--;
    return shell.leaving == LEAVING_NOTHING ? status : shell.status;
}

static bool fits(const struct case_item *item, const char *subject, bool *has_failed_out)
{
    for (const struct word *word = item->patterns; word != NULL; word = word->next) {
        struct pattern pattern;
        if (!expand_pattern(word, &pattern)) {
            *has_failed_out = true;
            return false;
        }
        if (pattern_fits(&pattern, subject, strlen(subject))) {
            return true;
        }
    }
    return false;
}

int execute_case(const struct node *node)
{
    const char *subject = expand_string(node->choice.subject);
    bool has_failed = subject == NULL;

    for (const struct case_item *item = node->choice.items; item != NULL && !has_failed; item = item->next) {
        if (fits(item, subject, &has_failed)) {
            return item->body != NULL ? execute(item->body) : 0;
        }
    }
    return has_failed ? shell.status : 0;
}

#include "functions.h"

#include <stdlib.h>
#include <string.h>

#include "execute.h"
#include "input.h"
#include "parser.h"
#include "shell.h"
#include "unparse.h"
#include "variables.h"

static struct function *functions;

/* The link to the function of a name, or to the first one behind it. */
static struct function **link_find(const char *name)
{
    struct function **link = &functions;

    while (*link != NULL && strcmp((*link)->name, name) < 0) {
        link = &(*link)->next;
    }
    return link;
}

struct function *function_find(const char *name)
{
    struct function *function = *link_find(name);

    return function != NULL && strcmp(function->name, name) == 0 ? function : NULL;
}

const struct function *functions_first(void)
{
    return functions;
}

static void function_free(struct function *function)
{
    arena_free(&function->arena);
    free(function->name);
    free(function->text);
    free(function);
}

bool function_remove(const char *name)
{
    struct function **link = link_find(name);
    struct function *function = *link;

    if (function == NULL || strcmp(function->name, name) != 0) {
        return false;
    }
    *link = function->next;
    function->is_removed = true;
    if (function->uses == 0) {
        function_free(function);
    }
    return true;
}

static const struct node *parse(struct function *function)
{
    struct text_input input;
    struct lexer lexer;

    text_input_begin(&input, "", 0, 1);
    lexer_begin(&lexer, &input.input, &function->arena);
    lexer.keeps_names = true;
    const struct node *body = parser_read_text(&lexer, function->text, strlen(function->text), 1);
    if (body == NULL) {
        complain("%s(): %s", function->name, lexer.error != NULL ? lexer.error : "there is nothing in it");
    }
    lexer_end(&lexer);
    return body;
}

bool function_define_text(const char *name, const char *text)
{
    struct function *function = memory_take(sizeof *function);

    *function = (struct function){ .name = memory_copy(name, strlen(name)), .text = memory_copy(text, strlen(text)) };
    function->body = parse(function);
    if (function->body == NULL) {
        function_free(function);
        return false;
    }
    (void)function_remove(name);
    struct function **link = link_find(name);
    function->next = *link;
    *link = function;
    return true;
}

bool function_define(const char *name, const struct node *body)
{
    struct text text = TEXT_EMPTY(&shell.scratch);

    unparse(body, &text);
    return function_define_text(name, text_string(&text));
}

int function_call(struct function *function, int count, char **arguments)
{
    unsigned loops = shell.loops;

    function->uses++;
    shell.functions++;
    shell.loops = 0;
    scope_begin(true);
    parameters_begin(count - 1, arguments + 1);
    int status = execute(function->body);
    parameters_end();
    scope_end();
    shell.loops = loops;
    shell.functions--;
    if (shell.leaving == LEAVING_FUNCTION) {
        shell.leaving = LEAVING_NOTHING;
        status = shell.status;
    }
    if (--function->uses == 0 && function->is_removed) {
        function_free(function);
    }
    return status;
}

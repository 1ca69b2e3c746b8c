#include "prompt.h"

#include <string.h>

#include "expand.h"
#include "input.h"
#include "lexer.h"
#include "shell.h"
#include "utf8.h"
#include "variables.h"

/* As a here-document has it; as it is, if that cannot be. */
static const char *expanded(const char *text)
{
    struct text_input input;
    struct lexer lexer;
    int status = shell.status;

    text_input_begin(&input, "", 0, 1);
    lexer_begin(&lexer, &input.input, &shell.scratch);
    const struct word *word = lexer_word_of_text(&lexer, text, strlen(text), 1);
    const char *result = word == NULL ? NULL : expand_string(word);
    shell.leaving = LEAVING_NOTHING;
    shell.status = status;
    return result != NULL ? result : text;
}

void prompt_make(const char *variable, char prompt[PROMPT_SIZE])
{
    struct arena_mark mark = arena_mark(&shell.scratch);
    const char *value = variable_value(variable);
    const char *text = value == NULL ? "" : expanded(value);
    size_t size = strlen(text);

    if (size >= PROMPT_SIZE) {
        size = PROMPT_SIZE - 1;
        while (size > 0 && utf8_continues(text[size])) {
            size--;
        }
    }
    memcpy(prompt, text, size);
    prompt[size] = '\0';
    arena_release(&shell.scratch, mark);
}

#include "line.h"

#include <stddef.h>
#include <string.h>

/* Takes a word off, its quotes with it; NULL: there is none. */
static char *next_word(char **at)
{
    bool quoted = false;

    *at += strspn(*at, " ");
    char *word = *at, *to = *at;
    if (*word == '\0') {
        return NULL;
    }
    for (; **at != '\0' && (quoted || **at != ' '); (*at)++) {
        if (**at == '\'') {
            quoted = !quoted;
        } else {
            *to++ = **at;
        }
    }
    *at += **at != '\0';
    *to = '\0';
    return word;
}

bool line_read(char *text, struct command_line *line_out)
{
    char *word;

    *line_out = (struct command_line){ 0 };
    while ((word = next_word(&text)) != NULL) {
        if (strcmp(word, "<") == 0) {
            line_out->input = next_word(&text);
        } else if (strcmp(word, ">") == 0) {
            line_out->output = next_word(&text);
        } else if (line_out->count < LINE_WORDS_MAX) {
            line_out->words[line_out->count++] = word;
        }
    }
    return line_out->count > 0;
}

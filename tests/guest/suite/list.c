#include "list.h"

#include <stdlib.h>
#include <string.h>

#define SECONDS_USUAL 30U
#define SPACES " \n"

/* A word may say that it has a space. */
static void put_spaces(char *word)
{
    for (char *at = strstr(word, "%s"); at != NULL; at = strstr(at, "%s")) {
        *at++ = ' ';
        memmove(at, at + 1, strlen(at + 1) + 1);
    }
}

static bool key_read(struct entry *entry, char *word)
{
    char *value = strchr(word, '=');

    if (value == NULL) {
        return false;
    }
    *value++ = '\0';
    if (strcmp(word, "dir") == 0) {
        entry->directory = value;
    } else if (strcmp(word, "out") == 0) {
        entry->expected = value;
    } else if (strcmp(word, "spaces") == 0) {
        entry->is_without_spaces = strcmp(value, "none") == 0;
    } else if (strcmp(word, "seconds") == 0) {
        entry->seconds = (unsigned)strtoul(value, NULL, 10);
    } else {
        return false;
    }
    return true;
}

bool entry_read(char *line, struct entry *entry)
{
    char *rest, *word = strtok_r(line, SPACES, &rest);

    *entry = (struct entry){ .name = word, .seconds = SECONDS_USUAL };
    if (word == NULL || word[0] == '#') {
        return false;
    }
    while ((word = strtok_r(NULL, SPACES, &rest)) != NULL && strcmp(word, "--") != 0) {
        if (!key_read(entry, word)) {
            return false;
        }
    }
    while ((word = strtok_r(NULL, SPACES, &rest)) != NULL && entry->word_count < WORDS_MAX) {
        put_spaces(word);
        entry->words[entry->word_count++] = word;
    }
    return entry->word_count > 0 && word == NULL;
}

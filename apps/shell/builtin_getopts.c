/* getopts: takes the options of a script apart, one each time it is called. */
#include <string.h>

#include "builtins.h"
#include "lexer.h"
#include "shell.h"
#include "variables.h"

#define INDEX_MAX 100000L

/* Where it is in a word with several letters: behind how many characters of the word with the number OPTIND. */
static struct {
    long word;
    size_t offset;
} progress;

/* What a call works on. */
struct options {
    const char *letters;    /* that are allowed; with a colon behind those that need an argument */
    const char *name;       /* of the variable that gets the letter */
    char *const *words;
    long count;
};

static long option_index(void)
{
    const char *text = variable_value("OPTIND");
    long index = 0;

    for (; text != NULL && *text >= '0' && *text <= '9' && index < INDEX_MAX; text++) {
        index = index * 10 + (*text - '0');
    }
    return index > 0 ? index : 1;
}

static void set(const char *name, const char *value)
{
    (void)variable_set(name, value); /* if it is read-only, that was said */
}

static int end_of_options(const struct options *options, long word)
{
    set(options->name, "?");
    (void)variable_set_number("OPTIND", word);
    set("OPTARG", NULL);
    progress.word = word;
    progress.offset = 0;
    return 1;
}

/* The letter is not among those allowed, or its argument is missing. */
static int wrong_option(const struct options *options, const char *letter, bool is_known)
{
    bool is_quiet = options->letters[0] == ':';

    if (!is_quiet) {
        complain(is_known ? "the option -%s needs an argument" : "there is no option -%s", letter);
    }
    set("OPTARG", is_quiet ? letter : NULL);
    set(options->name, is_quiet && is_known ? ":" : "?");
    return 0;
}

/* One letter was taken out of a word. */
static int take_letter(const struct options *options, long word, const char *letter)
{
    const char *text = options->words[word - 1], *argument = NULL;
    const char *found = letter[0] == ':' ? NULL : strchr(options->letters, letter[0]);
    bool takes_argument = found != NULL && found[1] == ':', is_last = text[progress.offset] == '\0';

    if (takes_argument && is_last) {
        argument = word < options->count ? options->words[word++] : NULL;
    } else if (takes_argument) {
        argument = text + progress.offset;
    }
    if (is_last || takes_argument) {
        word++;
        progress.offset = 0;
    }
    progress.word = word;
    (void)variable_set_number("OPTIND", word);
    if (found == NULL || (takes_argument && argument == NULL)) {
        return wrong_option(options, letter, found != NULL);
    }
    set("OPTARG", argument);
    set(options->name, letter);
    return 0;
}

int builtin_getopts(int count, char **arguments)
{
    if (count < 3 || name_length(arguments[2]) == 0 || name_length(arguments[2]) != strlen(arguments[2])) {
        return builtin_usage("getopts");
    }
    struct options options = { arguments[1], arguments[2], parameters.values, parameters.count };
    if (count > 3) {
        options.words = arguments + 3;
        options.count = count - 3;
    }
    long word = option_index();
    const char *text = word <= options.count ? options.words[word - 1] : "";
    if (progress.word != word || progress.offset >= strlen(text)) {
        progress.word = word;
        progress.offset = 0;
    }
    if (progress.offset == 0) {
        bool is_end = strcmp(text, "--") == 0;
        if (text[0] != '-' || text[1] == '\0' || is_end) {
            return end_of_options(&options, word + is_end);
        }
        progress.offset = 1;
    }
    char letter[2] = { text[progress.offset++], '\0' };
    return take_letter(&options, word, letter);
}

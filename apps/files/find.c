/* find: files in trees. */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "apps/command/command.h"
#include "apps/command/directory.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: find [PATH]... [-name PATTERN] [-iname PATTERN] [-path PATTERN] [-type f|d] [-size [+|-]SIZE] [-empty]\n"
    "            [-mindepth N] [-maxdepth N] [-print0]\n"
    "Writes the paths of all that is in trees; without a PATH in the current directory. What is said of them must all be so.\n"
    "  -name PATTERN   the name is like this: * any characters, ? one, [a-z] one of these; -iname: capital letters are no others\n"
    "  -path PATTERN   so is the whole path\n"
    "  -type f, d      files, directories\n"
    "  -size SIZE      so large; +: larger, -: smaller. In blocks of 512 bytes, or as 10c (bytes), 10k, 10M; rounded up\n"
    "  -empty          files without bytes, directories without files\n"
    "  -print0         a NUL, not a line end, ends each path: for xargs -0\n";

static const char *name, *path_pattern;
static bool ignores_case, is_empty_wanted, ends_with_nul;
static char type;
static int least_depth, most_depth = INT32_MAX;
static char size_sign;               /* NUL: no size is wanted; '=', '+', '-' */
static uint64_t size_wanted, size_unit = 512;

static bool is_empty(const struct visit *visit)
{
    struct names names;

    if (!S_ISDIR(visit->about->st_mode)) {
        return visit->about->st_size == 0;
    }
    bool result = names_read(visit->path, &names) && names.count == 0;
    names_free(&names);
    return result;
}

static bool has_size(uint64_t bytes)
{
    uint64_t size = (bytes + size_unit - 1) / size_unit;

    return size_sign == '+' ? size > size_wanted : size_sign == '-' ? size < size_wanted : size == size_wanted;
}

static bool is_wanted(const struct visit *visit)
{
    int flags = ignores_case ? FNM_CASEFOLD : 0;

    return visit->depth >= least_depth
        && (type == '\0' || (type == 'd') == S_ISDIR(visit->about->st_mode))
        && (name == NULL || fnmatch(name, visit->name, flags) == 0)
        && (path_pattern == NULL || fnmatch(path_pattern, visit->path, flags) == 0)
        && (size_sign == '\0' || (!S_ISDIR(visit->about->st_mode) && has_size((uint64_t)visit->about->st_size)))
        && (!is_empty_wanted || is_empty(visit));
}

static bool look(const struct visit *visit)
{
    if (visit->what != VISIT_AFTER && is_wanted(visit)) {
        output_text(visit->path);
        output_byte(ends_with_nul ? '\0' : '\n');
    }
    return visit->depth < most_depth;
}

static void read_size(const char *text)
{
    char *number = command_copy(text + (*text == '+' || *text == '-'));
    size_t last = strlen(number) > 0 ? strlen(number) - 1 : 0;

    size_sign = *text == '+' || *text == '-' ? *text : '=';
    size_unit = number[last] == 'c' ? 1 : number[last] == 'k' ? 1U << 10 : number[last] == 'M' ? 1U << 20 : number[last] == 'G' ? 1U << 30 : 512;
    if (size_unit != 512) {
        number[last] = '\0';
    }
    size_wanted = command_number(number, UINT64_MAX / 20, "-size");
    free(number);
}

/* A word that needs a value. */
static void read_word(const char *word, const char *value)
{
    if (value == NULL) {
        command_misused("%s needs a value behind it", word);
    }
    if (strcmp(word, "-name") == 0) {
        name = value;
    } else if (strcmp(word, "-iname") == 0) {
        name = value;
        ignores_case = true;
    } else if (strcmp(word, "-path") == 0) {
        path_pattern = value;
    } else if (strcmp(word, "-type") == 0 && (strcmp(value, "f") == 0 || strcmp(value, "d") == 0)) {
        type = *value;
    } else if (strcmp(word, "-size") == 0) {
        read_size(value);
    } else if (strcmp(word, "-mindepth") == 0) {
        least_depth = (int)command_number(value, 1000, word);
    } else if (strcmp(word, "-maxdepth") == 0) {
        most_depth = (int)command_number(value, 1000, word);
    } else {
        command_misused("%s %s is not known", word, value);
    }
}

static void read_words(char **words)
{
    while (*words != NULL) {
        if (strcmp(*words, "-empty") == 0) {
            is_empty_wanted = true;
        } else if (strcmp(*words, "-print0") == 0 || strcmp(*words, "-print") == 0) {
            ends_with_nul = strcmp(*words, "-print0") == 0;
        } else {
            read_word(words[0], words[1]);
            words++;
        }
        words++;
    }
}

int main(int argc, char **argv)
{
    char **words = argv + 1;

    command_begin(argc > 1 && strcmp(argv[1], "--help") == 0 ? 2 : 1, argv, "+", help);
    while (*words != NULL && **words != '-') {
        words++;
    }
    read_words(words);
    if (words == argv + 1) {
        tree_walk(".", look);
    }
    for (char **path = argv + 1; path < words; path++) {
        tree_walk(*path, look);
    }
    return command_end();
}

#include "compare.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define LINE_SIZE 2048
#define LINES_SHOWN 12U

/* Makes one space of each run of them, or none, and none at the ends. */
static void spaces_squeeze(char *line, bool to_none)
{
    char *end = line;
    bool is_between = false;

    for (const char *at = line; *at != '\0'; at++) {
        if (isspace((unsigned char)*at)) {
            is_between = end > line && !to_none;
            continue;
        }
        if (is_between) {
            *end++ = ' ';
            is_between = false;
        }
        *end++ = *at;
    }
    *end = '\0';
}

/* The next line that is not empty, squeezed; empty behind the last one. */
static bool line_read(FILE *file, bool without_spaces, char line[LINE_SIZE])
{
    do {
        if (fgets(line, LINE_SIZE, file) == NULL) {
            line[0] = '\0';
            return false;
        }
        spaces_squeeze(line, without_spaces);
    } while (line[0] == '\0');
    return true;
}

bool files_equal(const char *made, const char *wanted, bool without_spaces, char *why, unsigned size)
{
    static char line[LINE_SIZE], other[LINE_SIZE];
    FILE *file = fopen(made, "r"), *model = fopen(wanted, "r");
    bool is_equal = model != NULL, goes_on = is_equal;

    if (model == NULL) {
        snprintf(why, size, "%s: %s", wanted, strerror(errno));
    }
    for (unsigned number = 1; goes_on && is_equal; number++) {
        bool is_there = file != NULL && line_read(file, without_spaces, line), should_be = line_read(model, without_spaces, other);

        goes_on = is_there || should_be;
        if (!is_there) {
            line[0] = '\0';
        }
        is_equal = strcmp(line, other) == 0;
        if (!is_equal) {
            snprintf(why, size, "line %u is \"%s\" instead of \"%s\"", number, line, other);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    if (model != NULL) {
        fclose(model);
    }
    return is_equal;
}

void file_show(const char *path)
{
    static char line[LINE_SIZE];
    FILE *file = fopen(path, "r");
    unsigned count = 0;

    if (file == NULL) {
        return;
    }
    while (line_read(file, false, line)) {
        count++;
    }
    rewind(file);
    for (unsigned number = 1; line_read(file, false, line); number++) {
        if (number + LINES_SHOWN > count) {
            printf("| %s\n", line);
        }
    }
    fclose(file);
}

/*
 * Runs a suite of tests, the programs of other people, inside the system. Its arguments: the list (list.h), and words that a test's name
 * must begin with one of, if there are any. It says, and tests/system/suites.py reads:
 *
 *     PASS NAME          FAIL NAME: WHY, followed by the end of what the test wrote          DONE passed=N failed=N
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "compare.h"
#include "list.h"
#include "run.h"

#define LINE_SIZE 2048
#define OUTPUT "/tmp/suite-output"

static unsigned passed, failed;

static bool is_wanted(const char *name, char **words)
{
    bool is_one = *words == NULL;

    for (; *words != NULL && !is_one; words++) {
        is_one = strncmp(name, *words, strlen(*words)) == 0;
    }
    return is_one;
}

static void test(const struct entry *entry)
{
    char why[512] = "", ended[128];
    bool is_passed;

    (void)unlink(OUTPUT);
    entry_run(entry, OUTPUT, ended, sizeof ended);
    if (entry->expected != NULL && strstr(ended, "too long") == NULL) {
        is_passed = files_equal(OUTPUT, entry->expected, entry->is_without_spaces, why, sizeof why);
    } else {
        is_passed = ended[0] == '\0';
    }
    if (is_passed) {
        passed++;
        printf("PASS %s\n", entry->name);
    } else {
        failed++;
        printf("FAIL %s: %s%s%s\n", entry->name, why, why[0] != '\0' && ended[0] != '\0' ? "; " : "", ended);
        file_show(OUTPUT);
    }
}

int main(int argc, char **argv)
{
    static char line[LINE_SIZE], words[LINE_SIZE];
    FILE *list = argc > 1 ? fopen(argv[1], "r") : NULL;
    struct entry entry;

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (list == NULL) {
        fprintf(stderr, "%s: %s\n", argc > 1 ? argv[1] : "the list of tests", argc > 1 ? strerror(errno) : "is no argument");
        return 1;
    }
    while (fgets(line, sizeof line, list) != NULL) {
        strcpy(words, line);
        if (entry_read(words, &entry)) {
            if (is_wanted(entry.name, argv + 2)) {
                test(&entry);
            }
        } else if (line[strspn(line, " \n")] != '\0' && line[0] != '#') {
            failed++;
            printf("FAIL %s: this is no line of a list\n", line);
        }
    }
    fclose(list);
    printf("DONE passed=%u failed=%u\n", passed, failed);
    return failed == 0 ? 0 : 2;
}

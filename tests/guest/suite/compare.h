/* Are two files of text the same, line by line? As for diff -b -B, empty lines do not count, nor how much space stands between words. */
#pragma once

#include <stdbool.h>

/* without_spaces: there may as well be none, as for diff -w. why: which line is another, as text of at most size bytes. */
bool files_equal(const char *made, const char *wanted, bool without_spaces, char *why, unsigned size);

/* Says what is in a file, a record for each line, the last of them only if there are more than a test's report should have. */
void file_show(const char *path);

/* Where cp and mv put things: the last operand is a directory, or the new name of the only other one. */
#pragma once

#include <stdbool.h>

/* Calls `take` for each operand but the last, with the path that it gets; ends the program if there is none for several. */
void target_each(void (*take)(const char *from, const char *to));

/* Are two paths the same file? */
bool target_is_same(const char *left, const char *right);

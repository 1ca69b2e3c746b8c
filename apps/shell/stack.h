/* How deep functions may call each other: whoever calls itself for what is nested in its input asks first. Main thread alone. */
#pragma once

#include <stdbool.h>

/* At the start of main. */
void stack_begin(void);

/* Less than a quarter of the stack is left. */
bool stack_is_short(void);

/* ISO C and POSIX functions whose output is the same on every system; tests/system/test_libc.py compares. */
#pragma once

void say_text(void);
void say_numbers(void);

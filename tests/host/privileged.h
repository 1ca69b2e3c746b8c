/*
 * Instructions that only a kernel may execute, as far as portable parts of this one hold them: loading CR3, which is remembered,
 * and the interrupt flag, which is of no account here. All others end the test.
 */
#pragma once

#include <stdint.h>

/* Once per test. */
void privileged_allow(void);

/* What CR3 was loaded with last; 0: with nothing yet. */
uint32_t privileged_cr3(void);

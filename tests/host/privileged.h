/*
 * Instructions that only a kernel may execute, as far as portable parts of this one hold them: loading CR3, which is remembered,
 * and the interrupt flag, which only says when interrupts could come. All others end the test.
 */
#pragma once

#include <stdint.h>

/* Once per test. */
void privileged_allow(void);

/* Called by each STI: what happens then is what interrupts do. NULL: nothing. */
void privileged_on_sti(void (*hook)(void));

/* What CR3 was loaded with last; 0: with nothing yet. */
uint32_t privileged_cr3(void);

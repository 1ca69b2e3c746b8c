/*
 * The screen in graphics mode, for panics: a driver has described it (abi/panic_screen.h).
 *
 * Called with interrupts off.
 */
#pragma once

#include <stdbool.h>

struct process;

/* Is there a screen that is not in text mode? */
[[nodiscard]] bool panic_screen_is_there(void);

/* Writes text from the screen's top on; what does not fit is not written: the beginning of a panic says most. In a panic alone. */
void panic_screen_print(const char *text);

/* A process ends. If it has described the screen that still holds: the screen is as it was, and the next driver may say something else. */
void panic_screen_process_ended(const struct process *process);

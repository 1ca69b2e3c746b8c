/*
 * The screen in graphics mode, for panics: a driver has described it (abi/panic_screen.h).
 *
 * Called with interrupts off.
 */
#pragma once

#include <stdbool.h>

struct process;

/* Is the screen in graphics mode? Then text is not seen. Without a description: no, as far as anybody knows. */
[[nodiscard]] bool panic_screen_hides_text(void);

/*
 * In a panic, before anything is written: makes black and white of the palette; where the screen is seen through a window that is too
 * small for it, sets text mode instead.
 */
void panic_screen_begin(void);

/*
 * Writes text from the screen's top on; what does not fit is not written: the beginning of a panic says most. In a panic alone. Nothing
 * happens where nobody has described the screen, or it is in text mode.
 */
void panic_screen_print(const char *text);

/* A process ends. If it has described the screen that still holds: the screen is as it was, and the next driver may say something else. */
void panic_screen_process_ended(const struct process *process);

/* The settings of <termios.h>, and the modes of ternion/terminal.h. Portable. */
#pragma once

#include <stdint.h>
#include <termios.h>

/* Those of line mode. */
void terminal_settings_usual(struct termios *settings);

/* The mode that comes nearest to what is set. */
uint32_t terminal_settings_mode(const struct termios *settings);

/* Makes settings say what mode there is, if they say something else. */
void terminal_settings_put_mode(struct termios *settings, uint32_t mode);

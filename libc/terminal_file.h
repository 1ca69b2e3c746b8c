/*
 * Files that are terminals (ternion/terminal.h). All that lead to one terminal share its settings in this process. Reading from one that
 * has another owner by now gives an end, writing -EIO.
 */
#pragma once

#include <termios.h>

#include <ternion/terminal.h>

#include "libc/passed_file.h"

/* The terminal that belongs to the process: /dev/tty. key 0: it has none. */
void terminal_set_own(const struct terminal_handle *terminal);
struct terminal_handle terminal_get_own(void);

/* Opens one; the caller's reference. flags: O_RDONLY, …, O_NONBLOCK. -ENOMEM. */
int terminal_file_open(const struct terminal_handle *terminal, uint32_t flags, struct file **file_out);

/* The own one; -ENXIO: there is none. */
int terminal_file_open_own(uint32_t flags, struct file **file_out);

/* Opens one that was passed on. */
int terminal_file_take_passed(const uint32_t words[PASSED_WORDS], struct file **file_out);

/* What fstat says of any. */
void terminal_describe(struct stat *description);

/* What a terminal file leads to; false: the file is none. */
bool terminal_file_handle(struct file *file, struct terminal_handle *terminal_out);

/* The settings of the terminal of a file, with the mode that it is in by now. -ENOTTY, and what s\terminal answers. */
int terminal_file_get_settings(struct file *file, struct termios *settings_out);
int terminal_file_set_settings(struct file *file, const struct termios *settings);

/* The negated errno of a status of terminal_…. */
int terminal_error(status_t status);

/*
 * The ends of pipes. The kernel's pipes have members, not ends: what is open for reading and writing in this process is counted
 * here, and what is not open is given up for good (pipe_restrict). So a pipe has ended for a reader when no other process is in it that may
 * write, and no end for writing is open here; and for a writer likewise.
 */
#pragma once

#include <stdint.h>

#include "libc/file.h"
#include "libc/passed_file.h"

/*
 * Makes a pipe.
 *   flags       O_NONBLOCK or 0, of both ends
 *   files_out   the end to read from, the end to write to; the caller's references
 */
int pipe_file_create(uint32_t flags, struct file *files_out[2]);

/* Opens an end that was passed on. */
int pipe_file_join(const uint32_t words[PASSED_WORDS], struct file **file_out);

/* After all ends that were passed on are open: what is not open is given up. */
void pipe_files_settle(void);

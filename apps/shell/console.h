/* The terminal that an interactive shell lives at. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Claims it, and makes it standard input, output and errors. NULL: it is standard input already. False: it cannot be had, which
 * was said.
 */
bool console_open(const char *name);

/* While a line is edited every byte is input; else the terminal does lines itself, for programs. */
void console_set_raw(bool is_raw);

/* One byte: 1; 0: the terminal is gone. Waits. */
int console_read(char *byte_out);

/* Has more been typed? */
bool console_has_more(void);

void console_write(const char *bytes, size_t size);
void console_size(unsigned *columns_out, unsigned *rows_out);

/* Who of the processes that the shell has started reads what is typed; a count of 0: the shell alone. Any thread may call it. */
#define CONSOLE_PROCESSES_MAX 64U
void console_give(const pid_t *processes, unsigned count);

/*
 * From now on Ctrl+C and Ctrl+Z, typed while the terminal does lines, end the job in the foreground, and put it to sleep
 * (jobs.h); and processes are waited for.
 */
void console_watch(void);

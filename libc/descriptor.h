/*
 * The table of descriptors: small numbers that lead to open files. 0, 1 and 2 are there from the beginning: nothing to
 * read, and the log twice; what a program's spawner gives takes their place (libc/start.c). Any thread may call these.
 */
#pragma once

#include <stdbool.h>

#include "libc/file.h"

#define DESCRIPTORS_MAX 64 /* FD_SETSIZE of newlib */

/*
 * Gives a file the lowest free number from `lowest` on.
 *   file             the caller's reference becomes the table's, unless the call fails
 *   stays_here       FD_CLOEXEC: a spawned process does not get it
 * The number; -EMFILE: the table is full; -EINVAL: `lowest` is no descriptor.
 */
int descriptor_add(struct file *file, int lowest, bool stays_here);

/* The file of a descriptor, held: the caller releases it. NULL: it is not open. */
struct file *descriptor_hold(int descriptor);

/* -EBADF: it is not open. */
int descriptor_close(int descriptor);

/* Makes a number lead to a file; what it led to is closed. The caller's reference becomes the table's. -EBADF: it is no descriptor. */
int descriptor_replace(int descriptor, struct file *file, bool stays_here);

/* FD_CLOEXEC of a descriptor: 0 or 1. -EBADF. */
int descriptor_stays_here(int descriptor);
int descriptor_set_stays_here(int descriptor, bool stays_here);

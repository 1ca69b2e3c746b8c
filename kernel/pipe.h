/*
 * Pipes: a ring of PIPE_SIZE bytes between the threads of its members.
 *
 * A thread that reads or writes moves what it can, and then sleeps until it can move all the rest, or a whole pipe of it. Each
 * side has one thread whose turn it is; others of that side wait in line, so what one writes stays together.
 *
 * Turn:     moves bytes ── all done ──► next in line
 *              ▲     └── not yet ──► sleeps; the other side, having moved bytes, or left, wakes it
 *
 * Who ends or leaves while it sleeps gives its turn away. Called with interrupts off. Portable.
 */
#pragma once

#include <abi/shared.h>

struct thread;

/* A thread ends: it reads and writes no more. */
void pipe_thread_ends(struct thread *thread);

/*
 * The list of jobs, for the files that work on it. A lock protects it, and what the processes of jobs have come to: the threads
 * of console.c change that.
 */
#pragma once

#include "job.h"

extern struct job *jobs_all;    /* newest first */

void jobs_lock_take(void);
void jobs_lock_give(void);

/* The others are called with the lock held. */

/* Takes note of what has ended, without waiting. */
void jobs_look(void);

/* Blocks until something has changed; the lock is given meanwhile. */
void jobs_await_change(void);

/* The job is no more. */
void jobs_remove(struct job *job);

/* ---- Without it ---- */

/* Says that s\tasks has not done what it was asked for; 0 and ESRCH, that a process has ended before, are no trouble. */
void jobs_tell_trouble(int error);

/* Wakes a job that is asleep; an error is told, and the answer: 0, or errno's. */
int jobs_wake(struct job *job);

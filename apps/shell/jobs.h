/*
 * Jobs: the processes that one command has started. The shell waits for a job in the foreground; jobs in the background, and
 * those that Ctrl+Z has put to sleep, have numbers.
 *
 * In a shell on a terminal two other threads take part (watch.h): one waits for processes that end, one for Ctrl+C and Ctrl+Z.
 * Functions are for the main thread, if nothing else is said.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct job;

/* A job without processes. text: how it is called; copied. */
struct job *job_begin(const char *text);

/*
 * Adds a process to it: a program, or another shell that runs a text. What could not be started counts as one that ended at
 * once.
 */
void job_add_program(struct job *job, char *const *arguments);
void job_add_shell(struct job *job, const char *text);
void job_add_failed(struct job *job, int status);

/*
 * Waits in the foreground until the job has ended, or sleeps by Ctrl+Z. Its status, that of the last process. A process that
 * died by a fault or was ended is told. One that has ended is no more; one that sleeps gets a number.
 *   may_sleep   false: Ctrl+Z is not for this one
 */
int job_wait(struct job *job, bool may_sleep);

/* From now on Ctrl+C is for this one, though it is not waited for yet. NULL: for none. */
void job_set_foreground(struct job *job);

/* The job in the foreground reads what is typed, or the shell, if there is none: job_wait sees to that. Any thread may call it. */
void jobs_give_terminal(void);

/* It goes on in the background, with a number; $! is its last process. */
void job_set_background(struct job *job);

/* %1 %% %+ %- %text %?text, or the number of a process in it. NULL: there is none; that was said, unless quietly. */
struct job *job_find(const char *name, bool quietly);

/* fg, bg. */
int job_continue_in_foreground(struct job *job);
int job_continue_in_background(struct job *job);

/* kill: 0, or an errno. */
int job_kill(struct job *job, int number);

/* wait: the status of a job that has ended, which is forgotten then. Interrupted: STATUS_INTERRUPTED. */
int job_wait_in_background(struct job *job);
void jobs_wait_all(void);

enum job_form {
    JOB_LINE,           /* [1]+ running  text */
    JOB_PROCESSES,      /* the same, and the processes behind it */
    JOB_NUMBER,         /* the number of the first process */
};

/* jobs: tells of one, or, NULL, of all. Those that have ended are forgotten then by a shell that would tell of them. */
void jobs_list(const struct job *job, enum job_form form);

/* Says which have ended since it was last asked, and forgets them. A shell without a terminal keeps some, for `wait`. */
void jobs_tell_ended(void);

/* Does any sleep? Then a shell asks before it ends. */
bool jobs_any_sleep(void);

/* After an error in the middle of a start. */
void jobs_recover(void);

/* ---- For the threads of watch.c ---- */

/* From now on they tell which processes have ended. */
void jobs_begin_watched(void);

/* Blocks until there is a process to be waited for. */
void jobs_await_process(void);

void jobs_note_end(pid_t pid, int wait_status);

/* Nobody is left to be waited for: whatever still runs is not known any more. */
void jobs_note_lost(void);

/* Ctrl+C and Ctrl+Z: ends the job in the foreground, puts it to sleep. */
void jobs_interrupt(void);
void jobs_suspend(void);

#include "jobs.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <ternion/condition.h>

#include "console.h"
#include "interrupt.h"
#include "jobs_list.h"
#include "program.h"
#include "shell.h"
#include "system.h"

#define MEMBERS_FEW 4U

static struct lock lock;        /* protects the list, and what the processes of jobs have come to */
static struct condition changed;
struct job *jobs_all;           /* newest first */
static struct job *foreground;
static bool is_watched;         /* other threads wait for processes */
static bool is_locked;          /* by the main thread */
static struct lock giving;      /* the terminal: from the look at the job until s\terminal knows */

void jobs_lock_take(void)
{
    lock_acquire(&lock);
    is_locked = true;
}

void jobs_lock_give(void)
{
    is_locked = false;
    lock_release(&lock);
}

void jobs_recover(void)
{
    if (is_locked) {
        jobs_lock_give();
    }
    foreground = NULL;
    jobs_give_terminal();
}

/* ---- Processes ---- */

static struct member *member_find(pid_t pid, struct job **job_out)
{
    for (struct job *job = jobs_all; job != NULL; job = job->next) {
        for (unsigned i = 0; i < job->count; i++) {
            if (job->members[i].pid == pid && !job->members[i].has_ended) {
                *job_out = job;
                return &job->members[i];
            }
        }
    }
    return NULL;
}

/* Called with the lock held. */
static void note_end(pid_t pid, int wait_status)
{
    struct job *job;
    struct member *member = member_find(pid, &job);

    if (member != NULL) {
        member->has_ended = true;
        member->wait_status = wait_status;
    }
}

void jobs_note_end(pid_t pid, int wait_status)
{
    lock_acquire(&lock);
    note_end(pid, wait_status);
    condition_broadcast(&changed);
    lock_release(&lock);
}

/* Called with the lock held. */
static bool any_runs(void)
{
    for (const struct job *job = jobs_all; job != NULL; job = job->next) {
        if (!job_has_ended(job)) {
            return true;
        }
    }
    return false;
}

void jobs_begin_watched(void)
{
    is_watched = true;
}

void jobs_await_process(void)
{
    lock_acquire(&lock);
    while (!any_runs()) {
        condition_wait(&changed, &lock);
    }
    lock_release(&lock);
}

/* All that run have been lost: somebody else has waited for them. Called with the lock held. */
static void note_all_lost(void)
{
    for (struct job *job = jobs_all; job != NULL; job = job->next) {
        for (unsigned i = 0; i < job->count; i++) {
            job->members[i].has_ended = true;
        }
    }
}

void jobs_note_lost(void)
{
    lock_acquire(&lock);
    note_all_lost();
    condition_broadcast(&changed);
    lock_release(&lock);
}

/* Blocks until something has changed. Called with the lock held, which is given meanwhile. */
void jobs_await_change(void)
{
    int wait_status;

    if (is_watched) {
        condition_wait(&changed, &lock);
        return;
    }
    jobs_lock_give();
    pid_t pid = waitpid(-1, &wait_status, 0);
    int error = errno;
    jobs_lock_take();
    if (pid > 0) {
        note_end(pid, wait_status);
    } else if (error != EINTR) {
        note_all_lost();
    }
}

/* Takes note of what has ended, without waiting. Called with the lock held. */
void jobs_look(void)
{
    int wait_status;
    pid_t pid;

    while (!is_watched && (pid = waitpid(-1, &wait_status, WNOHANG)) > 0) {
        note_end(pid, wait_status);
    }
}

/* ---- Making jobs ---- */

struct job *job_begin(const char *text)
{
    struct job *job = memory_take(sizeof *job);

    *job = (struct job){ .text = memory_copy(text, strlen(text)) };
    jobs_lock_take();
    job->next = jobs_all;
    jobs_all = job;
    jobs_lock_give();
    return job;
}

/* Called with the lock held. */
void jobs_remove(struct job *job)
{
    struct job **link = &jobs_all;

    while (*link != job) {
        link = &(*link)->next;
    }
    *link = job->next;
    foreground = foreground == job ? NULL : foreground;
    free(job->members);
    free(job->text);
    free(job);
}

/* Room for one more, which is there already as far as others see: it has ended. Called with the lock held. */
static struct member *member_reserve(struct job *job, const char *name)
{
    if (job->count == job->room) {
        unsigned room = job->room == 0 ? MEMBERS_FEW : job->room * 2;
        job->members = memory_resize(job->members, room * sizeof *job->members);
        job->room = room;
    }
    struct member *member = &job->members[job->count++];
    const char *slash = strrchr(name, '/');
    *member = (struct member){ .has_ended = true };
    strncpy(member->name, slash != NULL ? slash + 1 : name, MEMBER_NAME_MAX);
    return member;
}

/*
 * The lock is held from before the start, so that its end finds the process in the list. Its end is a status, or that of a
 * process.
 */
static void member_started(struct member *member, int status, pid_t pid)
{
    member->pid = status == 0 ? pid : 0;
    member->has_ended = status != 0;
    member->wait_status = status << 8;
    condition_broadcast(&changed);
    jobs_lock_give();
}

void job_add_program(struct job *job, char *const *arguments)
{
    pid_t pid = 0;

    jobs_lock_take();
    struct member *member = member_reserve(job, arguments[0]);
    int status = program_start(arguments, &pid);
    member_started(member, status, pid);
}

void job_add_shell(struct job *job, const char *text)
{
    pid_t pid = 0;

    jobs_lock_take();
    struct member *member = member_reserve(job, "the subshell");
    int status = program_start_shell(text, &pid);
    member_started(member, status, pid);
}

void job_add_failed(struct job *job, int status)
{
    jobs_lock_take();
    member_started(member_reserve(job, ""), status == 0 ? 1 : status, 0);
}

/* ---- The foreground ---- */

void job_set_foreground(struct job *job)
{
    jobs_lock_take();
    foreground = job;
    jobs_lock_give();
}

/* The next process of the job in the foreground that lives, from an index on; 0: there are no more. */
static pid_t foreground_next(unsigned *index)
{
    pid_t pid = 0;

    lock_acquire(&lock);
    while (foreground != NULL && *index < foreground->count && pid == 0) {
        const struct member *member = &foreground->members[(*index)++];
        pid = member->has_ended ? 0 : member->pid;
    }
    lock_release(&lock);
    return pid;
}

void jobs_give_terminal(void)
{
    pid_t processes[CONSOLE_PROCESSES_MAX], pid;
    unsigned count = 0, index = 0;

    if (!is_watched) {
        return;
    }
    lock_acquire(&giving);
    lock_acquire(&lock);
    bool is_awake = foreground != NULL && !foreground->is_asleep;
    lock_release(&lock);
    while (is_awake && count < CONSOLE_PROCESSES_MAX && (pid = foreground_next(&index)) != 0) {
        processes[count++] = pid;
    }
    console_give(processes, count);
    lock_release(&giving);
}

void jobs_tell_trouble(int error)
{
    if (error != 0 && error != ESRCH) {
        complain_anywhere("the job cannot be reached: s\\tasks says: %s", error_text(error));
    }
}

void jobs_interrupt(void)
{
    unsigned index = 0;
    pid_t pid;

    interrupt_note();
    while ((pid = foreground_next(&index)) != 0) {
        jobs_tell_trouble(system_ask(SYSTEM_END, pid, SIGINT, true));
    }
    lock_acquire(&lock);
    condition_broadcast(&changed);
    lock_release(&lock);
}

void jobs_suspend(void)
{
    unsigned index = 0;
    pid_t pid;
    int error = 0;

    lock_acquire(&lock);
    bool may_sleep = foreground != NULL && foreground->may_sleep;
    lock_release(&lock);
    while (may_sleep && (pid = foreground_next(&index)) != 0) {
        int result = system_ask(SYSTEM_SLEEP, pid, 0, true);
        error = result == ESRCH ? error : result;
    }
    jobs_tell_trouble(error);
    lock_acquire(&lock);
    if (may_sleep && error == 0 && foreground != NULL) {
        foreground->is_asleep = true;
        condition_broadcast(&changed);
    }
    lock_release(&lock);
}

int job_wait(struct job *job, bool may_sleep)
{
    if (interrupt_is_pending()) { /* Ctrl+C came while it was being started */
        jobs_tell_trouble(job_ask_all(job, SYSTEM_END, SIGINT));
    }
    jobs_lock_take();
    job->may_sleep = may_sleep;
    foreground = job;
    jobs_lock_give();
    jobs_give_terminal();
    jobs_lock_take();
    while (!job_has_ended(job) && !job->is_asleep) {
        jobs_await_change();
    }
    foreground = NULL;
    jobs_lock_give();
    jobs_give_terminal();
    jobs_lock_take();
    if (!job_has_ended(job)) {
        job->number = job->number == 0 ? job_new_number(jobs_all) : job->number;
        jobs_lock_give();
        job_tell(job, jobs_all);
        shell.leaving = LEAVING_INTERRUPTED;
        shell.status = STATUS_SIGNAL + SIGTSTP;
        return shell.status;
    }
    jobs_lock_give();
    job_tell_deaths(job);
    int status = job_status(job);
    jobs_lock_take();
    jobs_remove(job);
    jobs_lock_give();
    return status;
}

int jobs_wake(struct job *job)
{
    jobs_lock_take();
    bool was_asleep = job->is_asleep;
    job->is_asleep = false;
    jobs_lock_give();
    int error = was_asleep ? job_ask_all(job, SYSTEM_WAKE, 0) : 0;
    jobs_tell_trouble(error);
    return error;
}

int job_continue_in_foreground(struct job *job)
{
    (void)jobs_wake(job);
    return job_wait(job, true);
}

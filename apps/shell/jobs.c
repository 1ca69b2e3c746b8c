#include "jobs.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <ternion/condition.h>

#include "interrupt.h"
#include "job.h"
#include "program.h"
#include "shell.h"
#include "system.h"

#define MEMBERS_FEW 4U
#define ENDED_KEPT 64U          /* that nobody has waited for */

static struct lock lock;        /* protects the list, and what the processes of jobs have come to */
static struct condition changed;
static struct job *jobs;        /* newest first */
static struct job *foreground;
static bool is_watched;         /* other threads wait for processes */
static bool is_locked;          /* by the main thread */

static void lock_take(void)
{
    lock_acquire(&lock);
    is_locked = true;
}

static void lock_give(void)
{
    is_locked = false;
    lock_release(&lock);
}

void jobs_recover(void)
{
    if (is_locked) {
        lock_give();
    }
    foreground = NULL;
}

/* ---- Processes ---- */

static struct member *member_find(pid_t pid, struct job **job_out)
{
    for (struct job *job = jobs; job != NULL; job = job->next) {
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
    for (const struct job *job = jobs; job != NULL; job = job->next) {
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
    for (struct job *job = jobs; job != NULL; job = job->next) {
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
static void await_change(void)
{
    int wait_status;

    if (is_watched) {
        condition_wait(&changed, &lock);
        return;
    }
    lock_give();
    pid_t pid = waitpid(-1, &wait_status, 0);
    int error = errno;
    lock_take();
    if (pid > 0) {
        note_end(pid, wait_status);
    } else if (error != EINTR) {
        note_all_lost();
    }
}

/* Takes note of what has ended, without waiting. Called with the lock held. */
static void look(void)
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
    lock_take();
    job->next = jobs;
    jobs = job;
    lock_give();
    return job;
}

/* Called with the lock held. */
static void job_remove(struct job *job)
{
    struct job **link = &jobs;

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
    lock_give();
}

void job_add_program(struct job *job, char *const *arguments)
{
    pid_t pid = 0;

    lock_take();
    struct member *member = member_reserve(job, arguments[0]);
    int status = program_start(arguments, &pid);
    member_started(member, status, pid);
}

void job_add_shell(struct job *job, const char *text)
{
    pid_t pid = 0;

    lock_take();
    struct member *member = member_reserve(job, "the subshell");
    int status = program_start_shell(text, &pid);
    member_started(member, status, pid);
}

void job_add_failed(struct job *job, int status)
{
    lock_take();
    member_started(member_reserve(job, ""), status == 0 ? 1 : status, 0);
}

/* ---- The foreground ---- */

void job_set_foreground(struct job *job)
{
    lock_take();
    foreground = job;
    lock_give();
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

static void tell_trouble(int error)
{
    if (error != 0 && error != ESRCH) {
        complain("the job cannot be reached: s\\tasks says: %s", error_text(error));
    }
}

void jobs_interrupt(void)
{
    unsigned index = 0;
    pid_t pid;

    interrupt_note();
    while ((pid = foreground_next(&index)) != 0) {
        tell_trouble(system_ask(SYSTEM_END, pid, SIGINT, true));
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
    tell_trouble(error);
    lock_acquire(&lock);
    if (may_sleep && error == 0 && foreground != NULL) {
        foreground->is_asleep = true;
        condition_broadcast(&changed);
    }
    lock_release(&lock);
}

int job_wait(struct job *job, bool may_sleep)
{
    lock_take();
    job->may_sleep = may_sleep;
    foreground = job;
    while (!job_has_ended(job) && !job->is_asleep) {
        await_change();
    }
    foreground = NULL;
    if (!job_has_ended(job)) {
        job->number = job->number == 0 ? job_new_number(jobs) : job->number;
        lock_give();
        job_tell(job, jobs);
        shell.leaving = LEAVING_INTERRUPTED;
        shell.status = STATUS_SIGNAL + SIGTSTP;
        return shell.status;
    }
    lock_give();
    job_tell_deaths(job);
    int status = job_status(job);
    lock_take();
    job_remove(job);
    lock_give();
    return status;
}

int job_continue_in_foreground(struct job *job)
{
    lock_take();
    bool was_asleep = job->is_asleep;
    job->is_asleep = false;
    lock_give();
    int error = was_asleep ? job_ask_all(job, SYSTEM_WAKE, 0) : 0;
    tell_trouble(error);
    return job_wait(job, true);
}

/* ---- The background ---- */

void job_set_background(struct job *job)
{
    lock_take();
    job->number = job_new_number(jobs);
    pid_t last = job->count > 0 ? job->members[job->count - 1].pid : 0;
    lock_give();
    if (last != 0) {
        shell.last_background = last;
    }
    job_tell_start(job);
}

int job_continue_in_background(struct job *job)
{
    lock_take();
    bool was_asleep = job->is_asleep;
    job->is_asleep = false;
    lock_give();
    int error = was_asleep ? job_ask_all(job, SYSTEM_WAKE, 0) : 0;
    tell_trouble(error);
    job_tell_start(job);
    return error == 0 ? 0 : 1;
}

int job_kill(struct job *job, int number)
{
    enum system_request request = job_request(number);
    int error = job_ask_all(job, request, number);

    if (error == 0) {
        lock_take();
        job->is_asleep = request == SYSTEM_SLEEP;
        lock_give();
    }
    return error;
}

struct job *job_find(const char *name, bool quietly)
{
    lock_take();
    look();
    struct job *job = job_search(jobs, name);
    lock_give();
    if (job == NULL && !quietly) {
        complain("%s: there is no such job; type jobs for those that there are", name);
    }
    return job;
}

int job_wait_in_background(struct job *job)
{
    lock_take();
    while (!job_has_ended(job) && !interrupt_is_pending()) {
        await_change();
    }
    bool has_ended = job_has_ended(job);
    int status = has_ended ? job_status(job) : STATUS_INTERRUPTED;
    if (has_ended) {
        job_remove(job);
    }
    lock_give();
    return status;
}

void jobs_wait_all(void)
{
    lock_take();
    while (any_runs_awake(jobs) && !interrupt_is_pending()) {
        await_change();
    }
    lock_give();
}

void jobs_list(bool with_processes)
{
    lock_take();
    look();
    lock_give();
    job_tell_all(jobs, jobs, with_processes);
}

bool jobs_any_sleep(void)
{
    bool any = false;

    lock_take();
    for (const struct job *job = jobs; job != NULL; job = job->next) {
        any = any || (job->is_asleep && !job_has_ended(job));
    }
    lock_give();
    return any;
}

void jobs_tell_ended(void)
{
    unsigned kept = 0;

    lock_take();
    look();
    for (struct job *job = jobs, *next; job != NULL; job = next) {
        next = job->next;
        if (job->number == 0 || !job_has_ended(job)) {
            continue;
        }
        if (shell.is_interactive) {
            job_tell(job, jobs);
        }
        if (shell.is_interactive || ++kept > ENDED_KEPT) {
            job_remove(job);
        }
    }
    lock_give();
}

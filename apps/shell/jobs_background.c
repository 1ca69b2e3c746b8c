/* Jobs that nobody waits for: with numbers, in the background or asleep. */
#include <errno.h>

#include "interrupt.h"
#include "job.h"
#include "jobs_list.h"
#include "shell.h"

#define ENDED_KEPT 64U          /* that nobody has waited for */

void job_set_background(struct job *job)
{
    jobs_lock_take();
    job->number = job_new_number(jobs_all);
    pid_t last = job->count > 0 ? job->members[job->count - 1].pid : 0;
    jobs_lock_give();
    if (last != 0) {
        shell.last_background = last;
    }
    job_tell_start(job);
}

int job_continue_in_background(struct job *job)
{
    int error = jobs_wake(job);
    job_tell_start(job);
    return error == 0 ? 0 : 1;
}

int job_kill(struct job *job, int number)
{
    enum system_request request = job_request(number);

    jobs_lock_take();
    bool has_ended = job_has_ended(job);
    jobs_lock_give();
    int error = has_ended ? ESRCH : job_ask_all(job, request, number);
    if (error == 0 && request != SYSTEM_LOOK) {
        jobs_lock_take();
        job->is_asleep = request == SYSTEM_SLEEP;
        jobs_lock_give();
    }
    return error;
}

struct job *job_find(const char *name, bool quietly)
{
    jobs_lock_take();
    jobs_look();
    struct job *job = job_search(jobs_all, name);
    jobs_lock_give();
    if (job == NULL && !quietly) {
        complain("%s: there is no such job; type jobs for those that there are", name);
    }
    return job;
}

int job_wait_in_background(struct job *job)
{
    jobs_lock_take();
    while (!job_has_ended(job) && !interrupt_is_pending()) {
        jobs_await_change();
    }
    bool has_ended = job_has_ended(job);
    int status = has_ended ? job_status(job) : STATUS_INTERRUPTED;
    if (has_ended) {
        jobs_remove(job);
    }
    jobs_lock_give();
    return status;
}

void jobs_wait_all(void)
{
    jobs_lock_take();
    while (any_runs_awake(jobs_all) && !interrupt_is_pending()) {
        jobs_await_change();
    }
    jobs_lock_give();
}

/* Of what ends while they are told of, the prompt tells. */
void jobs_list(const struct job *wanted, enum job_form form)
{
    jobs_lock_take();
    jobs_look();
    for (struct job *job = jobs_all; job != NULL; job = job->next) {
        job->is_told = job->number > 0 && job_has_ended(job) && (wanted == NULL || job == wanted);
    }
    jobs_lock_give();
    job_tell_all(jobs_all, jobs_all, wanted, form);
    if (!shell.is_interactive || shell.capture != NULL || form == JOB_NUMBER) {
        return;
    }
    jobs_lock_take();
    for (struct job *job = jobs_all, *next; job != NULL; job = next) {
        next = job->next;
        if (job->is_told) {
            jobs_remove(job);
        }
    }
    jobs_lock_give();
}

bool jobs_any_sleep(void)
{
    bool any = false;

    jobs_lock_take();
    for (const struct job *job = jobs_all; job != NULL; job = job->next) {
        any = any || (job->is_asleep && !job_has_ended(job));
    }
    jobs_lock_give();
    return any;
}

void jobs_tell_ended(void)
{
    unsigned kept = 0;

    jobs_lock_take();
    jobs_look();
    for (struct job *job = jobs_all, *next; job != NULL; job = next) {
        next = job->next;
        if (job->number == 0 || !job_has_ended(job)) {
            continue;
        }
        if (shell.is_interactive) {
            job_tell(job, jobs_all);
        }
        if (shell.is_interactive || ++kept > ENDED_KEPT) {
            jobs_remove(job);
        }
    }
    jobs_lock_give();
}

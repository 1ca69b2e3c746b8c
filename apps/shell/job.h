/*
 * What jobs.c knows of a job: its processes, and how it is told of. Where the list of jobs is used its lock is held, if other
 * threads may change it.
 */
#pragma once

#include "jobs.h"
#include "system.h"

#define MEMBER_NAME_MAX 31U

/* A process of a job. */
struct member {
    pid_t pid;              /* 0: it could not be started */
    bool has_ended;
    int wait_status;        /* once it has ended: as waitpid has it */
    char name[MEMBER_NAME_MAX + 1];
};

struct job {
    struct job *next;
    unsigned number;        /* 0: it has none, as it is or was in the foreground */
    char *text;
    struct member *members;
    unsigned count;
    unsigned room;
    bool is_asleep;
    bool may_sleep;
    bool is_told;           /* that it has ended */
};

bool job_has_ended(const struct job *job);

/* Its status: that of its last process. */
int job_status(const struct job *job);

/* Is there one that has not ended, nor sleeps? */
bool any_runs_awake(const struct job *jobs);

/* One more than the highest. */
unsigned job_new_number(const struct job *jobs);
struct job *job_search(struct job *jobs, const char *name);

/* What a signal means here. */
enum system_request job_request(int number);

/* Asks s\tasks about each process that lives. 0, or an errno: the last one. */
int job_ask_all(struct job *job, enum system_request request, int number);

/* [1]+ running  text */
void job_tell(const struct job *job, const struct job *jobs);

/* The same in what a command says. The oldest first; wanted: this one alone, or NULL. */
void job_tell_all(const struct job *job, const struct job *jobs, const struct job *wanted, enum job_form form);

/* [1] 1234, when it goes to the background. */
void job_tell_start(const struct job *job);

/* Which of its processes died by a fault, or were ended. */
void job_tell_deaths(const struct job *job);

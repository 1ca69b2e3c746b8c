/* A supervised program, as the files that start it, restart it and wait for it see it. One thread only. */
#pragma once

#include <stdbool.h>

#include <ternion/init_client.h>

#include "grant.h"
#include "list.h"

#define DEATHS_MAX 8U

struct supervised {
    struct supervised *next;
    struct program program;
    const void *image;                    /* mapped for ever */
    uint32_t image_size;
    struct access access;                 /* what it is started with */
    bool manifest_is_damaged;
    bool is_forbidden;                    /* it asks for more than a strict line of the policy gives */
    bool kernel_gives_more;               /* where it is a boot module that the kernel starts, which asks no policy */
    enum supervised_state state;          /* changed by supervised_set_state */
    process_id_t process;                 /* while SUPERVISED_RUNNING */
    uint32_t restarts;
    uint32_t deaths;                      /* since its record was clean, as the next two */
    uint32_t failures;                    /* how many of them were none with exit code 0 */
    uint32_t strike_deaths;               /* how many of them for strikes */
    nanoseconds_t failure_times[DEATHS_MAX];   /* of the last ones, number N at N % DEATHS_MAX */
    nanoseconds_t started_ns;
    nanoseconds_t due_ns;                 /* while SUPERVISED_RESTARTING; while SUPERVISED_WAITING: when that ends */
    const struct supervised *providers[PROGRAM_NEEDS_MAX]; /* by need: whose it was when it was there; NULL: nobody's we know */
};

/* All of them, in the order of the list; those that stand in no list last. */
extern struct supervised *supervised_first;

/* By its name; NULL: there is none. */
struct supervised *supervised_find(const char *name);

/* By its process; NULL: there is none. */
struct supervised *supervised_of_process(process_id_t process);

/* Whoever waits for changes is told before the next event is taken. */
void supervised_set_state(struct supervised *supervised, enum supervised_state state);

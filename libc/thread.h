/*
 * What the C library keeps of each thread: errno and what else newlib has per thread, and what <pthread.h> asks for. The
 * thread-local pointer leads there. Threads that libos' thread_start made get theirs when they first need it.
 */
#pragma once

#include <pthread.h>
#include <reent.h>
#include <stdbool.h>
#include <stdint.h>

#include <abi/types.h>

struct thread {
    struct _reent reent;
    struct thread *next;                /* in the list of all */
    thread_id_t id;
    void *(*function)(void *argument);
    void *argument;
    void *result;
    bool is_detached;                   /* its end frees it; else pthread_join does */
    bool is_joined;                     /* somebody waits for its end */
    bool has_ended;
    sigset_t mask;                      /* signals that wait */
    struct _pthread_cleanup_context *cleanup;
    const void *values[PTHREAD_KEYS_MAX];
};

/* The calling thread's. NULL if there is no memory for it: thread_self_or_die ends the process then. */
struct thread *thread_self(void);
struct thread *thread_self_or_die(void);

/* Calls what keys have for values that are left (libc/thread_keys.c). */
void thread_keys_destroy(struct thread *thread);

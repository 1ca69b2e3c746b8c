/*
 * A pipe, processes and threads that use it, and a model of it: who moves which bytes and who sleeps. Each step is done
 * by both; afterwards they must agree, and nobody may sleep who could go on.
 */
#pragma once

#include <abi/shared.h>
#include <abi/status.h>

#include <stdbool.h>
#include <stdint.h>

#define WORLD_PROCESSES 3U
#define WORLD_THREADS 6U
#define WORLD_BUFFER 16U

struct world_thread {
    struct thread *real;         /* NULL: it has ended */
    uint32_t process;            /* index */
    uint8_t *buffer;
    bool bad_memory;             /* its buffer is not its process's at the moment */
    bool asleep;                 /* by thread_sleep */

    /* Of its transfer. */
    bool active;                 /* in a line, at its head or behind */
    bool thrown_out;             /* its process has left meanwhile */
    bool woken;                  /* goes on when it runs next */
    bool handed;                 /* a writer gave it all that it wanted: it has ended, and not run since */
    bool writes;
    bool partial;
    uint32_t size;
    uint32_t moved;
};

struct world_process {
    struct process *real;        /* NULL: it has ended */
    bool member;
    uint32_t uses;               /* PIPE_READABLE, PIPE_WRITABLE: what it has not given up */
    bool released;               /* EVENT_PIPE_RELEASED waits for it */
    bool ready;                  /* EVENT_PIPE_READY waits for it */
    uint32_t wanted;             /* by pipe_notify */
};

struct world {
    struct pipe_handle handle;
    bool pipe_lives;
    bool was_joined;
    uint32_t process_count;
    uint32_t thread_count;
    struct world_process processes[WORLD_PROCESSES];
    struct world_thread threads[WORLD_THREADS];
    struct world_thread *line[2][WORLD_THREADS];     /* 0 readers, 1 writers; the first one has its turn */
    uint32_t line_length[2];
    uint8_t bytes[64];           /* in the pipe */
    uint32_t used;
    uint32_t taken;              /* bytes that were read, ever */
    uint8_t next_byte;
    bool unchecked;              /* steps that were checked before are done again */
};

extern struct world world;

/* Once per test. A process that does nothing keeps the pages of the arenas, so that worlds begin and end fast. */
void world_prepare(void);

/* Thread i belongs to process i % processes. All processes are members. */
void world_begin(uint32_t processes, uint32_t threads);

/* All processes end; nothing may be left. */
void world_end(void);

/* What a thread can do at user level. Each is one step. */
bool world_is_idle(const struct world_thread *thread);
void world_transfer(struct world_thread *thread, bool writes, uint32_t size, bool partial);
void world_leave(struct world_thread *thread);
void world_join(struct world_thread *thread, bool right_key);
void world_restrict(struct world_thread *thread, uint32_t uses);
void world_notify(struct world_thread *thread, uint32_t wanted);
void world_poll(struct world_thread *thread);
void world_sleep(struct world_thread *thread, struct world_thread *other);
void world_wake(struct world_thread *thread, struct world_thread *other);

/* It goes on with its transfer; if it can. */
bool world_can_go_on(const struct world_thread *thread);
void world_go_on(struct world_thread *thread);

/* It ends, or all its process does. */
void world_thread_end(struct world_thread *thread);
void world_process_end(struct world_process *process);

/* Its buffer is not there any more; or again. */
void world_memory_lose(struct world_thread *thread);
void world_memory_find(struct world_thread *thread);

/* A thread with memory of its own, and what it does: so that a test reads like the story that it tells. */
#pragma once

#include "kernel_heap.h"
#include "kernel_machine.h"
#include "kernel_ready.h"
#include "kernel_user_memory.h"
#include "message.h"
#include "process.h"
#include "syscall_handlers.h"
#include "test.h"
#include "thread.h"

struct actor {
    struct process *process;
    struct thread *thread;
    struct {
        struct event event;
        struct message message;
        struct reply reply;
        char string[256];
        char buffer[256];
    } *memory;
};

/* Another thread of a process; a new process with one. parent, limits: NULL for none. */
struct actor actor_in(struct process *process);
struct actor actor_new(const char *name, struct process *parent, const struct grant *limits);

/* A new process with a thread and an access of its own. */
struct actor actor_with(const char *name, const struct access *access);

/* It runs; its sleeping call, if any, goes on or has ended meanwhile. Returns that call's status. */
status_t actor_run(const struct actor *actor);

/* Writes a message into its memory: the text, and its size as the first word. */
const struct message *actor_say(const struct actor *actor, const char *text);

/* It runs, and calls or waits, or takes an event that is there. */
status_t actor_send(const struct actor *from, const struct actor *to, const char *text);
void actor_call(const struct actor *from, const struct actor *to, const char *text, uint32_t room);
const struct event *actor_take(const struct actor *actor);
void actor_wait(const struct actor *actor);

/* Its process is terminated. */
void actor_end(const struct actor *actor);

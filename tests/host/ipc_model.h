/*
 * A model of processes, threads, messages, calls, watches and interrupt listeners: what must be true of the real ones
 * after each system call. Everything stands in tables and is searched whole: slow, and easy to see through.
 */
#pragma once

#include <abi/event.h>
#include <abi/process.h>

#include <stdbool.h>

#include "i386/traps.h"
#include "process.h"
#include "thread.h"

#define MODEL_PROCESSES 9U
#define MODEL_THREADS 20U
#define MODEL_MESSAGES 39U       /* as many as the table of IDs has room for */
#define MODEL_WATCHES 64U
#define MODEL_LISTENERS 40U
#define MODEL_QUEUE (MODEL_MESSAGES + MODEL_THREADS + MODEL_WATCHES + MODEL_LISTENERS)
#define MODEL_SLOTS 40U          /* of the arena of threads */
#define MODEL_STRING_MAX (MESSAGE_STRING_MAX + 16U)

enum model_state {
    RUNS,                        /* at user level */
    WAITS,                       /* in event_wait */
    WOKEN,                       /* event_wait goes on when it runs next */
    RECEIVES,                    /* in message_reply_wait_words */
    RECEIVE_WOKEN,               /* that goes on when it runs next */
    RECEIVED,                    /* that has ended: its registers hold the event */
    CALLS,                       /* waits for the answer to its call */
    CALLED,                      /* its call has ended: its registers say how */
    DELAYS,
    DELAYED,
};

/* The memory that a thread's process has for its system calls. */
struct model_area {
    struct event event;
    struct event received;       /* by message_reply_wait_words */
    struct message message;
    struct reply reply;
    struct event *stack[2];      /* a return address, and above it where an event goes */
    uint8_t string[MODEL_STRING_MAX];
    uint8_t buffer[MODEL_STRING_MAX];
};

enum model_source_kind { SOURCE_MESSAGE, SOURCE_CALL, SOURCE_WATCH, SOURCE_LISTENER };

struct model_source {
    enum model_source_kind kind;
    void *what;                  /* message, calling thread, watch or listener */
};

struct model_process {
    bool alive;
    struct process *real;
    process_id_t id;
    process_class_t class;
    bool supervisor;
    bool asleep;
    struct access access;
    uint32_t strikes;
    struct model_process *parent;
    struct model_source queue[MODEL_QUEUE];
    uint32_t queued;
    struct model_thread *waiters[MODEL_THREADS];     /* first come first */
    uint32_t waiting;
    struct model_thread *receivers[MODEL_THREADS];   /* the last one is the first to go */
    uint32_t receiving;
};

struct model_string {
    uint32_t seed;               /* its bytes follow from that; 0: nobody knows them */
    uint32_t size;
};

struct model_pages {
    const void *begin;
    uint32_t count;
    uint32_t flags;
};

enum model_answer { IN_MEMORY, IN_REGISTERS, BY_SWITCH };    /* by switch: in registers, and it came by SYSENTER */

/* What a thread asked for that is in state CALLS or CALLED. */
struct model_call {
    enum model_answer answer;
    struct model_process *callee;
    bool taken;
    bool slept;                  /* its thread was put to sleep since it was taken: no switch to it */
    uint32_t words[MESSAGE_WORDS];
    struct model_string string;
    const void *string_at;
    struct model_pages pages;
    struct reply *reply;
    void *buffer;
    uint32_t buffer_size;
    status_t status;             /* CALLED: what it comes back with */
    uint32_t answer_words[MESSAGE_WORDS];
};

struct model_thread {
    bool alive;
    struct thread *real;
    thread_id_t id;
    struct model_process *process;
    struct model_area *area;
    enum model_state state;
    bool asleep;
    bool wake_pending;
    nanoseconds_t deadline_ns;   /* of the call in which it sleeps; FOREVER: none */
    bool timed_out;
    struct event *event;         /* of event_wait */
    uint32_t vector;             /* how it entered the kernel: so it has to leave it */
    uint32_t esp;                /* of its call in registers */
    struct event received;       /* RECEIVED */
    message_id_t call_id;        /* of its latest call */
    message_id_t serves;         /* the call that it took last */
    struct model_call call;
};

struct model_message {
    bool alive;
    message_id_t id;
    process_id_t sender;
    process_class_t sender_class;
    struct model_process *payer;
    struct model_process *receiver;
    bool taken;
    uint32_t words[MESSAGE_WORDS];
    struct model_string string;
};

struct model_watch {
    bool alive;
    struct model_process *owner;
    process_id_t target;
    bool target_lives;
    uint32_t code;
};

struct model_listener {
    bool alive;
    struct model_process *process;
    uint32_t line;
    uint32_t count;
    bool owes;
};

struct model {
    struct model_process processes[MODEL_PROCESSES];
    struct model_thread threads[MODEL_THREADS];
    struct model_message messages[MODEL_MESSAGES];
    struct model_watch watches[MODEL_WATCHES];
    struct model_listener listeners[MODEL_LISTENERS];
    message_id_t last_call[MODEL_SLOTS];     /* of the thread that had this place last */
    bool heap_fails;             /* the next allocation does */
    bool others_fail;            /* and the next access to another process's memory */
};

extern struct model model;

/* Goes through the living of one table. */
#define MODEL_EACH(type, one, table) \
    for (struct type *one = model.table; one < model.table + sizeof model.table / sizeof model.table[0]; one++) \
        if (one->alive)

/* A free entry of a table, zeroed and alive; NULL if there is none. */
#define MODEL_NEW(table) \
    model_new(model.table, sizeof model.table / sizeof model.table[0], sizeof model.table[0], &model.table[0].alive)
void *model_new(void *table, uint32_t count, uint32_t size, const bool *first_alive);

struct model_process *model_process(process_id_t id);
struct model_thread *model_thread_of(const struct thread *real);
bool model_is_asleep(const struct model_thread *thread);
bool model_can_run(const struct model_thread *thread);

/* Does a process have this memory? */
bool model_memory_is_good(const struct model_process *process, const void *begin, uint32_t size);

/* The bytes of a string. */
void model_string_fill(const struct model_string *string, uint8_t *to, uint32_t size);
void model_string_check(const struct model_string *string, const uint8_t *bytes, uint32_t size);

/* What a process and its descendants use; may it use so much more? */
uint32_t model_use(const struct model_process *process, enum resource resource);
bool model_has_room(const struct model_process *process, enum resource resource, uint32_t amount);

/* An event comes, goes unseen, is taken. */
void model_post(struct model_process *process, enum model_source_kind kind, void *what);
void model_withdraw(struct model_process *process, const void *what);
void model_pass_on(struct model_process *process);
void model_describe(const struct model_source *source, struct event *event_out);
status_t model_take(struct model_thread *taker, bool memory_is_good, struct event *event_out);

/* Is it an event of the kernel's, all of which fits into registers? */
bool model_is_small(const struct model_source *source);

/* The call that waits first in the queue of a process, if it is one of words alone that can go into registers; or NULL. */
struct model_thread *model_words_waiting(const struct model_process *process);

/* The thread waits: in event_wait; in message_reply_wait_words, having come by SYSENTER or not. */
void model_wait(struct model_thread *thread);
void model_receive(struct model_thread *thread);
void model_receiver_remove(struct model_thread *thread);

/* A thread or a process is put to sleep. */
void model_thread_sleeps(struct model_thread *thread);

/* Calls: one begins; the one that has this ID and that this process has taken; one ends. */
void model_call_begin(struct model_thread *caller, struct model_process *callee);
struct model_thread *model_call_find(const struct model_process *callee, message_id_t id);
void model_call_end(struct model_thread *caller, status_t status);
/* May one send to the other; call it? Does it say so by a strike that the first may not? Then that one may end: true. */
bool model_may_send(const struct model_process *self, const struct model_process *other);
bool model_may_call(const struct model_process *self, const struct model_process *other);
bool model_strike(struct model_process *self);

bool model_closes_ring(const struct model_process *self, const struct model_process *callee);

/* May an answer switch to this caller? */
bool model_can_switch_to(const struct model_thread *caller);

/* A message goes; something ends. */
void model_message_end(struct model_message *message);
void model_watch_end(struct model_watch *watch);
void model_listener_end(struct model_listener *listener);
void model_thread_end(struct model_thread *thread);
void model_process_end(struct model_process *process, uint32_t code);

/* Is everything as the model says? */
void model_check(void);

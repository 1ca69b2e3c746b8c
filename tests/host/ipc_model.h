/*
 * A model of processes, threads, messages, watches and interrupt listeners: what must be true of the real ones
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
#define MODEL_QUEUE (MODEL_MESSAGES + MODEL_WATCHES + MODEL_LISTENERS)
#define MODEL_STRING_MAX (MESSAGE_STRING_MAX + 16U)

enum model_state {
    RUNS,                        /* at user level */
    WAITS,                       /* in event_wait */
    WOKEN,                       /* event_wait goes on when it runs next */
    CALLS,                       /* in message_call */
    CALLED,                      /* message_call goes on when it runs next */
    DELAYS,
    DELAYED,
};

/* The memory that a thread's process has for its system calls. */
struct model_area {
    struct event event;
    struct message message;
    struct reply reply;
    uint8_t string[MODEL_STRING_MAX];
    uint8_t buffer[MODEL_STRING_MAX];
};

struct model_source {
    enum event_kind kind;
    void *what;                  /* message, watch or listener */
};

struct model_process {
    bool alive;
    struct process *real;
    process_id_t id;
    process_class_t class;
    bool supervisor;
    bool asleep;
    struct model_process *parent;
    struct model_source queue[MODEL_QUEUE];
    uint32_t queued;
    struct model_thread *waiters[MODEL_THREADS];
    uint32_t waiting;
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
    struct model_message *call;  /* whose answer it waits for, or has */
    status_t call_status;        /* if call is NULL */
};

struct model_string {
    uint32_t seed;               /* its bytes follow from that; 0: nobody knows them any more */
    uint32_t size;
};

struct model_message {
    bool alive;
    message_id_t id;
    process_id_t sender;
    process_class_t sender_class;
    struct model_process *payer;
    struct model_process *receiver;
    struct model_thread *caller;
    bool taken;
    uint32_t capacity;
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
    bool heap_fails;             /* the next allocation does */
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
bool model_can_run(const struct model_thread *thread);

/* Bytes `from` … of a string. */
void model_string_fill(const struct model_string *string, uint8_t *to, uint32_t size);
void model_string_check(const struct model_string *string, const uint8_t *bytes, uint32_t size);

/* What a process and its descendants use; may it use so much more? */
uint32_t model_use(const struct model_process *process, enum resource resource);
bool model_has_room(const struct model_process *process, enum resource resource, uint32_t amount);

/* An event comes, goes unseen, is taken. */
void model_post(struct model_process *process, enum event_kind kind, void *what);
void model_withdraw(struct model_process *process, const void *what);
void model_pass_on(struct model_process *process);
void model_describe(const struct model_source *source, struct event *event_out);
status_t model_take(struct model_process *process, bool memory_is_good, struct event *event_out);

/* A message goes, its caller being told; something ends. */
void model_message_end(struct model_message *message, status_t status);
void model_watch_end(struct model_watch *watch);
void model_listener_end(struct model_listener *listener);
void model_thread_end(struct model_thread *thread);
void model_process_end(struct model_process *process, uint32_t code);

/* Is everything as the model says? */
void model_check(void);

/*
 * Processes. A process is its address space, its threads, its events and its
 * name; it ends with its last thread, by process_exit, by a fault, or by others.
 * Whatever it held is given back at once and whoever waited for it is told.
 *
 * Called with interrupts off.
 */
#pragma once

#include <abi/process.h>
#include <abi/status.h>
#include <abi/system.h>

#include <stdbool.h>

#include "access.h"
#include "account.h"
#include "address_space.h"
#include "event.h"
#include "arena.h"
#include "list.h"
#include "syscall.h"

struct spawn_request;

struct process {
    process_id_t id;             /* constant; first, for the arena */
    struct event_queue events;   /* near the beginning: entry.asm reads it */
    uint32_t barred_by;          /* who may not call it; read by direct_switch.asm. See access.h */
    bool was_called;             /* a call was sent to it, ever */
    process_class_t class;
    bool supervisor;             /* constant: d\init, which others cannot end */
    bool trusted;                /* constant: the kernel or d\init started it */
    bool asleep;                 /* by process_sleep */
    bool saved;                  /* by state_saved */
    uint8_t traced;              /* TRACE_… */
    bool frozen;                 /* it made a mistake: see debug.h */
    uint32_t frozen_code;        /* its exit code then */
    uint32_t fault_address;      /* of its mistake, if it was a page fault */
    thread_id_t faulty_thread;
    struct event_source frozen_event;
    syscall_function_t *const *calls; /* the table of its class */
    uint32_t name_size;
    char name[NAME_SIZE_MAX + 1];

    struct list name_node;       /* in a bucket of name.c */
    struct process *parent;      /* who spawned it, or that one's parent if it died, … NULL: the kernel */
    struct list children;        /* through sibling_node */
    struct list sibling_node;
    struct account account;
    struct address_space space;
    struct process_page *page;   /* the process reads it at PROCESS_PAGE */

    struct list threads;
    uint32_t thread_count;

    struct event_source save_event;  /* EVENT_SAVE_STATE */
    struct list messages;        /* to it: queued, or taken and not done with */
    struct list messages_sent;   /* by it or a dead descendant, and charged to it */
    struct list watches;         /* that it asked for */
    struct list watchers;        /* watches of others on it */
    struct list irq_listeners;
    struct list devices;         /* its registrations, bindings and watches of devices */
    struct list dma_regions;     /* that it owns */
    struct list memberships;     /* in pipes and shared memory */
    struct list timers;

    struct access access;        /* what it may touch, and whom it may speak to */
    uint32_t strikes;            /* accesses outside that */
    uint32_t registrations;      /* of devices, ever */
    uint32_t wrong_keys;         /* that it tried to join with */
    uint64_t cpu_ticks;
    uint64_t reported_at;        /* tick of the last report that it went over its budget */
};

extern struct arena process_arena;

/* The process with this ID, SELF being the running one; NULL if there is none. */
struct process *process_look_up(process_id_t id);

/*
 * A process without threads and memory, ready for both, with the request's class, name, parent and limits (0: as the parent).
 * OK, NO_MEMORY, OVER_QUOTA.
 */
[[nodiscard]] status_t process_create(const struct spawn_request *request, const struct access *access, struct process **process_out);

/* Would a process with this name and parent be the supervisor? */
[[nodiscard]] bool process_is_supervisor(const char *name, const struct process *parent);

/* What follows from its access has changed. */
void process_access_changed(struct process *process);

/* May a process send messages to another; may it call it, which goes both ways? */
[[nodiscard]] static inline bool process_may_send(const struct process *self, const struct process *other)
{
    return self == other || (self->access.partners & ROLE_BIT(other->access.role)) != 0;
}

[[nodiscard]] static inline bool process_may_call(const struct process *self, const struct process *other)
{
    return process_may_send(self, other) && process_may_send(other, self);
}

/* A process has made a mistake that it cannot go on from: it is frozen for a debugger, or ends. */
void process_end_by_mistake(struct process *process, uint32_t code);

/* Ends a process and frees it; `code` as in abi/process.h. Opens interrupt windows. */
void process_end(struct process *process, uint32_t code);

/*
 * The names of the log and of the supervisor mean power over all: they are the supervisor's to give.
 */
[[nodiscard]] bool process_name_is_allowed(const struct process *giver, const char *name);

/* May one process end another or put it to sleep? */
[[nodiscard]] bool process_may_control(const struct process *self, const struct process *other);


#define SUPERVISOR_NAME "d\\init"
#define LOG_NAME "a\\log"

/* What the processes that the kernel starts may use: all but a reserve. Set once, by main.c. */
extern struct grant system_limits;

/* What all but the supervisor may use together; its limits are set by main.c. */
extern struct account system_account;

/*
 * What pipes and shared memory have in common: an object with an ID and keys, and its members, the processes that
 * have joined it. It lives as long as it has a member. Each member pays for itself: nobody is left with
 * the costs of others, whoever ends first.
 *
 * A member that leaves, or whose process ends, is an event for all others; its place in their queues lies in their membership.
 *
 * Called with interrupts off. Portable.
 */
#pragma once

#include <abi/shared.h>
#include <abi/status.h>

#include <stdbool.h>
#include <stdint.h>

#include "event.h"
#include "list.h"

struct id_table;
struct member;
struct process;
struct shared_object;

struct shared_object_type {
    uint32_t released;           /* kind of the event when a member has left */
    /* It is in no list any more, and not counted; its process may be ending. */
    void (*member_left)(struct member *member);
    /* Frees the object behind its last member. */
    void (*free)(struct shared_object *object);
};

struct shared_object {
    uint32_t id;                 /* constant */
    const struct shared_object_type *type;
    uint32_t pages;              /* constant: what each member pays for */
    object_key_t key;            /* constant */
    object_key_t read_only_key;  /* constant; as `key` where there is no such difference */
    struct list members;         /* through object_node */
    uint32_t member_count;
    bool was_joined;             /* somebody beside its maker was a member, ever */
};

struct member {
    struct event_source released;
    struct event_source ready;   /* of a pipe */
    struct shared_object *object;
    struct process *process;
    struct list object_node;     /* in object->members */
    struct list process_node;    /* in process->memberships */
    uint32_t ready_wanted;       /* of a pipe: see pipe_notify */
    uint32_t uses;               /* of a pipe: what the member may do, PIPE_READABLE and PIPE_WRITABLE */
    bool left[2];                /* of a pipe: it has given reading ([true]: writing) up, or nobody at the other end can do the opposite */
    uint32_t address;            /* of shared memory, in its process */
};

extern struct id_table shared_object_table;

/* Wrong keys that an application may try; then it is ended. Others may do it for their clients: they are reported. */
#define WRONG_KEYS_MAX 1000U

/* A new object's ID and keys, with the running process as its first member, who pays for `pages`. OK, NO_MEMORY, OVER_QUOTA. */
[[nodiscard]] status_t shared_object_begin(struct shared_object *object, const struct shared_object_type *type,
                                            uint32_t pages, struct member **member_out);

/* The running process's membership in an object of this type; NULL: it is none, or there is no such object. */
[[nodiscard]] struct member *member_find(uint32_t id, const struct shared_object_type *type);

/* The running process becomes a member. *read_only_out: by the key that does not allow to write. OK, BAD_ID, NOT_ALLOWED, EXISTS, NO_MEMORY, OVER_QUOTA. */
[[nodiscard]] status_t member_join(uint32_t id, const struct shared_object_type *type, object_key_t key, bool *read_only_out, struct member **member_out);

/* The member could not be made one after all: nobody hears of it. */
void member_undo(struct member *member);

/* The member is none any more; the others hear of it, the last one's object is freed. */
void member_leave(struct member *member);

/* A process ends: it leaves all. */
void memberships_end(struct process *process);

/* Memberships in all objects, for the ledger. */
uint32_t member_count(void);

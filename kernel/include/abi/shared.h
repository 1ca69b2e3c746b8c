/* Pipes and shared memory: what several processes have together, by ID and key. */
#pragma once

#include <abi/types.h>

#define PIPE_SIZE 4096U          /* bytes that a pipe holds */

/* What pipe_create tells its caller. */
struct pipe_handle {
    object_key_t key;
    pipe_id_t id;
};

#define PIPE_PARTIAL 1U          /* flags: what there is, or what fits, without sleeping */

/* What pipe_notify asks for; `count` of its event says all that holds by the time it is taken. */
#define PIPE_READABLE 1U         /* bytes are there, or nobody is who could write some */
#define PIPE_WRITABLE 2U         /* there is room, or nobody who could read */

#define SHARED_PAGES_MAX 4096U   /* pages of one shared memory: 16 MB */

/* What shared_create tells its caller. */
struct shared_handle {
    object_key_t key;
    object_key_t read_only_key;  /* whoever joins with this one cannot write */
    shared_id_t id;
    uint32_t address;            /* of its first page, in the caller's memory */
};

#define SHARED_READ_ONLY 1U      /* flags of shared_join: without the right to write, whatever the key allows */

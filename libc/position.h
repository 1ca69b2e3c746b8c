/*
 * Where reading and writing of an open file go on. POSIX lets all descriptors that came of one `open` share it, those of spawned
 * processes too: so once a file was passed on its position lies in shared memory. Nobody holds it up while bytes are moved, and
 * nobody waits for a process that has died, or does harm on purpose: a holder has it for a few instructions, or it is taken away.
 *
 * Functions are called with the lock of the file held, by one thread of each process.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <abi/types.h>

struct shared_position;

struct position {
    int64_t here;                       /* if it is this process's alone */
    struct shared_position *shared;     /* else */
    shared_id_t id;                     /* of that, to pass it on; constant from then on */
    object_key_t key;
};

int64_t position_get(struct position *position);
void position_set(struct position *position, int64_t value);

/* Goes on to another value, if it is still at this one: else another process has moved it, false. */
bool position_move(struct position *position, int64_t from, int64_t to);

/* Goes on by so many bytes, which nobody else will get; where it was. -EFBIG: there are no such positions. */
int64_t position_advance(struct position *position, uint32_t bytes);

/* ---- Passing on: libc/shared_position.c ---- */

/*
 * From now on the position can be shared. With it goes a text, for those who join: at most POSITION_TEXT_MAX bytes, and a NUL.
 * A negated errno.
 */
#define POSITION_TEXT_MAX 1023U
int position_share(struct position *position, const char *text);

/* In a spawned process: joins it, and copies the text; text_out has room for POSITION_TEXT_MAX + 1 bytes. */
int position_join(struct position *position, shared_id_t id, object_key_t key, char *text_out);

void position_leave(struct position *position);

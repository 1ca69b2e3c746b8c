/*
 * Open files, by client and handle. Any thread may call these: clients and handles are looked up by the first thread, nodes are used by the
 * thread of the mount.
 */
#pragma once

#include "mount.h"
#include "share.h"

enum open_state { OPEN_FREE, OPEN_BEGINS, OPEN_THERE, OPEN_ENDS };

struct client;

struct open_file {
    struct open_file *next;      /* of its client, or of the free ones */
    struct client *client;       /* NULL: it has ended */
    struct mount *mount;
    struct node *node;           /* NULL: it is not open yet; the mount's thread's */
    uint32_t handle;
    uint32_t flags;              /* VFS_… of open */
    uint32_t state;              /* enum open_state */
    struct job *closing;         /* where the mount has a worker: closing shall need no memory */
    uint64_t key;                /* for who shall have the file too; 0: nobody. The first thread's */
};

/* Handles of another life of the server are others. */
void open_files_begin(uint32_t seed);

/* A file that begins to open. Statuses: OVER_QUOTA; NO_MEMORY; BAD_ID: the client has ended. */
[[nodiscard]] status_t open_file_begin(process_id_t process, struct mount *mount, uint32_t flags, struct open_file **file_out);

/* It is open, or, with NULL, could not be. */
void open_file_done(struct open_file *file, struct node *node);

/* The open file with this handle, or NULL. For the first thread. */
struct open_file *open_file_find(process_id_t process, uint32_t handle);

/* The open file of any client, for who knows its key. For the first thread. */
struct open_file *open_file_find_by_key(uint32_t handle, uint64_t key);

/* From now on its handle is stale; whoever calls this has JOB_CLOSE done. */
void open_file_leave(struct open_file *file);

/* Closed: JOB_CLOSE, in the mount's thread. */
void open_file_end(struct open_file *file);

/* Takes one file from a client that has ended, to be closed; NULL: it had none, and is forgotten. For the first thread. */
struct open_file *open_file_of_dead(process_id_t process);

/* How many are open on a mount. */
uint32_t open_file_count_on(struct mount *mount);

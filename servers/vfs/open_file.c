#include "open_file.h"

#include <ternion/memory.h>
#include <ternion/syscall.h>

#define CLIENT_BUCKETS 64U
#define INDEX_BITS 12U
#define GROW 64U                     /* open files that are made at a time */

struct client {
    struct client *next;
    process_id_t process;
    struct share *share;
    uint32_t file_count;
    struct open_file *files;
};

static struct lock lock;             /* protects all of this file, and counts in mounts */
static struct client *clients[CLIENT_BUCKETS];
static struct open_file *table[OPEN_FILES_MAX];
static uint32_t table_size;
static struct open_file *free_files;
static uint32_t generation;

_Static_assert(OPEN_FILES_MAX == 1U << INDEX_BITS, "a handle's index has room for all");

void open_files_begin(uint32_t seed)
{
    generation = seed;
}

/* ---- Clients ---- */

static struct client **client_link(process_id_t process)
{
    struct client **link = &clients[(process ^ process >> 6 ^ process >> 16) % CLIENT_BUCKETS];

    while (*link != NULL && (*link)->process != process) {
        link = &(*link)->next;
    }
    return link;
}

/* The client, which is watched from now on. */
static status_t client_get(process_id_t process, struct client **client_out)
{
    struct client **link = client_link(process);

    if (*link == NULL) {
        struct client *client = calloc(1, sizeof *client);
        status_t status = client == NULL ? NO_MEMORY : process_watch(process);

        if (status != OK && status != EXISTS) {
            free(client);
            return status;
        }
        client->share = share_join(process);
        if (client->share == NULL) {
            free(client);
            return NO_MEMORY;
        }
        client->process = process;
        *link = client;
    }
    *client_out = *link;
    return OK;
}

/* ---- Files ---- */

static bool grow(void)
{
    struct open_file *more = table_size + GROW > OPEN_FILES_MAX ? NULL : calloc(GROW, sizeof *more);

    for (uint32_t i = 0; more != NULL && i < GROW; i++) {
        more[i].handle = table_size;
        more[i].next = free_files;
        free_files = &more[i];
        table[table_size++] = &more[i];
    }
    return more != NULL;
}

static status_t begin(process_id_t process, struct mount *mount, uint32_t flags, struct open_file **file_out)
{
    struct client *client;

    status_t status = client_get(process, &client);
    if (status != OK) {
        return status;
    }
    if (!share_has_room(client->share, client->file_count) || (free_files == NULL && !grow())) {
        return OVER_QUOTA;
    }
    struct open_file *file = free_files;
    free_files = file->next;
    generation++;
    uint32_t handle = generation << INDEX_BITS | (file->handle & (OPEN_FILES_MAX - 1));
    if (handle == 0) {
        handle = ++generation << INDEX_BITS;
    }
    *file = (struct open_file){ .next = client->files, .client = client, .mount = mount, .handle = handle, .flags = flags,
                                .state = OPEN_BEGINS };
    client->files = file;
    client->file_count++;
    share_count(client->share, 1);
    mount->open_count++;
    *file_out = file;
    return OK;
}

status_t open_file_begin(process_id_t process, struct mount *mount, uint32_t flags, struct open_file **file_out)
{
    lock_acquire(&lock);
    status_t status = begin(process, mount, flags, file_out);
    lock_release(&lock);
    return status;
}

static void unlink_from_client(struct open_file *file)
{
    struct open_file **link;

    if (file->client == NULL) {
        return;
    }
    for (link = &file->client->files; *link != file; link = &(*link)->next) {
    }
    *link = file->next;
    file->client->file_count--;
    share_count(file->client->share, -1);
    file->client = NULL;
}

/* The lock is held. */
static void end(struct open_file *file)
{
    unlink_from_client(file);
    file->mount->open_count--;
    file->state = OPEN_FREE;
    file->node = NULL;
    free(file->closing);
    file->closing = NULL;
    file->next = free_files;
    free_files = file;
}

void open_file_done(struct open_file *file, struct node *node)
{
    lock_acquire(&lock);
    file->node = node;
    if (file->state == OPEN_BEGINS && node == NULL) {
        end(file);
    } else if (file->state == OPEN_BEGINS) {
        file->state = OPEN_THERE;
    }
    lock_release(&lock);
}

/* Who holds the lock asks. */
static struct open_file *find(uint32_t handle)
{
    struct open_file *file = (handle & (OPEN_FILES_MAX - 1)) < table_size ? table[handle & (OPEN_FILES_MAX - 1)] : NULL;

    return file != NULL && file->state == OPEN_THERE && file->handle == handle && file->client != NULL ? file : NULL;
}

struct open_file *open_file_find(process_id_t process, uint32_t handle)
{
    lock_acquire(&lock);
    struct open_file *file = find(handle);
    if (file != NULL && file->client->process != process) {
        file = NULL;
    }
    lock_release(&lock);
    return file;
}

struct open_file *open_file_find_by_key(uint32_t handle, uint64_t key)
{
    lock_acquire(&lock);
    struct open_file *file = find(handle);
    if (file != NULL && (file->key != key || key == 0)) {
        file = NULL;
    }
    lock_release(&lock);
    return file;
}

void open_file_leave(struct open_file *file)
{
    lock_acquire(&lock);
    unlink_from_client(file);
    file->state = OPEN_ENDS;
    lock_release(&lock);
}

void open_file_end(struct open_file *file)
{
    lock_acquire(&lock);
    end(file);
    lock_release(&lock);
}

struct open_file *open_file_of_dead(process_id_t process)
{
    struct client **link = client_link(process);
    struct client *client = *link;
    struct open_file *file = NULL;

    lock_acquire(&lock);
    if (client != NULL && client->files != NULL) {
        file = client->files;
        unlink_from_client(file);
        file->state = OPEN_ENDS;
    } else if (client != NULL) {
        *link = client->next;
        share_leave(client->share);
        free(client);
    }
    lock_release(&lock);
    return file;
}

uint32_t open_file_count_on(struct mount *mount)
{
    lock_acquire(&lock);
    uint32_t count = mount->open_count;
    lock_release(&lock);
    return count;
}

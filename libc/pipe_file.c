#include "libc/pipe_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>

#include <abi/shared.h>
#include <ternion/syscall.h>

#include "libc/status_errno.h"

enum end { READING, WRITING, ENDS };

struct pipe {
    struct pipe *next;
    pipe_id_t id;             /* constant */
    object_key_t key;         /* constant */
    uint32_t open[ENDS];      /* files that are ends of it */
    uint32_t watched[ENDS];   /* how many wait in poll for it */
    uint32_t asleep;          /* threads in pipe_read and pipe_write */
    bool had_company;         /* another process was in it: alone again, nothing comes or goes any more, says the kernel */
    uint32_t uses;            /* PIPE_READABLE, PIPE_WRITABLE: what this process has not given up */
    bool was_left;            /* by this process: nobody else was in it, and the other end was closed */
};

struct pipe_file {
    struct file file;
    struct pipe *pipe;        /* constant */
    enum end end;             /* constant */
};

static struct lock lock;      /* protects the list and the pipes */
static struct pipe *pipes;

/* Is no other process in it? Called with the lock held. */
static bool is_single(struct pipe *pipe)
{
    uint32_t bytes, members;

    if (pipe_state(pipe->id, &bytes, &members) != OK) {
        return true;
    }
    pipe->had_company = pipe->had_company || members > 1;
    return members <= 1;
}

/* Is nobody there for the other end? Called with the lock held. */
static bool is_alone(struct pipe *pipe, enum end end)
{
    return pipe->was_left
        || (is_single(pipe) && (pipe->had_company || pipe->open[end == READING ? WRITING : READING] == 0));
}

/* Before a thread sleeps in the pipe. 0, or what it has to answer instead: -EPIPE: the other end is gone. */
static int sleep_begin(struct pipe_file *file)
{
    int result = 0;

    lock_acquire(&lock);
    if (is_alone(file->pipe, file->end)) {
        result = -EPIPE;
    } else if ((file->file.flags & O_NONBLOCK) != 0) {
        result = -EAGAIN;
    } else {
        file->pipe->asleep++;
    }
    lock_release(&lock);
    return result;
}

/*
 * When nobody is there any more who could write what threads of this process sleep for, or read what they would write: leaving
 * wakes them. Not while there are bytes, which a reader has been woken for. Called with the lock held.
 */
static void sleepers_release(struct pipe *pipe)
{
    uint32_t bytes = 0, members;
    bool has_both = pipe->open[READING] > 0 && pipe->open[WRITING] > 0;

    if (pipe->asleep == 0 || has_both || pipe->was_left || !is_single(pipe)) {
        return;
    }
    (void)pipe_state(pipe->id, &bytes, &members);
    if (bytes == 0 || pipe->open[READING] == 0) {
        pipe->was_left = true;
        (void)pipe_leave(pipe->id);
    }
}

static void sleep_end(struct pipe_file *file)
{
    lock_acquire(&lock);
    file->pipe->asleep--;
    sleepers_release(file->pipe);
    lock_release(&lock);
}

static bool has_ended(status_t status)
{
    return status == PEER_DIED || status == BAD_ID;
}

/* There is nothing: sleeps until there is a byte, or never will be. */
static ssize_t read_slowly(struct pipe_file *file, char *bytes, size_t size)
{
    uint32_t moved = 0, more = 0;
    int result = sleep_begin(file);

    if (result < 0) {
        return result == -EPIPE ? 0 : result;
    }
    status_t status = pipe_read(file->pipe->id, bytes, 1, 0, &moved);
    if (moved > 0 && size > 1) {
        (void)pipe_read(file->pipe->id, bytes + 1, size - 1, PIPE_PARTIAL, &more);
    }
    sleep_end(file);
    if (moved == 0) {
        return has_ended(status) ? 0 : status_error(status);
    }
    return (ssize_t)(moved + more);
}

static ssize_t pipe_file_read(struct file *file, void *bytes, size_t size, int64_t position)
{
    struct pipe_file *end = (struct pipe_file *)file;
    uint32_t moved = 0;

    (void)position;
    if (size == 0) {
        return 0;
    }
    status_t status = pipe_read(end->pipe->id, bytes, size, PIPE_PARTIAL, &moved);
    if (moved > 0) {
        return (ssize_t)moved;
    }
    if (status == NOTHING) {
        return read_slowly(end, bytes, size);
    }
    return has_ended(status) ? 0 : status_error(status);
}

[[gnu::noinline]] static uint32_t room_of(struct pipe *pipe)
{
    uint32_t bytes = PIPE_SIZE, members;

    (void)pipe_state(pipe->id, &bytes, &members);
    return PIPE_SIZE - bytes;
}

/*
 * Up to PIPE_BUF bytes are written as a whole, or not at all if there is not the room and nobody may sleep. Should another one have taken of
 * the room since it was looked at, the rest is waited for.
 */
static status_t write_whole(struct pipe *pipe, const char *bytes, size_t size, uint32_t flags, uint32_t *moved_out)
{
    status_t status = OK;
    uint32_t moved = 0;

    if (size > PIPE_BUF || flags == 0) {
        return pipe_write(pipe->id, bytes, size, flags, moved_out);
    }
    if (room_of(pipe) < size) {
        return NOTHING;
    }
    for (; status == OK && *moved_out < size; flags = 0) {
        status = pipe_write(pipe->id, bytes + *moved_out, size - *moved_out, flags, &moved);
        *moved_out += moved;
    }
    return status;
}

static ssize_t pipe_file_write(struct file *file, const void *bytes, size_t size, int64_t position)
{
    struct pipe_file *end = (struct pipe_file *)file;
    bool may_sleep = (file->flags & O_NONBLOCK) == 0;
    uint32_t moved = 0;

    (void)position;
    if (size == 0) {
        return 0;
    }
    int result = sleep_begin(end);
    if (result < 0 && (may_sleep || result != -EAGAIN)) {
        return result;
    }
    status_t status = write_whole(end->pipe, bytes, size, may_sleep ? 0 : PIPE_PARTIAL, &moved);
    if (result == 0) {
        sleep_end(end);
    }
    if (moved > 0) {
        return (ssize_t)moved;
    }
    return has_ended(status) ? -EPIPE : status_error(status);
}

static int pipe_describe(struct file *file, struct stat *description)
{
    struct pipe_file *end = (struct pipe_file *)file;
    uint32_t bytes = 0, count;

    (void)pipe_state(end->pipe->id, &bytes, &count);
    description->st_mode = S_IFIFO | 0600;
    description->st_ino = end->pipe->id;
    description->st_size = bytes;
    description->st_blksize = PIPE_SIZE;
    return 0;
}

static int pipe_ready(struct file *file)
{
    struct pipe_file *end = (struct pipe_file *)file;
    uint32_t bytes = 0, count;
    status_t status = pipe_state(end->pipe->id, &bytes, &count);

    lock_acquire(&lock);
    bool alone = status != OK || is_alone(end->pipe, end->end);
    lock_release(&lock);
    if (end->end == READING) {
        return (bytes > 0 ? POLLIN : 0) | (alone ? POLLHUP : 0);
    }
    return alone ? POLLERR : PIPE_SIZE - bytes >= PIPE_BUF ? POLLOUT : bytes < PIPE_SIZE ? READY_SOON : 0;
}

/* The kernel tells of room for one byte. Where there is that already, it would tell so without an end. */
static void pipe_watch(struct file *file, int change)
{
    struct pipe_file *end = (struct pipe_file *)file;
    struct pipe *pipe = end->pipe;

    lock_acquire(&lock);
    pipe->watched[end->end] += (uint32_t)change;
    bool writes = pipe->watched[WRITING] > 0 && room_of(pipe) - 1 >= PIPE_BUF - 1;   /* none, or enough */
    (void)pipe_notify(pipe->id, (pipe->watched[READING] > 0 ? PIPE_READABLE : 0) | (writes ? PIPE_WRITABLE : 0));
    lock_release(&lock);
}

static int pipe_pass(struct file *file, struct passed_file *passed)
{
    struct pipe_file *end = (struct pipe_file *)file;

    passed->kind = PASSED_PIPE;
    passed->words[0] = end->pipe->id;
    passed->words[1] = (uint32_t)end->pipe->key;
    passed->words[2] = (uint32_t)(end->pipe->key >> 32);
    passed->words[3] = file->flags & O_ACCMODE;
    return 0;
}

/* Takes a pipe without ends off the list. Called with the lock held. */
static void pipe_remove(struct pipe *pipe)
{
    struct pipe **link = &pipes;

    while (*link != pipe) {
        link = &(*link)->next;
    }
    *link = pipe->next;
    if (!pipe->was_left) {
        (void)pipe_leave(pipe->id);
    }
    free(pipe);
}

/*
 * What has no end open here is given up for good, so that others, who have the other end, need not wait for this process. Called
 * with the lock held.
 */
static void pipe_settle(struct pipe *pipe)
{
    uint32_t uses = (pipe->open[READING] > 0 ? PIPE_READABLE : 0) | (pipe->open[WRITING] > 0 ? PIPE_WRITABLE : 0);

    if (!pipe->was_left && uses != pipe->uses && pipe_restrict(pipe->id, uses) == OK) {
        pipe->uses = uses;
    }
}

void pipe_files_settle(void)
{
    lock_acquire(&lock);
    for (struct pipe *pipe = pipes; pipe != NULL; pipe = pipe->next) {
        pipe_settle(pipe);
    }
    lock_release(&lock);
}

static void pipe_close(struct file *file)
{
    struct pipe_file *end = (struct pipe_file *)file;
    struct pipe *pipe = end->pipe;

    lock_acquire(&lock);
    pipe->open[end->end]--;
    if (pipe->open[READING] + pipe->open[WRITING] == 0) {
        pipe_remove(pipe);
    } else {
        sleepers_release(pipe);
        pipe_settle(pipe);
    }
    lock_release(&lock);
    free(end);
}

static const struct file_operations pipe_operations = {
    .read = pipe_file_read,
    .write = pipe_file_write,
    .describe = pipe_describe,
    .ready = pipe_ready,
    .watch = pipe_watch,
    .pass = pipe_pass,
    .close = pipe_close,
};

static struct pipe_file *end_create(uint32_t flags)
{
    struct pipe_file *file = calloc(1, sizeof *file);

    if (file != NULL) {
        file->file = (struct file){ .operations = &pipe_operations, .references = 1, .flags = flags };
        file->end = (flags & O_ACCMODE) == O_RDONLY ? READING : WRITING;
    }
    return file;
}

/* Called with the lock held. */
static void end_attach(struct pipe_file *file, struct pipe *pipe)
{
    file->pipe = pipe;
    pipe->open[file->end]++;
}

/* The pipe of this process with an ID, in the list; status says why there is none. Called with the lock held. */
static struct pipe *pipe_insert(pipe_id_t id, object_key_t key)
{
    struct pipe *pipe = calloc(1, sizeof *pipe);

    if (pipe != NULL) {
        *pipe = (struct pipe){ .next = pipes, .id = id, .key = key, .uses = PIPE_READABLE | PIPE_WRITABLE };
        pipes = pipe;
    }
    return pipe;
}

int pipe_file_create(uint32_t flags, struct file *files_out[2])
{
    struct pipe_file *reading = end_create(O_RDONLY | flags);
    struct pipe_file *writing = end_create(O_WRONLY | flags);
    struct pipe_handle handle;
    status_t status = reading == NULL || writing == NULL ? NO_MEMORY : pipe_create(&handle);

    if (status == OK) {
        lock_acquire(&lock);
        struct pipe *pipe = pipe_insert(handle.id, handle.key);
        if (pipe != NULL) {
            end_attach(reading, pipe);
            end_attach(writing, pipe);
            files_out[0] = &reading->file;
            files_out[1] = &writing->file;
        }
        lock_release(&lock);
        if (pipe != NULL) {
            return 0;
        }
        (void)pipe_leave(handle.id);
        status = NO_MEMORY;
    }
    free(reading);
    free(writing);
    return status == OVER_QUOTA ? -ENFILE : status_error(status);
}

/* Called with the lock held. */
static int pipe_find_or_join(pipe_id_t id, object_key_t key, struct pipe **pipe_out)
{
    struct pipe *pipe = pipes;

    while (pipe != NULL && pipe->id != id) {
        pipe = pipe->next;
    }
    if (pipe == NULL) {
        status_t status = pipe_join(id, key);
        if (status != OK) {
            return status_error(status);
        }
        pipe = pipe_insert(id, key);
        if (pipe == NULL) {
            (void)pipe_leave(id);
            return -ENOMEM;
        }
    }
    *pipe_out = pipe;
    return 0;
}

int pipe_file_join(const uint32_t words[PASSED_WORDS], struct file **file_out)
{
    struct pipe_file *file = end_create(words[3] & O_ACCMODE);
    struct pipe *pipe = NULL;

    if (file == NULL) {
        return -ENOMEM;
    }
    lock_acquire(&lock);
    int result = pipe_find_or_join(words[0], (object_key_t)words[2] << 32 | words[1], &pipe);
    if (result == 0) {
        end_attach(file, pipe);
    }
    lock_release(&lock);
    if (result < 0) {
        free(file);
        return result;
    }
    *file_out = &file->file;
    return 0;
}

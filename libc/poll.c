/* poll and select: waiting for pipes, or for time. Other files are always ready. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <sys/time.h>

#include <ternion/clock.h>

#include "libc/descriptor.h"
#include "libc/events.h"
#include "libc/result.h"
#include "libc/start.h"

START_NEEDED;

#define WHILE_NS (5 * MILLISECOND) /* after which files are looked at that are ready soon */

static int revents_of(struct file *file, short events, bool *soon)
{
    int ready = file->operations->ready == NULL ? POLLIN | POLLOUT : file->operations->ready(file);

    *soon = *soon || (ready & READY_SOON) != 0;
    return ready & (events | POLLERR | POLLHUP);
}

/* Asks all; how many have something to say. If none has, until_ns is when to look again though nothing woke. */
static int look(struct pollfd *descriptors, nfds_t count, struct file *const files[], nanoseconds_t *until_ns)
{
    bool soon = false;
    int found = 0;

    for (nfds_t i = 0; i < count; i++) {
        descriptors[i].revents = 0;
        if (descriptors[i].fd >= 0) {
            descriptors[i].revents = (short)(files[i] == NULL ? POLLNVAL : revents_of(files[i], descriptors[i].events, &soon));
        }
        found += descriptors[i].revents != 0;
    }
    *until_ns = soon ? clock_after(WHILE_NS) : FOREVER;
    return found;
}

static void watch_all(nfds_t count, struct file *const files[], int change)
{
    for (nfds_t i = 0; i < count; i++) {
        if (files[i] != NULL && files[i]->operations->watch != NULL) {
            files[i]->operations->watch(files[i], change);
        }
    }
}

/* How many are ready; 0: the deadline came first. */
static int poll_before(struct pollfd *descriptors, nfds_t count, nanoseconds_t deadline_ns)
{
    struct file *files[DESCRIPTORS_MAX] = { NULL };

    if (count > DESCRIPTORS_MAX) {
        return -EINVAL;
    }
    for (nfds_t i = 0; i < count; i++) {
        files[i] = descriptors[i].fd < 0 ? NULL : descriptor_hold(descriptors[i].fd);
    }
    uint32_t seen = event_pump_count();
    nanoseconds_t until_ns;
    int found = look(descriptors, count, files, &until_ns);
    if (found == 0) {
        watch_all(count, files, 1);
        while ((found = look(descriptors, count, files, &until_ns)) == 0 && clock_now() < deadline_ns) {
            event_pump(seen, until_ns < deadline_ns ? until_ns : deadline_ns);
            seen = event_pump_count();
            watch_all(count, files, 0);
        }
        watch_all(count, files, -1);
    }
    for (nfds_t i = 0; i < count; i++) {
        if (files[i] != NULL) {
            file_release(files[i]);
        }
    }
    return found;
}

int poll(struct pollfd *descriptors, nfds_t count, int timeout_ms)
{
    nanoseconds_t deadline_ns = timeout_ms < 0 ? FOREVER : clock_after((nanoseconds_t)timeout_ms * MILLISECOND);

    return (int)result_or_errno(poll_before(descriptors, count, deadline_ns));
}

/* Fills in what select is asked for. How many descriptors that are; -EBADF: one is not open. */
static int sets_read(int limit, const fd_set *reads, const fd_set *writes, struct pollfd *descriptors)
{
    int count = 0;

    for (int i = 0; i < limit; i++) {
        short events = (short)((reads != NULL && FD_ISSET(i, reads) ? POLLIN : 0) | (writes != NULL && FD_ISSET(i, writes) ? POLLOUT : 0));
        if (events == 0) {
            continue;
        }
        if (descriptor_stays_here(i) < 0) {
            return -EBADF;
        }
        descriptors[count++] = (struct pollfd){ .fd = i, .events = events };
    }
    return count;
}

/* What select answers: an end that can give nothing any more counts as ready. */
static int sets_write(const struct pollfd *descriptors, int count, fd_set *reads, fd_set *writes, fd_set *errors)
{
    fd_set *const sets[] = { reads, writes, errors };
    int found = 0;

    for (unsigned i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        if (sets[i] != NULL) {
            FD_ZERO(sets[i]);
        }
    }
    for (int i = 0; i < count; i++) {
        const struct pollfd *one = &descriptors[i];
        if ((one->events & POLLIN) != 0 && (one->revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
            FD_SET(one->fd, reads);
            found++;
        }
        if ((one->events & POLLOUT) != 0 && (one->revents & (POLLOUT | POLLERR)) != 0) {
            FD_SET(one->fd, writes);
            found++;
        }
    }
    return found;
}

static int select_before(int limit, fd_set *reads, fd_set *writes, fd_set *errors, nanoseconds_t deadline_ns)
{
    struct pollfd descriptors[FD_SETSIZE];

    if (limit < 0 || limit > FD_SETSIZE) {
        return -EINVAL;
    }
    int count = sets_read(limit, reads, writes, descriptors);
    int result = count < 0 ? count : poll_before(descriptors, (nfds_t)count, deadline_ns);
    return result < 0 ? result : sets_write(descriptors, count, reads, writes, errors);
}

int select(int limit, fd_set *reads, fd_set *writes, fd_set *errors, struct timeval *timeout)
{
    nanoseconds_t deadline_ns = FOREVER;

    if (timeout != NULL) {
        if (timeout->tv_sec < 0 || timeout->tv_usec < 0 || timeout->tv_usec >= 1000000) {
            return (int)result_or_errno(-EINVAL);
        }
        deadline_ns = clock_after((nanoseconds_t)timeout->tv_sec * SECOND + (nanoseconds_t)timeout->tv_usec * MICROSECOND);
    }
    return (int)result_or_errno(select_before(limit, reads, writes, errors, deadline_ns));
}

int pselect(int limit, fd_set *reads, fd_set *writes, fd_set *errors, const struct timespec *timeout, const sigset_t *mask)
{
    nanoseconds_t deadline_ns = FOREVER;
    sigset_t before;

    if (timeout != NULL) {
        if (timeout->tv_sec < 0 || timeout->tv_nsec < 0 || timeout->tv_nsec >= 1000000000) {
            return (int)result_or_errno(-EINVAL);
        }
        deadline_ns = clock_after((nanoseconds_t)timeout->tv_sec * SECOND + (nanoseconds_t)timeout->tv_nsec);
    }
    if (mask != NULL) {
        (void)sigprocmask(SIG_SETMASK, mask, &before);
    }
    int result = select_before(limit, reads, writes, errors, deadline_ns);
    if (mask != NULL) {
        (void)sigprocmask(SIG_SETMASK, &before, NULL);
    }
    return (int)result_or_errno(result);
}

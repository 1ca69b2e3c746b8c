/* poll: waiting for descriptors. POSIX.1-2008, <poll.h>. */
#pragma once

#include <sys/cdefs.h>

__BEGIN_DECLS

typedef unsigned int nfds_t;

struct pollfd {
    int fd;         /* negative: left out */
    short events;   /* POLLIN, POLLOUT */
    short revents;  /* those, and POLLERR, POLLHUP, POLLNVAL */
};

#define POLLIN 0x001
#define POLLPRI 0x002
#define POLLOUT 0x004
#define POLLERR 0x008
#define POLLHUP 0x010
#define POLLNVAL 0x020
#define POLLRDNORM POLLIN
#define POLLWRNORM POLLOUT

/* timeout_ms: negative: for ever. */
int poll(struct pollfd *descriptors, nfds_t count, int timeout_ms);

__END_DECLS

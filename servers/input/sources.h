/* The keyboards and pointers that there are, a thread for each. */
#pragma once

#include <ternion/lock.h>

/* Protects all that the threads share: typing.h, clients.h. */
extern struct lock input_lock;

/* Starts threads for devices that have none yet. A thread stays: a device of that name may come back. */
void sources_find(void);

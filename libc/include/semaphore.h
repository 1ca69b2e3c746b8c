/* Semaphores between the threads of a process. POSIX.1-2008, <semaphore.h>; without those that have names or are shared. */
#pragma once

#include <sys/cdefs.h>
#include <sys/types.h>
#include <time.h>

__BEGIN_DECLS

typedef struct {
    __uint32_t __count;
    __uint32_t __waiting;
} sem_t;

#define SEM_VALUE_MAX 0x7FFFFFFF

int sem_init(sem_t *semaphore, int shared, unsigned value);
int sem_destroy(sem_t *semaphore);
int sem_wait(sem_t *semaphore);
int sem_trywait(sem_t *semaphore);
int sem_timedwait(sem_t *__restrict semaphore, const struct timespec *__restrict deadline);
int sem_post(sem_t *semaphore);
int sem_getvalue(sem_t *__restrict semaphore, int *__restrict value_out);

__END_DECLS

/* The types of <pthread.h>, in place of newlib's own. What their names begin with two underlines is the library's. */
#pragma once

#include <sys/sched.h>
#include <sys/_types.h>

#define PTHREAD_SCOPE_PROCESS 0
#define PTHREAD_SCOPE_SYSTEM 1

#define PTHREAD_CREATE_DETACHED 0
#define PTHREAD_CREATE_JOINABLE 1

#define PTHREAD_PROCESS_PRIVATE 0
#define PTHREAD_PROCESS_SHARED 1

#define PTHREAD_MUTEX_NORMAL 0
#define PTHREAD_MUTEX_RECURSIVE 1
#define PTHREAD_MUTEX_ERRORCHECK 2
#define PTHREAD_MUTEX_DEFAULT PTHREAD_MUTEX_NORMAL

#define PTHREAD_STACK_MIN 4096
#define PTHREAD_KEYS_MAX 64

typedef __uint32_t pthread_t;
typedef __uint32_t pthread_key_t;

typedef struct {
    int detachstate;
    __size_t stacksize;
} pthread_attr_t;

typedef struct {
    int type;
} pthread_mutexattr_t;

typedef struct {
    __uint32_t __lock;
    __uint32_t __owner;     /* thread, while it is held */
    __uint32_t __count;     /* how often a recursive one is held */
    int __type;
} pthread_mutex_t;

#define _PTHREAD_MUTEX_INITIALIZER { 0, 0, 0, PTHREAD_MUTEX_DEFAULT }
#define PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP { 0, 0, 0, PTHREAD_MUTEX_RECURSIVE }

typedef struct {
    __clockid_t clock;
} pthread_condattr_t;

typedef struct {
    __uint32_t __sequence;
    __uint32_t __waiting;
    __clockid_t __clock;    /* 0: the time of day */
} pthread_cond_t;

#define _PTHREAD_COND_INITIALIZER { 0, 0, 0 }

typedef struct {
    __uint32_t __state;
} pthread_once_t;

#define _PTHREAD_ONCE_INIT { 0 }

typedef struct {
    int __reserved;
} pthread_rwlockattr_t;

typedef struct {
    __uint32_t __lock;              /* protects the rest */
    __uint32_t __changed[2];        /* a condition */
    __uint32_t __readers;
    __uint32_t __writer;            /* thread that holds it, or 0 */
    __uint32_t __writers_waiting;   /* before whom no new reader comes */
} pthread_rwlock_t;

#define _PTHREAD_RWLOCK_INITIALIZER { 0, { 0, 0 }, 0, 0, 0 }

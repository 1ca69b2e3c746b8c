/* The locks that newlib takes where threads must not meet: around its lists of files, the environment, each FILE. <sys/lock.h>. */
#include <stdlib.h>
#include <sys/lock.h>

#include <ternion/lock.h>
#include <ternion/log.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

/* Recursive or not: the same. */
struct __lock {
    struct lock lock;
    thread_id_t owner;      /* written by the owner alone */
    uint32_t count;
};

struct __lock __lock___sinit_recursive_mutex;
struct __lock __lock___sfp_recursive_mutex;
struct __lock __lock___atexit_recursive_mutex;
struct __lock __lock___at_quick_exit_mutex;
struct __lock __lock___malloc_recursive_mutex;
struct __lock __lock___env_recursive_mutex;
struct __lock __lock___tz_mutex;
struct __lock __lock___dd_hash_mutex;
struct __lock __lock___arc4random_mutex;

void __retarget_lock_init_recursive(_LOCK_T *lock_out)
{
    *lock_out = calloc(1, sizeof **lock_out);
    if (*lock_out == NULL) { /* newlib asks for no answer */
        static const char why[] = "no memory for a lock of the C library";
        (void)log_write(LOG_ERROR, why, sizeof why - 1);
        process_exit(EXIT_FAILURE);
    }
}

void __retarget_lock_init(_LOCK_T *lock_out)
{
    __retarget_lock_init_recursive(lock_out);
}

void __retarget_lock_close_recursive(_LOCK_T lock)
{
    free(lock);
}

void __retarget_lock_close(_LOCK_T lock)
{
    free(lock);
}

static int own_again(_LOCK_T lock)
{
    if (__atomic_load_n(&lock->owner, __ATOMIC_RELAXED) != thread_slot()->thread) {
        return 0;
    }
    lock->count++;
    return 1;
}

static void own(_LOCK_T lock)
{
    __atomic_store_n(&lock->owner, thread_slot()->thread, __ATOMIC_RELAXED);
    lock->count = 1;
}

void __retarget_lock_acquire_recursive(_LOCK_T lock)
{
    if (!own_again(lock)) {
        if (!lock_try(&lock->lock)) {
            lock_acquire(&lock->lock);
        }
        own(lock);
    }
}

int __retarget_lock_try_acquire_recursive(_LOCK_T lock)
{
    if (own_again(lock)) {
        return 1;
    }
    if (!lock_try(&lock->lock)) {
        return 0;
    }
    own(lock);
    return 1;
}

void __retarget_lock_release_recursive(_LOCK_T lock)
{
    if (--lock->count == 0) {
        __atomic_store_n(&lock->owner, 0, __ATOMIC_RELAXED);
        lock_release(&lock->lock);
    }
}

void __retarget_lock_acquire(_LOCK_T lock)
{
    __retarget_lock_acquire_recursive(lock);
}

int __retarget_lock_try_acquire(_LOCK_T lock)
{
    return __retarget_lock_try_acquire_recursive(lock);
}

void __retarget_lock_release(_LOCK_T lock)
{
    __retarget_lock_release_recursive(lock);
}

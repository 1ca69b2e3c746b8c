/* Values that each thread has of its own. */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>

#include <ternion/lock.h>

#include "libc/thread.h"

#define DESTRUCTOR_ROUNDS 4 /* destructors may set values again; POSIX's PTHREAD_DESTRUCTOR_ITERATIONS is at least 4 */

typedef void destructor_t(void *value);

struct key {
    bool is_used;
    destructor_t *destructor;
};

static struct lock lock; /* protects the table */
static struct key keys[PTHREAD_KEYS_MAX];

int pthread_key_create(pthread_key_t *key_out, destructor_t *destructor)
{
    pthread_key_t key = 0;

    lock_acquire(&lock);
    while (key < PTHREAD_KEYS_MAX && keys[key].is_used) {
        key++;
    }
    if (key < PTHREAD_KEYS_MAX) {
        keys[key] = (struct key){ true, destructor };
        *key_out = key;
    }
    lock_release(&lock);
    return key < PTHREAD_KEYS_MAX ? 0 : EAGAIN;
}

/* Values of a deleted key are forgotten, in threads that live too: a later key of this number begins with NULL in new ones. */
int pthread_key_delete(pthread_key_t key)
{
    int result = EINVAL;

    if (key < PTHREAD_KEYS_MAX) {
        lock_acquire(&lock);
        if (keys[key].is_used) {
            keys[key] = (struct key){ false, NULL };
            result = 0;
        }
        lock_release(&lock);
    }
    return result;
}

int pthread_setspecific(pthread_key_t key, const void *value)
{
    struct thread *thread = thread_self();

    if (key >= PTHREAD_KEYS_MAX || !keys[key].is_used) {
        return EINVAL;
    }
    if (thread == NULL) {
        return ENOMEM;
    }
    thread->values[key] = value;
    return 0;
}

void *pthread_getspecific(pthread_key_t key)
{
    struct thread *thread = key < PTHREAD_KEYS_MAX ? thread_self() : NULL;

    return thread == NULL ? NULL : (void *)thread->values[key];
}

static destructor_t *destructor_of(pthread_key_t key)
{
    lock_acquire(&lock);
    destructor_t *destructor = keys[key].destructor;
    lock_release(&lock);
    return destructor;
}

void thread_keys_destroy(struct thread *thread)
{
    bool again = true;

    for (int round = 0; round < DESTRUCTOR_ROUNDS && again; round++) {
        again = false;
        for (pthread_key_t key = 0; key < PTHREAD_KEYS_MAX; key++) {
            void *value = (void *)thread->values[key];
            destructor_t *destructor = value == NULL ? NULL : destructor_of(key);
            thread->values[key] = NULL;
            if (destructor != NULL) {
                destructor(value);
                again = true;
            }
        }
    }
}

#include "libc/descriptor.h"

#include <errno.h>
#include <stddef.h>

#include "libc/standard_files.h"

struct descriptor {
    struct file *file; /* NULL: free */
    bool stays_here;
};

static struct lock lock; /* protects the table */
static struct descriptor table[DESCRIPTORS_MAX] = {
    [0] = { &file_nothing.file, false },
    [1] = { &file_log_output.file, false },
    [2] = { &file_log_errors.file, false },
};

static bool in_table(int descriptor)
{
    return descriptor >= 0 && descriptor < DESCRIPTORS_MAX;
}

int descriptor_add(struct file *file, int lowest, bool stays_here)
{
    if (!in_table(lowest)) {
        return -EINVAL;
    }
    lock_acquire(&lock);
    int number = lowest;
    while (number < DESCRIPTORS_MAX && table[number].file != NULL) {
        number++;
    }
    if (number < DESCRIPTORS_MAX) {
        table[number] = (struct descriptor){ file, stays_here };
    } else {
        number = -EMFILE;
    }
    lock_release(&lock);
    return number;
}

struct file *descriptor_hold(int descriptor)
{
    struct file *file = NULL;

    if (in_table(descriptor)) {
        lock_acquire(&lock);
        file = table[descriptor].file;
        if (file != NULL) {
            file_hold(file);
        }
        lock_release(&lock);
    }
    return file;
}

/* Puts an entry in the place of another; the file that was there, not yet released. */
static struct file *exchange(int descriptor, struct descriptor entry)
{
    lock_acquire(&lock);
    struct file *file = table[descriptor].file;
    table[descriptor] = entry;
    lock_release(&lock);
    return file;
}

int descriptor_close(int descriptor)
{
    struct file *file = in_table(descriptor) ? exchange(descriptor, (struct descriptor){ NULL, false }) : NULL;

    if (file == NULL) {
        return -EBADF;
    }
    file_release(file);
    return 0;
}

int descriptor_replace(int descriptor, struct file *file, bool stays_here)
{
    if (!in_table(descriptor)) {
        return -EBADF;
    }
    struct file *before = exchange(descriptor, (struct descriptor){ file, stays_here });
    if (before != NULL) {
        file_release(before);
    }
    return descriptor;
}

int descriptor_stays_here(int descriptor)
{
    int result = -EBADF;

    if (in_table(descriptor)) {
        lock_acquire(&lock);
        result = table[descriptor].file == NULL ? -EBADF : table[descriptor].stays_here;
        lock_release(&lock);
    }
    return result;
}

int descriptor_set_stays_here(int descriptor, bool stays_here)
{
    int result = -EBADF;

    if (in_table(descriptor)) {
        lock_acquire(&lock);
        if (table[descriptor].file != NULL) {
            table[descriptor].stays_here = stays_here;
            result = 0;
        }
        lock_release(&lock);
    }
    return result;
}

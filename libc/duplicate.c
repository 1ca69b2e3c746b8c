/* dup, dup2 and fcntl: more descriptors for an open file, and what is said of them. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

#include "libc/descriptor.h"
#include "libc/result.h"
#include "libc/start.h"

START_NEEDED;

#define SETTABLE (O_APPEND | O_NONBLOCK) /* by F_SETFL */
#define TOLD (O_ACCMODE | O_SYNC | SETTABLE) /* by F_GETFL: what was said of making the file is none of its flags */

static int duplicate(int descriptor, int lowest, bool stays_here)
{
    struct file *file = descriptor_hold(descriptor);

    if (file == NULL) {
        return -EBADF;
    }
    int result = descriptor_add(file, lowest, stays_here);
    if (result < 0) {
        file_release(file);
    }
    return result;
}

static int duplicate_to(int descriptor, int target, bool stays_here)
{
    struct file *file = descriptor_hold(descriptor);

    if (file == NULL) {
        return -EBADF;
    }
    int result = descriptor == target ? target : descriptor_replace(target, file, stays_here);
    if (result < 0 || descriptor == target) {
        file_release(file);
    }
    return result;
}

int dup(int descriptor)
{
    return (int)result_or_errno(duplicate(descriptor, 0, false));
}

int dup2(int descriptor, int target)
{
    return (int)result_or_errno(duplicate_to(descriptor, target, false));
}

int dup3(int descriptor, int target, int flags)
{
    if (descriptor == target || (flags & ~O_CLOEXEC) != 0) {
        return (int)result_or_errno(-EINVAL);
    }
    return (int)result_or_errno(duplicate_to(descriptor, target, (flags & O_CLOEXEC) != 0));
}

static int flags_get(int descriptor)
{
    struct file *file = descriptor_hold(descriptor);

    if (file == NULL) {
        return -EBADF;
    }
    int flags = (int)file->flags & TOLD;
    file_release(file);
    return flags;
}

static int flags_set(int descriptor, int flags)
{
    struct file *file = descriptor_hold(descriptor);

    if (file == NULL) {
        return -EBADF;
    }
    lock_acquire(&file->lock);
    file->flags = (file->flags & ~(uint32_t)SETTABLE) | ((uint32_t)flags & SETTABLE);
    lock_release(&file->lock);
    file_release(file);
    return 0;
}

int fcntl(int descriptor, int command, ...)
{
    va_list arguments;
    int result;

    va_start(arguments, command);
    int argument = command == F_GETFD || command == F_GETFL ? 0 : va_arg(arguments, int);
    va_end(arguments);
    switch (command) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
        result = duplicate(descriptor, argument, command == F_DUPFD_CLOEXEC);
        break;
    case F_GETFD:
        result = descriptor_stays_here(descriptor);
        break;
    case F_SETFD:
        result = descriptor_set_stays_here(descriptor, (argument & FD_CLOEXEC) != 0);
        break;
    case F_GETFL:
        result = flags_get(descriptor);
        break;
    case F_SETFL:
        result = flags_set(descriptor, argument);
        break;
    default: /* locks on parts of files among them */
        result = descriptor_stays_here(descriptor);
        result = result < 0 ? result : -EINVAL;
        break;
    }
    return (int)result_or_errno(result);
}

/* wait and waitpid: what became of the processes that this one has spawned. */
#include <sys/wait.h>

#include <errno.h>
#include <signal.h>

#include <ternion/clock.h>

#include "libc/children.h"
#include "libc/events.h"
#include "libc/result.h"

/* Intel SDM volume 3, table 6-1: what POSIX calls the processor's exceptions. */
static int exception_signal(uint32_t number)
{
    static const uint8_t signals[] = {
        [0] = SIGFPE, [1] = SIGTRAP, [3] = SIGTRAP, [4] = SIGFPE, [5] = SIGSEGV, [6] = SIGILL, [7] = SIGFPE, [9] = SIGFPE,
        [11] = SIGSEGV, [12] = SIGSEGV, [13] = SIGSEGV, [14] = SIGSEGV, [16] = SIGFPE, [17] = SIGBUS, [19] = SIGFPE,
    };

    return number < sizeof signals && signals[number] != 0 ? signals[number] : SIGKILL;
}

/* An exit code of the kernel as <sys/wait.h> takes it apart. */
static int wait_status(uint32_t code)
{
    uint32_t low = code & 0xFF;

    switch (code & ~0xFFU) {
    case 0:
        return (int)(low << 8);
    case EXIT_FAULT:
        return exception_signal(low);
    case EXIT_STACK_NO_MEMORY:
        return SIGSEGV;
    case EXIT_TERMINATED:           /* by kill, with the number of the signal; or by another, with what it chose */
        return low > 0 && low < NSIG ? (int)low : SIGKILL;
    default:
        return SIGKILL;
    }
}

/* There are no groups of processes: 0 and -1 are any child, and all else is one. */
static process_id_t process_of(pid_t pid)
{
    return pid == -1 || pid == 0 ? 0 : (process_id_t)pid;
}

pid_t waitpid(pid_t pid, int *status_out, int options)
{
    process_id_t id = 0;
    uint32_t code = 0;

    if ((options & ~(WNOHANG | WUNTRACED)) != 0) {
        return (pid_t)result_or_errno(-EINVAL);
    }
    for (;;) {
        uint32_t seen = event_pump_count();
        int taken = child_take(process_of(pid), &id, &code);
        if (taken == 0) {
            event_pump(seen, (options & WNOHANG) != 0 ? clock_now() : FOREVER);
            taken = (options & WNOHANG) != 0 ? child_take(process_of(pid), &id, &code) : 0;
        }
        if (taken < 0) {
            return (pid_t)result_or_errno(taken);
        }
        if (taken > 0) {
            break;
        }
        if ((options & WNOHANG) != 0) {
            return 0;
        }
    }
    if (status_out != NULL) {
        *status_out = wait_status(code);
    }
    return (pid_t)id;
}

pid_t wait(int *status_out)
{
    return waitpid(-1, status_out, 0);
}

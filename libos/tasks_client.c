#include <ternion/clock.h>
#include <ternion/process.h>
#include <ternion/tasks.h>

#define PATIENCE_NS (5 * SECOND) /* a supervised server is back by then, or given up */
#define PAUSE_NS (10 * MILLISECOND)

/* A request, until somebody has answered it. */
struct attempt {
    process_id_t server;
    nanoseconds_t deadline_ns;       /* 0: it has not begun */
    status_t status;                 /* of the attempt that was made last */
    bool is_lost;                    /* a server took it, and died: it was done, or not */
};

static bool is_gone(status_t status)
{
    return status == BAD_ID || status == PEER_DIED || status == DISCARDED;
}

/* BAD_ID is what the server says of a process that has ended, and the kernel of the server. */
static bool is_server_gone(const struct attempt *attempt)
{
    process_id_t now;

    return is_gone(attempt->status)
        && (attempt->status != BAD_ID || name_find(TASKS_SERVER, &now) != OK || now != attempt->server);
}

/* True: ask the server. False: the status is the answer. */
static bool attempt_next(struct attempt *attempt)
{
    if (attempt->deadline_ns == 0) {
        attempt->deadline_ns = clock_after(PATIENCE_NS);
    } else {
        if (!is_server_gone(attempt)) {
            return false;
        }
        attempt->is_lost |= attempt->status != BAD_ID;
        if (clock_now() >= attempt->deadline_ns) {
            attempt->status = TIMED_OUT;
            return false;
        }
        clock_sleep(PAUSE_NS);
    }
    attempt->status = name_wait(TASKS_SERVER, attempt->deadline_ns, &attempt->server);
    return attempt->status == OK;
}

status_t tasks_end(process_id_t process, uint32_t code, uint32_t flags)
{
    struct tasks_end_request request = { process, code, flags };
    struct attempt attempt = { 0 };

    while (attempt_next(&attempt)) {
        attempt.status = tasks_call_end(attempt.server, &request, NULL);
    }
    /* Who is gone when it is asked for again was ended the first time. */
    return attempt.status == BAD_ID && attempt.is_lost ? OK : attempt.status;
}

status_t tasks_sleep(process_id_t process, uint32_t flags)
{
    struct tasks_process_request request = { process, flags };
    struct attempt attempt = { 0 };

    while (attempt_next(&attempt)) {
        attempt.status = tasks_call_sleep(attempt.server, &request, NULL);
    }
    return attempt.status;
}

status_t tasks_wake(process_id_t process, uint32_t flags)
{
    struct tasks_process_request request = { process, flags };
    struct attempt attempt = { 0 };

    while (attempt_next(&attempt)) {
        attempt.status = tasks_call_wake(attempt.server, &request, NULL);
    }
    return attempt.status;
}

status_t tasks_power(power_action_t action)
{
    struct tasks_power_request request = { action };
    struct attempt attempt = { 0 };

    while (attempt_next(&attempt)) {
        attempt.status = tasks_call_power(attempt.server, &request, NULL);
    }
    return attempt.status;
}

status_t tasks_clock(const struct date_time *time)
{
    struct attempt attempt = { 0 };

    while (attempt_next(&attempt)) {
        attempt.status = tasks_call_clock(attempt.server, time, NULL);
        if (attempt.status == PEER_DIED) {
            break;               /* meanwhile the time may have become another */
        }
    }
    return attempt.status;
}

/*
 * The task manager: what applications may do to each other. The protocol of s\tasks, and its client.
 *
 * An application cannot end or put to sleep anybody itself; it asks s\tasks, which decides. A *session* is a program that d\init has started
 * (or the kernel), its *first program*, with all that it has started, and what those have, and so on. What a program has started when it ends
 * is its parent's from then on. An application may do to
 *     itself, and applications of its own session     everything; but the first program cannot be put to sleep: nobody would wake it
 *     others                                          nothing: NOT_ALLOWED
 * Drivers, servers and applications with a role, as a\log, are nobody's to end here.
 *
 * A session is a *person's* if its first program is among the arguments of s\tasks, and d\init watches over it: `power=a\shell,a\shell.serial`.
 * Its applications may have the machine switched off or rebooted, and the clock set; and they may do everything to sessions whose first program d\init does not
 * watch over: what a shell that has died had left, and applications of the boot list.
 *
 * Servers and drivers can do it without s\tasks, and get NOT_ALLOWED: whoever asks for another asks for himself.
 */
#pragma once

#include <abi/process.h>
#include <abi/system.h>
#include <ternion/clock_device.h>
#include <ternion/protocol.h>

#define TASKS_SERVER "s\\tasks"

#define TASKS_TREE 1U                /* flags: it, and all that it has started, and what those have */
#define TASKS_BELOW 2U               /* flags: the same without itself; not with TASKS_TREE */

struct tasks_end_request {
    process_id_t process;
    uint32_t code;                   /* 0 to 255: its exit code is EXIT_TERMINATED and this */
    uint32_t flags;                  /* TASKS_TREE, TASKS_BELOW or 0 */
};

struct tasks_process_request {
    process_id_t process;
    uint32_t flags;                  /* TASKS_TREE, TASKS_BELOW or 0 */
};

struct tasks_power_request {
    power_action_t action;
};

/* Statuses: BAD_ID: it has ended; NOT_ALLOWED; BAD_ARGUMENT; of power, those of init_power. NO_MEMORY: a tree of more processes than there can be. */
#define TASKS_PROTOCOL(OPERATION, TRANSFER, tasks_call) \
    OPERATION(tasks_call, end, 1, struct tasks_end_request, struct nothing) \
    OPERATION(tasks_call, sleep, 2, struct tasks_process_request, struct nothing)   /* until it is woken */ \
    OPERATION(tasks_call, wake, 3, struct tasks_process_request, struct nothing) \
    OPERATION(tasks_call, power, 4, struct tasks_power_request, struct nothing) \
    OPERATION(tasks_call, clock, 5, struct date_time, struct nothing)               /* sets it; statuses of clock_device_set, NOT_FOUND: there is none */
PROTOCOL_DECLARE(tasks_call, 0x0023, 1, TASKS_PROTOCOL)

/*
 * These find s\tasks by themselves, and again when it has died: 5 s in all, then TIMED_OUT. They block until it is done: who is ended is gone. Ending,
 * putting to sleep and waking twice does no harm, so they ask again. Of a tree nobody gets away by starting others: all of it sleeps before the
 * first is ended.
 *   process   SELF is fine
 */
[[nodiscard]] status_t tasks_end(process_id_t process, uint32_t code, uint32_t flags);
[[nodiscard]] status_t tasks_sleep(process_id_t process, uint32_t flags);
[[nodiscard]] status_t tasks_wake(process_id_t process, uint32_t flags);
[[nodiscard]] status_t tasks_power(power_action_t action);

/* Sets the clock; not again if s\tasks dies: PEER_DIED. */
[[nodiscard]] status_t tasks_clock(const struct date_time *time);

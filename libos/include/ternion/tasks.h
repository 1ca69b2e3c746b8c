/*
 * The task manager: what applications may do to each other. The protocol of s\tasks, and its client.
 *
 * An application cannot end or put to sleep anybody itself; it asks s\tasks, which decides. A *session* is a program that d\init has started
 * (or the kernel), with all that it has started, and what those have, and so on. An application may do to
 *     itself, and applications of its own session     everything
 *     others                                          nothing: NOT_ALLOWED
 * Servers and drivers can do it without s\tasks, and get NOT_ALLOWED: whoever asks for another asks for himself. The machine is switched off or
 * rebooted for an application of a session whose first program is among the arguments of s\tasks: `power=a\shell,a\shell.serial`.
 */
#pragma once

#include <abi/process.h>
#include <abi/system.h>
#include <ternion/protocol.h>

#define TASKS_TREE 1U                /* flags: it, and all that it has started, and what those have */

struct tasks_end_request {
    process_id_t process;
    uint32_t code;                   /* 0 to 255: its exit code is EXIT_TERMINATED and this */
    uint32_t flags;                  /* TASKS_TREE or 0 */
};

struct tasks_process_request {
    process_id_t process;
    uint32_t flags;                  /* TASKS_TREE or 0 */
};

struct tasks_power_request {
    power_action_t action;
};

/* Statuses: BAD_ID; NOT_ALLOWED; BAD_ARGUMENT; of power, those of init_power. */
#define TASKS_PROTOCOL(OPERATION, TRANSFER, tasks_call) \
    OPERATION(tasks_call, end, 1, struct tasks_end_request, struct nothing) \
    OPERATION(tasks_call, sleep, 2, struct tasks_process_request, struct nothing)   /* until it is woken */ \
    OPERATION(tasks_call, wake, 3, struct tasks_process_request, struct nothing) \
    OPERATION(tasks_call, power, 4, struct tasks_power_request, struct nothing)
PROTOCOL_DECLARE(tasks_call, 0x0023, 1, TASKS_PROTOCOL)

/*
 * These find s\tasks by themselves, and again when it has died: 5 s in all, then TIMED_OUT. They block until it is done: who is ended is gone. Ending,
 * putting to sleep and waking twice does no harm, so they ask again. With TASKS_TREE nobody of the tree gets away by starting others.
 */
[[nodiscard]] status_t tasks_end(process_id_t process, uint32_t code, uint32_t flags);
[[nodiscard]] status_t tasks_sleep(process_id_t process, uint32_t flags);
[[nodiscard]] status_t tasks_wake(process_id_t process, uint32_t flags);
[[nodiscard]] status_t tasks_power(power_action_t action);

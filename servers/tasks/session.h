/*
 * Who may do what to whom: the rules of ternion/tasks.h. Nothing is remembered: each answer is what the kernel, and d\init, say now.
 */
#pragma once

#include <stdbool.h>

#include <abi/process.h>
#include <abi/status.h>

struct target {
    process_id_t id;
    bool is_first;                   /* it is the first program of its session */
};

/*
 * May an application do everything to a process?
 *   process   SELF: to itself
 * Statuses: OK; NOT_ALLOWED; BAD_ID: the process, or who asks, has ended.
 */
[[nodiscard]] status_t session_allows(process_id_t caller, process_id_t process, struct target *target_out);

/* May it have the machine switched off? Statuses: OK; NOT_ALLOWED; BAD_ID: it has ended. */
[[nodiscard]] status_t session_has_power(process_id_t caller);

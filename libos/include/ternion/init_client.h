/*
 * The protocol of the supervisor d\init.
 *
 *     INIT_INFORMATION   words[1]  index of an entry of its list, from 0 on; any process may ask
 *         answer         words[0]  OK; NOT_FOUND: there are no more
 *                        words[1]  enum supervised_state
 *                        words[2]  the process, or 0
 *                        words[3]  times that it was started again
 *                        string    its name
 *
 *     INIT_POWER         words[1]  POWER_REBOOT, POWER_OFF or POWER_HALT; servers and drivers only.
 *                        The log is written out first.
 *         answer         words[0]  OK: it will happen; NOT_ALLOWED; BAD_ARGUMENT; BUSY: it is happening already
 */
#pragma once

#include <abi/status.h>
#include <abi/system.h>

enum init_operation {
    INIT_INFORMATION = 1,
    INIT_POWER = 2,
};

enum supervised_state {
    SUPERVISED_RUNNING,
    SUPERVISED_RESTARTING,  /* it died; the next start is due */
    SUPERVISED_ENDED,       /* it ended, and is not to be started again */
    SUPERVISED_GIVEN_UP,    /* it died too often, or cannot be started */
    SUPERVISED_STATE_COUNT,
};

struct supervised_information {
    uint32_t state;
    process_id_t process;
    uint32_t restarts;
    char name[NAME_SIZE_MAX + 1];
};

/* Tells about an entry of the supervisor's list. Statuses: NOT_FOUND, and those of message_ask. */
[[nodiscard]] status_t init_information(process_id_t init, uint32_t index,
                                        struct supervised_information *information_out);

/* Asks for an orderly end of the machine's work. Statuses: NOT_ALLOWED, BAD_ARGUMENT, BUSY, and those of message_ask. */
[[nodiscard]] status_t init_power(process_id_t init, power_action_t action);

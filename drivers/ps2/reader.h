/* The one who waits for what a device has to say. */
#pragma once

#include <ternion/server.h>

/* All zeroes: nobody waits. */
struct reader {
    struct pending_call call;
    bool is_waiting;
};

/*
 * A read: it is answered later. A process that reads again takes the place of its own older read, which is answered with BUSY if
 * anybody still waits there. Statuses: those of server_answer_later; BUSY: another process, which is alive, waits.
 */
[[nodiscard]] status_t reader_wait(struct reader *reader, const struct server_call *call);

#include <abi/process.h>

#include <ternion/syscall.h>

#include "reader.h"

/* Asked only when it matters; a reader that has died needs no farewell. */
static bool is_alive(process_id_t process)
{
    static struct process_information information;

    return process_information(process, &information) == OK;
}

status_t reader_wait(struct reader *reader, const struct server_call *call)
{
    if (call->id == 0) {
        return OK;               /* a request without a place for the answer */
    }
    if (reader->is_waiting && reader->call.sender != call->sender && is_alive(reader->call.sender)) {
        return BUSY;
    }
    if (reader->is_waiting) {
        (void)server_answer(&reader->call, call->shape, BUSY, NULL, NULL);
    }
    reader->is_waiting = true;
    return server_answer_later(call, &reader->call);
}

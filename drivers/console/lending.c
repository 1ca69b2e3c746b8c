#include "lending.h"

#include <ternion/syscall.h>

#include "screen.h"

static process_id_t borrower;        /* 0: nobody */

static status_t check(const struct server_call *call)
{
    if (call->sender_class != CLASS_DRIVER) {
        return NOT_ALLOWED;
    }
    return borrower != 0 && borrower != call->sender ? BUSY : OK;
}

status_t lending_lend(const struct server_call *call)
{
    status_t status = check(call);

    if (status == OK && borrower == 0) {
        status = process_watch(call->sender);
    }
    if (status == OK) {
        borrower = call->sender;
        screen_lend();
    }
    return status;
}

/* Also of who has not borrowed it: this driver may have died since. */
status_t lending_take_back(const struct server_call *call, struct terminal *terminal)
{
    status_t status = check(call);

    if (status != OK) {
        return status;
    }
    if (borrower != 0) {
        (void)process_unwatch(borrower);
        borrower = 0;
    }
    return screen_take_back(terminal) ? OK : FAULT;
}

void lending_forget(process_id_t process, struct terminal *terminal)
{
    if (process == borrower) {
        borrower = 0;
        (void)screen_take_back(terminal);
    }
}

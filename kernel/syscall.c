#include "syscall.h"

#include "syscall_handlers.h"

status_t syscall_missing(struct registers *registers)
{
    (void)registers;
    return BAD_SYSTEM_CALL;
}

status_t syscall_refused(struct registers *registers)
{
    (void)registers;
    return NOT_ALLOWED;
}

status_t sys_system_null(void)
{
    return OK;
}

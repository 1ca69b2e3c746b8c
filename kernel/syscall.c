#include "syscall.h"

#include <abi/system.h>

#include "panic.h"
#include "random.h"
#include "syscall_handlers.h"
#include "user_memory.h"

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

status_t syscall_checked(uint32_t number, status_t status)
{
    if (status >= STATUS_COUNT || (syscall_statuses[number] & 1U << status) == 0) {
        panic("system call %u answers status %u, which syscall.def does not declare", number, status);
    }
    return status;
}

status_t sys_system_null(void)
{
    return OK;
}

status_t sys_system_random(void USER *bytes_out, uint32_t size)
{
    uint8_t bytes[RANDOM_SIZE_MAX];

    if (size > sizeof bytes) {
        return TOO_BIG;
    }
    random_fill(bytes, size);
    return user_write(bytes_out, bytes, size);
}

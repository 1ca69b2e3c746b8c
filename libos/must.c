#include <ternion/log.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

_Noreturn void must_failed(status_t status, const char *expression, const char *file, unsigned line)
{
    log_print(LOG_ERROR, "%s:%u: %s: %s: %s", file, line, expression, status_name(status), status_meaning(status));
    process_exit(1);
}

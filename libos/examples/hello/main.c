/* The smallest program: one line for the log. */
#include <ternion/log.h>

int main(void)
{
    log_print(LOG_INFORMATION, "hello");
    return 0;
}

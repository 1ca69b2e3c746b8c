#include <ternion/format.h>
#include <ternion/process.h>

const char *exit_describe(uint32_t code, char *buffer, size_t size)
{
    if (code < EXIT_TERMINATED) {
        format_text(buffer, size, "exit code %u", code);
    } else if (code < EXIT_FAULT) {
        format_text(buffer, size, "terminated by another process (code %u)", code & 0xFF);
    } else if (code < EXIT_STACK_NO_MEMORY) {
        format_text(buffer, size, "ended by a fault (exception %u)", code & 0xFF);
    } else if (code == EXIT_STACK_NO_MEMORY) {
        format_text(buffer, size, "no memory for its stack to grow");
    } else if (code == EXIT_STRIKES) {
        format_text(buffer, size, "unloaded: too many strikes");
    } else {
        format_text(buffer, size, "ended by the kernel (code 0x%x)", code);
    }
    return buffer;
}

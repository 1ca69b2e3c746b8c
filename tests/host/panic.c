/* The kernel's panic on the host: the test fails, unless it asked for it. */
#include "panic.h"

#include <stdarg.h>
#include <stdio.h>

#include "test.h"

static jmp_buf expected;
static bool is_expected;

jmp_buf *panic_expect(void)
{
    is_expected = true;
    return &expected;
}

void panic(const char *format, ...)
{
    char text[256];
    va_list arguments;

    if (is_expected) {
        is_expected = false;
        longjmp(expected, 1);
    }
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    FAIL("panic: %s", text);
}

#include "problem.h"

#include <ternion/format.h>

#include "memory.h"

#define TEXT_SIZE 200U
#define CODE_SIZE 8U                 /* bytes of code that are shown: prefixes, opcode, and what it is about */

static char text[TEXT_SIZE];

void problem_clear(void)
{
    text[0] = '\0';
}

const char *problem_text(void)
{
    return text;
}

static size_t add(size_t at, const char *template, ...) __attribute__((format(printf, 2, 3)));

static size_t add(size_t at, const char *template, ...)
{
    va_list values;

    if (at >= sizeof text) {
        return at;
    }
    va_start(values, template);
    at += format_text_list(text + at, sizeof text - at, template, values);
    va_end(values);
    return at;
}

void problem_set(const char *template, ...)
{
    va_list values;

    va_start(values, template);
    (void)format_text_list(text, sizeof text, template, values);
    va_end(values);
}

void problem_set_at(const struct vm86_state *state, const char *template, ...)
{
    uint32_t address = (state->cs & 0xFFFF) * 16 + (state->eip & 0xFFFF);
    uint8_t byte;
    va_list values;

    va_start(values, template);
    size_t at = format_text_list(text, sizeof text, template, values);
    va_end(values);
    at = add(at, " at %04x:%04x", state->cs & 0xFFFF, state->eip & 0xFFFF);
    for (uint32_t i = 0; i < CODE_SIZE && memory_read(address + i, &byte, 1); i++) {
        at = add(at, i == 0 ? ", where the code is %02x" : " %02x", byte);
    }
}

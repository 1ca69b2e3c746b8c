/* System calls without the stubs: any number, any argument, by either entry. */
#pragma once

#include <stdint.h>

struct raw_call {
    uint32_t eax;
    uint32_t ebx, edx, esi, edi, ebp;
};

/* By int 80h, and by what the system page says. They return EAX, and leave all registers in the structure. */
uint32_t raw_call_int(struct raw_call *call);
uint32_t raw_call_page(struct raw_call *call);

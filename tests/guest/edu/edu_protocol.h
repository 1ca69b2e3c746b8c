/* What d\edu, the driver of QEMU's `edu` device, can be asked to do. */
#pragma once

#include <ternion/protocol.h>

struct edu_counts {
    uint32_t interrupts;         /* events that came */
    uint32_t own;                /* at which the device had a cause */
    uint32_t transfers;          /* there and back, with what arrived as it was sent */
};

struct edu_value {
    uint32_t value;
};

#define EDU_PROTOCOL(OPERATION, TRANSFER, edu) \
    OPERATION(edu, raise, 1, struct edu_value, struct nothing)    /* an interrupt for this cause: not 0 */ \
    OPERATION(edu, storm, 2, struct nothing, struct nothing)      /* an interrupt; and the device is not quieted any more */ \
    OPERATION(edu, quiet, 3, struct nothing, struct nothing)      /* it is again */ \
    OPERATION(edu, count, 4, struct nothing, struct edu_counts) \
    OPERATION(edu, transfer, 5, struct nothing, struct nothing)   /* DMA there and back */ \
    OPERATION(edu, abandon, 6, struct edu_value, struct nothing)  /* begins to write to memory, and ends in the middle of it, with this code */
PROTOCOL_DECLARE(edu, 0x0EDD, 1, EDU_PROTOCOL)

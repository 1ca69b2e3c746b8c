/* All devices, and what they are. One thread only. */
#pragma once

#include <abi/device.h>
#include <abi/process.h>
#include <abi/status.h>
#include <ternion/device.h>

struct row {
    struct device_information device;
    char driver[NAME_SIZE_MAX + 1];                   /* name of its process */
    char description[DEVICE_DESCRIPTION_MAX + 1];     /* in words, printable */
};

struct list {
    struct row *rows;                                 /* in the order of their names */
    uint32_t count;
};

/* Looks at all devices and asks each what it is. Blocks. Statuses: NO_MEMORY. */
[[nodiscard]] status_t list_make(struct list *list_out);

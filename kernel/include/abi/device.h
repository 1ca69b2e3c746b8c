/*
 * Devices: names that lead to a driver and to its own number for the device. They are a name space of their own: paths
 * with backslashes, no part of any file system.
 */
#pragma once

#include <abi/types.h>

#define DEVICE_NAME_MAX 63U    /* bytes, without a NUL */

/* What a device is: which calls it answers. Each has a header in ternion/. */
enum device_type {
    DEVICE_NONE,
    DEVICE_TEXT,               /* takes text: the text screen              text.h */
    DEVICE_LINE,               /* serial line                              line.h */
    DEVICE_KEYBOARD,           /*                                          keyboard.h */
    DEVICE_POINTER,            /* mouse                                    pointer.h */
    DEVICE_STORAGE,            /* blocks                                   storage.h */
    DEVICE_STREAM,             /* bytes without an end: null, zero, random stream.h */
    DEVICE_BUS,                /* PCI                                      pci.h */
    DEVICE_CLOCK,              /* date and time                            clock_device.h */
    DEVICE_TONE,               /* speaker                                  tone.h */
    DEVICE_DISPLAY,
    DEVICE_AUDIO,
    DEVICE_NETWORK,
    DEVICE_TYPE_COUNT,
};

typedef uint32_t device_type_t;

#define DEVICE_IS_BOUND 1U     /* flags: the name is bound to another device, which is the one described here */

struct device_information {
    device_id_t id;            /* of this registration: never that of a later one */
    device_type_t type;
    process_id_t process;      /* the driver */
    uint32_t number;           /* the driver's own, which each request says */
    uint32_t flags;            /* DEVICE_IS_BOUND */
    char name[DEVICE_NAME_MAX + 1];
};

struct device_name {
    uint32_t size;             /* bytes */
    char text[DEVICE_NAME_MAX + 1];
};

/* What a terminal writes to and what is typed at: the screen with the keyboard, or a serial line. */
#pragma once

#include <ternion/device.h>

struct terminal;

struct hardware {
    const char *device_name;     /* that is written to */
    device_type_t type;
    /* Columns and rows of text, if they are known. */
    void (*size)(struct device *device, uint32_t *columns, uint32_t *rows);
    uint32_t piece;              /* bytes of text that are written at a time, at most HARDWARE_PIECE_MAX */
    /* Writes a piece of text; blocks. */
    status_t (*write)(struct device *device, const uint8_t *text, uint32_t size);
    /* Types what comes, for ever. */
    void (*read)(struct terminal *terminal);
};

#define HARDWARE_PIECE_MAX 2048U

extern const struct hardware screen_hardware;
extern const struct hardware serial_hardware[4];

/* Starts the threads that write to it and read from it. */
void hardware_start(struct terminal *terminal);

/*
 * A serial line of d\serial around a model of a UART: the kernel and libos as far as it sees them, and clients. A client is a process
 * with a call; what it got is noted.
 */
#pragma once

#include "drivers/serial/serial_line.h"
#include "uart_model.h"

#define CLIENTS_MAX 64U

struct client {
    bool has_answer;
    bool was_dropped;
    bool is_gone;                /* it died, and its call with it */
    status_t status;
    uint8_t bytes[LINE_READ_MAX];
    uint32_t size;
};

extern struct serial_line line;
extern struct client clients[CLIENTS_MAX];
extern bool interrupts_are_lost; /* none reaches the driver */

/* A line whose UART is of this kind, in use. */
void world_begin(enum uart_kind kind);

/* Calls of clients[number], which is the process 1000 + number; what the handler said. */
status_t client_writes(uint32_t number, const void *bytes, uint32_t size);
status_t client_writes_text(uint32_t number, const char *text);
status_t client_writes_lines(uint32_t number, const char *text);
status_t client_reads(uint32_t number, uint32_t most);
status_t client_configures(uint32_t number, struct line_settings settings);
status_t client_initialises(uint32_t number);

/* As many characters' time passes; the driver gets interrupts and deadlines as it would. */
void time_passes(unsigned characters);

/* The same, until there is nothing to send any more; fails after so many characters. */
void time_passes_until_sent(unsigned characters);

/* How often the driver ran because of a deadline. */
unsigned deadlines_met(void);

/*
 * A UART as its data sheets describe it (National Semiconductor PC16550D; INS8250, NS16450), behind port_read8 and port_write8, with a
 * line at its other side. Time passes by characters: uart_model_pass.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UART_PORT 0x3F8U
#define UART_LINE_MAX 200000U

enum uart_kind {
    KIND_8250,                   /* no scratch register */
    KIND_16450,
    KIND_16550,                  /* its FIFOs lose bytes: the driver must not use them */
    KIND_16550A,
    KIND_ABSENT,                 /* all ones */
    KIND_ZEROES,                 /* something else that reads as zeroes */
    KIND_MEMORY,                 /* something else that keeps what is written */
    KIND_COUNT,
};

/* Beside a byte that comes in. */
#define WITH_PARITY_ERROR 0x04U
#define WITH_FRAMING_ERROR 0x08U
#define WITH_BREAK 0x18U

struct uart_model {
    enum uart_kind kind;
    uint8_t stuck_cause;         /* not 0: what the interrupt identification always says */
    bool cts;

    uint8_t interrupt_enable, line_control, modem_control, scratch, memory[8];
    uint16_t divisor;
    bool fifos_on;

    struct { uint8_t byte, errors; } received[16];
    unsigned received_count;
    bool overrun, transmitter_interrupts, modem_interrupts;
    uint8_t transmitter[16];
    unsigned transmitter_count;
    bool shifts;
    uint8_t shifted;

    uint8_t out[UART_LINE_MAX];                 /* what the other side got */
    uint16_t out_divisor[UART_LINE_MAX];        /* with which settings */
    uint8_t out_control[UART_LINE_MAX];
    size_t out_count;
    unsigned garbled;                           /* characters that were on their way when settings changed */
    unsigned misused;                           /* writes of bytes for which there was no room, reads of bytes that were not there */
    unsigned accesses;
    unsigned pace;                              /* so many accesses take the time of a character; 0: they take none */
};

extern struct uart_model uart_model;

/* As after power-on, or, dirty: as somebody left it who died in the middle of something. */
void uart_model_begin(enum uart_kind kind, bool dirty);

/* The time of a character passes. */
void uart_model_pass(void);

/* A byte comes in; errors: WITH_…. */
void uart_model_byte_comes(uint8_t byte, uint8_t errors);

/* The other side raises or lowers CTS. */
void uart_model_set_cts(bool cts);

/* The interrupt line. */
bool uart_model_interrupts(void);

#include <stdint.h>

#include <ternion/clock.h>
#include <ternion/port.h>

#include "uart.h"

/* Registers and bits as in National Semiconductor's PC16550D data sheet, §8. */
#define COM1 0x3F8

enum uart_register {
    TRANSMIT = COM1 + 0,          /* divisor, low byte, while DIVISOR_ACCESS is set */
    INTERRUPT_ENABLE = COM1 + 1,  /* divisor, high byte */
    INTERRUPT_IDENTIFICATION = COM1 + 2,
    FIFO_CONTROL = COM1 + 2,
    LINE_CONTROL = COM1 + 3,
    MODEM_CONTROL = COM1 + 4,
    LINE_STATUS = COM1 + 5,
    MODEM_STATUS = COM1 + 6,
};

#define TRANSMITTER_INTERRUPT 0x02U
#define NO_INTERRUPT_PENDING 0x01U
#define FIFOS_WORK 0xC0U
#define DIVISOR_ACCESS 0x80U
#define EIGHT_BITS_NO_PARITY 0x03U
#define MODEM_READY 0x0BU          /* DTR, RTS, OUT2: without the last the interrupt does not leave the card */
#define MODEM_LOOPBACK 0x1AU       /* RTS and OUT2 come back as CTS and DCD */
#define LOOPBACK_ANSWER 0x90U
#define MODEM_INPUTS 0xF0U
#define TRANSMITTER_READY 0x20U
#define TRANSMITTER_EMPTY 0x40U

#define FIFO_SIZE 16U
#define CAUSES_MAX 16U             /* reads of the interrupt's cause before we call it stuck */
#define EMPTY_WAIT_NS (20 * MILLISECOND)

/* What is written to open it, in this order. */
static const struct {
    uint16_t port;
    uint8_t value;
} opening[] = {
    { INTERRUPT_ENABLE, 0 },
    { LINE_CONTROL, DIVISOR_ACCESS | EIGHT_BITS_NO_PARITY },
    { TRANSMIT, 1 },               /* 115200 baud divided by 1 */
    { INTERRUPT_ENABLE, 0 },
    { LINE_CONTROL, EIGHT_BITS_NO_PARITY },
    { FIFO_CONTROL, 0x07 },        /* on, both emptied; an 8250 ignores it */
    { MODEM_CONTROL, MODEM_READY },
    { INTERRUPT_ENABLE, TRANSMITTER_INTERRUPT },
};

static size_t transmitter_size = 1;

/* Signals that we loop back must come back; an empty port reads all ones. */
static bool is_present(void)
{
    uint8_t saved = port_read8(MODEM_CONTROL);

    if (port_read8(LINE_STATUS) == 0xFF) {
        return false;
    }
    port_write8(MODEM_CONTROL, MODEM_LOOPBACK);
    bool answered = (port_read8(MODEM_STATUS) & MODEM_INPUTS) == LOOPBACK_ANSWER;
    port_write8(MODEM_CONTROL, saved);
    return answered;
}

/* What the kernel printed early is still on its way: setting up the line would garble it. */
static void wait_until_empty(void)
{
    nanoseconds_t deadline = clock_after(EMPTY_WAIT_NS);

    while (!(port_read8(LINE_STATUS) & TRANSMITTER_EMPTY) && clock_now() < deadline) {
    }
}

bool uart_open(void)
{
    if (!is_present()) {
        return false;
    }
    wait_until_empty();
    for (unsigned i = 0; i < sizeof opening / sizeof opening[0]; i++) {
        port_write8(opening[i].port, opening[i].value);
    }
    if ((port_read8(INTERRUPT_IDENTIFICATION) & FIFOS_WORK) == FIFOS_WORK) {
        transmitter_size = FIFO_SIZE;
    }
    return true;
}

size_t uart_transmit(const char *bytes, size_t size)
{
    size_t sent = 0;

    if (!(port_read8(LINE_STATUS) & TRANSMITTER_READY)) {
        return 0;
    }
    while (sent < size && sent < transmitter_size) {
        port_write8(TRANSMIT, (uint8_t)bytes[sent++]);
    }
    return sent;
}

/* Reading the cause takes the transmitter's back; the others were never enabled. */
void uart_quiet(void)
{
    for (unsigned i = 0; i < CAUSES_MAX; i++) {
        if (port_read8(INTERRUPT_IDENTIFICATION) & NO_INTERRUPT_PENDING) {
            return;
        }
    }
}

const char *uart_model(void)
{
    return transmitter_size == FIFO_SIZE ? "16550A with FIFO" : "8250 or 16450 without FIFO";
}

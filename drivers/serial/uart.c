#include "uart.h"

#include <ternion/clock.h>
#include <ternion/port.h>

/* Registers and bits as in National Semiconductor's PC16550D data sheet, §8; what older models lack: application note AN-491. */
enum uart_register {
    DATA = 0,                     /* divisor, low byte, while DIVISOR_ACCESS is set */
    INTERRUPT_ENABLE = 1,         /* divisor, high byte */
    INTERRUPT_IDENTIFICATION = 2,
    FIFO_CONTROL = 2,
    LINE_CONTROL = 3,
    MODEM_CONTROL = 4,
    LINE_STATUS = 5,
    MODEM_STATUS = 6,
    SCRATCH = 7,
};

/* INTERRUPT_ENABLE */
#define ENABLE_RECEIVER 0x05U     /* bytes, and what is wrong with them */
#define ENABLE_TRANSMITTER 0x02U
#define ENABLE_MODEM 0x08U

/* INTERRUPT_IDENTIFICATION */
#define NO_INTERRUPT_PENDING 0x01U
#define FIFOS 0xC0U
#define FIFOS_WORK 0xC0U
#define FIFOS_ARE_BROKEN 0x80U

/* FIFO_CONTROL */
#define FIFO_OFF 0x00U
#define FIFO_ON 0x87U             /* both emptied, an interrupt for 8 bytes: so there is time for 8 more */

/* LINE_CONTROL */
#define DATA_BITS_LEAST 5U        /* is 0 in the low two bits */
#define TWO_STOP_BITS 0x04U
#define PARITY 0x08U
#define PARITY_IS_EVEN 0x10U
#define DIVISOR_ACCESS 0x80U

/* MODEM_CONTROL */
#define DTR 0x01U
#define RTS 0x02U
#define OUT2 0x08U                /* without it the interrupt does not leave the card */
#define LOOPBACK 0x1AU            /* RTS and OUT2 come back as CTS and DCD */

/* MODEM_STATUS */
#define CTS 0x10U
#define LOOPBACK_ANSWER 0x90U
#define MODEM_INPUTS 0xF0U

/* LINE_STATUS */
#define BYTE_RECEIVED 0x01U
#define OVERRUN 0x02U
#define PARITY_ERROR 0x04U
#define FRAMING_ERROR 0x08U
#define BREAK 0x10U
#define TRANSMITTER_READY 0x20U
#define TRANSMITTER_EMPTY 0x40U
#define NO_UART 0xFFU

#define BAUD_MOST 115200U         /* 1.8432 MHz / 16 */
#define DIVISOR_MOST 0xFFFFU
#define FIFO_SIZE 16U
#define EMPTY_WAIT_NS (20 * MILLISECOND)

const struct line_settings uart_settings_at_start = { .baud = BAUD_MOST, .data_bits = 8, .stop_bits = 1 };

static uint8_t read(const struct uart *uart, enum uart_register index)
{
    return port_read8((uint16_t)(uart->port + index));
}

static void write(const struct uart *uart, enum uart_register index, uint8_t value)
{
    port_write8((uint16_t)(uart->port + index), value);
}

/* Each read of the status takes back what it says of errors: they are counted here and nowhere else. */
static uint8_t line_status(struct uart *uart)
{
    uint8_t status = read(uart, LINE_STATUS);

    if (status == NO_UART) {
        return 0;                 /* a card that was pulled out */
    }
    if (status & OVERRUN) {
        uart->overruns++;
    }
    if (status & BREAK) {
        uart->breaks++;
        uart->next_is_break = true;
    } else if (status & (PARITY_ERROR | FRAMING_ERROR)) {
        uart->errors++;
    }
    return status;
}

/* ---- Finding it ---- */

/* What the kernel printed early is still on its way: looping it back, or setting up the line, would garble it. */
static void wait_until_empty(struct uart *uart)
{
    nanoseconds_t deadline = clock_after(EMPTY_WAIT_NS);

    while (!uart_is_empty(uart) && clock_now() < deadline) {
    }
}

/* Signals that we loop back must come back; an empty port reads all ones. */
static bool is_present(struct uart *uart)
{
    uint8_t saved = read(uart, MODEM_CONTROL);

    if (read(uart, LINE_STATUS) == NO_UART) {
        return false;
    }
    wait_until_empty(uart);
    write(uart, MODEM_CONTROL, LOOPBACK);
    bool answered = (read(uart, MODEM_STATUS) & MODEM_INPUTS) == LOOPBACK_ANSWER;
    write(uart, MODEM_CONTROL, saved);
    return answered;
}

/* An 8250 has no scratch register. */
static bool keeps_scratch(const struct uart *uart)
{
    write(uart, SCRATCH, 0x5A);
    if (read(uart, SCRATCH) != 0x5A) {
        return false;
    }
    write(uart, SCRATCH, 0xA5);
    return read(uart, SCRATCH) == 0xA5;
}

static void find_model(struct uart *uart)
{
    write(uart, FIFO_CONTROL, FIFO_ON);
    uint8_t fifos = read(uart, INTERRUPT_IDENTIFICATION) & FIFOS;

    uart->fifo_size = fifos == FIFOS_WORK ? FIFO_SIZE : 1;
    if (fifos == FIFOS_WORK) {
        uart->model = "16550A with FIFO";
    } else if (fifos == FIFOS_ARE_BROKEN) {
        uart->model = "16550 whose FIFO does not work";
    } else {
        uart->model = keeps_scratch(uart) ? "16450 without FIFO" : "8250 without FIFO";
    }
}

bool uart_open(struct uart *uart, uint16_t port)
{
    *uart = (struct uart){ .port = port };
    if (!is_present(uart)) {
        return false;
    }
    write(uart, LINE_CONTROL, 0); /* whoever was here before may have left the divisor where the other registers are */
    write(uart, INTERRUPT_ENABLE, 0);
    find_model(uart);
    write(uart, FIFO_CONTROL, uart->fifo_size > 1 ? FIFO_ON : FIFO_OFF);
    uart_drop_received(uart);
    uart_configure(uart, &uart_settings_at_start);
    uart->overruns = uart->errors = uart->breaks = 0;
    return true;
}

/* Not by emptying the FIFO: that would take a byte that is just coming in. */
void uart_drop_received(struct uart *uart)
{
    uint8_t byte;

    for (unsigned i = 0; i < FIFO_SIZE && uart_receive(uart, &byte) != UART_NOTHING; i++) {
    }
}

/* ---- Setting it up ---- */

bool uart_can(const struct line_settings *settings)
{
    return settings->baud != 0 && BAUD_MOST % settings->baud == 0 && BAUD_MOST / settings->baud <= DIVISOR_MOST
        && settings->data_bits >= DATA_BITS_LEAST && settings->data_bits <= 8
        && (settings->stop_bits == 1 || settings->stop_bits == 2)
        && settings->parity <= LINE_PARITY_EVEN && settings->flow <= LINE_FLOW_HARDWARE;
}

static uint8_t line_control(const struct line_settings *settings)
{
    uint8_t control = (uint8_t)(settings->data_bits - DATA_BITS_LEAST);

    if (settings->stop_bits == 2) {
        control |= TWO_STOP_BITS;
    }
    if (settings->parity != LINE_PARITY_NONE) {
        control |= settings->parity == LINE_PARITY_EVEN ? PARITY | PARITY_IS_EVEN : PARITY;
    }
    return control;
}

static void enable_interrupts(struct uart *uart, uint8_t interrupts)
{
    uart->interrupts = interrupts;
    write(uart, INTERRUPT_ENABLE, interrupts);
}

static void set_modem(struct uart *uart, uint8_t modem_control)
{
    uart->modem_control = modem_control;
    write(uart, MODEM_CONTROL, modem_control);
}

void uart_configure(struct uart *uart, const struct line_settings *settings)
{
    uint32_t divisor = BAUD_MOST / settings->baud;
    uint8_t control = line_control(settings);

    uart->obeys_cts = settings->flow == LINE_FLOW_HARDWARE;
    enable_interrupts(uart, 0);
    write(uart, LINE_CONTROL, DIVISOR_ACCESS | control);
    write(uart, DATA, (uint8_t)divisor);
    write(uart, INTERRUPT_ENABLE, (uint8_t)(divisor >> 8));
    write(uart, LINE_CONTROL, control);
    set_modem(uart, DTR | RTS | OUT2);
    (void)read(uart, MODEM_STATUS);
    enable_interrupts(uart, (uint8_t)(ENABLE_RECEIVER | ENABLE_TRANSMITTER | (uart->obeys_cts ? ENABLE_MODEM : 0)));
}

void uart_set_receiving(struct uart *uart, bool receiving)
{
    enable_interrupts(uart, receiving ? uart->interrupts | ENABLE_RECEIVER : uart->interrupts & (uint8_t)~ENABLE_RECEIVER);
}

void uart_set_ready(struct uart *uart, bool ready)
{
    if (uart->obeys_cts) {
        set_modem(uart, ready ? uart->modem_control | RTS : uart->modem_control & (uint8_t)~RTS);
    }
}

void uart_ignore_cts(struct uart *uart)
{
    uart->obeys_cts = false;
}

void uart_mute(struct uart *uart)
{
    enable_interrupts(uart, 0);
}

/* ---- Bytes ---- */

size_t uart_transmit(struct uart *uart, const uint8_t *bytes, size_t size)
{
    size_t sent = 0;

    if (!(line_status(uart) & TRANSMITTER_READY) || (uart->obeys_cts && !(read(uart, MODEM_STATUS) & CTS))) {
        return 0;
    }
    while (sent < size && sent < uart->fifo_size) {
        write(uart, DATA, bytes[sent++]);
    }
    return sent;
}

bool uart_is_empty(struct uart *uart)
{
    return (line_status(uart) & TRANSMITTER_EMPTY) != 0;
}

enum uart_received uart_receive(struct uart *uart, uint8_t *byte_out)
{
    if (!(line_status(uart) & BYTE_RECEIVED)) {
        return UART_NOTHING;
    }
    uint8_t byte = read(uart, DATA);
    if (uart->next_is_break) {
        uart->next_is_break = false;
        return UART_BREAK;
    }
    *byte_out = byte;
    return UART_BYTE;
}

/* ---- Interrupts ---- */

bool uart_interrupts(struct uart *uart)
{
    if (read(uart, INTERRUPT_IDENTIFICATION) & NO_INTERRUPT_PENDING) {
        return false;
    }
    (void)read(uart, MODEM_STATUS);
    return true;
}

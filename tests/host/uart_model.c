#include "uart_model.h"

#include <string.h>

#include <ternion/port.h>

#include "test.h"

#define DIVISOR_ACCESS 0x80U
#define CAUSE_NONE 0x01U
#define CAUSE_LINE 0x06U
#define CAUSE_RECEIVED 0x04U
#define CAUSE_TRANSMITTER 0x02U
#define CAUSE_MODEM 0x00U

struct uart_model uart_model;
static struct uart_model *const chip = &uart_model;

void uart_model_begin(enum uart_kind kind, bool dirty)
{
    memset(chip, 0, sizeof *chip);
    chip->kind = kind;
    chip->cts = true;
    chip->divisor = dirty ? 0x1234 : 12;
    if (dirty) {
        chip->line_control = DIVISOR_ACCESS | 0x5E;
        chip->modem_control = 0x10;
        chip->interrupt_enable = 0x0F;
        uart_model_byte_comes('?', WITH_PARITY_ERROR);
        uart_model_byte_comes('!', 0);
    }
}

static bool is_uart(void)
{
    return chip->kind <= KIND_16550A;
}

static unsigned fifo_size(void)
{
    return chip->kind == KIND_16550A && chip->fifos_on ? 16 : 1;
}

/* ---- The line ---- */

static void line_moves(void)
{
    if (chip->shifts) {
        CHECK(chip->out_count < UART_LINE_MAX);
        chip->out[chip->out_count] = chip->shifted;
        chip->out_divisor[chip->out_count] = chip->divisor;
        chip->out_control[chip->out_count++] = chip->line_control;
    }
    chip->shifts = chip->transmitter_count > 0;
    if (chip->shifts) {
        chip->shifted = chip->transmitter[0];
        memmove(chip->transmitter, chip->transmitter + 1, --chip->transmitter_count);
        chip->transmitter_interrupts = chip->transmitter_interrupts || chip->transmitter_count == 0;
    }
}

void uart_model_pass(void)
{
    line_moves();
}

void uart_model_byte_comes(uint8_t byte, uint8_t errors)
{
    if (chip->received_count == fifo_size()) {
        chip->overrun = true;
        if (fifo_size() > 1) {
            return;              /* the one that came is lost; without FIFO the one before it is */
        }
        chip->received_count = 0;
    }
    chip->received[chip->received_count].byte = byte;
    chip->received[chip->received_count++].errors = errors;
}

void uart_model_set_cts(bool cts)
{
    chip->modem_interrupts = chip->modem_interrupts || chip->cts != cts;
    chip->cts = cts;
}

/* ---- Interrupts ---- */

static uint8_t cause(void)
{
    uint8_t enabled = chip->interrupt_enable;

    if (chip->stuck_cause != 0) {
        return chip->stuck_cause;
    }
    if ((enabled & 4) && (chip->overrun || (chip->received_count > 0 && chip->received[0].errors != 0))) {
        return CAUSE_LINE;
    }
    if ((enabled & 1) && chip->received_count > 0) {  /* the timeout of the FIFO included */
        return CAUSE_RECEIVED;
    }
    if ((enabled & 2) && chip->transmitter_interrupts) {
        return CAUSE_TRANSMITTER;
    }
    return (enabled & 8) && chip->modem_interrupts ? CAUSE_MODEM : CAUSE_NONE;
}

bool uart_model_interrupts(void)
{
    return is_uart() && (chip->modem_control & 8) && !(chip->modem_control & 0x10) && cause() != CAUSE_NONE;
}

/* ---- Registers ---- */

static uint8_t read_data(void)
{
    if (chip->received_count == 0) {
        chip->misused++;
        return 0;
    }
    uint8_t byte = chip->received[0].byte;
    memmove(chip->received, chip->received + 1, --chip->received_count * sizeof chip->received[0]);
    return byte;
}

static uint8_t read_identification(void)
{
    uint8_t now = cause();

    if (now == CAUSE_TRANSMITTER) {
        chip->transmitter_interrupts = false;
    }
    if (chip->fifos_on && chip->kind == KIND_16550) {
        now |= 0x80;
    }
    return chip->fifos_on && chip->kind == KIND_16550A ? now | 0xC0 : now;
}

static uint8_t read_line_status(void)
{
    uint8_t status = 0;

    if (chip->received_count > 0) {
        status |= 1 | chip->received[0].errors;
        chip->received[0].errors = 0;
    }
    if (chip->overrun) {
        status |= 2;
        chip->overrun = false;
    }
    if (chip->transmitter_count == 0) {
        status |= chip->shifts ? 0x20 : 0x60;
    }
    return status;
}

static uint8_t read_modem_status(void)
{
    uint8_t changes = chip->modem_interrupts ? 1 : 0;

    chip->modem_interrupts = false;
    if (chip->modem_control & 0x10) {
        uint8_t control = chip->modem_control;
        return (uint8_t)((control & 1) << 5 | (control & 2) << 3 | (control & 4) << 4 | (control & 8) << 4);
    }
    return (uint8_t)(0xA0 | (chip->cts ? 0x10 : 0) | changes);
}

static uint8_t read_register(unsigned index)
{
    switch (index) {
    case 0:
        return chip->line_control & DIVISOR_ACCESS ? (uint8_t)chip->divisor : read_data();
    case 1:
        return chip->line_control & DIVISOR_ACCESS ? (uint8_t)(chip->divisor >> 8) : chip->interrupt_enable;
    case 2:
        return read_identification();
    case 3:
        return chip->line_control;
    case 4:
        return chip->modem_control;
    case 5:
        return read_line_status();
    case 6:
        return read_modem_status();
    default:
        return chip->kind == KIND_8250 ? 0xFF : chip->scratch;
    }
}

static void access(uint16_t port)
{
    CHECK(port >= UART_PORT && port < UART_PORT + 8);
    chip->accesses++;
    if (chip->pace != 0 && chip->accesses % chip->pace == 0) {
        uart_model_pass();
    }
}

uint8_t port_read8(uint16_t port)
{
    access(port);
    if (is_uart()) {
        return read_register(port - UART_PORT);
    }
    return chip->kind == KIND_ABSENT ? 0xFF : chip->kind == KIND_ZEROES ? 0 : chip->memory[port - UART_PORT];
}

static void write_data(uint8_t value)
{
    if (chip->modem_control & 0x10) {
        return;
    }
    if (chip->transmitter_count == fifo_size()) {
        chip->misused++;
        return;
    }
    chip->transmitter[chip->transmitter_count++] = value;
    chip->transmitter_interrupts = false;
}

static void settings_change(void)
{
    chip->garbled += chip->shifts || chip->transmitter_count > 0;
}

static void write_interrupt_enable(uint8_t value)
{
    if ((value & ~chip->interrupt_enable & 2) && chip->transmitter_count == 0) {
        chip->transmitter_interrupts = true;
    }
    chip->interrupt_enable = value & 0x0F;
}

static void write_fifo_control(uint8_t value)
{
    if (chip->kind != KIND_16550A && chip->kind != KIND_16550) {
        return;
    }
    if ((value & 4) || (value & 1) != chip->fifos_on) {
        settings_change();       /* what the transmitter has is lost */
        chip->transmitter_count = 0;
    }
    if ((value & 2) || (value & 1) != chip->fifos_on) {
        chip->received_count = 0;
    }
    chip->fifos_on = value & 1;
}

static void write_register(unsigned index, uint8_t value)
{
    bool divisor = chip->line_control & DIVISOR_ACCESS;

    switch (index) {
    case 0:
        if (divisor) {
            settings_change();
            chip->divisor = (uint16_t)((chip->divisor & 0xFF00) | value);
        } else {
            write_data(value);
        }
        break;
    case 1:
        if (divisor) {
            chip->divisor = (uint16_t)((chip->divisor & 0x00FF) | value << 8);
        } else {
            write_interrupt_enable(value);
        }
        break;
    case 2:
        write_fifo_control(value);
        break;
    case 3:
        chip->line_control = value;
        break;
    case 4:
        if (value & 0x10) {
            settings_change();   /* what is sent does not reach the line */
        }
        chip->modem_control = value & 0x1F;
        break;
    case 7:
        chip->scratch = value;
        break;
    }
}

void port_write8(uint16_t port, uint8_t value)
{
    access(port);
    chip->memory[port - UART_PORT] = value;
    if (is_uart()) {
        write_register(port - UART_PORT, value);
    }
}

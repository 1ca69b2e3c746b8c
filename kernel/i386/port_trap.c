#include "i386/port_trap.h"

#include <stdint.h>

#include "i386/cpu.h"
#include "i386/registers.h"
#include "i386/traps.h"
#include "process.h"
#include "strike.h"
#include "thread.h"
#include "trace.h"
#include "user_memory.h"

#define PREFIX_OPERAND_SIZE 0x66U
#define PREFIX_REPEAT 0xF3U
#define SEGMENT_PREFIXES 0xE7U   /* 26, 2E, 36, 3E but for these bits */
#define PREFIX_REPEAT_NOT_EQUAL 0xF2U    /* the same for these instructions */
#define INSTRUCTION_MAX 15U      /* bytes */
#define REPETITIONS_MAX 512U     /* that are done in one trap */

struct port_access {
    uint16_t port;
    uint32_t width;              /* bytes */
    bool is_read;
    bool is_string;
    bool is_repeated;
    bool is_allowed;
    uint32_t next;               /* address of the next instruction */
};

/* A byte of the instruction; one that cannot be read is a NOP, which ends it. */
static uint8_t code_byte(uint32_t address)
{
    uint8_t byte;

    return user_read(&byte, (const uint8_t USER *)address, 1) == OK ? byte : 0x90;
}

/* E4-E7: port in the instruction; EC-EF: port in DX; 6C-6F: from or to memory. Even opcodes are bytes; bit 1 set: out. Segments are flat. */
static bool decode(const struct registers *registers, struct port_access *access_out)
{
    uint32_t at = registers->eip;
    bool is_short = false;
    uint8_t opcode;

    *access_out = (struct port_access){ .port = (uint16_t)registers->edx };
    for (;;) {
        opcode = code_byte(at++);
        if (opcode == PREFIX_OPERAND_SIZE) {
            is_short = true;
        } else if (opcode == PREFIX_REPEAT || opcode == PREFIX_REPEAT_NOT_EQUAL) {
            access_out->is_repeated = true;
        } else if ((opcode & SEGMENT_PREFIXES) != 0x26) {
            break;
        }
        if (at - registers->eip == INSTRUCTION_MAX) {
            return false;
        }
    }
    access_out->is_string = (opcode & 0xFC) == 0x6C;
    if (!access_out->is_string && (opcode & 0xF4) != 0xE4) {
        return false;
    }
    if ((opcode & 0xFC) == 0xE4) {
        access_out->port = code_byte(at++);
    }
    access_out->is_repeated &= access_out->is_string;
    access_out->width = (opcode & 1) == 0 ? 1 : is_short ? 2 : 4;
    access_out->is_read = (opcode & 2) == 0;
    access_out->next = at;
    return true;
}

static uint32_t port_read(uint16_t port, uint32_t width)
{
    return width == 1 ? port_read8(port) : width == 2 ? port_read16(port) : port_read32(port);
}

static void port_write(uint16_t port, uint32_t width, uint32_t value)
{
    if (width == 1) {
        port_write8(port, (uint8_t)value);
    } else if (width == 2) {
        port_write16(port, (uint16_t)value);
    } else {
        port_write32(port, value);
    }
}

/* One access that is allowed, or what stands for it. *value: what is written, or was read. */
static void access_perform(const struct port_access *access, const struct registers *registers, uint32_t *value)
{
    if (!access->is_allowed) {
        *value = UINT32_MAX;
        return;
    }
    if (access->is_read) {
        *value = port_read(access->port, access->width);
    } else {
        port_write(access->port, access->width, *value);
    }
    trace_process(thread_current->process, TRACE_PORTS, access->is_read ? TRACE_PORT_READ : TRACE_PORT_WRITE, access->port,
                  access->width, *value, registers->eip, 0);
}

static void perform_in_eax(const struct port_access *access, struct registers *registers)
{
    uint32_t mask = access->width == 4 ? UINT32_MAX : (1U << access->width * 8) - 1;
    uint32_t value = registers->eax & mask;

    access_perform(access, registers, &value);
    if (access->is_read) {
        registers->eax = (registers->eax & ~mask) | (value & mask);
    }
}

/* One element of a string. The memory is tried before the port is touched: what a port gave cannot be put back. False: it is bad. */
static bool perform_in_memory(const struct port_access *access, struct registers *registers)
{
    uint32_t *index = access->is_read ? &registers->edi : &registers->esi;
    void USER *memory = (void USER *)*index;
    uint32_t value = 0;

    if (user_read(&value, memory, access->width) != OK || (access->is_read && user_write(memory, &value, access->width) != OK)) {
        return false;
    }
    access_perform(access, registers, &value);
    if (access->is_read && user_write(memory, &value, access->width) != OK) {
        return false;
    }
    *index += (registers->eflags & EFLAGS_DIRECTION) != 0 ? -access->width : access->width;
    return true;
}

/* Returns if the instruction is done with, or may go on in another trap; false: its memory is bad. */
static bool perform_string(const struct port_access *access, struct registers *registers)
{
    for (uint32_t i = 0; i < REPETITIONS_MAX; i++) {
        if (access->is_repeated && registers->ecx == 0) {
            break;
        }
        if (!perform_in_memory(access, registers)) {
            return false;
        }
        if (!access->is_repeated) {
            break;
        }
        registers->ecx--;
    }
    if (!access->is_repeated || registers->ecx == 0) {
        registers->eip = access->next;
    }
    return true;
}

bool port_trap_handle(struct registers *registers, uint32_t *address_out)
{
    const struct process *self = thread_current->process;
    uint32_t where = registers->eip;
    struct port_access access;

    if (self->class != CLASS_DRIVER || !decode(registers, &access)) {
        return false;
    }
    access.is_allowed = access_has_ports(&self->access, access.port, access.width);
    bool is_nothing = access.is_repeated && registers->ecx == 0;
    if (access.is_string) {
        if (!perform_string(&access, registers)) {
            registers->vector = VECTOR_PAGE_FAULT;
            registers->error = access.is_read ? PAGE_FAULT_WRITE : 0;
            *address_out = access.is_read ? registers->edi : registers->esi;
            return false;
        }
    } else {
        perform_in_eax(&access, registers);
        registers->eip = access.next;
    }
    if (!access.is_allowed && !is_nothing && (!access.is_repeated || registers->eip == access.next)) {
        strike(access.is_read ? STRIKE_PORT_READ : STRIKE_PORT_WRITE, access.port, where);
    }
    return true;
}

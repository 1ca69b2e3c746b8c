#include "i386/port_trap.h"

#include <stdint.h>

#include "i386/registers.h"
#include "log.h"
#include "process.h"
#include "thread.h"
#include "user_memory.h"

#define PREFIX_OPERAND_SIZE 0x66U

struct port_access {
    uint16_t port;
    uint32_t width;              /* bytes */
    bool is_read;
    uint32_t instruction_size;   /* bytes */
};

/* E4-E7: port in the instruction; EC-EF: port in DX. Even opcodes are bytes; bit 1 set: OUT. */
static bool decode(const uint8_t bytes[3], const struct registers *registers, struct port_access *access_out)
{
    bool prefixed = bytes[0] == PREFIX_OPERAND_SIZE;
    uint8_t opcode = bytes[prefixed];

    if ((opcode & 0xF4) != 0xE4) {
        return false;
    }
    bool in_dx = (opcode & 0x08) != 0;
    access_out->port = in_dx ? (uint16_t)registers->edx : bytes[prefixed + 1];
    access_out->width = (opcode & 1) == 0 ? 1 : prefixed ? 2 : 4;
    access_out->is_read = (opcode & 0x02) == 0;
    access_out->instruction_size = prefixed + (in_dx ? 1U : 2U);
    return true;
}

static void all_ones(struct registers *registers, uint32_t width)
{
    registers->eax |= width == 1 ? 0xFFU : width == 2 ? 0xFFFFU : UINT32_MAX;
}

bool port_trap_handle(struct registers *registers)
{
    struct process *self = thread_current->process;
    struct port_access access;
    uint8_t bytes[3] = { 0 };

    if (self->class != CLASS_DRIVER) {
        return false;
    }
    /* The instruction may end where its page does. */
    for (uint32_t i = 0; i < sizeof bytes; i++) {
        if (user_read(&bytes[i], (const uint8_t USER *)(registers->eip + i), 1) != OK) {
            break;
        }
    }
    if (!decode(bytes, registers, &access)) {
        return false;
    }
    if (access.is_read) {
        all_ones(registers, access.width);
    }
    registers->eip += access.instruction_size;
    self->strikes++;
    log_kernel(LOG_WARNING, "%s: strike %u of %u: %s of %u bytes at port 0x%x, which is closed, at 0x%08x", self->name,
               self->strikes, STRIKES_MAX, access.is_read ? "read" : "write", access.width, access.port, registers->eip);
    if (self->strikes >= STRIKES_MAX) {
        log_kernel(LOG_ERROR, "%s is unloaded: too many strikes", self->name);
        process_end(self, EXIT_STRIKES);
    }
    return true;
}

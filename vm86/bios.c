#include <ternion/vm86.h>

#include <ternion/syscall.h>

#include "call.h"
#include "memory.h"
#include "ports.h"
#include "problem.h"
#include "refused.h"

#define VECTORS 256U
#define SEGMENT_SIZE 0x10000U

static bool is_open;
static struct bios_cost all;

status_t bios_open(const struct bios_options *options)
{
    if (is_open) {
        return EXISTS;
    }
    status_t status = memory_open((options->flags & BIOS_SHARED_DATA) != 0);
    if (status != OK) {
        return status;
    }
    problem_clear();
    ports_reset();
    refused_forget();
    call_set_options(options);
    all = (struct bios_cost){ 0 };
    is_open = true;
    return OK;
}

void bios_close(void)
{
    if (is_open) {
        memory_close();
        call_forget();
        is_open = false;
    }
}

void bios_set_options(const struct bios_options *options)
{
    call_set_options(options);
}

/* ---- Calls ---- */

static void add_cost(const struct bios_cost *cost)
{
    all.traps += cost->traps;
    all.ticks += cost->ticks;
    all.ports += cost->ports;
    all.refused += cost->refused;
    all.interrupts += cost->interrupts;
    all.instructions += cost->instructions;
}

static status_t run(uint32_t vector, uint16_t segment, uint16_t offset, struct bios_registers *registers)
{
    struct vm86_state state = {
        .eax = registers->eax, .ebx = registers->ebx, .ecx = registers->ecx, .edx = registers->edx, .esi = registers->esi,
        .edi = registers->edi, .ebp = registers->ebp, .ds = registers->ds, .es = registers->es, .cs = segment, .eip = offset,
    };

    problem_clear();
    if (!is_open) {
        problem_set("bios_open was not called, or did not succeed");
        return NOT_ALLOWED;
    }
    status_t status = call_run(vector, &state);
    add_cost(call_cost());
    registers->eax = state.eax;
    registers->ebx = state.ebx;
    registers->ecx = state.ecx;
    registers->edx = state.edx;
    registers->esi = state.esi;
    registers->edi = state.edi;
    registers->ebp = state.ebp;
    registers->ds = (uint16_t)state.ds;
    registers->es = (uint16_t)state.es;
    registers->flags = state.eflags;
    return status;
}

status_t bios_int(uint32_t vector, struct bios_registers *registers)
{
    if (vector >= VECTORS) {
        problem_clear();
        problem_set("there is no interrupt 0x%x", vector);
        return BAD_ARGUMENT;
    }
    return run(vector, 0, 0, registers);
}

status_t bios_call(uint16_t segment, uint16_t offset, struct bios_registers *registers)
{
    return run(CALL_IS_FAR, segment, offset, registers);
}

const char *bios_problem(void)
{
    return problem_text();
}

struct bios_cost bios_last_cost(void)
{
    return *call_cost();
}

struct bios_cost bios_all_cost(void)
{
    return all;
}

bool bios_next_refused(struct bios_refused *refused_out)
{
    return refused_next(refused_out);
}

enum bios_port bios_port_kind(uint16_t port, uint32_t width)
{
    return is_open && call_prepare() == OK ? ports_kind(port, width) : BIOS_PORT_REFUSED;
}

/* ---- Memory ---- */

void *bios_memory(uint32_t size, uint16_t *segment_out, uint32_t *offset_out)
{
    uint32_t address = size > SEGMENT_SIZE ? 0 : memory_take(size);

    if (address == 0) {
        return NULL;
    }
    *segment_out = (uint16_t)(address / 16);
    *offset_out = 0;
    return vm86_memory + address;
}

void bios_memory_clear(void)
{
    memory_take_back();
}

status_t bios_read(uint16_t segment, uint16_t offset, void *to, uint32_t size)
{
    return memory_read(segment * 16U + offset, to, size) ? OK : BAD_ADDRESS;
}

status_t bios_write(uint16_t segment, uint16_t offset, const void *from, uint32_t size)
{
    return memory_write(segment * 16U + offset, from, size) ? OK : BAD_ADDRESS;
}

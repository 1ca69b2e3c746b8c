/*
 * VM86 mode: in, out, and pages below 1 MB. Nothing is decoded here: whatever the processor does not do by itself in that mode
 * goes to the thread, outside of it. Intel 64 and IA-32 SDM volume 3, chapter 20.
 */
#include "vm86.h"

#include <abi/vm86.h>

#include <stddef.h>

#include "address_space.h"
#include "boot_memory.h"
#include "fpu.h"
#include "i386/address_entries.h"
#include "i386/cpu.h"
#include "i386/entry.h"
#include "i386/registers.h"
#include "i386/segments.h"
#include "i386/traps.h"
#include "irq.h"
#include "memory.h"
#include "process.h"
#include "strike.h"
#include "string.h"
#include "syscall_handlers.h"
#include "thread.h"
#include "trace.h"
#include "user_memory.h"

#define MB 0x00100000U
#define VIDEO_MEMORY 0x000A0000U
#define EXTENDED_DATA_LOWEST 0x00080000U /* no BIOS has more than 128 KB of it */
#define MAP_KINDS (VM86_MAP_ZEROES | VM86_MAP_COPY | VM86_MAP_PHYSICAL)

/* The processor and entry.asm save the registers of 16-bit code in the state itself. It begins with what they push last. */
_Static_assert(offsetof(struct vm86_state, reason) == offsetof(struct registers, vector), "the vector is the reason");
_Static_assert(offsetof(struct vm86_state, ss) == offsetof(struct registers, ss), "four segments more stand behind SS");
_Static_assert(VM86_TICKS_OVER == VECTOR_IRQ_BASE, "the clock's interrupt is the reason then");

static uint8_t boot_page[PAGE_SIZE] [[gnu::aligned(4)]];

[[gnu::cold]] void vm86_initialise(void)
{
    memcpy(boot_page, physical_to_virtual(0), PAGE_SIZE);
}

/* ---- In ---- */

/* Also where its ports are traced: what 16-bit code does is the library's to record, which would take ports that trap for others'. */
static inline uint32_t ports_of(const struct process *process, const struct vm86_state *state)
{
    return segments_io_map_base(process->class == CLASS_DRIVER && process->space.has_ports && (state->flags & VM86_PORTS_TRAP) == 0);
}

struct registers *vm86_on(void)
{
    const struct thread *self = thread_current;
    struct vm86_state *state = self->vm86;

    state->eip &= 0xFFFF;            /* more is no place in a segment, and IRET would fault, here */
    state->eflags = (state->eflags & VM86_EFLAGS) | EFLAGS_VM86 | EFLAGS_INTERRUPT | EFLAGS_ALWAYS;
    segments_set_registers_end(&state->gs + 1);
    segments_set_io_map_base(ports_of(self->process, state));
    segments_allow_sysenter(false);  /* it would lead 16-bit code out, with a stack of its choice */
    return (struct registers *)state;
}

status_t sys_vm86_enter(void)
{
    struct thread *self = thread_current;

    if (self->vm86 == NULL) {
        return NOT_FOUND;
    }
    self->registers.eflags = EFLAGS_VM86;
    self->registers.vector = VECTOR_SYSTEM_CALL;
    entry_resume_vm86();
}

/* ---- Out ---- */

[[gnu::cold, gnu::noinline]] static void leave_traced(const struct thread *self)
{
    const struct vm86_state *state = self->vm86;

    trace_process(self->process, TRACE_CALLS, TRACE_CALL_ENDS, self->traced_call, state->reason, state->eip, state->cs, 0);
}

/* The thread goes on outside. */
static inline void leave(struct thread *self)
{
    const struct vm86_state *state = self->vm86;
    struct registers *registers = &self->registers;

    registers->eax = OK;
    registers->eip = state->return_eip;
    registers->cs = SEGMENT_USER_CODE;
    registers->eflags = EFLAGS_ALWAYS | EFLAGS_INTERRUPT;
    registers->esp = state->return_esp;
    registers->ss = SEGMENT_USER_DATA;
    if (self->process->traced != 0) {
        leave_traced(self);
    }
}

/* In VM86 mode, but not by vm86_enter: an emulator has been seen to let IRET do that in ring 3. Its registers are not where they should be. */
[[gnu::cold]] static void end_stranger(struct thread *self, const struct registers *registers)
{
    if (registers->vector >= EXCEPTIONS) {
        irq_handle(registers);
    }
    self->registers.eflags = EFLAGS_ALWAYS | EFLAGS_INTERRUPT;
    if (thread_current != NULL) {
        process_end_by_mistake(self->process, EXIT_FAULT | VECTOR_GENERAL_PROTECTION);
    }
}

[[gnu::cold]] static void interrupt_handle(struct thread *self, const struct registers *registers)
{
    irq_handle(registers);
    if (registers->vector == VM86_TICKS_OVER && thread_current == self && self->vm86->ticks != 0 && --self->vm86->ticks == 0) {
        leave(self);
    }
}

/* Things that the 16-bit code need not know of. */
[[gnu::cold]] static bool exception_is_met(struct vm86_state *state, uint32_t vector)
{
    if (vector == VECTOR_PAGE_FAULT) {
        state->address = cpu_read_cr2();
        return trap_page_fault(state->address);
    }
    return vector == VECTOR_NO_FPU && fpu_take();
}

static inline void vm86_off(const struct thread *self)
{
    segments_set_registers_end((struct registers *)&self->registers + 1);
    segments_set_io_map_base(self->io_map_base);
    segments_allow_sysenter(true);
}

/* What is no general protection fault. */
[[gnu::cold, gnu::noinline]] static void trap_rare(struct thread *self, struct registers *registers)
{
    uint32_t vector = registers->vector;

    if (registers != (struct registers *)self->vm86) {
        end_stranger(self, registers);
        return;
    }
    vm86_off(self);
    if (vector >= EXCEPTIONS) {
        interrupt_handle(self, registers);
    } else if (!exception_is_met(self->vm86, vector)) {
        leave(self);
    }
}

struct registers *vm86_trap(struct registers *registers)
{
    struct thread *self = thread_current;

    if (registers->vector == VECTOR_GENERAL_PROTECTION && registers == (struct registers *)self->vm86) {
        vm86_off(self);
        leave(self);
    } else {
        trap_rare(self, registers);
    }
    return &self->registers;
}

/* ---- The state ---- */

[[gnu::cold]] void vm86_forget(struct thread *thread)
{
    if (thread->vm86 != NULL) {
        address_space_let_frame_go(virtual_to_physical(thread->vm86));
        thread->process->space.physical_pages--;
        thread->vm86 = NULL;
    }
}

[[gnu::cold]] status_t sys_vm86_set_up(uint32_t address)
{
    struct thread *self = thread_current;
    struct address_space *space = &self->process->space;
    uint32_t size = sizeof(struct vm86_state);
    uint8_t touched;

    if (!access_has_right(&self->process->access, RIGHT_VM86)) {
        return NOT_ALLOWED;
    }
    if (address == 0) {
        vm86_forget(self);
        return OK;
    }
    if (address % 4 != 0 || address % PAGE_SIZE + size > PAGE_SIZE) {
        return BAD_ARGUMENT;
    }
    if (user_read(&touched, (const void USER *)address, 1) != OK) {
        return BAD_ADDRESS;
    }
    /* Its own page, which no device can write to: what the processor takes its flags from must stay as vm86_on has made it. */
    if ((*space_entry_find(space, address) & (PAGE_OWNED | PAGE_WRITABLE)) != (PAGE_OWNED | PAGE_WRITABLE)) {
        return BAD_ADDRESS;
    }
    physical_t physical = address_space_physical(space, address);
    if (!address_space_hold_frame(physical)) {
        return OVER_QUOTA;
    }
    vm86_forget(self);
    space->physical_pages++;
    self->vm86 = physical_to_virtual(physical);
    return OK;
}

/* ---- Pages that 16-bit code can address ---- */

/* What the entry of such a page becomes. OK, NO_MEMORY, OVER_QUOTA. */
[[gnu::cold]] static status_t page_make(struct address_space *space, uint32_t address, uint32_t flags, uint32_t *entry_out)
{
    uint32_t bits = PAGE_PRESENT | PAGE_USER | ((flags & VM86_MAP_READ_ONLY) != 0 ? 0 : PAGE_WRITABLE);
    uint32_t frame;

    if ((flags & VM86_MAP_PHYSICAL) != 0) {
        *entry_out = address | bits | PAGE_PHYSICAL;
        return OK;
    }
    if ((flags & VM86_MAP_ZEROES) != 0) {
        *entry_out = PAGE_DEMAND | (bits & ~PAGE_PRESENT);
        return OK;
    }
    status_t status = space_frame_charge(space, &frame);
    if (status != OK) {
        return status;
    }
    memcpy(frame_to_virtual(frame), address == 0 ? boot_page : physical_to_virtual(address), PAGE_SIZE);
    *entry_out = frame * PAGE_SIZE | bits | PAGE_OWNED;
    return OK;
}

[[gnu::cold]] static status_t page_put(struct address_space *space, uint32_t address, uint32_t flags)
{
    uint32_t *entry;
    uint32_t made;
    status_t status = space_entry_create(space, address, &entry);

    if (status == OK) {
        status = page_make(space, address, flags, &made);
    }
    if (status == OK) {
        space_entry_clear(space, entry, address);
        *entry = made;
        space->physical_pages += (made & PAGE_PHYSICAL) != 0;
    }
    return status;
}

/* RAM is nobody's but for what the BIOS keeps there: page 0, and, to be copied, its extended data area, whose segment is at 40:0E. */
static bool may_map(const struct access *access, uint32_t address, uint32_t end, uint32_t kind)
{
    uint32_t extended = *(const uint16_t *)(boot_page + 0x40E) * 16U & ~(PAGE_SIZE - 1);

    if (end == PAGE_SIZE || address >= VIDEO_MEMORY) {
        return (end == PAGE_SIZE && kind == VM86_MAP_COPY) || access_has_memory(access, address, end - 1);
    }
    return kind == VM86_MAP_COPY && address >= extended && extended >= EXTENDED_DATA_LOWEST && end <= VIDEO_MEMORY;
}

[[gnu::cold]] status_t sys_vm86_map(uint32_t address, uint32_t pages, uint32_t flags)
{
    struct process *self = thread_current->process;
    uint32_t kind = flags & MAP_KINDS;
    uint32_t end = kind == VM86_MAP_ZEROES ? VM86_MEMORY_END : MB;
    status_t status = OK;

    if (!access_has_right(&self->access, RIGHT_VM86)) {
        return NOT_ALLOWED;
    }
    if (kind == 0 || (kind & (kind - 1)) != 0 || (flags & ~(MAP_KINDS | VM86_MAP_READ_ONLY)) != 0 || address % PAGE_SIZE != 0
        || address >= end || pages == 0 || pages > (end - address) / PAGE_SIZE) {
        return BAD_ARGUMENT;
    }
    if (kind != VM86_MAP_ZEROES && !may_map(&self->access, address, address + pages * PAGE_SIZE, kind)) {
        return strike_refuse(STRIKE_MEMORY, address);
    }
    for (uint32_t i = 0; status == OK && i < pages; i++) {
        status = page_put(&self->space, address + i * PAGE_SIZE, flags);
        cpu_interrupt_window();
    }
    return status;
}

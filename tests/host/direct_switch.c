#include "direct_switch.h"

#include <abi/syscall_numbers.h>

#include "call.h"
#include "clock.h"
#include "fpu.h"
#include "i386/segments.h"
#include "i386/traps.h"
#include "process.h"
#include "ready_queue.h"
#include "scheduler.h"
#include "test.h"
#include "thread.h"

/* The assembly looks at slots without asking if something lives in them; so may this. */
#define LIKE_ASSEMBLY __attribute__((no_sanitize("address")))

static struct process *process_at(uint32_t id)
{
    return (struct process *)(uintptr_t)(process_arena.base + ((id & ID_INDEX_MASK) << process_arena.stride_shift));
}

static struct thread *thread_at(uint32_t call_id)
{
    uint32_t offset = (call_id & ID_INDEX_MASK << CALL_ID_INDEX_SHIFT) << (thread_arena.stride_shift - CALL_ID_INDEX_SHIFT);

    return (struct thread *)(uintptr_t)(thread_arena.base + offset);
}

/* SLEEP_BEGINS */
static void sleep_begins(struct thread *self)
{
    if (self->blocked_at == 0) {
        self->blocked_at = (uint32_t)clock_tick_count + 1;
    }
}

/* SWITCH */
static void switch_directly(struct thread *other)
{
    thread_current = other;
    task_state.tss.esp0 = (uint32_t)(uintptr_t)(&other->registers + 1);
    *other->self_address = other->slot_address;
    if (other->directory != active_directory) {
        active_directory = other->directory;
        task_state.tss.io_map_base = (uint16_t)other->io_map_base;
    }
    if (fpu_traps == 0) {
        fpu_traps = 1;
    }
}

/* LEAVE: a push, while ESP is still the end of the registers of the one that stops. */
static void leave_directly(struct thread *self, const struct thread *other, struct user_registers *user)
{
    self->registers.ss = EFLAGS_ALWAYS;
    user->esp = other->registers.esp;
}

LIKE_ASSEMBLY static bool call_directly(struct thread *self, struct user_registers *user)
{
    struct process *callee = process_at(user->ebx);

    if (callee->id != user->ebx || (callee->barred_by & self->barred) != 0) {
        return false;
    }
    struct thread *other = callee->events.receivers;
    if (other == NULL || (ready_queue.present & other->stronger) != 0) {
        return false;
    }

    callee->events.receivers = other->next_receiver;
    self->callee = (uint32_t)(uintptr_t)callee;
    self->blocked = BLOCKED_CALLING_DIRECT;
    sleep_begins(self);
    other->blocked = BLOCKED_NOT;
    other->slot->sender = self->sender;
    other->slot->sender_class = self->sender_class;
    switch_directly(other);
    self->call_id += CALL_ID_STEP;
    other->serves = self->call_id;
    leave_directly(self, other, user);
    user->ebx = self->call_id;
    user->eax = user->edx;
    return true;
}

LIKE_ASSEMBLY static bool reply_directly(struct thread *self, struct user_registers *user)
{
    struct process *process = self->process;

    if (process->events.count != 0) {
        return false;
    }
    struct thread *other = thread_at(user->ebx);
    if (other->call_id != user->ebx || other->callee != (uint32_t)(uintptr_t)process
        || (ready_queue.present & other->stronger) != 0) {
        return false;
    }

    self->next_receiver = process->events.receivers;
    process->events.receivers = self;
    self->blocked = BLOCKED_RECEIVING;
    sleep_begins(self);
    other->blocked = BLOCKED_NOT;
    other->callee = 0;
    switch_directly(other);
    leave_directly(self, other, user);
    user->ebx = user->edx;
    user->eax = OK;
    return true;
}

bool direct_switch(struct user_registers *user)
{
    struct thread *self = thread_current;

    self->registers.esp = user->esp;
    if (user->eax == SYSCALL_MESSAGE_CALL_WORDS ? call_directly(self, user)
        : user->eax == SYSCALL_MESSAGE_REPLY_WAIT_WORDS && reply_directly(self, user)) {
        return true;
    }
    self->registers.vector = VECTOR_SYSENTER;
    return false;
}

struct user_registers registers_of(const struct thread *thread)
{
    const struct registers *registers = &thread->registers;

    return (struct user_registers){
        .eax = registers->eax, .ebx = registers->ebx, .edx = registers->edx, .esi = registers->esi, .edi = registers->edi,
        .ebp = registers->ebp, .esp = registers->esp,
    };
}

/* The handler runs on what was pushed; its status goes to EAX. */
static void call_handler(syscall_function_t *handler, struct user_registers *user)
{
    struct thread *self = thread_current;
    struct registers *registers = &self->registers;

    registers->ebx = user->ebx;
    registers->edx = user->edx;
    registers->esi = user->esi;
    registers->edi = user->edi;
    registers->ebp = user->ebp;
    registers->esp = user->esp;
    registers->eax = handler(registers);
    *user = registers_of(self);
}

bool enter_by_sysenter(syscall_function_t *handler, struct user_registers *user)
{
    if (direct_switch(user)) {
        return true;
    }
    call_handler(handler, user);
    return false;
}

void enter_by_interrupt(syscall_function_t *handler, struct user_registers *user)
{
    thread_current->registers.vector = VECTOR_SYSTEM_CALL;
    call_handler(handler, user);
}

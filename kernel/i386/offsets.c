/* Numbers that entry.asm and direct_switch.asm share with C: compiled, never linked; see the Makefile. */
#include <abi/syscall_numbers.h>
#include <abi/system.h>

#include <stddef.h>

#include "i386/cpu.h"
#include "i386/entry.h"
#include "i386/registers.h"
#include "i386/segments.h"
#include "i386/traps.h"
#include "arena.h"
#include "call.h"
#include "process.h"
#include "ready_queue.h"
#include "thread.h"
#include "window.h"

#define OFFSET(name, value) asm volatile("\n->" #name " %c0" : : "i"(value))

void offsets_of_entry(void);
void offsets_of_direct_switch(void);

void offsets_of_entry(void)
{
    OFFSET(REGISTERS_EAX, offsetof(struct registers, eax));
    OFFSET(REGISTERS_EBX, offsetof(struct registers, ebx));
    OFFSET(REGISTERS_ESI, offsetof(struct registers, esi));
    OFFSET(REGISTERS_EDI, offsetof(struct registers, edi));
    OFFSET(REGISTERS_EBP, offsetof(struct registers, ebp));
    OFFSET(REGISTERS_ECX, offsetof(struct registers, ecx));
    OFFSET(REGISTERS_VECTOR, offsetof(struct registers, vector));
    OFFSET(REGISTERS_CS, offsetof(struct registers, cs));
    OFFSET(REGISTERS_EFLAGS, offsetof(struct registers, eflags));
    OFFSET(REGISTERS_ESP, offsetof(struct registers, esp));
    OFFSET(REGISTERS_SIZE, sizeof(struct registers));
    OFFSET(SEGMENT_KERNEL_CODE, SEGMENT_KERNEL_CODE);
    OFFSET(SEGMENT_KERNEL_DATA, SEGMENT_KERNEL_DATA);
    OFFSET(SEGMENT_USER_DATA, SEGMENT_USER_DATA);
    OFFSET(EFLAGS_ALWAYS, EFLAGS_ALWAYS);
    OFFSET(EFLAGS_TRAP, EFLAGS_TRAP);
    OFFSET(EFLAGS_VM86, EFLAGS_VM86);
    OFFSET(EXCEPTIONS, EXCEPTIONS);
    OFFSET(VECTOR_SYSTEM_CALL, VECTOR_SYSTEM_CALL);
    OFFSET(VECTOR_SYSENTER, VECTOR_SYSENTER);
    OFFSET(SYSCALL_COUNT, SYSCALL_COUNT);
    OFFSET(SYSTEM_PAGE, SYSTEM_PAGE);
    OFFSET(ENTRY_PAGE_SYSENTER_RETURN, ENTRY_PAGE_SYSENTER_RETURN);
    OFFSET(SYSENTER_RETURN, SYSTEM_PAGE + ENTRY_PAGE_OFFSET + ENTRY_PAGE_SYSENTER_RETURN);
    OFFSET(SYSCALL_MESSAGE_CALL_WORDS, SYSCALL_MESSAGE_CALL_WORDS);
    OFFSET(SYSCALL_MESSAGE_REPLY_WAIT_WORDS, SYSCALL_MESSAGE_REPLY_WAIT_WORDS);
    OFFSET(SYSCALL_DIRECT, SYSCALL_MESSAGE_CALL_WORDS);
    OFFSET(SYSCALL_MISSING, SYSCALL_MISSING);
}

void offsets_of_direct_switch(void)
{
    OFFSET(BLOCKED_NOT, BLOCKED_NOT);
    OFFSET(BLOCKED_CALLING_DIRECT, BLOCKED_CALLING_DIRECT);
    OFFSET(BLOCKED_RECEIVING, BLOCKED_RECEIVING);
    OFFSET(CALL_ID_STEP, CALL_ID_STEP);
    OFFSET(CALL_ID_INDEX_SHIFT, CALL_ID_INDEX_SHIFT);
    OFFSET(ID_INDEX_MASK, ID_INDEX_MASK);
    OFFSET(PROCESS_ARENA, PROCESS_ARENA);
    OFFSET(PROCESS_STRIDE_SHIFT, PROCESS_STRIDE_SHIFT);
    OFFSET(THREAD_ARENA, THREAD_ARENA);
    OFFSET(THREAD_STRIDE_SHIFT, THREAD_STRIDE_SHIFT);
    OFFSET(CR0_TASK_SWITCHED, CR0_TASK_SWITCHED);
    OFFSET(THREAD_REGISTERS, offsetof(struct thread, registers));
    OFFSET(THREAD_END, offsetof(struct thread, registers) + sizeof(struct registers));
    OFFSET(THREAD_CALLS, offsetof(struct thread, calls));
    OFFSET(THREAD_BLOCKED, offsetof(struct thread, blocked));
    OFFSET(THREAD_ESP, offsetof(struct thread, registers.esp));
    OFFSET(THREAD_VECTOR, offsetof(struct thread, registers.vector));
    OFFSET(THREAD_SERVES, offsetof(struct thread, serves));
    OFFSET(THREAD_BLOCKED_AT, offsetof(struct thread, blocked_at));
    OFFSET(THREAD_CALL_ID, offsetof(struct thread, call_id));
    OFFSET(THREAD_CALLEE, offsetof(struct thread, callee));
    OFFSET(THREAD_NEXT_RECEIVER, offsetof(struct thread, next_receiver));
    OFFSET(THREAD_STRONGER, offsetof(struct thread, stronger));
    OFFSET(THREAD_DIRECTORY, offsetof(struct thread, directory));
    OFFSET(THREAD_IO_MAP_BASE, offsetof(struct thread, io_map_base));
    OFFSET(THREAD_BARRED, offsetof(struct thread, barred));
    OFFSET(THREAD_PROCESS, offsetof(struct thread, process));
    OFFSET(THREAD_SLOT, offsetof(struct thread, slot));
    OFFSET(THREAD_SLOT_ADDRESS, offsetof(struct thread, slot_address));
    OFFSET(THREAD_SELF_ADDRESS, offsetof(struct thread, self_address));
    OFFSET(THREAD_SENDER, offsetof(struct thread, sender));
    OFFSET(THREAD_SENDER_CLASS, offsetof(struct thread, sender_class));
    OFFSET(SLOT_SENDER, offsetof(struct thread_slot, sender));
    OFFSET(SLOT_SENDER_CLASS, offsetof(struct thread_slot, sender_class));
    OFFSET(PROCESS_ID, offsetof(struct process, id));
    OFFSET(PROCESS_BARRED_BY, offsetof(struct process, barred_by));
    OFFSET(PROCESS_EVENTS_COUNT, offsetof(struct process, events.count));
    OFFSET(PROCESS_RECEIVERS, offsetof(struct process, events.receivers));
    OFFSET(READY_QUEUE_PRESENT, offsetof(struct ready_queue, present));
    OFFSET(TASK_STATE_ESP0, offsetof(struct task_state, tss.esp0));
    OFFSET(TASK_STATE_IO_MAP_BASE, offsetof(struct task_state, tss.io_map_base));
    _Static_assert(SYSCALL_MESSAGE_REPLY_WAIT_WORDS == SYSCALL_MESSAGE_CALL_WORDS + 1 && SYSCALL_COUNT == SYSCALL_MESSAGE_REPLY_WAIT_WORDS + 1,
                   "the two calls with a direct switch have the highest numbers");
    _Static_assert(sizeof(struct process) <= 1U << PROCESS_STRIDE_SHIFT, "a process fits its place in the arena");
    _Static_assert(sizeof(struct thread) <= 1U << THREAD_STRIDE_SHIFT, "a thread fits its place in the arena");
}

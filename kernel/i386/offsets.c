/* Numbers that entry.asm shares with C: compiled, never linked; see the Makefile. */
#include <abi/syscall_numbers.h>
#include <abi/system.h>

#include <stddef.h>

#include "i386/entry.h"
#include "i386/registers.h"
#include "i386/traps.h"

#define OFFSET(name, value) asm volatile("\n->" #name " %c0" : : "i"(value))

void offsets(void);

void offsets(void)
{
    OFFSET(REGISTERS_EAX, offsetof(struct registers, eax));
    OFFSET(REGISTERS_ECX, offsetof(struct registers, ecx));
    OFFSET(REGISTERS_VECTOR, offsetof(struct registers, vector));
    OFFSET(REGISTERS_CS, offsetof(struct registers, cs));
    OFFSET(REGISTERS_ESP, offsetof(struct registers, esp));
    OFFSET(REGISTERS_SIZE, sizeof(struct registers));
    OFFSET(SEGMENT_KERNEL_CODE, SEGMENT_KERNEL_CODE);
    OFFSET(SEGMENT_KERNEL_DATA, SEGMENT_KERNEL_DATA);
    OFFSET(SEGMENT_USER_DATA, SEGMENT_USER_DATA);
    OFFSET(EFLAGS_ALWAYS, EFLAGS_ALWAYS);
    OFFSET(EFLAGS_TRAP, EFLAGS_TRAP);
    OFFSET(EXCEPTIONS, EXCEPTIONS);
    OFFSET(VECTOR_SYSTEM_CALL, VECTOR_SYSTEM_CALL);
    OFFSET(VECTOR_SYSENTER, VECTOR_SYSENTER);
    OFFSET(SYSCALL_COUNT, SYSCALL_COUNT);
    OFFSET(SYSTEM_PAGE, SYSTEM_PAGE);
    OFFSET(ENTRY_PAGE_OFFSET, ENTRY_PAGE_OFFSET);
}

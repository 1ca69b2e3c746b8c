#include "vm86_code.h"

#include <abi/syscall_numbers.h>
#include <ternion/string.h>

#define CODE (VM86_SEGMENT << 4)

/* As i386/vm86_endless.asm and i386/vm86_code.asm have it. */
_Static_assert(SYSCALL_VM86_ENTER == 121 && sizeof(struct vm86_state) == 100, "the system call, and 25 words");
_Static_assert(offsetof(struct vm86_state, return_eip) == 92 && offsetof(struct vm86_state, return_esp) == 96, "fields of the state");

void vm86_code_at_hand(struct vm86_state *state, const void *code, uint32_t size)
{
    EXPECT_OK(vm86_set_up((uint32_t)state));
    EXPECT_OK(vm86_map(CODE, 16, VM86_MAP_ZEROES));
    memcpy((void *)CODE, code, size);
    *state = (struct vm86_state){
        .eax = 0xA1A2A3A4, .ebx = 0xB1B2B3B4, .ecx = 0xC1C2C3C4, .edx = 0xD1D2D3D4, .esi = 0xE1E2E3E4, .edi = 0xF1F2F3F4, .ebp = 0x91929394,
        .cs = VM86_SEGMENT, .ss = VM86_SEGMENT, .esp = 0xFFF0, .ds = 0x1111, .es = 0x2222, .fs = 0x3333, .gs = 0x4444, .eflags = 2,
    };
}

void vm86_expect_leaves_at(struct vm86_state *state, uint32_t reason, uint32_t eip)
{
    EXPECT_OK(vm86_run(state));
    EXPECT_EQUAL(reason, state->reason);
    EXPECT_EQUAL(eip, state->eip);
}

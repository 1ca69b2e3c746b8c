; A thread that trusts nothing of its state.

SYSTEM_CALL_ENTRY equ 0x001FE008        ; SYSTEM_PAGE + offsetof(struct system_page, system_call_entry)
SYSCALL_VM86_ENTER equ 121
STATE_WORDS     equ 25                  ; struct vm86_state
STATE_RETURN_EIP equ 92
STATE_RETURN_ESP equ 96

section .note.GNU-stack noalloc noexec nowrite progbits

section .text

; _Noreturn void vm86_endless(struct vm86_state *state, const struct vm86_state *beginning)
global vm86_endless
vm86_endless:
        mov     eax, [esp + 4]
        mov     [own_state], eax
        mov     eax, [esp + 8]
        mov     [own_beginning], eax
        mov     [own_stack], esp
.again:                                 ; out of the mode, with whatever registers and stack
        mov     esp, [own_stack]
        mov     edi, [own_state]
        mov     esi, [own_beginning]
        mov     ecx, STATE_WORDS
        rep movsd
        mov     edi, [own_state]
        mov     dword [edi + STATE_RETURN_EIP], .again
        mov     [edi + STATE_RETURN_ESP], esp
        mov     eax, SYSCALL_VM86_ENTER
        call    [SYSTEM_CALL_ENTRY]
        ud2                             ; it was refused

section .bss
        alignb  4
own_state:      resd 1
own_beginning:  resd 1
own_stack:      resd 1

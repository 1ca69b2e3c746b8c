; Where the measuring program begins; Linux has put its arguments on the stack.

extern linux_start

section .note.GNU-stack noalloc noexec nowrite progbits

section .text

; void _start(void);
global _start
_start:
        xor     ebp, ebp
        mov     eax, esp
        and     esp, -16
        sub     esp, 12
        push    eax
        call    linux_start
        ud2                             ; linux_start does not return

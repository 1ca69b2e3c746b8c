; Where the measuring program begins, with a stack and no arguments that it needs.

extern linux_start

section .note.GNU-stack noalloc noexec nowrite progbits

section .text

; void _start(void);
global _start
_start:
        xor     ebp, ebp
        and     esp, -16
        call    linux_start
        ud2                             ; linux_start does not return

; Where a program begins. The kernel jumps here with ESP at STACK_TOP and nothing on the stack.

extern start_program

section .text.start

; _Noreturn void _start(void);
global _start
_start:
        xor     ebp, ebp                ; the end of every backtrace
        and     esp, -16                ; what the i386 ABI promises a function
        call    start_program

section .note.GNU-stack noalloc noexec nowrite progbits

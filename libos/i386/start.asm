; Where a program begins. The kernel jumps here with ESP at STACK_TOP and nothing on the stack.

extern start_program
; main (program.ld); or, if the program uses what needs it, the C library's start, which runs main with an environment and files
; (libc/program.c). Weak: the reference alone does not link that.
extern program_run:weak

section .text.start

; _Noreturn void _start(void);
global _start
_start:
        xor     ebp, ebp                ; the end of every backtrace
        and     esp, -16                ; what the i386 ABI promises a function
        sub     esp, 12
        push    program_run
        call    start_program

section .note.GNU-stack noalloc noexec nowrite progbits

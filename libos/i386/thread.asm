; The first and last instructions of a thread that thread_start made.

extern thread_finish

section .text

; _Noreturn void thread_begin(void);
; On its stack lie, put there by thread_start: the function, its argument. ESP + 4 is a multiple of 16.
global thread_begin
thread_begin:
        xor     ebp, ebp                ; the end of every backtrace
        pop     eax
        call    eax                     ; function(argument)
        call    thread_finish

section .note.GNU-stack noalloc noexec nowrite progbits

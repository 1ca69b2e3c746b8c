; The system calls of a traced process. The entries of a table of system calls get no number, so that it costs the
; usual way nothing to bring one along: here each has its own instruction, and where that stands says the number.

%include "offsets.inc"

extern trace_call

section .note.GNU-stack noalloc noexec nowrite progbits

section .text

; status_t trace_entry_N(struct registers *registers): EAX
trace_entries:
%rep SYSCALL_COUNT
        call    trace_entry             ; 5 bytes
%endrep

trace_entry:
        pop     edx
        sub     edx, trace_entries + 5
        imul    edx, edx, 205           ; a fifth: right for numbers below 1,024
        shr     edx, 10
        jmp     trace_call

section .rodata

global trace_calls
trace_calls:
%assign number 0
%rep SYSCALL_COUNT
        dd      trace_entries + number * 5
%assign number number + 1
%endrep

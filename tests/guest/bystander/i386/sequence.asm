; 16-bit code of which it is known what comes of it.

section .note.GNU-stack noalloc noexec nowrite progbits

section .rodata
        bits    16

; EAX the number before the first, CX how many there shall be, ES:DI where they go. HLT leaves VM86 mode.
global sequence_code
sequence_code:
        imul    eax, eax, 1664525
        add     eax, 1013904223
        stosd
        loop    sequence_code
global sequence_code_hlt
sequence_code_hlt:
        hlt
global sequence_code_end
sequence_code_end:

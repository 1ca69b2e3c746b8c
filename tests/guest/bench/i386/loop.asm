; The loop around what is measured: two instructions a turn, so that the loop of every system costs the same.

section .note.GNU-stack noalloc noexec nowrite progbits

section .text

; void loop_run(operation_t *operation, uint32_t times);
global loop_run
loop_run:
        push    ebx
        push    esi
        mov     esi, [esp + 12]
        mov     ebx, [esp + 16]
.turn:
        call    esi
        dec     ebx
        jnz     .turn
        pop     esi
        pop     ebx
        ret

; Mistakes with every register as it is known.

%macro LOAD_REGISTERS 0
        mov     eax, 0x11111111
        mov     ebx, 0x22222222
        mov     ecx, 0x33333333
        mov     edx, 0x44444444
        mov     esi, 0x55555555
        mov     edi, 0x66666666
        mov     ebp, 0x77777777
%endmacro

section .note.GNU-stack noalloc noexec nowrite progbits

section .text

; void mistake_instruction(void): an instruction that is none, at mistake_instruction_at.
global mistake_instruction
global mistake_instruction_at
mistake_instruction:
        LOAD_REGISTERS
mistake_instruction_at:
        ud2

; void mistake_write(void): a write to MISTAKE_ADDRESS, at mistake_write_at.
MISTAKE_ADDRESS equ 0x00000BAD
global mistake_write
global mistake_write_at
mistake_write:
        LOAD_REGISTERS
mistake_write_at:
        mov     [MISTAKE_ADDRESS], eax

; void mistake_in_frames(uint32_t frames): so many stack frames, each of which calls the next; in the last one an instruction is none.
; All but the first return address are mistake_return.
global mistake_in_frames
global mistake_return
mistake_in_frames:
        push    ebp
        mov     ebp, esp
        mov     eax, [ebp + 8]
        dec     eax
        jz      mistake_in_last_frame
        push    eax
        call    mistake_in_frames
mistake_return:
        leave
        ret
mistake_in_last_frame:
        ud2

; A floppy that runs cases.asm in real mode: its boot sector loads the rest, masks interrupts and goes there.

        bits    16
        org     0x7C00

SECTORS         equ     (cases_end - cases + 511) / 512
TRACK           equ     18                      ; sectors
FLOPPY_BYTES    equ     1474560

        jmp     0:start
start:
        xor     ax, ax
        mov     ds, ax
        mov     ss, ax
        mov     sp, 0x7C00
        mov     ax, 0x1000
        mov     es, ax
        xor     bx, bx
.again:
        mov     ax, 0x0200 | SECTORS            ; BIOS: read sectors, of the first track
        mov     cx, 2
        mov     dx, 0
        int     0x13
        jc      .again
        cli
        mov     al, 0xFF
        out     0x21, al                        ; no interrupt: they would leave traces on the cases' stacks
        out     0xA1, al
        jmp     0x1000:0

        times   510 - ($ - $$) db 0
        dw      0xAA55

%include "tests/vm86/cases.asm"
cases_end:
%if SECTORS > TRACK - 1
%error the cases need more than the first track
%endif
        times   FLOPPY_BYTES - ($ - $$) db 0

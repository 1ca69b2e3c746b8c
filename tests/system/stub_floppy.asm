; The stub kernel's twin for machines that know no -kernel: a floppy whose boot sector says a text
; on COM1 and port 0xE9 and then ends as it was assembled to (HALT, TRIPLE_FAULT, RESET, POWER_OFF).
; TEXT and ENDING as in stub_kernel.asm; the text has room for about 350 bytes.

        bits    16
        org     0x7C00

COM1            equ     0x3F8
COM1_FORMAT     equ     0x3FB
COM1_STATUS     equ     0x3FD
BITS_8N1        equ     3
HOLDING_EMPTY   equ     0x20
TRANSMITTER_EMPTY equ   0x40
DEBUG_PORT      equ     0xE9
KEYBOARD        equ     0x64
BOCHS_SHUTDOWN  equ     0x8900
WHITE_ON_BLUE   equ     0x1F
FLOPPY_BYTES    equ     1474560

%define HALT         1
%define TRIPLE_FAULT 2
%define RESET        3
%define POWER_OFF    4

start:
        cli
        xor     ax, ax
        mov     ds, ax
        mov     ax, 0xB800
        mov     es, ax
        mov     word [es:0], WHITE_ON_BLUE << 8 | 'T'
        mov     dx, COM1_FORMAT
        mov     al, BITS_8N1
        out     dx, al
        mov     si, text
        mov     cx, text_end - text
        jcxz    .said
.say:
        mov     dx, COM1_STATUS
.wait:
        in      al, dx
        test    al, HOLDING_EMPTY
        jz      .wait
        lodsb
        mov     dx, COM1
        out     dx, al
        out     DEBUG_PORT, al
        loop    .say
.said:
        mov     dx, COM1_STATUS
.sent:
        in      al, dx                          ; Bochs loses what its UART still holds at the end
        test    al, TRANSMITTER_EMPTY
        jz      .sent
%if ENDING == TRIPLE_FAULT
        lidt    [no_interrupts]
        int3
%elif ENDING == RESET
        mov     al, 0xFE
        out     KEYBOARD, al
%elif ENDING == POWER_OFF
        mov     si, shutdown
        mov     cx, shutdown_end - shutdown
        mov     dx, BOCHS_SHUTDOWN
        rep     outsb
%endif
.halt:
        hlt
        jmp     .halt

no_interrupts:
        dw      0, 0, 0
shutdown:
        db      "Shutdown"
shutdown_end:
text:
        incbin  TEXT
text_end:
        times   510 - ($ - $$) db 0
        dw      0xAA55
        times   FLOPPY_BYTES - ($ - $$) db 0

; A floppy whose boot sector, without any kernel, has the BIOS set a VBE mode with a linear framebuffer and fills the visible part:
; byte x of line y is (7x + 13y) modulo 256. Colour i of a palette is red i, green i/2, blue 63 - i, modulo 64.
; Then it says "drawn" on COM1, and halts. TEXT: unused. ENDING: the mode's number.

        bits    16
        org     0x7C00

COM1            equ     0x3F8
LINEAR          equ     0x4000
INFORMATION     equ     0x8000
PITCH           equ     INFORMATION + 16        ; VBE 3.0, section 4.4
WIDTH           equ     INFORMATION + 18
HEIGHT          equ     INFORMATION + 20
DEPTH            equ     INFORMATION + 25
FRAMEBUFFER     equ     INFORMATION + 40
A20_FAST        equ     0x92
FLOPPY_BYTES    equ     1474560

start:
        xor     ax, ax
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     sp, 0x7C00
        mov     ax, 0x4F01
        mov     cx, ENDING | LINEAR              ; without it the BIOS of Bochs tells no address
        mov     di, INFORMATION
        int     0x10
        cmp     ax, 0x004F
        jne     .failed
        mov     ax, 0x4F02
        mov     bx, ENDING | LINEAR
        int     0x10
        cmp     ax, 0x004F
        jne     .failed

        mov     dx, 0x3C8
        xor     al, al
        out     dx, al
        inc     dx
        xor     cl, cl
.palette:
        mov     al, cl
        and     al, 63
        mov     bl, al
        out     dx, al
        mov     al, cl
        shr     al, 1
        and     al, 63
        out     dx, al
        mov     al, 63
        sub     al, bl
        out     dx, al
        inc     cl
        jnz     .palette

        cli
        in      al, A20_FAST
        or      al, 2
        out     A20_FAST, al
        lgdt    [table_pointer]
        mov     eax, cr0
        or      al, 1
        mov     cr0, eax
        jmp     .protected
.protected:
        mov     bx, 8                           ; 4 GB of data: the limit stays in real mode
        mov     es, bx
        and     al, 0xFE
        mov     cr0, eax
        jmp     .real
.real:
        xor     ax, ax
        mov     es, ax

        movzx   eax, byte [DEPTH]
        add     ax, 7
        shr     ax, 3
        movzx   ecx, word [WIDTH]
        imul    ecx, eax
        mov     esi, ecx                        ; bytes of a line that are seen
        mov     edi, [FRAMEBUFFER]
        xor     dx, dx
        xor     bx, bx
.line:
        mov     al, bl
        mov     ebp, edi
        mov     ecx, esi
.byte:
        mov     [es:ebp], al
        add     al, 7
        inc     ebp
        dec     ecx
        jnz     .byte
        movzx   eax, word [PITCH]
        add     edi, eax
        add     bl, 13
        inc     dx
        cmp     dx, [HEIGHT]
        jb      .line
        mov     si, drawn
        jmp     .say
.failed:
        mov     si, failed
.say:
        mov     dx, COM1 + 3
        mov     al, 3                           ; 8N1
        out     dx, al
        lodsb
        test    al, al
        jz      .halt
        mov     dx, COM1
        out     dx, al
        mov     dx, COM1 + 5
.wait:
        in      al, dx
        test    al, 0x40
        jz      .wait
        jmp     .say
.halt:
        hlt
        jmp     .halt

drawn:
        db      "drawn", 10, 0
failed:
        db      "failed", 10, 0
        align   8
table:
        dq      0, 0x00CF92000000FFFF
table_pointer:
        dw      $ - table - 1
        dd      table
        times   510 - ($ - $$) db 0
        dw      0xAA55
        times   FLOPPY_BYTES - ($ - $$) db 0

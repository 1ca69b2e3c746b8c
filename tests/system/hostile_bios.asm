; What is appended to a real video BIOS to make it hostile, at offset ORG of its segment: an init that lets the real one do its work and then
; takes INT 10h, and an INT 10h that does evil in the functions of VBE which EVIL names, and is the real one in all others.
; REAL_INIT: offset of the real init; it returns by RETF. tests/system/hostile_bios.py puts both together.

        bits    16
        org     ORG

VBE             equ     0x4F
SET_MODE        equ     0x4F02
MODE_INFORMATION equ    0x4F01
CONTROLLER      equ     0x4F00
SUCCESS         equ     0x004F
FAILED          equ     0x014F
VIDEO_VECTOR    equ     0x10 * 4
SCRATCH         equ     0x4F0                   ; free for programs
SMI_COMMAND     equ     0xB2
RESET_CONTROL   equ     0xCF9
KEYBOARD        equ     0x64

%define NONE               0
%define SET_LOOPS          1
%define SET_LOOPS_CLI      2
%define SET_HALTS          3
%define SET_FAILS          4
%define SET_DOES_NOTHING   5
%define SET_RECURSES       6
%define SET_WIPES          7
%define SET_PORTS          8
%define SET_JUMPS_HIGH     9
%define SET_LOSES_STACK    10
%define SET_FLAGS          11
%define SET_SYSTEM         12
%define SET_DEBUG_FLOOD    13
%define MODE_GARBAGE       14
%define MODE_ZEROES        15
%define MODE_ONES          16
%define MODE_KERNEL        17
%define MODE_LOOPS         18
%define LIST_ENDLESS       19
%define LIST_NOWHERE       20
%define CONTROLLER_LOOPS   21
%define CONTROLLER_GARBAGE 22
%define TEXT_LOOPS         23
%define SET_INTERRUPTS     24
%define SET_DISK           25
%define SET_PORT_FLOOD     26
%define SET_TIMER_FLOOD    27

init:
        jmp     near begin
real:
        dd      0
begin:
        push    cs
        call    REAL_INIT
        pushf
        push    ds
        push    eax
        xor     ax, ax
        mov     ds, ax
        mov     eax, [VIDEO_VECTOR]
        mov     [cs:real], eax                  ; the ROM can be written to until all option ROMs have begun
        mov     word [VIDEO_VECTOR], handler
        mov     [VIDEO_VECTOR + 2], cs
        pop     eax
        pop     ds
        popf
        retf

handler:
%if EVIL >= SET_LOOPS && EVIL <= SET_DEBUG_FLOOD || EVIL == SET_INTERRUPTS || EVIL >= SET_DISK
        cmp     ax, SET_MODE
        je      evil
%elif EVIL >= MODE_GARBAGE && EVIL <= MODE_LOOPS
        cmp     ax, MODE_INFORMATION
        je      evil
%elif EVIL >= LIST_ENDLESS && EVIL <= CONTROLLER_GARBAGE
        cmp     ax, CONTROLLER
        je      evil
%elif EVIL == TEXT_LOOPS                        ; once another mode was set
        push    ds
        push    0
        pop     ds
        cmp     ax, 0x0012
        je      .graphics
        cmp     ax, SET_MODE
        jne     .old
        cmp     bx, 3
        je      .text
.graphics:
        mov     word [SCRATCH], SET_MODE
.old:
        cmp     ax, 0x0003
        je      .text
        cmp     ax, 0x0083
        jne     .real
.text:
        cmp     word [SCRATCH], SET_MODE
        je      evil
.real:
        pop     ds
%endif
        jmp     far [cs:real]

evil:
%if EVIL == SET_LOOPS || EVIL == MODE_LOOPS || EVIL == CONTROLLER_LOOPS || EVIL == TEXT_LOOPS
        jmp     $
%elif EVIL == SET_LOOPS_CLI
        cli
        jmp     $
%elif EVIL == SET_HALTS
        cli
        hlt
        jmp     $
%elif EVIL == SET_FAILS
        mov     ax, FAILED
        iret
%elif EVIL == SET_DOES_NOTHING
        mov     ax, SUCCESS
        iret
%elif EVIL == SET_RECURSES
        int     0x10
        jmp     $
%elif EVIL == SET_WIPES                         ; vectors and the data area of the BIOS, then all that can be written to
        push    es
        xor     di, di
        mov     es, di
        mov     cx, 0x0800
        mov     ax, 0xCCCC
        cld
        rep     stosw
        mov     ax, 0x9000
.segment:
        mov     es, ax
        xor     di, di
        mov     cx, 0x8000
        push    ax
        mov     ax, 0xCCCC
        rep     stosw
        pop     ax
        add     ax, 0x1000
        jnz     .segment
        pop     es
        mov     ax, SUCCESS
        iret
%elif EVIL == SET_PORTS                         ; reset, A20, interrupt controllers, timer, SMI, configuration
        mov     al, 0xFF
        out     0x21, al
        out     0xA1, al
        mov     al, 0x11
        out     0x20, al
        mov     al, 0x34
        out     0x43, al
        xor     al, al
        out     0x40, al
        out     0x40, al
        mov     al, 0xFE
        out     KEYBOARD, al
        mov     al, 1
        out     0x92, al
        mov     eax, 0xB5
        mov     ebx, 1
        out     SMI_COMMAND, al
        mov     dx, RESET_CONTROL
        mov     al, 6
        out     dx, al
        mov     dx, 0xCF8
        mov     eax, 0x80000004
        out     dx, eax
        mov     dx, 0xCFC
        xor     eax, eax
        out     dx, eax
        mov     ax, FAILED
        iret
%elif EVIL == SET_JUMPS_HIGH
        jmp     0xFFFF:0x0010
%elif EVIL == SET_LOSES_STACK
        mov     ax, 0xF000
        mov     ss, ax
        xor     sp, sp
        push    ax
        pusha
        mov     sp, 1
        push    eax
        ret     0x8000
%elif EVIL == SET_FLAGS                         ; IOPL 3, VM, NT, TF, RF, AC at once
        push    dword 0x00077FD7
        popfd
        pushfd
        cli
        out     0x20, al
        jmp     $
%elif EVIL == SET_SYSTEM                        ; instructions of the kernel
        xor     eax, eax
        mov     cr3, eax
        lgdt    [cs:real]
        lidt    [cs:real]
        mov     cr0, eax
        jmp     $
%elif EVIL == SET_DEBUG_FLOOD
        mov     dx, 0x402
        mov     ecx, -1
        xor     esi, esi
        a32 rep outsb
        jmp     $ - 6
%elif EVIL == SET_PORT_FLOOD                    ; time that passes outside VM86 mode
        mov     ax, 0xF000
        mov     ds, ax
        mov     dx, 0x402
        mov     cx, -1
        xor     si, si
        rep     outsb
        jmp     evil
%elif EVIL == SET_TIMER_FLOOD
        mov     dx, 0x40
        mov     cx, 0x200
        xor     di, di
        mov     es, di
        mov     di, 0x600                       ; of a page 0 that is its own
        rep     insb
        jmp     evil
%elif EVIL == SET_INTERRUPTS                    ; each vector, also those that lead nowhere
        mov     ax, SUCCESS
%assign vector 0x20
%rep 0xE0
        int     vector
%assign vector vector + 1
%endrep
        iret
%elif EVIL == SET_DISK                          ; reads a sector to 0000:7C00, and moves memory by 15h/87h
        mov     ax, 0x0201
        mov     cx, 1
        mov     dx, 0x80
        xor     bx, bx
        mov     es, bx
        mov     bh, 0x7C
        int     0x13
        mov     ax, 0x8700
        mov     cx, 0x8000
        xor     si, si
        int     0x15
        mov     ax, 0x2401
        int     0x15
        mov     ax, FAILED
        iret
%elif EVIL == MODE_GARBAGE || EVIL == CONTROLLER_GARBAGE
        pusha
        mov     ax, cx
        mov     cx, 256 + 256 * (EVIL == CONTROLLER_GARBAGE)
        cld
.random:
        imul    ax, ax, 25173                   ; a linear congruential generator that goes through all 16-bit numbers
        add     ax, 13849
        push    ax
        mov     al, ah
        stosb
        pop     ax
        loop    .random
        popa
        mov     ax, SUCCESS
        iret
%elif EVIL == MODE_ZEROES || EVIL == MODE_ONES
        pusha
        mov     cx, 256
        mov     al, 0 - (EVIL == MODE_ONES)
        cld
        rep     stosb
        popa
        mov     ax, SUCCESS
        iret
%elif EVIL == MODE_KERNEL                       ; what the real one says, but the framebuffer is where the kernel is
        pushf
        call    far [cs:real]
        mov     dword [es:di + 40], 0x00100000
        iret
%elif EVIL == LIST_ENDLESS || EVIL == LIST_NOWHERE
        pushf
        call    far [cs:real]
        push    bx
        mov     bx, list
%if EVIL == LIST_NOWHERE
        mov     word [es:di + 14], 0xFFFF       ; in the memory that is above the first megabyte
        mov     word [es:di + 16], 0xFFFF
%else
        mov     [es:di + 14], bx
        mov     [es:di + 16], cs
%endif
        pop     bx
        iret
list:
%if EVIL == LIST_ENDLESS
%rep 6000
        dw      0x0101, 0x0111
%endrep
%endif
%endif

; A kernel that only says a text on COM1 and port 0xE9 and then ends as it was assembled to:
; the tests of the tests need machines whose behaviour is known.
;   -DTEXT='"file"'   what to say
;   -DENDING=NAME     HALT, TRIPLE_FAULT, RESET, DEBUG_EXIT, ECHO (COM1 and keyboard, until a byte 'x')
;                     or COUNT (the time stamp counter as 16 hexadecimal digits)

        bits    32
        org     0x100000

MULTIBOOT_MAGIC equ     0x1BADB002
MULTIBOOT_FLAGS equ     0x00010000              ; the load addresses stand in this header
COM1            equ     0x3F8
COM1_FORMAT     equ     0x3FB
COM1_STATUS     equ     0x3FD
BITS_8N1        equ     3
HOLDING_EMPTY   equ     0x20
DEBUG_PORT      equ     0xE9
EXIT_PORT       equ     0xF4
EXIT_CODE       equ     0x10
KEYBOARD        equ     0x64
TEXT_SCREEN     equ     0xB8000
WHITE_ON_BLUE   equ     0x1F

%define HALT         1
%define TRIPLE_FAULT 2
%define RESET        3
%define DEBUG_EXIT   4
%define ECHO         5
%define COUNT        6

header:
        dd      MULTIBOOT_MAGIC, MULTIBOOT_FLAGS, -(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)
        dd      header, header, 0, 0, start

start:
        mov     esp, stack_top
        mov     word [TEXT_SCREEN], WHITE_ON_BLUE << 8 | 'T'
        mov     dx, COM1_FORMAT
        mov     al, BITS_8N1
        out     dx, al
        mov     esi, text
        mov     ecx, text_end - text
        jecxz   .said
.say:
        lodsb
        call    put
        loop    .say
.said:
%if ENDING == TRIPLE_FAULT
        lidt    [no_interrupts]
        int3
%elif ENDING == RESET
        mov     al, 0xFE                        ; pulse the reset line
        out     KEYBOARD, al
%elif ENDING == DEBUG_EXIT
        mov     al, EXIT_CODE
        out     EXIT_PORT, al
%elif ENDING == COUNT
        rdtsc
        mov     ebx, edx
        call    put_hexadecimal
        rdtsc
        mov     ebx, eax
        call    put_hexadecimal
        mov     al, EXIT_CODE
        out     EXIT_PORT, al
%elif ENDING == ECHO
.echo:
        in      al, KEYBOARD
        test    al, 1
        jz      .serial
        in      al, 0x60
        test    al, 0x80                        ; a key that went up
        jnz     .echo
        mov     al, 'K'
        call    put
.serial:
        mov     dx, COM1_STATUS
        in      al, dx
        test    al, 1
        jz      .echo
        mov     dx, COM1
        in      al, dx
        call    put
        cmp     al, 'x'
        jne     .echo
%endif
.halt:
        cli
        hlt
        jmp     .halt

%if ENDING == COUNT
; void put_hexadecimal(ebx = number): destroys EAX, EBX, ECX, EDX
put_hexadecimal:
        mov     ecx, 8
.digit:
        rol     ebx, 4
        mov     eax, ebx
        and     eax, 15
        mov     al, [digits + eax]
        call    put
        loop    .digit
        ret

digits: db      "0123456789abcdef"
%endif

; void put(al = byte): keeps every register but EDX
put:
        push    eax
        mov     dx, COM1_STATUS
.wait:
        in      al, dx
        test    al, HOLDING_EMPTY
        jz      .wait
        pop     eax
        mov     dx, COM1
        out     dx, al
        out     DEBUG_PORT, al
        ret

no_interrupts:
        dd      0, 0
text:
        incbin  TEXT
text_end:
        align   16
        times   1024 db 0
stack_top:

; Random cases of the instructions that trap in VM86 mode: 16-bit code that makes registers, flags, stack, memory and ports up, does one
; instruction with them, and sends what was before and after it out of port E9, in records as case.h has them. The same bytes run in real
; mode (floppy.asm) and in Ternion's VM86 mode (tests/guest/opcodes); there is nothing in them by which they could tell.
;
; To be included where a segment begins; nothing is relocated: V() is an offset there. Runs at CASES:0 with interrupts masked at their
; controller. Uses memory 0 to 3FFh and 10000h to 8FFFFh.

%ifndef CASE_COUNT
%define CASE_COUNT 2000                         ; of each group
%endif
%ifndef CASE_SEED
%define CASE_SEED 0x7E540001
%endif

CASES           equ     0x1000                  ; segments: this code,
CODE            equ     0x2000                  ; the instruction,
STACK           equ     0x3000
EXTRA           equ     0x4000                  ; ES,
DATA            equ     0x5000
DATA_FS         equ     0x6000
DATA_GS         equ     0x7000
PAD_RETURN      equ     0xE000                  ; offsets in CODE: where IRET leads,
PAD_INTERRUPT   equ     0xF000                  ; and interrupts. From other segments it is the same linear address
OWN_STACK       equ     0xFFF0

WINDOW_STACK    equ     32                      ; bytes around SP, and around the index of INS and OUTS
WINDOW_DATA     equ     64

OUTPUT          equ     0xE9
SCRATCH         equ     0x3FF                   ; of COM1's 16450: a byte that reads as it was written
CRTC            equ     0x3D4                   ; index and data of the VGA's CRT controller; a word is both
CRTC_CURSOR     equ     0x0F                    ; cursor location, low: harmless
PCI_ADDRESS     equ     0xCF8                   ; a double word that reads as it was written
DAC_READ        equ     0x3C7
DAC_WRITE       equ     0x3C8
DAC_DATA        equ     0x3C9                   ; reads and writes go on to the next byte
DAC_BYTES       equ     12
PIC             equ     0x20                    ; the interrupt controller's command port; its mask is the next one
PIC_READ_PENDING equ    0x0A                    ; OCW3. Intel 8259A data sheet
PIC_END         equ     0x20                    ; OCW2
TIMER_PENDING   equ     1
TIMER           equ     0x40
TIMER_ONCE      equ     0x30                    ; counter 0 in mode 0: its line goes up once, and stays there. Intel 8254 data sheet
TIMER_COUNTS    equ     20
ALL_BUT_TIMER   equ     0xFE
VECTOR_TIMER    equ     8
NOBODY          equ     0x2F0                   ; reads as all ones
NOBODY_LOW      equ     0xE0
DEBUG_EXIT      equ     0xF4                    ; QEMU's isa-debug-exit
BOCHS_SHUTDOWN  equ     0x8900

STATUS     equ     0x0CD5                  ; CF PF AF ZF SF DF OF
FLAGS           equ     STATUS | 0x200 | 0x3000 | 0x4000 | 0x40000 | 0x200000       ; IF, IOPL, NT, AC, ID

GROUP_CLI_STI   equ     2
GROUP_INT       equ     3
GROUP_OUTS      equ     7
GROUP_TRACED    equ     8
GROUP_HLT       equ     9
GROUPS          equ     10
TRAP_FLAG       equ     0x100
INTERRUPT_FLAG  equ     0x200
ALIGNMENT_FLAG  equ     0x40000
DIRECTION       equ     0x400

        bits    16

%define V(label) (label - cases)

cases:
        mov     ax, cs
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     esp, OWN_STACK
        cld
        call    make_pads
.group:
        mov     word [V(left)], CASE_COUNT
.case:
        call    make_case
        call    run_case
        call    send_case
        inc     word [V(record.number)]
        dec     word [V(left)]
        jnz     .case
        inc     byte [V(record.group)]
        cmp     byte [V(record.group)], GROUPS
        jb      .group
        mov     si, V(end_mark)
        mov     cx, 4
        mov     dx, OUTPUT
        rep     outsb
        mov     si, V(shutdown)
        mov     cx, 8
        mov     dx, BOCHS_SHUTDOWN
        rep     outsb
        mov     al, 0
        out     DEBUG_EXIT, al
        cli
        hlt

; EAX: the next random number (Marsaglia, xorshift32). All else is kept.
random:
        push    edx
        mov     eax, [V(seed)]
        mov     edx, eax
        shl     edx, 13
        xor     eax, edx
        mov     edx, eax
        shr     edx, 17
        xor     eax, edx
        mov     edx, eax
        shl     edx, 5
        xor     eax, edx
        mov     [V(seed)], eax
        pop     edx
        ret

; Zero flag: one of so many times, a power of two.
%macro one_in 1
        call    random
        test    eax, (%1 - 1) << 9
%endmacro

; ---- What stays ----

; Interrupt n leads to CODE-n : PAD_INTERRUPT+16n, which are 256 names of one place.
make_pads:
        push    es
        mov     ax, CODE
        mov     es, ax
        mov     di, PAD_RETURN
        call    make_pad
        mov     di, PAD_INTERRUPT
        call    make_pad
        xor     ax, ax
        mov     es, ax
        xor     di, di
        mov     ax, PAD_INTERRUPT
        mov     bx, CODE
.vector:
        stosw
        xchg    ax, bx
        stosw
        xchg    ax, bx
        add     ax, 16
        dec     bx
        cmp     di, 0x400
        jb      .vector
        pop     es
        ret

; ES:DI: a far call to `landed`, which sees by it where it comes from.
make_pad:
        mov     al, 0x9A
        stosb
        mov     ax, V(landed)
        stosw
        mov     ax, CASES
        stosw
        ret

; ---- A case ----

make_case:
        mov     di, V(record.before)
        mov     cx, 9
.register:
        call    random
        stosd
        loop    .register
        and     dword [V(before.eflags)], FLAGS
        or      byte [V(before.eflags)], 2
        mov     si, V(segments)
        mov     di, V(before.cs)
        mov     cx, 6
        rep     movsw
        call    random
        and     ax, 0x3FFF
        add     ax, 0x8000
        mov     [V(before.eip)], ax
        call    make_stack_pointer
        mov     bx, V(before.esp)
        mov     ax, STACK
        call    fill_stack
        call    make_ports
        mov     byte [V(record.data_size)], 0
        mov     di, V(record.code)
        movzx   bx, [V(record.group)]
        add     bx, bx
        call    [V(makers) + bx]
        sub     di, V(record.code)
        mov     [V(record.code_size)], di
        ret

; Even, and now and then where it wraps: what is pushed and popped is whole, and the wrap is between.
make_stack_pointer:
        one_in  4
        jz      .edge
        and     word [V(before.esp)], 0x6FFC
        add     word [V(before.esp)], 0x1000
        jmp     .words
.edge:
        and     word [V(before.esp)], 0x000C
        one_in  2
        jz      .words
        sub     word [V(before.esp)], 8
.words:
        cmp     byte [V(record.group)], GROUP_INT
        jne     .done
        call    random
        and     ax, 2                           ; INT pushes words alone
        xor     [V(before.esp)], ax
.done:
        ret

; AX: segment; [BX]: the middle.
fill_stack:
        push    es
        mov     es, ax
        mov     di, [bx]
        sub     di, WINDOW_STACK / 2
        mov     cx, WINDOW_STACK / 2
.word:
        call    random
        mov     [es:di], ax
        add     di, 2
        loop    .word
        pop     es
        ret

; Values in the ports, as the record has them.
make_ports:
        call    random
        mov     [V(ports_before.scratch)], al
        mov     dx, SCRATCH
        out     dx, al
        call    random
        mov     al, CRTC_CURSOR
        mov     [V(ports_before.crtc)], ax
        mov     dx, CRTC
        out     dx, ax
        call    random
        and     eax, 0x00FFFFFC
        mov     [V(ports_before.pci)], eax
        mov     dx, PCI_ADDRESS
        out     dx, eax
        mov     al, 0
        mov     dx, DAC_WRITE
        out     dx, al
        mov     dx, DAC_DATA
        mov     di, V(ports_before.dac)
        mov     cx, DAC_BYTES
.dac:
        call    random
        and     al, 0x3F
        out     dx, al
        stosb
        loop    .dac
        mov     dx, DAC_WRITE
        cmp     byte [V(record.group)], GROUP_OUTS
        je      .index
        mov     dx, DAC_READ
.index:
        mov     al, 0
        out     dx, al
        ret

; ---- Instructions. DI: where their bytes go. ----

prefix_66:
        one_in  2
        jz      .none
        mov     al, 0x66
        stosb
        mov     byte [V(is_wide)], 1
        ret
.none:
        mov     byte [V(is_wide)], 0
        ret

; One that means nothing, now and then.
prefix_idle:
        one_in  4
        jnz     .none
        call    random
        and     ax, 7
        mov     bx, ax
        mov     al, [V(idle_prefixes) + bx]
        stosb
.none:
        ret

make_pushf:
        call    prefix_idle
        call    prefix_66
        mov     al, 0x9C
        stosb
        ret

; [BX]: a double word of STACK that becomes flags: no trap flag, and none that the records do not have.
sane_flags:
        push    es
        push    STACK
        pop     es
        and     dword [es:bx], FLAGS | 0x3F2A8028 & ~0x100        ; with bits that are reserved, or that POPF leaves alone
        pop     es
        ret

make_popf:
        mov     bx, [V(before.esp)]
        call    sane_flags
        call    prefix_idle
        call    prefix_66
        mov     al, 0x9D
        stosb
        ret

make_cli_sti:
        call    prefix_idle
        call    random
        and     al, 1
        add     al, 0xFA
        stosb
        ret

; Any of the others, with the trap flag on: behind it comes exception 1, and its handler is what is landed in. IRET turns the flag on, for the
; next instruction; its frame stands below the case's stack.
make_traced:
        or      word [V(before.eflags)], TRAP_FLAG
        call    random
        and     ax, 7
        cmp     ax, GROUP_CLI_STI               ; not these: QEMU holds the exception back behind STI, Bochs and the SDM do not
        jne     .make
        mov     ax, 0
.make:
        mov     bx, ax
        add     bx, bx
        call    [V(makers) + bx]
        mov     bx, [V(before.esp)]
        sub     bx, 6
        push    es
        push    STACK
        pop     es
        mov     ax, [V(before.eip)]
        mov     [es:bx], ax
        add     bx, 2
        mov     word [es:bx], CODE
        add     bx, 2
        mov     ax, [V(before.eflags)]
        mov     [es:bx], ax
        pop     es
        ret

; STI and HLT: what holds interrupts back for the one instruction behind an STI lets HLT begin, and the timer's, which waits already, ends it. In
; VM86 mode none comes, so the trace that it leaves below the stack is made here: the word that nothing else is pushed onto.
make_hlt:
        and     dword [V(before.eflags)], ~(INTERRUPT_FLAG | ALIGNMENT_FLAG)     ; an interrupt clears the latter
        push    es
        push    word 0
        pop     es
        mov     word [es:VECTOR_TIMER * 4], V(woken)
        mov     [es:VECTOR_TIMER * 4 + 2], cs
        pop     es
        call    prefix_idle
        mov     ax, 0xF4FB
        stosw
        mov     ax, di
        sub     ax, V(record.code)
        add     ax, [V(before.eip)]
        mov     bx, [V(before.esp)]
        sub     bx, 6
        push    es
        push    STACK
        pop     es
        mov     [es:bx], ax
        pop     es
        mov     al, TIMER_ONCE
        out     TIMER + 3, al
        mov     al, TIMER_COUNTS
        out     TIMER, al
        mov     al, 0
        out     TIMER, al
        mov     al, ALL_BUT_TIMER
        out     PIC + 1, al
.wait:
        mov     al, PIC_READ_PENDING
        out     PIC, al
        in      al, PIC
        test    al, TIMER_PENDING
        jz      .wait
        ret

; The timer's interrupt, on the case's stack: the only one.
woken:
        mov     [cs:V(woken_al)], al
        mov     al, 0xFF
        out     PIC + 1, al
        mov     al, PIC_END
        out     PIC, al
        mov     al, [cs:V(woken_al)]
        iret

make_int:
        call    prefix_idle
        one_in  4
        jz      .short
        call    random
        mov     al, 0xCD
        stosw
        ret
.short:
        mov     al, 0xCC                        ; INT3
        one_in  2
        mov     al, 0xCC
        jz      .store
        mov     al, 0xCE                        ; INTO
.store:
        stosb
        ret

; IP = PAD_RETURN + 16n, CS = CODE - n, flags.
make_iret:
        call    prefix_66
        mov     al, 0xCF
        stosb
        call    random
        and     ax, 0xFF
        mov     cx, CODE
        sub     cx, ax
        shl     ax, 4
        add     ax, PAD_RETURN
        mov     bx, [V(before.esp)]
        push    es
        push    STACK
        pop     es
        mov     [es:bx], ax
        add     bx, 2
        cmp     byte [V(is_wide)], 0
        je      .segment
        mov     word [es:bx], 0
        add     bx, 2
.segment:
        mov     [es:bx], cx
        add     bx, 2
        cmp     byte [V(is_wide)], 0
        je      .flags
        add     bx, 2
        pop     es
        jmp     sane_flags
.flags:
        and     word [es:bx], FLAGS & 0xFFFF | 0x8028
        pop     es
        ret

; IN and OUT: a port that answers this width alike on all machines, at its place in the instruction or in DX.
make_in:
        call    prefix_idle
        one_in  4
        jz      .immediate
        call    random
        and     ax, 3                           ; bit 0: the width, bit 1: OUT
        add     al, 0xEC
        mov     cl, al
        call    choose_port
        mov     al, cl
        stosb
        ret
.immediate:
        call    prefix_66
        call    random
        and     ax, 3
        add     al, 0xE4
        mov     ah, NOBODY_LOW
        stosw
        ret

; CL: opcode, even for bytes. Writes a 66 prefix or none; DX, and AX where its value matters, are chosen.
choose_port:
        call    prefix_66
        mov     word [V(before.edx)], SCRATCH
        test    cl, 1
        jz      .nobody
        mov     word [V(before.edx)], CRTC
        mov     byte [V(before.eax)], CRTC_CURSOR
        cmp     byte [V(is_wide)], 0
        je      .nobody
        mov     word [V(before.edx)], PCI_ADDRESS
.nobody:
        one_in  4
        jnz     .done
        mov     word [V(before.edx)], NOBODY
.done:
        ret

make_ins:
        mov     cl, 0x6C
        mov     word [V(index)], V(before.edi)
        jmp     make_string

make_outs:
        mov     cl, 0x6E
        mov     word [V(index)], V(before.esi)

make_string:
        call    random
        and     al, 1
        add     cl, al
        call    choose_port
        test    cl, 1
        jnz     .count
        one_in  2
        jz      .count
        mov     word [V(before.edx)], DAC_DATA
.count:
        and     word [V(before.ecx)], 7
        cmp     byte [V(record.group)], GROUP_OUTS
        jne     .single
        cmp     word [V(before.edx)], DAC_DATA
        jne     .single
        and     word [V(before.ecx)], 1         ; whole colours: some DACs take nothing less
        imul    ax, [V(before.ecx)], 3
        mov     [V(before.ecx)], ax
        mov     al, 0xF3
        jmp     .repeat
.single:
        one_in  4
        jz      .addresses
        mov     al, 0xF3
        one_in  4
        mov     al, 0xF3
        jnz     .repeat
        mov     al, 0xF2
.repeat:
        stosb
.addresses:
        mov     bx, [V(index)]
        and     word [bx], 0x6FFC
        add     word [bx], 0x0100
        one_in  2
        jz      .narrow
        mov     al, 0x67
        stosb
        mov     word [bx + 2], 0
        mov     word [V(before.ecx) + 2], 0
        one_in  4
        jnz     .segment
        cmp     word [V(before.edx)], DAC_DATA
        je      .segment
        mov     word [bx], 0xFFFC               ; to the segment's end: the index goes on to 10000h
        and     word [V(before.eflags)], ~DIRECTION & 0xFFFF
        mov     ax, 4
        test    cl, 1
        jz      .reach
        shr     ax, 1
        cmp     byte [V(is_wide)], 0
        je      .reach
        shr     ax, 1
.reach:
        mov     [V(before.ecx)], ax
        jmp     .segment
.narrow:
        one_in  4
        jnz     .segment
        and     word [bx], 0x0008               ; where it wraps
        sub     word [bx], 8
.segment:
        mov     word [V(record.data_segment)], EXTRA
        cmp     cl, 0x6E
        jb      .opcode
        mov     word [V(record.data_segment)], DATA
        one_in  2
        jz      .opcode
        call    random
        and     ax, 7
        cmp     ax, 6
        jae     .opcode
        mov     bx, ax
        mov     al, [V(segment_prefixes) + bx]
        stosb
        add     bx, bx
        mov     ax, [V(segment_values) + bx]
        mov     [V(record.data_segment)], ax
.opcode:
        mov     al, cl
        stosb
        mov     bx, [V(index)]
        mov     ax, [bx]
        mov     [V(record.data_offset)], ax
        mov     byte [V(record.data_size)], WINDOW_DATA
        jmp     fill_data

; Random bytes; where words go to the CRT controller, each has a harmless index. Elements begin at even offsets.
fill_data:
        push    es
        mov     es, [V(record.data_segment)]
        mov     bx, [V(record.data_offset)]
        sub     bx, WINDOW_DATA / 2
        mov     si, WINDOW_DATA / 2
.word:
        call    random
        cmp     word [V(before.edx)], CRTC
        jne     .colours
        mov     al, CRTC_CURSOR
.colours:
        cmp     word [V(before.edx)], DAC_DATA
        jne     .store
        and     ax, 0x3F3F                      ; bits that any DAC has
.store:
        mov     [es:bx], ax
        add     bx, 2
        dec     si
        jnz     .word
        pop     es
        ret

; ---- Doing it ----

run_case:
        push    es
        mov     ax, CODE
        mov     es, ax
        mov     si, V(record.code)
        mov     di, [V(before.eip)]
        mov     cx, [V(record.code_size)]
        rep     movsb
        call    make_pad
        pop     es
        mov     di, V(record.stack_before)
        call    copy_stack
        mov     di, V(record.data_before)
        call    copy_data
        mov     [V(own_sp)], sp
        mov     word [V(way_in)], V(way_by_jump)
        cmp     byte [V(record.group)], GROUP_TRACED
        jne     .flags
        mov     word [V(way_in)], V(way_by_iret)
        mov     ax, [V(before.esp)]
        sub     ax, 6
        mov     [V(frame_sp)], ax
.flags:
        mov     eax, [V(before.eflags)]
        and     ax, ~TRAP_FLAG & 0xFFFF
        push    eax
        popfd
        mov     eax, [V(before.eax)]
        mov     ebx, [V(before.ebx)]
        mov     ecx, [V(before.ecx)]
        mov     edx, [V(before.edx)]
        mov     esi, [V(before.esi)]
        mov     edi, [V(before.edi)]
        mov     ebp, [V(before.ebp)]
        mov     fs, [V(before.fs)]
        mov     gs, [V(before.gs)]
        mov     es, [V(before.es)]
        mov     ss, [V(before.ss)]
        mov     esp, [V(before.esp)]
        jmp     [V(way_in)]
way_by_jump:
        mov     ds, [V(before.ds)]
        jmp     far [cs:V(before.eip)]
way_by_iret:
        mov     sp, [V(frame_sp)]
        mov     ds, [V(before.ds)]
        iret

; From a pad, by a far call on the case's stack. MOV leaves the flags alone.
landed:
        mov     [cs:V(after.eax)], eax
        mov     [cs:V(after.ebx)], ebx
        mov     [cs:V(after.ecx)], ecx
        mov     [cs:V(after.edx)], edx
        mov     [cs:V(after.esi)], esi
        mov     [cs:V(after.edi)], edi
        mov     [cs:V(after.ebp)], ebp
        mov     [cs:V(after.esp)], esp
        mov     [cs:V(after.ss)], ss
        mov     [cs:V(after.ds)], ds
        mov     [cs:V(after.es)], es
        mov     [cs:V(after.fs)], fs
        mov     [cs:V(after.gs)], gs
        mov     ax, cs
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        movzx   esp, word [cs:V(own_sp)]
        pushfd
        pop     dword [V(after.eflags)]
        push    dword 2
        popfd
        mov     fs, [V(after.ss)]
        mov     bx, [V(after.esp)]
        mov     ax, [fs:bx]
        sub     ax, 5                           ; of the far call
        mov     [V(after.eip)], ax
        add     bx, 2
        mov     ax, [fs:bx]
        mov     [V(after.cs)], ax
        add     word [V(after.esp)], 4
        call    read_ports
        mov     di, V(record.stack_after)
        call    copy_stack
        mov     di, V(record.data_after)

; To DI.
copy_data:
        movzx   cx, [V(record.data_size)]
        jcxz    .none
        mov     fs, [V(record.data_segment)]
        mov     bx, [V(record.data_offset)]
        sub     bx, WINDOW_DATA / 2
        jmp     copy_window
.none:
        ret

copy_stack:
        mov     fs, [V(before.ss)]
        mov     bx, [V(before.esp)]
        sub     bx, WINDOW_STACK / 2
        mov     cx, WINDOW_STACK

; CX bytes from FS:BX, which wraps, to DI.
copy_window:
        mov     al, [fs:bx]
        inc     bx
        stosb
        loop    copy_window
        ret

read_ports:
        mov     dx, SCRATCH
        in      al, dx
        mov     [V(ports_after.scratch)], al
        mov     dx, CRTC
        in      ax, dx
        mov     [V(ports_after.crtc)], ax
        mov     dx, PCI_ADDRESS
        in      eax, dx
        mov     [V(ports_after.pci)], eax
        mov     al, 0
        mov     dx, DAC_READ
        out     dx, al
        mov     dx, DAC_DATA
        mov     di, V(ports_after.dac)
        mov     cx, DAC_BYTES
.dac:
        in      al, dx
        stosb
        loop    .dac
        ret

; Data comes last, and where there is none nothing of it is sent.
send_case:
        mov     si, V(record)
        mov     cx, record_size_short
        cmp     byte [V(record.data_size)], 0
        je      .send
        mov     cx, record_size_long
.send:
        mov     dx, OUTPUT
        rep     outsb
        ret

; ---- Tables and variables ----

makers:
        dw      V(make_pushf), V(make_popf), V(make_cli_sti), V(make_int), V(make_iret), V(make_in), V(make_ins), V(make_outs), V(make_traced), V(make_hlt)
segments:                                       ; in the record's order
        dw      CODE, STACK, EXTRA, DATA, DATA_FS, DATA_GS
idle_prefixes:
        db      0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x67, 0xF3
segment_prefixes:
        db      0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65
segment_values:
        dw      EXTRA, CODE, STACK, DATA, DATA_FS, DATA_GS
end_mark:
        db      "END", 10
shutdown:
        db      "Shutdown"
seed:   dd      CASE_SEED
left:   dw      0
own_sp: dw      0
index:  dw      0
way_in: dw      0
frame_sp: dw    0
is_wide: db     0
woken_al: db    0

%macro registers 1
%1.eax: dd      0
%1.ebx: dd      0
%1.ecx: dd      0
%1.edx: dd      0
%1.esi: dd      0
%1.edi: dd      0
%1.ebp: dd      0
%1.esp: dd      0
%1.eflags: dd   0
%1.eip: dw      0
%1.cs:  dw      0
%1.ss:  dw      0
%1.es:  dw      0
%1.ds:  dw      0
%1.fs:  dw      0
%1.gs:  dw      0
        dw      0
%endmacro

%macro ports 1
%1.scratch: db  0, 0
%1.crtc: dw     0
%1.pci: dd      0
%1.dac: times DAC_BYTES db 0
%endmacro

        align   4
record:
        db      "CASE"
record.group: db 0
record.data_size: db 0
record.code_size: dw 0
record.number: dw 0, 0
record.code: times 16 db 0
record.before:
        registers before
        registers after
        ports   ports_before
        ports   ports_after
record.stack_before: times WINDOW_STACK db 0
record.stack_after: times WINDOW_STACK db 0
record_size_short equ $ - record
record.data_segment: dw 0
record.data_offset: dw 0
record.data_before: times WINDOW_DATA db 0
record.data_after: times WINDOW_DATA db 0
record_size_long equ $ - record

; 16-bit code for tests of VM86 mode. DS leads to memory for it. HLT leaves the mode.

section .note.GNU-stack noalloc noexec nowrite progbits

STATE_WORDS     equ     25              ; struct vm86_state

%macro CODE 1
global %1
%1:
%endmacro
%macro CODE_END 1
global %1_end
%1_end:
%endmacro

section .rodata
        bits    16

; Counts in EAX, and at 0, until the word at 4 is another than 0. All other registers stay.
CODE vm86_count
.again:
        inc     eax
        mov     [0], eax
        cmp     word [4], 0
        je      .again
global vm86_count_hlt
vm86_count_hlt:
        hlt
CODE_END vm86_count

; Spins DX times, then CLI, for ever: with IOPL 3 nothing would end it.
CODE vm86_spin
.again:
        mov     cx, dx
.spin:
        loop    .spin
        cli
        jmp     .again
CODE_END vm86_spin

; Fills the FPU's eight registers with the numbers from EBX on, spins DX times, and looks: AX is 1 if all are there still.
CODE vm86_fpu_work
        fninit
        mov     cx, 8
.fill:
        mov     [0], ebx
        fild    dword [0]
        inc     ebx
        loop    .fill
        mov     cx, dx
.spin:
        loop    .spin
        xor     ax, ax
        mov     cx, 8
.look:
        dec     ebx
        fistp   dword [0]
        fwait
        cmp     [0], ebx
        jne     .done
        loop    .look
        inc     ax
.done:
        hlt
CODE_END vm86_fpu_work

; The same with the eight registers of SSE, each four times its number.
CODE vm86_sse_work
%assign register 0
%rep 8
        mov     [0], ebx
        movss   xmm%+register, [0]
        shufps  xmm%+register, xmm%+register, 0
        inc     ebx
%assign register register + 1
%endrep
        sub     ebx, 8
        mov     cx, dx
.spin:
        loop    .spin
        xor     ax, ax
%assign register 0
%rep 8
        movups  [0], xmm%+register
        cmp     [0], ebx
        jne     .done
        cmp     [12], ebx
        jne     .done
        inc     ebx
%assign register register + 1
%endrep
        inc     ax
.done:
        hlt
CODE_END vm86_sse_work

; Fills as vm86_fpu_work, and no more.
CODE vm86_fpu_fill
        fninit
        mov     cx, 8
.fill:
        mov     [0], ebx
        fild    dword [0]
        inc     ebx
        loop    .fill
        hlt
CODE_END vm86_fpu_fill

; struct fpu_image at 0. In real mode's form the pointers are addresses; all else is the same (SDM volume 1, figure 8-10).
CODE vm86_fpu_store
        o32 fnsave [0]
        hlt
CODE_END vm86_fpu_store

; Divides by zero with the exception unmasked. It strikes at the next instruction of the FPU that waits.
CODE vm86_fpu_fault
        fninit
        mov     word [0], 0x037B
        fldcw   [0]
        fld1
        fldz
        fdivp   st1
global vm86_fpu_fault_at
vm86_fpu_fault_at:
        fwait
        hlt
CODE_END vm86_fpu_fault

; The same, but there is no such instruction any more.
CODE vm86_fpu_fault_later
        fninit
        mov     word [0], 0x037B
        fldcw   [0]
        fld1
        fldz
        fdivp   st1
        hlt
CODE_END vm86_fpu_fault_later

; Reads port BX, DX times or for ever, with its value at 0; counts at 4.
CODE vm86_read_port
        mov     dx, bx
.again:
        in      al, dx
        mov     [0], al
        inc     dword [4]
        jmp     .again
CODE_END vm86_read_port

; Its state lies at ES:0: all ones, then some ticks, and a trap.
CODE vm86_spoil_state
        mov     eax, -1
        xor     di, di
        mov     cx, STATE_WORDS
        cld
        rep stosd
        mov     cx, dx
.spin:
        loop    .spin
        cli
CODE_END vm86_spoil_state

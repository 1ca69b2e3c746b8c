; The FPU's and SSE's registers: filled with what nobody else has, looked at, made to fault.

section .note.GNU-stack noalloc noexec nowrite progbits

FLAG_ID         equ 1 << 21
CPUID_SSE       equ 1 << 25             ; CPUID function 1, EDX
UNMASK_ZERO_DIVIDE equ 0x037B           ; control word: all masked but that
MXCSR_UNMASK_ZERO_DIVIDE equ 0x1D80

section .text

; void fpu_fill(uint32_t seed);
global fpu_fill
fpu_fill:
        fninit
        mov     ecx, 8
.next:
        fild    dword [esp + 4]
        inc     dword [esp + 4]
        dec     ecx
        jnz     .next
        ret

; bool fpu_is_filled(uint32_t seed);
global fpu_is_filled
fpu_is_filled:
        mov     ecx, 8
        mov     edx, [esp + 4]
        add     edx, 7
        mov     eax, 1
.next:
        fistp   dword [esp + 4]
        cmp     [esp + 4], edx
        je      .right
        xor     eax, eax
.right:
        dec     edx
        dec     ecx
        jnz     .next
        ret

; void fpu_store(struct fpu_image *image_out);
global fpu_store
fpu_store:
        mov     eax, [esp + 4]
        fnsave  [eax]
        fwait
        ret

; void fpu_fault_later(void);
global fpu_fault_later
fpu_fault_later:
        push    dword UNMASK_ZERO_DIVIDE
        fninit
        fldcw   [esp]
        fld1
        fldz
        fdivp   st1
        add     esp, 4
        ret

; void fpu_fault(void);
global fpu_fault
fpu_fault:
        call    fpu_fault_later

; void fpu_wait(void);
global fpu_wait
fpu_wait:
        fwait
        ret

; bool sse_is_there(void);
; Can the ID flag be changed, and does CPUID tell of SSE?
global sse_is_there
sse_is_there:
        push    ebx
        pushfd
        pop     edx
        mov     ecx, edx
        xor     ecx, FLAG_ID
        push    ecx
        popfd
        pushfd
        pop     ecx
        push    edx
        popfd
        xor     eax, eax
        xor     ecx, edx
        test    ecx, FLAG_ID
        jz      .done
        mov     eax, 1
        cpuid
        xor     eax, eax
        test    edx, CPUID_SSE
        setnz   al
.done:
        pop     ebx
        ret

; void sse_fill(uint32_t seed);
global sse_fill
sse_fill:
        movss   xmm0, [esp + 4]
        shufps  xmm0, xmm0, 0
%assign register 1
%rep 7
        inc     dword [esp + 4]
        movss   xmm%+register, [esp + 4]
        shufps  xmm%+register, xmm%+register, 0
%assign register register + 1
%endrep
        ret

; bool sse_is_filled(uint32_t seed);
global sse_is_filled
sse_is_filled:
        push    ebx
        mov     edx, [esp + 8]
        sub     esp, 16
        mov     eax, 1
%assign register 0
%rep 8
        movups  [esp], xmm%+register
        mov     ecx, 4
.next%+register:
        cmp     [esp + ecx * 4 - 4], edx
        je      .right%+register
        xor     eax, eax
.right%+register:
        dec     ecx
        jnz     .next%+register
        inc     edx
%assign register register + 1
%endrep
        add     esp, 16
        pop     ebx
        ret

; void sse_store(uint32_t registers_out[32], uint32_t *mxcsr_out);
global sse_store
sse_store:
        mov     eax, [esp + 4]
%assign register 0
%rep 8
        movups  [eax + register * 16], xmm%+register
%assign register register + 1
%endrep
        mov     eax, [esp + 8]
        stmxcsr [eax]
        ret

; void sse_fault(void);
global sse_fault
sse_fault:
        push    dword MXCSR_UNMASK_ZERO_DIVIDE
        ldmxcsr [esp]
        fld1
        fstp    dword [esp]
        movss   xmm0, [esp]
        xorps   xmm1, xmm1
        divss   xmm0, xmm1
        add     esp, 4
        ret

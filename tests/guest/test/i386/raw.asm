; System calls with any register in any state, by either entry.

SYSTEM_CALL_ENTRY equ 0x001FE008 ; SYSTEM_PAGE + offsetof(struct system_page, system_call_entry)
CALL_EBX equ 4
CALL_EDX equ 8
CALL_ESI equ 12
CALL_EDI equ 16
CALL_EBP equ 20

section .text

; uint32_t raw_call_int(struct raw_call *call);
; uint32_t raw_call_page(struct raw_call *call);
; Loads EAX, EBX, EDX, ESI, EDI, EBP from the structure, calls the kernel by int 80h, or by what the system page
; says; stores them as they come back. Returns EAX.
global raw_call_int
raw_call_int:
        push    dword .enter
        jmp     raw_call
.enter:
        int     0x80
        ret

global raw_call_page
raw_call_page:
        push    dword [SYSTEM_CALL_ENTRY]

raw_call:
        pop     ecx                     ; the way in
        push    ebx
        push    esi
        push    edi
        push    ebp
        mov     eax, [esp + 20]
        push    eax
        push    ecx
        mov     ebx, [eax + CALL_EBX]
        mov     edx, [eax + CALL_EDX]
        mov     esi, [eax + CALL_ESI]
        mov     edi, [eax + CALL_EDI]
        mov     ebp, [eax + CALL_EBP]
        mov     eax, [eax]
        call    [esp]
        add     esp, 4
        pop     ecx                     ; the structure
        mov     [ecx], eax
        mov     [ecx + CALL_EBX], ebx
        mov     [ecx + CALL_EDX], edx
        mov     [ecx + CALL_ESI], esi
        mov     [ecx + CALL_EDI], edi
        mov     [ecx + CALL_EBP], ebp
        pop     ebp
        pop     edi
        pop     esi
        pop     ebx
        ret

section .note.GNU-stack noalloc noexec nowrite progbits

; System calls with every register, the flags and the segment registers as a test wants them.

SYSTEM_CALL_ENTRY equ 0x001FE008 ; SYSTEM_PAGE + offsetof(struct system_page, system_call_entry)
USUAL_FLAGS     equ 0x202
WAY_INT         equ 1
WAY_SYSENTER    equ 2

; struct call_state
STATE_EAX       equ 0
STATE_EBX       equ 4
STATE_ECX       equ 8
STATE_EDX       equ 12
STATE_ESI       equ 16
STATE_EDI       equ 20
STATE_EBP       equ 24
STATE_FLAGS     equ 28
STATE_DATA      equ 32
STATE_FS        equ 36
STATE_GS        equ 40
STATE_EVENT     equ 44

; On the stack while the call is made, from where it comes back to.
SAVED_EVENT     equ 0
SAVED_PUSHAD    equ 4
SAVED_STATE     equ SAVED_PUSHAD + 32 + 4

section .note.GNU-stack noalloc noexec nowrite progbits

section .text

; void state_call(struct call_state *state, enum call_way way);
global state_call
state_call:
        pushad
        mov     eax, [esp + 36]
        mov     ecx, [esp + 40]
        push    dword [eax + STATE_EVENT]
        push    dword .back
        cmp     ecx, WAY_SYSENTER
        je      .load
        mov     edx, .int
        cmp     ecx, WAY_INT
        je      .way
        mov     edx, [SYSTEM_CALL_ENTRY]
.way:
        push    edx
.load:
        push    dword [eax + STATE_FLAGS]
        mov     ebx, [eax + STATE_EBX]
        mov     esi, [eax + STATE_ESI]
        mov     edi, [eax + STATE_EDI]
        mov     ebp, [eax + STATE_EBP]
        mov     fs, [eax + STATE_FS]
        mov     gs, [eax + STATE_GS]
        cmp     ecx, WAY_SYSENTER
        mov     ecx, [eax + STATE_DATA]
        mov     edx, [eax + STATE_EDX]
        mov     eax, [eax + STATE_EAX]
        mov     ds, ecx
        mov     es, ecx
        je      .sysenter
        popfd
        ret                             ; to the way in
.int:
        int     0x80
        ret
.sysenter:
        lea     ecx, [esp + 4]
        popfd
        sysenter                        ; comes back by the RET behind the system page's
.back:
        pushfd
        push    dword USUAL_FLAGS
        popfd
        push    ss
        pop     ds
        push    ss
        pop     es
        push    eax
        mov     eax, [esp + 8 + SAVED_STATE]
        mov     [eax + STATE_EBX], ebx
        mov     [eax + STATE_ECX], ecx
        mov     [eax + STATE_EDX], edx
        mov     [eax + STATE_ESI], esi
        mov     [eax + STATE_EDI], edi
        mov     [eax + STATE_EBP], ebp
        pop     dword [eax + STATE_EAX]
        pop     dword [eax + STATE_FLAGS]
        add     esp, SAVED_PUSHAD
        popad
        ret

; status_t stack_end_call(struct call_state *state, uint32_t stack);
; int 80h with any stack pointer. Returns EAX; EBX in *state.
global stack_end_call
stack_end_call:
        pushad
        mov     ecx, esp
        mov     eax, [esp + 36]
        mov     esp, [esp + 40]
        mov     ebx, [eax + STATE_EBX]
        mov     edx, [eax + STATE_EDX]
        mov     eax, [eax + STATE_EAX]
        int     0x80
        mov     esp, ecx                ; int 80h keeps ECX
        mov     ecx, [esp + 36]
        mov     [ecx + STATE_EBX], ebx
        mov     [esp + 28], eax
        popad
        ret

; What C cannot do to the processor's state: flags, stacks, registers.

SYSTEM_CALL_ENTRY equ 0x001FE008 ; SYSTEM_PAGE + offsetof(struct system_page, system_call_entry)
CLOCK_SEQUENCE    equ 0x001FE010 ; SYSTEM_PAGE + offsetof(struct system_page, clock_sequence)
USUAL_FLAGS       equ 0x202
THREAD_EXIT       equ 49

section .note.GNU-stack noalloc noexec nowrite progbits

section .text

; uint32_t flags_load(uint32_t flags);
; Loads the flags by POPF; returns what they are then.
global flags_load
flags_load:
        push    dword [esp + 4]
        popfd
        pushfd
        pop     eax
        jmp     flags_usual

; uint32_t flags_load_iret(uint32_t flags);
; The same by IRET.
global flags_load_iret
flags_load_iret:
        push    dword [esp + 4]
        push    cs
        push    dword .loaded
        iretd
.loaded:
        pushfd
        pop     eax

flags_usual:
        push    dword USUAL_FLAGS
        popfd
        ret

; uint32_t flags_call_int(uint32_t flags, uint32_t number, const void *argument, uint32_t *flags_out);
; uint32_t flags_call_page(the same);
; A system call with an argument in EBX, made with these flags. Returns its status; *flags_out are the flags behind it.
global flags_call_int
flags_call_int:
        push    ebx
        mov     eax, [esp + 12]
        mov     ebx, [esp + 16]
        push    dword [esp + 8]
        popfd
        int     0x80
        jmp     flags_keep

global flags_call_page
flags_call_page:
        push    ebx
        mov     eax, [esp + 12]
        mov     ebx, [esp + 16]
        push    dword [esp + 8]
        popfd
        call    [SYSTEM_CALL_ENTRY]

flags_keep:
        pushfd
        pop     edx
        mov     ecx, [esp + 20]
        mov     [ecx], edx
        pop     ebx
        jmp     flags_usual

; uint32_t flags_sysenter(uint32_t flags, uint32_t number, const void *argument, uint32_t *flags_out);
; The same, with the flags loaded right before SYSENTER: a trap flag strikes in the kernel.
global flags_sysenter
flags_sysenter:
        push    ebx
        mov     eax, [esp + 12]
        mov     ebx, [esp + 16]
        mov     edx, [esp + 8]
        push    dword flags_keep        ; where the system page's RET goes
        mov     ecx, esp
        push    edx
        popfd
        sysenter

; void sysenter_on_stack(uint32_t stack);
; SYSENTER with any stack pointer: what it comes back to pops from there.
global sysenter_on_stack
sysenter_on_stack:
        mov     ecx, [esp + 4]
        xor     eax, eax
        sysenter

; uint32_t stack_call_int(uint32_t stack);
; Makes cheap system calls by int 80h and lets some ticks pass, with any stack pointer. Returns the last status.
global stack_call_int
stack_call_int:
        push    ebp
        push    ebx
        mov     ebp, esp
        mov     esp, [esp + 12]
        mov     ecx, 100
.call:
        xor     eax, eax
        int     0x80
        dec     ecx
        jnz     .call
        mov     ebx, [CLOCK_SEQUENCE]
        add     ebx, 10                 ; each tick adds two
.tick:
        mov     edx, [CLOCK_SEQUENCE]
        sub     edx, ebx
        js      .tick
        mov     esp, ebp
        pop     ebx
        pop     ebp
        ret

; void stack_push(uint32_t stack);
global stack_push
stack_push:
        mov     esp, [esp + 4]
        push    eax

; void registers_call_int(uint32_t number, uint32_t registers[6]);
; void registers_call_page(the same);
; A system call with EBX, ECX, EDX, ESI, EDI, EBP from `registers`; stores them as they come back.
global registers_call_int
registers_call_int:
        push    dword .enter
        jmp     registers_call
.enter:
        int     0x80
        ret

global registers_call_page
registers_call_page:
        push    dword [SYSTEM_CALL_ENTRY]

registers_call:
        pop     eax                     ; the way in
        push    ebx
        push    esi
        push    edi
        push    ebp
        push    dword [esp + 24]        ; registers
        push    eax
        mov     eax, [esp + 28]         ; number
        mov     edi, [esp + 4]
        mov     ebx, [edi]
        mov     ecx, [edi + 4]
        mov     edx, [edi + 8]
        mov     esi, [edi + 12]
        mov     ebp, [edi + 20]
        mov     edi, [edi + 16]
        call    [esp]
        mov     [esp], edi
        mov     edi, [esp + 4]
        mov     [edi], ebx
        mov     [edi + 4], ecx
        mov     [edi + 8], edx
        mov     [edi + 12], esi
        mov     [edi + 20], ebp
        pop     dword [edi + 16]
        pop     eax
        pop     ebp
        pop     edi
        pop     esi
        pop     ebx
        ret

; void thread_probe(void);
; The first instruction of a thread: leaves its registers on its stack, and ends it.
global thread_probe
thread_probe:
        pushad
        mov     eax, THREAD_EXIT
        int     0x80

; void segments_load(uint32_t fs, uint32_t gs);
global segments_load
segments_load:
        mov     fs, [esp + 4]
        mov     gs, [esp + 8]
        ret

; uint32_t segments_read(void);
; FS in the low half, GS in the high half.
global segments_read
segments_read:
        xor     eax, eax
        mov     ax, gs
        shl     eax, 16
        mov     ax, fs
        ret

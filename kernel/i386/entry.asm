; The ways into the kernel and out of it.
;
; The kernel has one stack. A thread that is not running is nothing but its
; `struct registers` inside its `struct thread`: tss.esp0 always points to the end
; of the registers of the thread that runs, so that the processor itself, or we,
; push them in place. Then the kernel's stack is taken, empty, and C is called. What
; leaves the kernel leaves from whatever thread is current by then.
;
; The kernel runs with interrupts off. Exceptions of its own (copies of user memory that
; fault) and interrupts in cpu_interrupt_window push onto the kernel's stack.

%include "offsets.inc"

extern trap_handle
extern irq_handle
extern scheduler_leave
extern syscall_tables
extern trouble_double_fault
extern trouble_nmi
extern reschedule_needed
extern syscall_missing
extern kernel_stack_end
extern task_state
extern direct_switch
extern vm86_on
extern vm86_trap

section .note.GNU-stack noalloc noexec nowrite progbits

section .text

; Entered from a process, or from the kernel? Saves the rest of `struct registers`;
; flat data segments; EBX = the registers. ECX and EDX are free afterwards.
%macro SAVE_REGISTERS 0
        push    ds
        push    es
        push    ecx
        push    eax
        push    ebp
        push    edi
        push    esi
        push    edx
        push    ebx
        mov     ecx, SEGMENT_USER_DATA
        mov     ds, ecx
        mov     es, ecx
        cld
        mov     ebx, esp
%endmacro

; All exceptions and interrupts end up here with error code and vector pushed.
enter:
        SAVE_REGISTERS
        mov     eax, ebx
        test    dword [ebx + REGISTERS_EFLAGS], EFLAGS_VM86
        jnz     enter_from_vm86
        test    byte [ebx + REGISTERS_CS], 3
        jz      enter_from_kernel
        mov     esp, kernel_stack_end
        cmp     dword [ebx + REGISTERS_VECTOR], EXCEPTIONS
        jb      .exception
        call    irq_handle
        jmp     leave
.exception:
        call    trap_handle
        jmp     leave

; The kernel was interrupted: in a copy of user memory, in an interrupt window, or by its own mistake.
; Back to where it was.
enter_from_kernel:
        cmp     dword [ebx + REGISTERS_VECTOR], EXCEPTIONS
        jb      .exception
        call    irq_handle
        jmp     .back
.exception:
        call    trap_handle
.back:
        mov     esp, ebx
        pop     ebx
        pop     edx
        pop     esi
        pop     edi
        pop     ebp
        pop     eax
        pop     ecx
        add     esp, 16                 ; es, ds, vector, error
        iretd

; 16-bit code was interrupted, or did something. Where that thread goes on is C's to say.
enter_from_vm86:
        mov     esp, kernel_stack_end
        call    vm86_trap
        mov     ebx, eax                ; the thread's registers
        jmp     leave

; void entry_system_call(void): int 80h, EAX number.
global entry_system_call
entry_system_call:
        push    dword 0
        push    dword VECTOR_SYSTEM_CALL
        SAVE_REGISTERS
        mov     esp, kernel_stack_end
        cmp     eax, SYSCALL_COUNT
        jae     .missing
        mov     edx, [ebx - THREAD_REGISTERS + THREAD_CALLS]    ; the table of the process's class
        mov     ecx, eax
        mov     eax, ebx
        call    [edx + ecx * 4]
.done:
        mov     [ebx + REGISTERS_EAX], eax
        jmp     leave
.missing:
        mov     eax, ebx
        call    syscall_missing
        jmp     .done

; void entry_sysenter(void): EAX number, ECX the process's stack pointer; it goes on behind
; its `sysenter`, at a fixed address of the system page.
global entry_sysenter
global entry_sysenter_usual
entry_sysenter:
        mov     esp, [ss:esp]           ; tss.esp0: the end of the registers
        cmp     eax, SYSCALL_DIRECT     ; the two calls with a direct switch have the highest numbers
        jae     direct_switch
entry_sysenter_usual:
        mov     [ss:esp - REGISTERS_SIZE + REGISTERS_ESP], ecx
        sub     esp, REGISTERS_SIZE - REGISTERS_EAX
        push    ebp
        push    edi
        push    esi
        push    edx
        push    ebx
        mov     ecx, SEGMENT_USER_DATA
        mov     ds, ecx
        mov     es, ecx
        cld
        mov     ebx, esp
        mov     esp, kernel_stack_end
        mov     ecx, [ebx - THREAD_REGISTERS + THREAD_CALLS]    ; the table of the process's class
        mov     ecx, [ecx + eax * 4]
        mov     eax, ebx
        call    ecx
        cmp     dword [reschedule_needed], 0
        jne     .leave
        mov     ecx, [ebx + REGISTERS_ESP]
        mov     edx, SYSENTER_RETURN
        mov     esi, [ebx + REGISTERS_ESI]      ; these may be results
        mov     edi, [ebx + REGISTERS_EDI]
        mov     ebp, [ebx + REGISTERS_EBP]
        mov     ebx, [ebx + REGISTERS_EBX]
        sti                             ; takes effect behind the next instruction
        sysexit
.leave:
        mov     [ebx + REGISTERS_EAX], eax
        mov     dword [ebx + REGISTERS_VECTOR], VECTOR_SYSENTER
        jmp     leave

; Out of the kernel, into the thread that should run now.
leave:
        cmp     dword [reschedule_needed], 0
        jne     .choose
        mov     eax, ebx
        jmp     entry_resume.same_thread
.choose:
        call    scheduler_leave         ; does not return
        ud2

; [[gnu::noreturn]] void entry_resume(struct registers *registers)
; Another thread than came in may go out: SYSENTER keeps flags of the one that came, which SYSEXIT would give to the
; other (AC), and with which IRET would switch tasks (NT).
global entry_resume
entry_resume:
        push    dword EFLAGS_ALWAYS
        popfd
.same_thread:
        cmp     dword [eax + REGISTERS_VECTOR], VECTOR_SYSENTER
        jne     .iret
        mov     esp, eax
        pop     ebx
        pop     edx
        pop     esi
        pop     edi
        pop     ebp
        pop     eax
        mov     ecx, [esp + REGISTERS_ESP - REGISTERS_ECX]
        mov     edx, SYSENTER_RETURN
        sti                             ; takes effect behind the next instruction
        sysexit
.iret:
        test    dword [eax + REGISTERS_EFLAGS], EFLAGS_VM86
        jnz     .vm86
.outside:
        mov     esp, eax
        pop     ebx
        pop     edx
        pop     esi
        pop     edi
        pop     ebp
        pop     eax
        pop     ecx
        add     esp, 16                 ; es, ds, vector, error
        iretd
.vm86:
        call    vm86_on
        jmp     .outside

; [[gnu::noreturn]] void entry_resume_vm86(void)
global entry_resume_vm86
entry_resume_vm86:
        push    dword EFLAGS_ALWAYS     ; SYSENTER may have brought NT along
        popfd
        jmp     entry_resume.vm86

; A debug exception. In the kernel it can only be a process's trap flag that SYSENTER
; carried in, or a watchpoint over a MOV SS: the flag goes, the kernel goes on. It may
; stand on the few words of task_state.debug_stack.
entry_debug:
        test    dword [ss:esp + 8], EFLAGS_VM86
        jnz     .from_process
        test    byte [ss:esp + 4], 3
        jnz     .from_process
        and     dword [ss:esp + 8], ~EFLAGS_TRAP
        iretd
.from_process:
        push    dword 0
        push    dword 1
        jmp     enter

; Tasks of their own: the kernel's state is not trusted here, and they do not return.
global entry_double_fault
entry_double_fault:
        call    trouble_double_fault
        ud2
global entry_nmi
entry_nmi:
        call    trouble_nmi
        ud2

; Exceptions: those for which the processor pushes an error code are 8, 10 to 14, 17, 21.
%assign vector 0
%rep 32
%if vector != 1
entry_vector_%+vector:
    %if !(vector = 8 || (vector >= 10 && vector <= 14) || vector = 17 || vector = 21)
        push    dword 0
    %endif
        push    dword vector
        jmp     enter
%endif
%assign vector vector + 1
%endrep
entry_vector_1 equ entry_debug

; The sixteen interrupt lines.
%rep 16
entry_vector_%+vector:
        push    dword 0
        push    dword vector
        jmp     enter
%assign vector vector + 1
%endrep

; uint32_t entry_copy(void *to, const void *from, uint32_t size): EAX, EDX, ECX
global entry_copy
global entry_copy_begin
global entry_copy_end
global entry_copy_failed
entry_copy:
        push    esi
        push    edi
        mov     edi, eax
        mov     esi, edx
        mov     edx, ecx
        shr     ecx, 2
entry_copy_begin:
        rep movsd
        mov     ecx, edx
        and     ecx, 3
        rep movsb
entry_copy_end:
        xor     eax, eax
        pop     edi
        pop     esi
        ret
entry_copy_failed:
        mov     eax, 1
        pop     edi
        pop     esi
        ret

; void entry_load_segments(const void *table, uint32_t task_selector): EAX, EDX
global entry_load_segments
entry_load_segments:
        lgdt    [eax]
        mov     ecx, SEGMENT_KERNEL_DATA
        mov     ss, ecx
        mov     ecx, SEGMENT_USER_DATA
        mov     ds, ecx
        mov     es, ecx
        xor     ecx, ecx
        mov     fs, ecx
        mov     gs, ecx
        lldt    cx                      ; none: at reset there is one, at address 0
        jmp     SEGMENT_KERNEL_CODE:.reloaded
.reloaded:
        ltr     dx
        ret

section .rodata

; const uint32_t entry_vectors[]
global entry_vectors
entry_vectors:
%assign vector 0
%rep 48
        dd      entry_vector_%+vector
%assign vector vector + 1
%endrep

; What a process calls with the number in EAX. ECX and EDX are lost.
global entry_page_int
global entry_page_int_end
entry_page_int:
        int     VECTOR_SYSTEM_CALL
        ret
entry_page_int_end:

global entry_page_sysenter
global entry_page_sysenter_end
entry_page_sysenter:
        mov     ecx, esp
        sysenter
entry_page_sysenter_return:             ; SYSENTER_RETURN, where the process sees it: offsets.c knows how far it is
        times ENTRY_PAGE_SYSENTER_RETURN - (entry_page_sysenter_return - entry_page_sysenter) nop
        times (entry_page_sysenter_return - entry_page_sysenter) - ENTRY_PAGE_SYSENTER_RETURN nop
        ret
entry_page_sysenter_end:

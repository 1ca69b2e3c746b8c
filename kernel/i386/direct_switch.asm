; The fast path: a call of four words to a process that has a thread waiting for one, and the answer.
;
; From thread to thread, with no pass through the scheduler, on the caller's time. Whatever is not usual goes
; the usual way, entry_sysenter_usual: nothing that it would miss is changed before the point of no return. The words stay
; in their registers, and only ESP is stored of the thread that stops: SYSEXIT needs no more. DS and ES are whatever the
; process made of them: memory is reached through SS.
;
; sysenter ──► direct_switch ──► call:  look up process ── receiver waits? ── nobody stronger? ──► sysexit there
;                            └─► reply: look up caller ─── it calls us? ──── nobody stronger? ──► sysexit there
;
; ESP is the end of the running thread's registers, which lie at the end of its struct thread: SELF is that thread.
; call.c does the same in C, for all that comes another way.

%include "offsets.inc"

extern entry_sysenter_usual
extern task_state
extern thread_current
extern ready_queue
extern active_directory
extern fpu_traps
extern clock_tick_count

section .note.GNU-stack noalloc noexec nowrite progbits

section .text

%define SELF(field)      ss:esp - THREAD_END + THREAD_%+field
%define OTHER(field)     ss:eax + THREAD_%+field
%define PROCESS(field)   ss:ecx + PROCESS_%+field

; Sleep that counts (settle_sleep in scheduler.c) begins with the next tick, if it has not begun. EBX is lost.
%macro SLEEP_BEGINS 0
        cmp     dword [SELF(BLOCKED_AT)], 0
        jne     %%has_begun
        mov     ebx, [ss:clock_tick_count]
        inc     ebx
        mov     [SELF(BLOCKED_AT)], ebx
%%has_begun:
%endmacro

; The thread EAX runs instead of the one at ESP. EBX, ECX are lost. As switch_to in scheduler.c.
%macro SWITCH 0
        mov     [ss:thread_current], eax
        lea     ebx, [eax + THREAD_END]
        mov     [ss:task_state + TASK_STATE_ESP0], ebx
        mov     ebx, [OTHER(SLOT_ADDRESS)]
        mov     ecx, [OTHER(SELF_ADDRESS)]
        mov     [ss:ecx], ebx           ; process_page.self
        mov     ebx, [OTHER(DIRECTORY)]
        cmp     ebx, [ss:active_directory]
        je      %%same_space
        mov     cr3, ebx
        mov     [ss:active_directory], ebx
        mov     ebx, [OTHER(IO_MAP_BASE)]
        mov     [ss:task_state + TASK_STATE_IO_MAP_BASE], bx
%%same_space:
        cmp     dword [ss:fpu_traps], 0
        jne     %%fpu_is_closed
        mov     ebx, cr0
        or      ebx, CR0_TASK_SWITCHED
        mov     cr0, ebx
        mov     dword [ss:fpu_traps], 1
%%fpu_is_closed:
%endmacro

; EDX is the first word, EAX or EBX where it goes; EAX the thread. The flags of the one that stops stay behind.
%macro LEAVE 1
        push    dword EFLAGS_ALWAYS     ; into SELF's registers.ss, which SYSEXIT does not need
        popfd
        mov     ecx, [OTHER(ESP)]
        mov     %1, edx
        mov     edx, SYSENTER_RETURN
%endmacro

; EAX number; ECX the process's stack pointer; words in EDX, ESI, EDI, EBP. Flags: EAX against the number of the call.
global direct_switch
direct_switch:
        mov     [SELF(ESP)], ecx
        jne     reply_and_wait

; message_call_words: EBX destination.
        mov     ecx, ebx
        and     ecx, ID_INDEX_MASK
        shl     ecx, PROCESS_STRIDE_SHIFT
        add     ecx, PROCESS_ARENA
        cmp     [PROCESS(ID)], ebx
        jne     usual
        mov     eax, [SELF(BARRED)]
        test    [PROCESS(BARRED_BY)], eax
        jnz     usual_call              ; one of the two may not speak to the other, or is traced
        mov     eax, [PROCESS(RECEIVERS)]
        test    eax, eax
        jz      usual_call
        mov     ebx, [OTHER(STRONGER)]
        test    [ss:ready_queue + READY_QUEUE_PRESENT], ebx
        jnz     usual_call              ; somebody is ready who runs before the receiver

        ; Point of no return.
        mov     ebx, [OTHER(NEXT_RECEIVER)]
        mov     [PROCESS(RECEIVERS)], ebx
        mov     [SELF(CALLEE)], ecx
        mov     dword [SELF(BLOCKED)], BLOCKED_CALLING_DIRECT
        SLEEP_BEGINS
        mov     dword [OTHER(BLOCKED)], BLOCKED_NOT
        mov     ecx, [OTHER(SLOT)]
        mov     ebx, [SELF(SENDER)]
        mov     [ss:ecx + SLOT_SENDER], ebx
        mov     ebx, [SELF(SENDER_CLASS)]
        mov     [ss:ecx + SLOT_SENDER_CLASS], ebx
        SWITCH
        mov     ebx, [SELF(CALL_ID)]
        add     ebx, CALL_ID_STEP
        mov     [SELF(CALL_ID)], ebx
        mov     [OTHER(SERVES)], ebx
call_leaves:
        LEAVE   eax
        sti                             ; takes effect behind the next instruction
        sysexit

; message_reply_wait_words: EBX the call's ID. Or a number that is no call.
reply_and_wait:
        cmp     eax, SYSCALL_MESSAGE_REPLY_WAIT_WORDS
        jne     usual_missing
        mov     ecx, [SELF(PROCESS)]
        cmp     dword [PROCESS(EVENTS_COUNT)], 0
        jne     usual
        mov     eax, ebx
        and     eax, ID_INDEX_MASK << CALL_ID_INDEX_SHIFT
        shl     eax, THREAD_STRIDE_SHIFT - CALL_ID_INDEX_SHIFT
        add     eax, THREAD_ARENA
        cmp     [OTHER(CALL_ID)], ebx
        jne     usual_no_call
        cmp     [OTHER(CALLEE)], ecx    ; it waits for us, for an answer in registers, and is not put to sleep
        jne     usual_reply
        mov     ebx, [OTHER(STRONGER)]
        test    [ss:ready_queue + READY_QUEUE_PRESENT], ebx
        jnz     usual_reply

        ; Point of no return.
        mov     ebx, [PROCESS(RECEIVERS)]
        mov     [SELF(NEXT_RECEIVER)], ebx
        lea     ebx, [esp - THREAD_END]
        mov     [PROCESS(RECEIVERS)], ebx
        mov     dword [SELF(BLOCKED)], BLOCKED_RECEIVING
        SLEEP_BEGINS
        mov     dword [OTHER(BLOCKED)], BLOCKED_NOT
        mov     dword [OTHER(CALLEE)], 0
        SWITCH
reply_leaves:
        LEAVE   ebx
        xor     eax, eax                ; OK
        sti
        sysexit

; The usual way, with EAX, EBX and ECX as they came.
usual_call:
        mov     ebx, [PROCESS(ID)]
        mov     eax, SYSCALL_MESSAGE_CALL_WORDS
        jmp     usual
usual_reply:
        mov     ebx, [OTHER(CALL_ID)]
usual_no_call:
        mov     eax, SYSCALL_MESSAGE_REPLY_WAIT_WORDS
        jmp     usual
usual_missing:
        mov     eax, SYSCALL_MISSING    ; any number below that has no call
usual:
        mov     ecx, [SELF(ESP)]
        mov     dword [SELF(VECTOR)], VECTOR_SYSENTER   ; call.c asks how the caller came
        jmp     entry_sysenter_usual

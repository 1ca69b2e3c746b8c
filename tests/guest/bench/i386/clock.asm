; Both ends of the way from an interrupt to a driver, with nothing between them and the clock.

SYSTEM_CALL_ENTRY equ 0x001FE008        ; SYSTEM_PAGE + offsetof(struct system_page, system_call_entry)
MESSAGE_REPLY_WAIT_WORDS equ 127        ; abi/syscall_numbers.h; events.c asserts both

section .note.GNU-stack noalloc noexec nowrite progbits

section .text

; _Noreturn void time_leave(volatile uint32_t *place);
global time_leave
time_leave:
        mov     ecx, [esp + 4]
.turn:
        rdtsc
        mov     [ecx], eax
        jmp     .turn

; uint32_t event_time(struct event *event);
; Waits for an event of any kind (message_reply_wait_words, no answer): the time at the first instruction behind it.
global event_time
event_time:
        push    ebx
        push    esi
        push    edi
        push    ebp
        xor     ebx, ebx
        push    dword [esp + 20]
        mov     eax, MESSAGE_REPLY_WAIT_WORDS
        call    [SYSTEM_CALL_ENTRY]
        rdtsc
        pop     ecx
        pop     ebp
        pop     edi
        pop     esi
        pop     ebx
        ret

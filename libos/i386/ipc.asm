; Calls of four words, in registers: see abi/syscall.def, message_call_words and message_reply_wait_words.

SYSTEM_CALL_ENTRY       equ 0x001FE008  ; SYSTEM_PAGE + offsetof(struct system_page, system_call_entry)
MESSAGE_CALL_WORDS      equ 23
MESSAGE_REPLY_WAIT_WORDS equ 24
EVENT_KIND              equ 0           ; offsetof(struct event, kind)
EVENT_COUNT             equ 20          ; offsetof(struct event, count)

section .note.GNU-stack noalloc noexec nowrite progbits

%macro SAVE 0
        push    ebx
        push    esi
        push    edi
        push    ebp
%endmacro

%macro RESTORE 0
        pop     ebp
        pop     edi
        pop     esi
        pop     ebx
        ret
%endmacro

%define ARGUMENT(n)     esp + 20 + 4 * n

section .text.message_call_words

; status_t message_call_words(process_id_t destination, struct words *words)
global message_call_words
message_call_words:
        SAVE
        mov     ebx, [ARGUMENT(0)]
        mov     ecx, [ARGUMENT(1)]
        mov     edx, [ecx]
        mov     esi, [ecx + 4]
        mov     edi, [ecx + 8]
        mov     ebp, [ecx + 12]
        mov     eax, MESSAGE_CALL_WORDS
        call    [SYSTEM_CALL_ENTRY]
        mov     ecx, [ARGUMENT(1)]
        mov     [ecx], ebx
        mov     [ecx + 4], esi
        mov     [ecx + 8], edi
        mov     [ecx + 12], ebp
        RESTORE

section .text.message_call_signal

; status_t message_call_signal(process_id_t destination)
global message_call_signal
message_call_signal:
        SAVE
        mov     ebx, [ARGUMENT(0)]
        xor     edx, edx
        xor     esi, esi
        xor     edi, edi
        xor     ebp, ebp
        mov     eax, MESSAGE_CALL_WORDS
        call    [SYSTEM_CALL_ENTRY]
        RESTORE

; The answer was given, or not (EAX), and no call in registers has come: ECX = the struct event. Returns 0.
%macro EVENT_IN_MEMORY 0
        test    eax, eax
        jz      %%done
        mov     dword [ecx + EVENT_KIND], 0     ; EVENT_NONE
        mov     [ecx + EVENT_COUNT], eax
%%done:
        xor     eax, eax
        RESTORE
%endmacro

section .text.message_reply_wait_words

; message_id_t message_reply_wait_words(message_id_t id, struct words *words, struct event *event_out)
global message_reply_wait_words
message_reply_wait_words:
        SAVE
        mov     ebx, [ARGUMENT(0)]
        mov     ecx, [ARGUMENT(1)]
        mov     edx, [ecx]
        mov     esi, [ecx + 4]
        mov     edi, [ecx + 8]
        mov     ebp, [ecx + 12]
        push    dword [ARGUMENT(2)]             ; the kernel finds it above the return address
        mov     eax, MESSAGE_REPLY_WAIT_WORDS
        call    [SYSTEM_CALL_ENTRY]
        pop     ecx
        test    bl, 1
        jz      .memory
        mov     ecx, [ARGUMENT(1)]
        mov     [ecx], eax
        mov     [ecx + 4], esi
        mov     [ecx + 8], edi
        mov     [ecx + 12], ebp
        mov     eax, ebx
        RESTORE
.memory:
        EVENT_IN_MEMORY

section .text.message_reply_wait_signal

; message_id_t message_reply_wait_signal(message_id_t id, struct event *event_out)
global message_reply_wait_signal
message_reply_wait_signal:
        SAVE
        mov     ebx, [ARGUMENT(0)]
        push    dword [ARGUMENT(1)]
        xor     edx, edx
        xor     esi, esi
        xor     edi, edi
        xor     ebp, ebp
        mov     eax, MESSAGE_REPLY_WAIT_WORDS
        call    [SYSTEM_CALL_ENTRY]
        pop     ecx
        test    bl, 1
        jz      .memory
        mov     eax, ebx
        RESTORE
.memory:
        EVENT_IN_MEMORY

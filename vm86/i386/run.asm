; status_t vm86_cross(uint32_t *return_to): return_to[0] is the state's return_eip, return_to[1] its return_esp.
;
; The kernel keeps nothing of the thread outside VM86 mode: where it goes on, and with which stack, stands in the state. The system call
; itself comes back only if it is refused. EAX is its status, and 0, OK, outside.

extern vm86_enter

section .note.GNU-stack noalloc noexec nowrite progbits

section .text.vm86_cross progbits alloc exec nowrite

global vm86_cross
vm86_cross:
        mov     ecx, [esp + 4]
        push    ebp
        push    ebx
        push    esi
        push    edi
        mov     dword [ecx], .outside
        mov     [ecx + 4], esp
        call    vm86_enter
.outside:
        pop     edi
        pop     esi
        pop     ebx
        pop     ebp
        ret

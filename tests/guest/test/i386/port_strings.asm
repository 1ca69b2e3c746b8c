; String instructions at ports.

STRING_EDI      equ 0
STRING_ESI      equ 4
STRING_ECX      equ 8
STRING_PORT     equ 12
STRING_BACK     equ 16

section .note.GNU-stack noalloc noexec nowrite progbits

section .text

; void string_read8(uint16_t port, void *to, uint32_t count);
global string_read8
string_read8:
        push    edi
        mov     edx, [esp + 8]
        mov     edi, [esp + 12]
        mov     ecx, [esp + 16]
        rep insb
        pop     edi
        ret

; void string_write8(uint16_t port, const void *from, uint32_t count);
global string_write8
string_write8:
        push    esi
        mov     edx, [esp + 8]
        mov     esi, [esp + 12]
        mov     ecx, [esp + 16]
        rep outsb
        pop     esi
        ret

; void port_string_run(const void *code, struct port_string *string);
global port_string_run
port_string_run:
        push    ebx
        push    esi
        push    edi
        mov     eax, [esp + 16]
        mov     ebx, [esp + 20]
        mov     edi, [ebx + STRING_EDI]
        mov     esi, [ebx + STRING_ESI]
        mov     ecx, [ebx + STRING_ECX]
        mov     edx, [ebx + STRING_PORT]
        cmp     dword [ebx + STRING_BACK], 0
        je      .forwards
        std
.forwards:
        call    eax
        cld
        mov     [ebx + STRING_EDI], edi
        mov     [ebx + STRING_ESI], esi
        mov     [ebx + STRING_ECX], ecx
        pop     edi
        pop     esi
        pop     ebx
        ret

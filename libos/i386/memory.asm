; Copying and filling memory with the string instructions. The direction flag is clear, as the i386 ABI says.
; The symbols are weak: a C library that brings its own takes their place.

section .text

; void *memcpy(void *destination, const void *source, size_t size);
global memcpy:function weak
memcpy:
        push    esi
        push    edi
        mov     edi, [esp + 12]
        mov     esi, [esp + 16]
        mov     edx, [esp + 20]
        mov     eax, edi
forward:
        mov     ecx, edx
        shr     ecx, 2
        rep movsd
        mov     ecx, edx
        and     ecx, 3
        rep movsb
        pop     edi
        pop     esi
        ret

; void *memmove(void *destination, const void *source, size_t size);
global memmove:function weak
memmove:
        push    esi
        push    edi
        mov     edi, [esp + 12]
        mov     esi, [esp + 16]
        mov     edx, [esp + 20]
        mov     eax, edi
        mov     ecx, edi
        sub     ecx, esi                ; unsigned: below size only if the end of source would be overwritten
        cmp     ecx, edx
        jae     forward
        lea     edi, [edi + edx - 1]
        lea     esi, [esi + edx - 1]
        mov     ecx, edx
        std
        rep movsb
        cld
        pop     edi
        pop     esi
        ret

; void *memset(void *destination, int value, size_t size);
global memset:function weak
memset:
        push    edi
        mov     edi, [esp + 8]
        movzx   eax, byte [esp + 12]
        imul    eax, eax, 0x01010101
        mov     edx, [esp + 16]
        mov     ecx, edx
        shr     ecx, 2
        rep stosd
        mov     ecx, edx
        and     ecx, 3
        rep stosb
        mov     eax, [esp + 8]
        pop     edi
        ret

section .note.GNU-stack noalloc noexec nowrite progbits

; A copy as plain as it can be, to compare others with.

section .note.GNU-stack noalloc noexec nowrite progbits

section .text

; void copy_words(void *to, const void *from, uint32_t bytes);
global copy_words
copy_words:
        push    edi
        push    esi
        mov     edi, [esp + 12]
        mov     esi, [esp + 16]
        mov     ecx, [esp + 20]
        shr     ecx, 2
        rep     movsd
        pop     esi
        pop     edi
        ret

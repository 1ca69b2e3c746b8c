section .note.GNU-stack noalloc noexec nowrite progbits

; uint8_t vm86_memory[]: the first megabyte begins at address 0. A symbol for it, because to C address 0 is no place for bytes.

section .note.GNU-stack noalloc noexec nowrite progbits

global vm86_memory
vm86_memory equ 0

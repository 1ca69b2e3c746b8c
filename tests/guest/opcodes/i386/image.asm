; const uint8_t cases_image[], cases_image_end[]: tests/vm86/cases.asm as bytes; 16-bit code is no code of this program.

section .note.GNU-stack noalloc noexec nowrite progbits

section .rodata.cases progbits alloc noexec nowrite align=16

global cases_image
global cases_image_end
cases_image:
%include "tests/vm86/cases.asm"
cases_image_end:

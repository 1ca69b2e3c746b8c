; From the boot loader to C: Multiboot 1 (Multiboot Specification 0.6.96, section 3) leaves us
; in flat protected mode without paging, at the physical address; C runs at KERNEL_BASE.

KERNEL_BASE     equ 0x80000000
MAGIC           equ 0x1BADB002
FLAGS           equ 3                   ; modules on page boundaries, memory information
PAGE_FLAGS      equ 3                   ; present, writable

section .note.GNU-stack noalloc noexec nowrite progbits

section .multiboot
        align   4
        dd      MAGIC
        dd      FLAGS
        dd      -(MAGIC + FLAGS)

section .text

extern kernel_main

; Physical address of a symbol.
%define PHYSICAL(symbol) (symbol - KERNEL_BASE)

global start
start:
        cli
        cld
        mov     esp, PHYSICAL(kernel_stack_end)
        mov     [PHYSICAL(start_magic)], eax
        mov     [PHYSICAL(start_information)], ebx

        mov     edi, PHYSICAL(start_table)
        mov     eax, PAGE_FLAGS
        mov     ecx, 1024
.fill:
        stosd
        add     eax, 4096
        dec     ecx
        jnz     .fill

        ; Twice the same 4 MB: where we are, and where the kernel runs.
        mov     eax, PHYSICAL(start_table) + PAGE_FLAGS
        mov     [PHYSICAL(start_directory)], eax
        mov     [PHYSICAL(start_directory) + (KERNEL_BASE >> 20)], eax

        mov     eax, PHYSICAL(start_directory)
        mov     cr3, eax
        mov     eax, cr0
        or      eax, 0x80000000         ; paging
        mov     cr0, eax
        mov     eax, .high
        jmp     eax
.high:
        mov     esp, kernel_stack_end
        xor     ebp, ebp                ; backtraces end here
        push    dword 0
        popfd
        call    kernel_main
        ud2

section .bss nobits alloc noexec write align=4096

global start_directory
global start_table
global start_magic
global start_information
global kernel_stack_begin
global kernel_stack_end

start_directory:        resb 4096
start_table:            resb 4096
kernel_stack_begin:     resb 8192
kernel_stack_end:
start_magic:            resd 1
start_information:      resd 1

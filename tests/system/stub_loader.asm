; A boot loader below which anything can be told to the kernel. It is itself booted by Multiboot, with two
; modules: the kernel, an ELF32 image, and a plan (loader.py makes it):
;   EAX and EBX for the kernel, then pieces: address, size in bytes, bytes padded to 4; the last has size 0.
; It loads the kernel, puts the pieces in their places, and jumps.

        bits    32
        org     0x3000000                       ; out of the way of kernel and pieces

MULTIBOOT_MAGIC equ     0x1BADB002
MULTIBOOT_FLAGS equ     0x00010001              ; the load addresses stand in this header; modules on pages
MODULES_COUNT   equ     20                      ; offsets into what the loader above us left
MODULES         equ     24
SECOND_MODULE   equ     16
ELF_ENTRY       equ     24
ELF_PROGRAMS    equ     28
ELF_COUNT       equ     44
PROGRAM_SIZE    equ     32
PROGRAM_OFFSET  equ     4
PROGRAM_VIRTUAL equ     8
PROGRAM_ADDRESS equ     12                      ; physical
PROGRAM_FILE    equ     16
PROGRAM_MEMORY  equ     20

header:
        dd      MULTIBOOT_MAGIC, MULTIBOOT_FLAGS, -(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)
        dd      header, header, 0, 0, start

start:
        cli
        cld
        mov     esp, stack_top
        mov     edx, [ebx + MODULES]
        mov     ebp, [edx]                      ; the kernel's image
        mov     edx, [edx + SECOND_MODULE]      ; the plan

        push    edx
        movzx   edx, word [ebp + ELF_COUNT]
        mov     ebx, [ebp + ELF_PROGRAMS]
        add     ebx, ebp
        mov     eax, [ebp + ELF_ENTRY]
        mov     [entry], eax
.segment:
        mov     eax, [ebp + ELF_ENTRY]          ; a virtual address, if it lies in a segment
        sub     eax, [ebx + PROGRAM_VIRTUAL]
        cmp     eax, [ebx + PROGRAM_MEMORY]
        jae     .load
        add     eax, [ebx + PROGRAM_ADDRESS]
        mov     [entry], eax
.load:
        mov     esi, [ebx + PROGRAM_OFFSET]
        add     esi, ebp
        mov     edi, [ebx + PROGRAM_ADDRESS]
        mov     ecx, [ebx + PROGRAM_FILE]
        rep movsb
        mov     ecx, [ebx + PROGRAM_MEMORY]
        sub     ecx, [ebx + PROGRAM_FILE]
        xor     eax, eax
        rep stosb
        add     ebx, PROGRAM_SIZE
        dec     edx
        jnz     .segment
        pop     esi

        lodsd
        push    eax                             ; the kernel's EAX
        lodsd
        push    eax                             ; its EBX
.piece:
        lodsd
        mov     edi, eax
        lodsd
        mov     ecx, eax
        jecxz   .placed
        rep movsb
        add     esi, 3
        and     esi, ~3
        jmp     .piece
.placed:
        pop     ebx
        pop     eax
        jmp     [entry]

entry:  dd      0
        align   16
        times   256 db 0
stack_top:

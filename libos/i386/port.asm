; Port input and output for drivers. What the driver's grant does not cover is refused by the kernel.

section .text

; uint8_t port_read8(uint16_t port);
global port_read8
port_read8:
        mov     edx, [esp + 4]
        xor     eax, eax
        in      al, dx
        ret

; uint16_t port_read16(uint16_t port);
global port_read16
port_read16:
        mov     edx, [esp + 4]
        xor     eax, eax
        in      ax, dx
        ret

; uint32_t port_read32(uint16_t port);
global port_read32
port_read32:
        mov     edx, [esp + 4]
        in      eax, dx
        ret

; void port_write8(uint16_t port, uint8_t value);
global port_write8
port_write8:
        mov     edx, [esp + 4]
        mov     eax, [esp + 8]
        out     dx, al
        ret

; void port_write16(uint16_t port, uint16_t value);
global port_write16
port_write16:
        mov     edx, [esp + 4]
        mov     eax, [esp + 8]
        out     dx, ax
        ret

; void port_write32(uint16_t port, uint32_t value);
global port_write32
port_write32:
        mov     edx, [esp + 4]
        mov     eax, [esp + 8]
        out     dx, eax
        ret

section .note.GNU-stack noalloc noexec nowrite progbits

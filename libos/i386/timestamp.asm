; The time stamp counter; only for processors that have one (CPU_TSC).

section .text

; uint64_t timestamp_read(void);
global timestamp_read
timestamp_read:
        rdtsc
        ret

section .note.GNU-stack noalloc noexec nowrite progbits

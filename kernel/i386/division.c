/*
 * 64-bit division, which the compiler calls by these names. libgcc's own take their
 * arguments from the stack; the kernel passes its in registers.
 */
#include <stdint.h>

uint64_t __udivdi3(uint64_t dividend, uint64_t divisor);
uint64_t __umoddi3(uint64_t dividend, uint64_t divisor);
uint64_t __udivmoddi4(uint64_t dividend, uint64_t divisor, uint64_t *remainder_out);

/* dividend / divisor where the quotient fits 32 bits. */
static uint32_t divide_narrow(uint32_t high, uint32_t low, uint32_t divisor, uint32_t *remainder_out)
{
    uint32_t quotient;

    asm("divl %4" : "=a"(quotient), "=d"(*remainder_out) : "0"(low), "1"(high), "rm"(divisor) : "cc");
    return quotient;
}

/* Shift and subtract: at most 32 steps, for a divisor of more than 32 bits. */
static uint64_t divide_wide(uint64_t dividend, uint64_t divisor, uint64_t *remainder_out)
{
    uint32_t shift = (uint32_t)__builtin_clz((uint32_t)(divisor >> 32));
    uint64_t quotient = 0;

    for (uint32_t i = shift + 1; i-- > 0;) {
        quotient <<= 1;
        if (dividend >= divisor << i) {
            dividend -= divisor << i;
            quotient |= 1;
        }
    }
    *remainder_out = dividend;
    return quotient;
}

uint64_t __udivmoddi4(uint64_t dividend, uint64_t divisor, uint64_t *remainder_out)
{
    uint32_t remainder;
    uint32_t high;
    uint32_t low;

    if (divisor >> 32 != 0) {
        return divide_wide(dividend, divisor, remainder_out);
    }
    high = divide_narrow(0, (uint32_t)(dividend >> 32), (uint32_t)divisor, &remainder);
    low = divide_narrow(remainder, (uint32_t)dividend, (uint32_t)divisor, &remainder);
    *remainder_out = remainder;
    return (uint64_t)high << 32 | low;
}

uint64_t __udivdi3(uint64_t dividend, uint64_t divisor)
{
    uint64_t remainder;

    return __udivmoddi4(dividend, divisor, &remainder);
}

uint64_t __umoddi3(uint64_t dividend, uint64_t divisor)
{
    uint64_t remainder;

    (void)__udivmoddi4(dividend, divisor, &remainder);
    return remainder;
}

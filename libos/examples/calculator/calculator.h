/*
 * The protocol of s\calculator.
 *
 *     add      the sum of two numbers
 *     divide   quotient and remainder; BAD_ARGUMENT: by 0
 *     describe a number in words, as the string that comes back
 *     next     the next sum that anybody asks for; the answer comes when there is one
 */
#pragma once

#include <ternion/protocol.h>

struct calculator_pair {
    uint32_t left;
    uint32_t right;
};

struct calculator_number {
    uint32_t value;
};

struct calculator_quotient {
    uint32_t quotient;
    uint32_t remainder;
};

#define CALCULATOR_TEXT_MAX 100U /* bytes of a number in words */

#define CALCULATOR_PROTOCOL(OPERATION, TRANSFER, calculator) \
    OPERATION(calculator, add, 1, struct calculator_pair, struct calculator_number) \
    OPERATION(calculator, divide, 2, struct calculator_pair, struct calculator_quotient) \
    TRANSFER(calculator, describe, 3, struct calculator_number, struct nothing, 0, CALCULATOR_TEXT_MAX, 0, 0) \
    OPERATION(calculator, next, 4, struct nothing, struct calculator_number)
PROTOCOL_DECLARE(calculator, 0x4341, 1, CALCULATOR_PROTOCOL)

/*
 * From scan codes to keys. Source: "Keyboard Scan Code Specification", revision 1.3a, Microsoft 2000, appendix C (HID usages and
 * both sets). KEY_NONE: there is no such key, or it is no key of the keyboard page: the shifts that keyboards send around grey keys,
 * sleep, mail.
 */
#pragma once

#include <stdint.h>

#define SET_1_CODES 0x80U
#define SET_2_CODES 0x85U

extern const uint8_t set_1_keys[SET_1_CODES];
extern const uint8_t set_1_extended_keys[SET_1_CODES];  /* behind E0 */
extern const uint8_t set_2_keys[SET_2_CODES];
extern const uint8_t set_2_extended_keys[SET_2_CODES];  /* behind E0 */

/* CRC-32 as in IEEE 802.3, ISO-HDLC and zlib: the polynomial EDB88320h, reflected. */
#pragma once

#include <stdint.h>

/* The checksum goes on behind `checksum`; 0 begins. */
uint32_t checksum_go_on(uint32_t checksum, const void *bytes, uint32_t size);

/* Included before all else where display clients are compiled for a host test: calls in registers come to the test's own driver. */
#pragma once

#include <ternion/call.h>

status_t driver_call_words(process_id_t process, struct words *words);

#define message_call_words driver_call_words

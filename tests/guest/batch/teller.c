#include "teller.h"

#include <ternion/log.h>
#include <ternion/log_client.h>
#include <ternion/process.h>

#define RECORD_BYTES 160U
#define ESCAPE_BYTES 4U
#define FLUSH_RECORDS 32U            /* so many, then the log must have printed them: none may be lost */

static char text[RECORD_BYTES + 1];
static size_t used;
static unsigned records;

static void tell(unsigned number)
{
    process_id_t log;

    text[used] = '\0';
    log_print(LOG_INFORMATION, "%u:%s", number, text);
    used = 0;
    if (++records % FLUSH_RECORDS == 0 && name_find("a\\log", &log) == OK) {
        (void)log_flush(log);
    }
}

void teller_bytes(unsigned number, const char *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)bytes[i];

        if (byte > ' ' && byte < 127 && byte != '\\') {
            text[used++] = (char)byte;
        } else {
            text[used++] = '\\';
            text[used++] = 'x';
            text[used++] = digits[byte >> 4];
            text[used++] = digits[byte & 15];
        }
        if (used > RECORD_BYTES - ESCAPE_BYTES) {
            tell(number);
        }
    }
}

void teller_end(unsigned number, int code)
{
    if (used > 0) {
        tell(number);
    }
    log_print(LOG_INFORMATION, "%u=%d", number, code);
}

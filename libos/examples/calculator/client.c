/* a\calculate: asks s\calculator, in all the ways there are. */
#include <ternion/async.h>
#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/process.h>
#include <ternion/syscall_table.h>

#include "calculator.h"

int main(void)
{
    struct calculator_number sum, next_sum;
    struct calculator_quotient result;
    struct async_call next = { 0 };
    char text[CALCULATOR_TEXT_MAX + 1];
    struct payload description = { .buffer = text, .buffer_size = CALCULATOR_TEXT_MAX };
    process_id_t calculator;

    MUST(name_wait("s\\calculator", clock_after(5 * SECOND), &calculator));

    MUST(calculator_add(calculator, &(struct calculator_pair){ 20, 22 }, &sum));
    log_print(LOG_INFORMATION, "20 + 22 = %u", sum.value);

    status_t status = calculator_divide(calculator, &(struct calculator_pair){ 1, 0 }, &result);
    log_print(LOG_INFORMATION, "1 / 0: %s", status_meaning(status));
    MUST(calculator_divide(calculator, &(struct calculator_pair){ 42, 5 }, &result));
    log_print(LOG_INFORMATION, "42 / 5 = %u, and %u are left", result.quotient, result.remainder);

    MUST(calculator_describe(calculator, &sum, NULL, &description));
    text[description.reply_string_size] = '\0';
    log_print(LOG_INFORMATION, "%s", text);

    /* Asked now, answered when there is a sum: another thread waits for it. */
    MUST(calculator_next_start(&next, calculator, NULL, &next_sum));
    while (async_wait(&next, clock_after(10 * MILLISECOND)) == TIMED_OUT) {
        MUST(calculator_add(calculator, &(struct calculator_pair){ 3, 4 }, &sum));
    }
    MUST(next.status);
    log_print(LOG_INFORMATION, "the next sum was %u", next_sum.value);
    return 0;
}

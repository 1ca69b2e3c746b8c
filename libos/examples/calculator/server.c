/* s\calculator: a server of the protocol in calculator.h. */
#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/server.h>

#include "calculator.h"

#define WAITING_MAX 8U

static struct pending_call waiting[WAITING_MAX]; /* for the next sum */
static uint32_t waiting_count;

static status_t add(struct server_call *call, const struct calculator_pair *request, struct calculator_number *reply)
{
    (void)call;
    reply->value = request->left + request->right;
    while (waiting_count != 0) {
        (void)calculator_next_answer(&waiting[--waiting_count], OK, reply); /* fails if that client is gone: nothing is left to do */
    }
    return OK;
}

static status_t divide(struct server_call *call, const struct calculator_pair *request, struct calculator_quotient *reply)
{
    (void)call;
    if (request->right == 0) {
        return BAD_ARGUMENT;
    }
    reply->quotient = request->left / request->right;
    reply->remainder = request->left % request->right;
    return OK;
}

static status_t describe(struct server_call *call, const struct calculator_number *request, struct nothing *reply)
{
    (void)reply;
    size_t size = format_text(call->buffer, CALCULATOR_TEXT_MAX, "%u, which is %x in hexadecimal, for %s", request->value,
                              request->value, call->sender_class == CLASS_APPLICATION ? "an application" : "a colleague");
    server_give_string(call, call->buffer, (uint32_t)size);
    return OK;
}

static status_t next(struct server_call *call, const struct nothing *request, struct calculator_number *reply)
{
    (void)request;
    (void)reply;
    return waiting_count < WAITING_MAX ? server_answer_later(call, &waiting[waiting_count++]) : BUSY;
}

PROTOCOL_SERVER(calculator, CALCULATOR_PROTOCOL, .add = add, .divide = divide, .describe = describe, .next = next)

static struct server server = SERVER(&calculator_protocol);

int main(void)
{
    log_print(LOG_INFORMATION, "ready");
    server_run(&server);
}

/* What reaches a handler: random requests against what their protocol says, and every byte of them checked. */
#include "server_exchange.h"

#include <sys/mman.h>

#include "test.h"

#define ROUNDS 20000
#define LARGE 1500U
#define STRING_MAX 3000U

void *malloc(size_t size);
void free(void *memory);
void *memcpy(void *restrict destination, const void *restrict source, size_t size);
int memcmp(const void *left, const void *right, size_t size);

struct words_of_12 { uint8_t bytes[12]; };
struct bytes_5 { uint8_t bytes[5]; };
struct bytes_50 { uint8_t bytes[50]; };
struct large { uint8_t bytes[LARGE]; };

#define SAMPLE_PROTOCOL(OPERATION, TRANSFER, sample) \
    OPERATION(sample, nothing, 1, struct nothing, struct nothing) \
    OPERATION(sample, words, 2, struct words_of_12, struct words_of_12) \
    OPERATION(sample, middle, 3, struct bytes_50, struct bytes_50) \
    OPERATION(sample, large, 5, struct large, struct large) \
    OPERATION(sample, grow, 6, struct bytes_5, struct large) \
    TRANSFER(sample, strings, 7, struct bytes_5, struct bytes_5, STRING_MAX, STRING_MAX, 2, 2) \
    TRANSFER(sample, both, 8, struct bytes_50, struct bytes_50, STRING_MAX, STRING_MAX, 0, 0) \
    OPERATION(sample, absent, 9, struct nothing, struct nothing)
PROTOCOL_DECLARE(sample, 0x1234, 3, SAMPLE_PROTOCOL)
PROTOCOL_DECLARE(newer_sample, 0x1234, 4, SAMPLE_PROTOCOL)
PROTOCOL_DECLARE(other, 0x4321, 1, SAMPLE_PROTOCOL)

/* ---- The system, as far as it is asked ---- */

static uint8_t sent[MESSAGE_STRING_MAX];     /* the string of the request */
static uint32_t sent_size;
static status_t receive_status;
static bool memory_is_full;
static uint32_t locked;

status_t message_receive(message_id_t id, void *string, uint32_t string_size);
status_t memory_allocate(uint32_t pages, uint32_t flags, uint32_t *address_out);
status_t message_take_pages(message_id_t id, uint32_t *address_out);

status_t message_receive(message_id_t id, void *string, uint32_t string_size)
{
    (void)id;
    if (receive_status == OK) {
        CHECK(string_size >= sent_size);
        memcpy(string, sent, sent_size);
    }
    return receive_status;
}

status_t memory_allocate(uint32_t pages, uint32_t flags, uint32_t *address_out)
{
    (void)flags;
    if (memory_is_full) {
        return NO_MEMORY;
    }
    void *memory = mmap(NULL, pages * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(memory != MAP_FAILED);
    *address_out = (uint32_t)memory;
    return OK;
}

status_t message_take_pages(message_id_t id, uint32_t *address_out)
{
    (void)id;
    (void)address_out;
    return NOTHING;
}

void lock_acquire(struct lock *lock)
{
    (void)lock;
    CHECK(locked++ == 0);
}

void lock_release(struct lock *lock)
{
    (void)lock;
    CHECK(locked-- == 1);
}

/* ---- Handlers: each checks all that it is given, and touches all that it may ---- */

static uint32_t handled;         /* number of the operation that was; 0: none */
static status_t answer_status;
static uint32_t answer_string_size;
static const uint32_t *request_words;

static void check_call(struct server_call *call, uint32_t number, const void *request, uint32_t request_size,
                       uint8_t *reply, uint32_t reply_size)
{
    handled = number;
    CHECK(memcmp(request, request_size > PROTOCOL_WORDS_MAX ? (const void *)sent : &request_words[1], request_size) == 0);
    CHECK(request_size <= PROTOCOL_WORDS_MAX || number == 8 || call->string_size == 0);
    for (uint32_t i = 0; i < reply_size; i++) {
        CHECK(reply[i] == 0);
        reply[i] = (uint8_t)(number + i);
    }
}

static status_t nothing(struct server_call *call, const struct nothing *request, struct nothing *reply)
{
    check_call(call, 1, request, 0, (uint8_t *)reply, 0);
    return answer_status;
}

static status_t words(struct server_call *call, const struct words_of_12 *request, struct words_of_12 *reply)
{
    check_call(call, 2, request, sizeof *request, reply->bytes, sizeof *reply);
    return answer_status;
}

static status_t middle(struct server_call *call, const struct bytes_50 *request, struct bytes_50 *reply)
{
    check_call(call, 3, request, sizeof *request, reply->bytes, sizeof *reply);
    return answer_status;
}

static status_t large(struct server_call *call, const struct large *request, struct large *reply)
{
    check_call(call, 5, request, sizeof *request, reply->bytes, sizeof *reply);
    return answer_status;
}

static status_t grow(struct server_call *call, const struct bytes_5 *request, struct large *reply)
{
    check_call(call, 6, request, sizeof *request, reply->bytes, sizeof *reply);
    return answer_status;
}

static status_t strings(struct server_call *call, const struct bytes_5 *request, struct bytes_5 *reply)
{
    uint8_t *back = call->buffer;

    check_call(call, 7, request, sizeof *request, reply->bytes, sizeof *reply);
    CHECK(call->string_size == sent_size && sent_size <= STRING_MAX);
    CHECK(memcmp(call->string, sent, sent_size) == 0);
    CHECK(call->page_count <= 2);
    for (uint32_t i = 0; i < STRING_MAX; i++) {
        back[i] = (uint8_t)i;
    }
    CHECK(memcmp(call->string, sent, sent_size) == 0);
    server_give_string(call, back, answer_string_size);
    return answer_status;
}

/* Gives its string from other memory, half of the times. */
static status_t both(struct server_call *call, const struct bytes_50 *request, struct bytes_50 *reply)
{
    static uint8_t own[STRING_MAX];
    uint8_t *back = random_one_in(2) ? own : call->buffer;

    check_call(call, 8, request, sizeof *request, reply->bytes, sizeof *reply);
    CHECK(call->string_size == sent_size - sizeof *request && call->string_size <= STRING_MAX);
    for (uint32_t i = 0; i < STRING_MAX; i++) {
        back[i] = (uint8_t)(i + 1);
    }
    CHECK(memcmp(call->string, sent + sizeof *request, call->string_size) == 0);
    server_give_string(call, back, answer_string_size);
    return answer_status;
}

PROTOCOL_SERVER(sample, SAMPLE_PROTOCOL, .nothing = nothing, .words = words, .middle = middle, .large = large, .grow = grow,
                .strings = strings, .both = both)

/* ---- What ought to come of a request ---- */

static const struct operation_shape *shape_of(uint32_t number)
{
    return number < sample_protocol.operation_count ? sample_operations[number].shape : NULL;
}

/* The status before a handler is called; OK: one is. */
static status_t verdict(uint32_t header, uint32_t string_size, uint32_t page_count)
{
    const struct operation_shape *shape = shape_of(header & 0xFF);

    if (header >> 16 != 0x1234) {
        return BAD_PROTOCOL;
    }
    if ((header >> 8 & 0xFF) != 3) {
        return VERSION_MISMATCH;
    }
    if (shape == NULL) {
        return BAD_OPERATION;
    }
    if (shape == &sample_strings_shape) {
        return string_size > STRING_MAX || page_count > 2 ? TOO_BIG : OK;
    }
    if (shape == &sample_both_shape && string_size >= 50) {
        return string_size - 50 > STRING_MAX ? TOO_BIG : page_count != 0 ? BAD_SIZE : OK;
    }
    uint32_t expected = shape->request_size > 12 ? shape->request_size : 0;
    if (string_size != expected || page_count != 0) {
        return BAD_SIZE;
    }
    return shape == &sample_absent_shape ? BAD_OPERATION : OK;
}

static uint32_t random_header(void)
{
    uint32_t number = random_one_in(4) ? random_next() & 0xFF : random_below(11);
    uint32_t version = random_one_in(20) ? random_below(256) : 3;
    uint32_t identity = random_one_in(20) ? random_next() & 0xFFFF : 0x1234;

    return PROTOCOL_HEADER(identity, version, number);
}

static uint32_t random_size(uint32_t header)
{
    static const uint32_t usual[] = { 0, 49, 50, 51, 63, 64, 65, LARGE, STRING_MAX, STRING_MAX + 1, STRING_MAX + 50, STRING_MAX + 51 };
    const struct operation_shape *shape = shape_of(header & 0xFF);

    if (shape != NULL && shape->request_size > 12 && !random_one_in(3)) {
        return shape->request_size;
    }
    return random_one_in(3) ? random_below(MESSAGE_STRING_MAX + 1) : usual[random_below(sizeof usual / sizeof usual[0])];
}

/* ---- Tests ---- */

static void check_answer(const struct message *answer, const struct operation_shape *shape)
{
    const uint8_t *reply = shape->reply_size > 12 ? answer->string : (const void *)&answer->words[1];

    for (uint32_t i = 0; i < shape->reply_size; i++) {
        CHECK(reply[i] == (uint8_t)(handled + i));
    }
    bool has_string = shape == &sample_strings_shape || shape == &sample_both_shape;
    uint32_t structure_size = shape->reply_size > 12 ? shape->reply_size : 0;
    CHECK_EQUAL(answer->string_size, structure_size + (has_string ? answer_string_size : 0));
    for (uint32_t i = 0; shape == &sample_both_shape && i < answer_string_size; i++) {
        CHECK(((const uint8_t *)answer->string)[structure_size + i] == (uint8_t)(i + 1));
    }
}

static void serve_random_request(struct server *server)
{
    uint32_t header = random_header();
    bool in_registers = random_one_in(4);
    struct event *event = malloc(sizeof *event);     /* exactly: what is read behind it shows */
    struct exchange exchange;

    *event = (struct event){ .kind = EVENT_MESSAGE, .flags = EVENT_WANTS_REPLY, .id = 7 };
    event->words[0] = header;
    for (uint32_t i = 1; i < MESSAGE_WORDS; i++) {
        event->words[i] = random_next();
    }
    sent_size = in_registers ? 0 : random_size(header);
    event->string_size = sent_size;
    event->page_count = in_registers || !random_one_in(8) ? 0 : random_below(5);
    for (uint32_t i = 0; i < sent_size; i++) {
        sent[i] = (uint8_t)random_next();
    }
    memcpy(event->string, sent, sent_size <= MESSAGE_INLINE_MAX ? sent_size : 0);
    request_words = event->words;
    answer_status = random_one_in(4) ? random_below(STATUS_COUNT) : OK;
    answer_string_size = random_below(STRING_MAX + 1);
    handled = 0;

    exchange_begin(&exchange, server);
    exchange.call.id = event->id;
    CHECK(exchange_serve(&exchange, event->words, in_registers ? NULL : event));
    status_t expected = verdict(header, sent_size, event->page_count);
    CHECK_EQUAL(handled, expected == OK ? header & 0xFF : 0);
    CHECK_EQUAL(exchange.call.answer.words[0], expected == OK ? answer_status : expected);
    CHECK_EQUAL(exchange.call.answer.page_count, 0);
    if (expected == OK && answer_status == OK) {
        check_answer(&exchange.call.answer, shape_of(header & 0xFF));
    } else {
        CHECK_EQUAL(exchange.call.answer.string_size, 0);
        CHECK_EQUAL(exchange.call.answer.words[1] | exchange.call.answer.words[2] | exchange.call.answer.words[3], 0);
    }
    exchange_end(&exchange);
    free(event);
}

/* The same in registers alone, for operations that need no more. */
static void serve_random_words(struct server *server)
{
    static const uint32_t numbers[] = { 1, 2, 9 };
    uint32_t number = numbers[random_below(3)];
    const struct protocol_operation *operation = &sample_operations[number];
    struct exchange exchange;
    uint32_t words[MESSAGE_WORDS];

    CHECK(operation->is_words);
    exchange_begin(&exchange, server);
    exchange.words = (struct words){ { operation->shape->header, random_next(), random_next(), random_next() } };
    memcpy(words, exchange.words.word, sizeof words);
    request_words = words;
    answer_status = random_one_in(2) ? random_below(STATUS_COUNT) : OK;
    handled = 0;
    CHECK(exchange_serve_words(&exchange, operation));
    status_t expected = number == 9 ? BAD_OPERATION : answer_status;
    CHECK_EQUAL(exchange.words.word[0], expected);
    for (uint32_t i = 0; i < 12; i++) {
        uint8_t byte = ((const uint8_t *)&exchange.words.word[1])[i];
        CHECK_EQUAL(byte, expected == OK && i < operation->shape->reply_size ? (uint8_t)(number + i) : 0);
    }
    exchange_end(&exchange);
}

static void calls_in_registers_are_as_the_protocol_says(void)
{
    struct server server = SERVER(&sample_protocol);

    for (uint32_t number = 0; number < sample_protocol.operation_count; number++) {
        bool is_words = shape_of(number) != NULL && operation_shape_is_words(shape_of(number));
        CHECK_EQUAL(sample_operations[number].is_words, is_words);
    }
    for (uint32_t round = 0; round < ROUNDS; round++) {
        serve_random_words(&server);
    }
}

static void nothing_but_what_the_protocol_says_reaches_a_handler(void)
{
    struct server server = SERVER(&sample_protocol);

    receive_status = OK;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        serve_random_request(&server);
    }
    CHECK(server.buffers != NULL && *(void **)server.buffers == NULL);   /* one was enough, time after time */
}

/* Serves a request for `strings` with so long a string. */
static uint32_t answer_to_string(struct server *server, uint32_t size, bool *due_out)
{
    struct event event = { .kind = EVENT_MESSAGE, .id = 7, .words = { sample_strings_shape.header }, .string_size = size };
    struct exchange exchange;

    sent_size = size;
    request_words = event.words;
    handled = 0;
    exchange_begin(&exchange, server);
    exchange.call.id = event.id;
    *due_out = exchange_serve(&exchange, event.words, &event);
    uint32_t status = exchange.call.answer.words[0];
    exchange_end(&exchange);
    return status;
}

static void lack_of_memory_is_told_to_the_caller(void)
{
    struct server server = SERVER(&sample_protocol);
    bool due;

    memory_is_full = true;
    CHECK_EQUAL(answer_to_string(&server, 100, &due), NO_MEMORY);
    CHECK(due && handled == 0);
    memory_is_full = false;
    answer_status = OK;
    CHECK_EQUAL(answer_to_string(&server, 100, &due), OK);
    CHECK(due && handled == 7);
}

static void caller_that_is_gone_reaches_no_handler(void)
{
    struct server server = SERVER(&sample_protocol);
    bool due;

    receive_status = BAD_ID;
    (void)answer_to_string(&server, 100, &due);
    CHECK_EQUAL(handled, 0);
}

static void string_over_the_own_limit_is_not_sent(void)
{
    struct server server = SERVER(&sample_protocol);
    bool due;

    answer_status = OK;
    answer_string_size = STRING_MAX + 1;
    CHECK_EQUAL(answer_to_string(&server, 0, &due), TOO_BIG);
    CHECK(due && handled == 7);
}

static const struct test tests[] = {
    TEST(calls_in_registers_are_as_the_protocol_says),
    TEST(nothing_but_what_the_protocol_says_reaches_a_handler),
    TEST(lack_of_memory_is_told_to_the_caller),
    TEST(caller_that_is_gone_reaches_no_handler),
    TEST(string_over_the_own_limit_is_not_sent),
};
TEST_MAIN(tests)

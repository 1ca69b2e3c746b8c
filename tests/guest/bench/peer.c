/*
 * What d\bench spawns: the least that a process can be, which ends at once; or, with
 * the argument `answer`, the least that a server can be.
 */
#include <ternion/log.h>
#include <ternion/syscall.h>

static void answer_forever(void)
{
    static const struct message answer;
    struct event event;

    for (;;) {
        MUST(event_wait(&event, FOREVER));
        if (event.kind == EVENT_MESSAGE) {
            (void)message_reply(event.id, &answer);
        }
    }
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        answer_forever();
    }
    return 0;
}

/* The roles of peer.c. */
#pragma once

#define PEER_WORDS "words"       /* answers calls of words with their words */
#define PEER_PORTS "ports"       /* the same, and reads PEER_PORT before each answer */
#define PEER_STRINGS "strings"   /* answers calls with strings, having read those */
#define PEER_PAGES "pages"       /* gives pages back */
#define PEER_MESSAGES "messages" /* takes messages */
#define PEER_ECHO "echo"         /* reads bytes from one pipe and writes them to another */
#define PEER_DRAIN "drain"       /* reads a pipe, 4096 bytes at a time */
#define PEER_TIME "time"         /* leaves the time in shared memory */
#define PEER_IDLE "idle"         /* waits for events that do not come */

#define PEER_PORT 0x80U          /* the delay port: reading it does nothing */

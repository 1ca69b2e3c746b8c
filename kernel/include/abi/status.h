/*
 * What a system call can answer. A status is a user's mistake or the state of
 * the world; the kernel's own mistakes panic.
 */
#pragma once

/* STATUS(name, number, what it means to a person). Numbers are never reused. */
#define STATUS_LIST(STATUS) \
    STATUS(OK, 0, "done") \
    STATUS(BAD_SYSTEM_CALL, 1, "there is no system call with this number") \
    STATUS(NOT_ALLOWED, 2, "the class, the grant or the key of the caller does not allow this") \
    STATUS(BAD_ARGUMENT, 3, "an argument has a value that the call does not take") \
    STATUS(BAD_ADDRESS, 4, "a pointer leads to memory that the caller may not read or write") \
    STATUS(BAD_ID, 5, "no living object has this ID") \
    STATUS(NOT_FOUND, 6, "nothing with this name is there") \
    STATUS(EXISTS, 7, "the name is taken, or it is there already") \
    STATUS(BAD_NAME, 8, "the name is empty, too long, or has characters that names cannot have") \
    STATUS(NO_MEMORY, 9, "the machine has no free memory left") \
    STATUS(OVER_QUOTA, 10, "the caller, or a process that it descends from, has used up its quota") \
    STATUS(TIMED_OUT, 11, "the deadline came first") \
    STATUS(NOTHING, 12, "nothing is waiting") \
    STATUS(PEER_DIED, 13, "nobody is at the other end any more") \
    STATUS(DISCARDED, 14, "the process at the other end dropped the message unanswered") \
    STATUS(TOO_BIG, 15, "it is larger than the limit, or than the buffer given for it") \
    STATUS(TRUNCATED, 16, "only the part that fits was delivered") \
    STATUS(BAD_IMAGE, 17, "the ELF image is damaged or not for this machine; the reason is beside the status") \
    STATUS(BUSY, 18, "somebody else is using it") \
    STATUS(ABSENT, 19, "the hardware for it is not in this machine") \
    STATUS(DEADLOCK, 20, "whoever should answer waits, directly or through others, for the caller") \
    STATUS(CHANGED, 21, "the value in memory is not the expected one") \
    STATUS(BAD_PROTOCOL, 22, "the process at the other end does not speak this protocol") \
    STATUS(VERSION_MISMATCH, 23, "the process at the other end speaks another version of the protocol") \
    STATUS(BAD_OPERATION, 24, "the process at the other end does not know this operation of the protocol") \
    STATUS(BAD_SIZE, 25, "a request or an answer has not the size that the protocol says") \
    STATUS(FAULT, 26, "the hardware, or its BIOS, did not do what it was asked for") \
    STATUS(NO_SPACE, 27, "the file system is full") \
    STATUS(NOT_DIRECTORY, 28, "it, or a part of the path to it, is no directory") \
    STATUS(IS_DIRECTORY, 29, "it is a directory") \
    STATUS(NOT_EMPTY, 30, "the directory has entries") \
    STATUS(OTHER_FILE_SYSTEM, 31, "it would have to move to another file system")

enum status {
#define STATUS_ENUMERATOR(name, number, meaning) name = number,
    STATUS_LIST(STATUS_ENUMERATOR)
#undef STATUS_ENUMERATOR
    STATUS_COUNT,
};
typedef enum status status_t;

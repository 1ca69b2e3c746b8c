programs += ps2
ps2_sources := \
    drivers/ps2/main.c \
    drivers/ps2/controller.c \
    drivers/ps2/devices.c \
    drivers/ps2/reader.c \
    drivers/ps2/peripheral.c \
    drivers/ps2/conversation.c \
    drivers/ps2/keyboard.c \
    drivers/ps2/scancode.c \
    drivers/ps2/scancode_tables.c \
    drivers/ps2/key_queue.c \
    drivers/ps2/mouse.c \
    drivers/ps2/packet.c \
    drivers/ps2/pointer_queue.c

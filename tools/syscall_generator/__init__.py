"""What tools/generate-syscalls is made of: the table's reader, and a module for each reader of its output."""

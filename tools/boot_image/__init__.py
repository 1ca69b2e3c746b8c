"""What a bootable image holds and how it is written: the parts of tools/mkimage."""


class ImageError(Exception):
    """Something that whoever asked for the image can mend: the message says what, where and how."""

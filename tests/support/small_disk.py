"""A small file system of its own, which a test can fill.

    with SmallDisk(megabytes=64) as disk:
        Broker(source, settings=[f"log.dirs={disk.path}/data"])
        disk.fill()
        disk.make_room()

PermissionError where it is not allowed to mount one.
"""

import ctypes
import errno
import os
import pathlib
import shutil
import tempfile

NEW_NAMESPACE, PRIVATE, RECURSIVE, DETACH = 0x20000, 1 << 18, 1 << 14, 2


class SmallDisk:
    """In a mount namespace of the calling thread and what it starts from then
    on: it is gone with the last of them, whatever ends the test."""

    def __init__(self, megabytes):
        libc = ctypes.CDLL(None, use_errno=True)
        self._unmount = lambda: libc.umount2(os.fsencode(self.path), DETACH)
        _do(libc.unshare(NEW_NAMESPACE))
        # What is mounted from here on is nobody else's.
        _do(libc.mount(None, b"/", None, RECURSIVE | PRIVATE, None))
        self.path = pathlib.Path(tempfile.mkdtemp(
            prefix="understudy-disk-", dir=os.environ.get("TMPDIR", "/tmp")))
        try:
            _do(libc.mount(b"understudy", os.fsencode(self.path), b"tmpfs", 0,
                           f"size={megabytes}m".encode()))
        except OSError:
            self.path.rmdir()
            raise
        self._filler = self.path / "filler"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._unmount()
        shutil.rmtree(self.path, ignore_errors=True)

    def fill(self):
        """Not a byte is left."""
        with open(self._filler, "wb", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise

    def make_room(self):
        self._filler.unlink()


def _do(code):
    if code != 0:
        number = ctypes.get_errno()
        # PermissionError, for the number of it.
        raise OSError(number, os.strerror(number))

#!/usr/bin/env python3
"""Opens a window with nothing but the X protocol, and waits.

Usage: x-window.py CLASS [WORD...]
"""

import os
import socket
import struct
import sys


def padded(data):
    return data + b"\0" * (-len(data) % 4)


def read(server, size):
    data = b""
    while len(data) < size:
        part = server.recv(size - len(data))
        if not part:
            sys.exit(0)
        data += part
    return data


number = os.environ["DISPLAY"].split(":")[1].split(".")[0]
server = socket.socket(socket.AF_UNIX)
server.connect("/tmp/.X11-unix/X" + number)
server.sendall(struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0))
status, length = struct.unpack("<BxxxxxH", read(server, 8))
setup = read(server, length * 4)
assert status == 1, setup
resource_base, = struct.unpack_from("<I", setup, 4)
vendor_length, = struct.unpack_from("<H", setup, 16)
formats = setup[21]
screen = 32 + len(padded(b"v" * vendor_length)) + 8 * formats
root, = struct.unpack_from("<I", setup, screen)

window = resource_base + 1
name = sys.argv[1]
# CreateWindow, ChangeProperty of WM_CLASS (67) and WM_NAME (39) as STRING (31), MapWindow.
server.sendall(struct.pack("<BBHIIhhHHHHII", 1, 0, 8, window, root, 0, 0, 300, 200, 0, 1, 0, 0))
for atom, text in [(67, name.lower() + "\0" + name + "\0"), (39, " ".join(sys.argv[1:]))]:
    data = text.encode()
    body = padded(data)
    head = struct.pack(
        "<BBHIIIBxxxI", 18, 0, 6 + len(body) // 4, window, atom, 31, 8, len(data)
    )
    server.sendall(head + body)
server.sendall(struct.pack("<BBHI", 8, 0, 2, window))
while True:
    read(server, 32)

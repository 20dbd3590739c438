"""Writes archive.safetensors, an archive in format perfmodel-1, without perfmodel: python3 make_archive.py > archive.safetensors

The format is described in docs/formats.md; tests/core/archive_file_test.cpp holds the same contents in C++.
"""
import json
import struct
import sys


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


tensors = [  # larger elements first, then by name
    ("scale", "F64", [1], struct.pack("<d", 0.1)),
    ("nested/weights", "F32", [2, 2], struct.pack("<4f", 0.5, -1, 2, 1e-3)),
    ("nodes", "I32", [2], struct.pack("<2i", -1, 7)),
    ("flags", "U8", [3], bytes([0, 1, 255])),
]
header = {"__metadata__": {"format": "perfmodel-1", "crc32c": "00000000", "kind": "example",
                           "info": '{"target":"time_ms"}'}}
section = b""
for name, dtype, shape, data in tensors:
    header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(section), len(section) + len(data)]}
    section += data
text = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
text += b" " * (-(len(text) + 8) % 64)
file = struct.pack("<Q", len(text)) + text + section
file = file.replace(b'"crc32c":"00000000"', b'"crc32c":"%08x"' % crc32c(file))
sys.stdout.buffer.write(file)

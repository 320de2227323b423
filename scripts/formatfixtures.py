#!/usr/bin/python3
"""Makes test/fixtures/formats: files of NumPy, PyTorch and PNG, and what they hold.

    python3 scripts/formatfixtures.py      (needs torch and numpy)

expected.safetensors has every array of every file, under names like `state.pt/0.weight`, as it must be
read: half-precision floats as float32, PNG as grey bytes.
"""
import collections
import json
import pathlib
import struct
import zipfile
import zlib
from unittest import mock

import numpy as np
import torch

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "test/fixtures/formats"
SAFE = {"f8": "F64", "i8": "I64", "u8": "U64", "f4": "F32", "i4": "I32", "u4": "U32", "i2": "I16", "u2": "U16", "i1": "I8", "u1": "U8", "b1": "BOOL"}
EXPECTED = {}


def values(code):
    """Six values, with the extremes of the type."""
    kind, width = code[0], int(code[1])
    if kind == "f":
        info = np.finfo(code)
        return np.array([np.nan, -np.inf, -0.0, info.max, info.smallest_subnormal, 1 / 3], code)
    if kind == "b":
        return np.array([1, 0, 1, 1, 0, 0], code)
    info = np.iinfo(code)
    return np.array([info.min, info.max, 0, 1, 2, 8 * width - 1], code)


def expect(file, name, array):
    if isinstance(array, torch.Tensor):
        array = array.detach()
        array = (array.float() if array.dtype == torch.bfloat16 else array).numpy()
    array = array.astype("f4") if array.dtype.str[1:] == "f2" else array
    EXPECTED[f"{file}/{name}"] = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(array.shape)


def write_expected():
    header, data = {}, b""
    for name, array in EXPECTED.items():
        raw = array.tobytes()
        header[name] = {"dtype": SAFE[array.dtype.str[1:]], "shape": list(array.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    (FOLDER / "expected.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)


def numpy_files():
    arrays = {}
    for code in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"]:
        block = values(code).reshape(2, 3)
        for order, name in [("<", "little"), (">", "big")]:
            arrays[f"{code}_{name}"] = block.astype(block.dtype.newbyteorder(order))
        arrays[f"{code}_columns"] = np.asfortranarray(block)
    arrays["cube"] = np.asfortranarray(np.arange(24, dtype="i4").reshape(2, 3, 4))
    arrays["scalar"] = np.array(2.5, "f4")
    arrays["list"] = np.arange(5, dtype="f4")
    arrays["none"] = np.zeros((0, 3), "f4")
    np.savez(FOLDER / "arrays.npz", **arrays)
    for name, array in arrays.items():
        expect("arrays.npz", name, array)
    packed = {"zeros": np.zeros((64, 64), "f4"), "ramp": np.arange(200, dtype="i8"), "none": np.zeros(0, "f4")}
    np.savez_compressed(FOLDER / "compressed.npz", **packed)
    for name, array in packed.items():
        expect("compressed.npz", name, array)
    with mock.patch.multiple(zipfile, ZIP64_LIMIT=10, ZIP_FILECOUNT_LIMIT=1):
        np.savez_compressed(FOLDER / "zip64.npz", **{name: packed[name] for name in ["ramp", "none"]})
    for name in ["ramp", "none"]:
        expect("zip64.npz", name, packed[name])
    for version in [1, 2, 3]:
        file = f"version{version}.npy"
        array = np.linspace(-1, 1, 6, dtype="f4").reshape(3, 2) * version
        with open(FOLDER / file, "wb") as f:
            np.lib.format.write_array(f, array, (version, 0))
        expect(file, "", array)


def save(file, value, tensors, **options):
    torch.save(value, FOLDER / file, **options)
    for name, tensor in tensors.items():
        expect(file, name, tensor)


def torch_files():
    torch.manual_seed(1)
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(2):
        optimizer.zero_grad()
        model(torch.randn(5, 3)).square().sum().backward()
        optimizer.step()
    state = model.state_dict()
    save("state.pt", state, state)
    save("protocol4.pt", state, state, pickle_protocol=4)
    save("module.pt", collections.OrderedDict((f"module.{k}", v) for k, v in state.items()), {f"module.{k}": v for k, v in state.items()})
    moments = {
        f"optimizer_state_dict.state.{i}.{k}": v for i, entry in optimizer.state_dict()["state"].items() for k, v in entry.items()
    }
    save(
        "checkpoint.pt",
        {
            "model_state_dict": state,
            "optimizer_state_dict": optimizer.state_dict(),
            "epoch": 3,
            "losses": [0.5, 0.25, float("inf")],
            "note": "größer",
            "best": None,
            "resumed": True,
            "large": 2**60,
            "negative": -(2**40),
            "device": torch.device("cpu"),
            "dtype": torch.float32,
            "size": torch.Size([2, 3]),
            "input": ("image", 28),
        },
        {**{f"model_state_dict.{k}": v for k, v in state.items()}, **moments},
    )

    kinds = {"half": "f2", "float": "f4", "double": "f8", "char": "i1", "short": "i2", "int": "i4", "long": "i8", "byte": "u1", "bool": "b1"}
    kinds = {name: torch.from_numpy(values(code).reshape(2, 3)) for name, code in kinds.items()}
    kinds["bfloat16"] = torch.tensor([[float("nan"), -float("inf"), -0.0], [3e38, 1e-40, 1 / 3]]).bfloat16()
    save("dtypes.pt", kinds, kinds)

    base = torch.arange(24, dtype=torch.float32)
    block = base.reshape(2, 3, 4)
    views = {
        "base": base,
        "transposed": block.permute(2, 0, 1),
        "rows": block[1],
        "steps": block[:, ::2, 1::2],
        "expanded": base[5].expand(2, 3),
        "scalar": base[7],
        "none": block[:, :0],
        "parameter": torch.nn.Parameter(block[0].t()),
        "halves": torch.arange(6).half()[1::2],
    }
    save("views.pt", views, views)
    save("tensor.pt", block[1, 1], {"": block[1, 1]})
    save("list.pt", [base[:3], {"a": base[3:5]}], {"0": base[:3], "1.a": base[3:5]})
    torch.save(state, FOLDER / "legacy.pt", _use_new_zipfile_serialization=False)
    torch.save(torch.nn.Linear(1, 1), FOLDER / "whole_module.pt")
    torch.jit.script(torch.nn.Linear(1, 1)).save(str(FOLDER / "script.pt"))


def png(file, colour, depth, rows, palette=None, transparency=None):
    """`rows` are lists of samples, or of tuples of samples."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    def line(row):
        samples = [s for pixel in row for s in (pixel if isinstance(pixel, tuple) else (pixel,))]
        if depth == 16:
            return struct.pack(f">{len(samples)}H", *samples)
        bits = "".join(f"{s:0{depth}b}" for s in samples)
        bits += "0" * (-len(bits) % 8)
        return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))

    path = FOLDER / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", len(rows[0]), len(rows), depth, colour, 0, 0, 0))
        + (chunk(b"PLTE", bytes(v for c in palette for v in c)) if palette else b"")
        + (chunk(b"tRNS", bytes(transparency)) if transparency else b"")
        + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + line(row) for row in rows)))
        + chunk(b"IEND", b"")
    )


def luma(red, green, blue, alpha=1.0):
    return round((0.299 * red + 0.587 * green + 0.114 * blue) * alpha)


def png_files():
    def kind(name, colour, depth, rows, grey, **more):
        png(f"pngs/{name}.png", colour, depth, rows, **more)
        expect("pngs", name, np.array(grey, "u1"))

    colours = [[(255, 0, 0), (0, 255, 0), (0, 0, 255)], [(10, 20, 30), (255, 255, 255), (0, 0, 0)]]
    alphas = [[255, 128, 0], [51, 255, 10]]
    greys = [[0, 127, 255], [1, 2, 3]]
    kind("grey", 0, 8, greys, greys)
    kind("grey1", 0, 1, [[0, 1, 0], [1, 1, 0]], [[0, 255, 0], [255, 255, 0]])
    kind("grey4", 0, 4, [[0, 15, 8], [1, 2, 3]], [[0, 255, 136], [17, 34, 51]])
    kind("grey16", 0, 16, [[0, 65535, 32768], [257, 128, 129]], [[0, 255, 128], [1, 0, 1]])
    kind("greyclear", 0, 8, greys, [[0, 0, 255], [1, 2, 3]], transparency=[0, 127])
    kind("rgb", 2, 8, colours, [[luma(*c) for c in row] for row in colours])
    kind("rgb16", 2, 16, [[tuple(257 * v for v in c) for c in row] for row in colours], [[luma(*c) for c in row] for row in colours])
    faded = [list(zip(*pair)) for pair in zip(colours, alphas)]
    kind("rgba", 6, 8, [[(*c, a) for c, a in row] for row in faded], [[luma(*c, a / 255) for c, a in row] for row in faded])
    shades = [list(zip(*pair)) for pair in zip(greys, alphas)]
    kind("greyalpha", 4, 8, shades, [[round(g * a / 255) for g, a in row] for row in shades])
    palette = [c for row in colours for c in row]
    indices = [[0, 1, 2], [3, 4, 5]]
    kind("palette", 3, 8, indices, [[luma(*palette[i]) for i in row] for row in indices], palette=palette)
    kind("palette4", 3, 4, indices, [[luma(*palette[i]) for i in row] for row in indices], palette=palette)
    kind(
        "palettealpha", 3, 8, indices, [[luma(*palette[i], a / 255) for i, a in zip(*rows)] for rows in zip(indices, alphas)],
        palette=palette, transparency=[a for row in alphas for a in row],
    )
    for label in [0, 3, 9]:
        for i in range(2):
            png(f"labelled/{label}/{i}.png", 0, 8, [[label, i], [10, 20]])


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    numpy_files()
    torch_files()
    png_files()
    write_expected()
    print(f"{sum(f.stat().st_size for f in FOLDER.rglob('*') if f.is_file())} bytes in {FOLDER}")

"""PyTorch on the CPU, with the lines of serve.ts: `serve.py PROBLEM THREADS`."""

import json
import struct
import sys
import time

import numpy
import torch
from torch import nn


def read(path):
    """The tensors and the metadata of a safetensors file of floats."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = numpy.frombuffer(data[begin:end], numpy.float32).reshape(entry["shape"])
        tensors[name] = torch.from_numpy(values.copy())
    return tensors, metadata


def dense(widths, last=None):
    layers = []
    for i, o in zip(widths, widths[1:]):
        layers += [nn.Linear(i, o), nn.ReLU()]
    layers.pop()
    return nn.Sequential(*layers, *([last] if last else []))


class Autoencoder(nn.Module):
    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder


def mlp():
    return Autoencoder(
        dense([784, 128, 64, 12, 3]), dense([3, 12, 64, 128, 784], nn.Tanh())
    )


def conv():
    return Autoencoder(
        nn.Sequential(
            nn.Conv2d(1, 16, 3, stride=3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2, stride=2),
            nn.Conv2d(16, 8, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2, stride=1),
        ),
        nn.Sequential(
            nn.ConvTranspose2d(8, 16, 3, stride=2),
            nn.ReLU(),
            nn.ConvTranspose2d(16, 8, 5, stride=3, padding=1),
            nn.ReLU(),
            nn.ConvTranspose2d(8, 1, 2, stride=2, padding=1),
            nn.Tanh(),
        ),
    )


def vae():
    return Autoencoder(
        dense([784, 256, 64, 20], nn.ReLU()), dense([10, 64, 256, 784], nn.Sigmoid())
    )


def loss_of(name, model, x, epsilon):
    if name != "vae":
        return nn.functional.mse_loss(model.decoder(model.encoder(x)), x)
    mu, sigma = model.encoder(x).chunk(2, 1)
    y = model.decoder(mu + sigma * epsilon)
    variance = sigma**2
    kld = 0.5 * (mu**2 + variance - torch.log(1e-8 + variance) - 1).sum() / x.numel()
    return nn.functional.mse_loss(y, x) + kld


def blas():
    """The library that multiplies matrices: the reference BLAS is five times slower than others."""
    build = torch.__config__.show()
    if "BLAS_INFO=mkl" in build:
        return "MKL"
    try:
        with open("/proc/self/maps") as maps:
            loaded = maps.read()
    except OSError:
        return "unknown BLAS"
    for name in ("openblas", "mkl", "blis"):
        if name in loaded:
            return name
    return "no fast BLAS: its matrix products are slower than they should be"


def say(**message):
    print(json.dumps(message), flush=True)


def serve(path, threads):
    torch.set_num_threads(threads)
    tensors, metadata = read(path)
    name = metadata["model"]
    x, epsilon = tensors.pop("x"), tensors.pop("epsilon")
    if name == "conv":
        x = x.reshape(*x.shape[:2], 1, 28, 28)
    model = {"mlp": mlp, "conv": conv, "vae": vae}[name]()
    model.load_state_dict(tensors)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    say(
        version=f"PyTorch {torch.__version__}",
        adapter=f"{threads} CPU threads",
        notes=[blas()],
    )
    taken = 0
    for line in sys.stdin:
        steps = int(line)
        began = time.perf_counter()
        for _ in range(steps):
            i = taken % len(x)
            optimizer.zero_grad()
            loss = loss_of(name, model, x[i], epsilon[i])
            loss.backward()
            optimizer.step()
            taken += 1
        ms = (time.perf_counter() - began) * 1e3 / steps
        say(ms=ms, loss=loss.item())


serve(sys.argv[1], int(sys.argv[2]))

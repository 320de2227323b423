#!/usr/bin/python3
"""Makes test/fixtures/model_mlp.safetensors: what PyTorch computes for the MLP autoencoder on our own digits.

    python3 scripts/fixtures.py          (needs torch and numpy, and node for the digits)

Truth is float64, computed from float32 inputs. Beside it stands PyTorch's own float32 error, and how
far float32 runs drift apart when the initial weights move by one ulp: the yardstick for parameters
after many steps. The file has the format of the other fixtures, goldens-v1.
"""
import json
import pathlib
import struct
import subprocess

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

ROOT = pathlib.Path(__file__).resolve().parent.parent
IMAGES, BATCH, STEP_BATCH, STEPS, SEED = 200, 32, 64, 50, 11
ADAM = {"lr": 1e-3}
STRIDE = 11  # of large results every 11th element is kept, and sums


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 12), nn.ReLU(), nn.Linear(12, 3))
        self.decoder = nn.Sequential(
            nn.Linear(3, 12), nn.ReLU(), nn.Linear(12, 64), nn.ReLU(), nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 784), nn.Tanh())

    def forward(self, x):
        latent = self.encoder(x)
        return latent, self.decoder(latent)


def digits():
    """The first images that drawDigits draws under seed 0, as uint8 [n, 28, 28]."""
    script = f"""
      import {{ drawDigits }} from './src/data/digits.js'
      process.stdout.write(drawDigits({{ count: {IMAGES} }}).images)"""
    raw = subprocess.run(["node", "--import", "tsx", "--input-type=module", "-e", script], cwd=ROOT, check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(IMAGES, 28, 28)


def network(state, dtype):
    net = Autoencoder()
    net.load_state_dict({k: torch.from_numpy(v) for k, v in state.items()})
    return net.to(dtype)


def input_of(pixels, dtype):
    x = torch.from_numpy(np.array(pixels)).to(torch.float32) / 255
    return ((x - 0.5) / 0.5).reshape(-1, 784).to(dtype)


def batch_results(state, pixels, dtype):
    net = network(state, dtype)
    x = input_of(pixels, dtype)
    latent, out = net(x)
    loss = F.mse_loss(out, x)
    loss.backward()
    return {"latent": latent.detach().numpy(), "out": out.detach().numpy()}, float(loss), {k: p.grad.numpy() for k, p in net.named_parameters()}


def train(state, batches, dtype):
    net = network(state, dtype)
    optimizer = torch.optim.Adam(net.parameters(), **ADAM)
    losses = []
    for pixels in batches:
        x = input_of(pixels, dtype)
        loss = F.mse_loss(net(x)[1], x)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss))
    return np.array(losses), {k: p.detach().numpy() for k, p in net.named_parameters()}


def error(got, truth):
    return {"abs": float(np.abs(got - truth).max()), "rel": 1.0, "scale": float(np.abs(truth).max())}


def describe(tensors, key, truth, got):
    """Stores a result, whole or sampled, and says where."""
    entry = {"shape": list(truth.shape), "err": error(got, truth)}
    if truth.size <= 8192:
        tensors[key] = truth.astype(np.float32)
        return {**entry, "key": key}
    sampled = {"stride": STRIDE, "sample": f"{key}.sample", "total": f"{key}.total", "rowsum": f"{key}.rowsum", "colsum": f"{key}.colsum"}
    tensors[sampled["sample"]] = truth.reshape(-1)[::STRIDE].astype(np.float32)
    tensors[sampled["total"]] = np.array([truth.sum()])
    tensors[sampled["rowsum"]] = truth.sum(1)
    tensors[sampled["colsum"]] = truth.sum(0)
    return {**entry, "sampled": sampled}


def save(path, tensors, metadata):
    names = {np.dtype(np.float64): "F64", np.dtype(np.float32): "F32", np.dtype(np.int32): "I32", np.dtype(np.uint8): "U8"}
    header, data = {"__metadata__": metadata}, b""
    for key, t in sorted(tensors.items(), key=lambda item: (-item[1].dtype.itemsize, item[0])):
        raw = np.ascontiguousarray(t).tobytes()
        header[key] = {"dtype": names[t.dtype], "shape": list(t.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def main():
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    rng = np.random.default_rng(SEED)
    images = digits()
    state = {k: v.numpy().copy() for k, v in Autoencoder().state_dict().items()}
    tensors = {f"init.{k}": v for k, v in state.items()}
    tensors["images"] = images
    tensors["batch.index"] = rng.choice(IMAGES, BATCH, replace=False).astype(np.int32)
    tensors["steps.index"] = np.stack([rng.choice(IMAGES, STEP_BATCH, replace=False) for _ in range(STEPS)]).astype(np.int32)

    info = {"model": "mlp", "adam": ADAM, "state": {k: list(v.shape) for k, v in state.items()}, "grads": {}, "final": {}}
    pixels = images[tensors["batch.index"]]
    (values, loss, grads), (values32, loss32, grads32) = [batch_results(state, pixels, t) for t in (torch.float64, torch.float32)]
    info["scalars"] = {"loss": {"f64": loss, "f32": loss32}}
    for k in values:
        tensors[k] = values[k].astype(np.float32)
        info[k] = {"key": k, "shape": list(values[k].shape), "err": error(values32[k], values[k])}
    for k in grads:
        info["grads"][k] = describe(tensors, f"grad.{k}", grads[k], grads32[k])

    batches = [images[i] for i in tensors["steps.index"]]
    losses, final = train(state, batches, torch.float64)
    losses32, final32 = train(state, batches, torch.float32)
    tensors["steps.loss64"], tensors["steps.loss32"] = losses, losses32
    info["loss32_max_abs_diff"] = float(np.abs(losses32 - losses).max())
    drifts, loss_drift = {k: 0.0 for k in final}, 0.0
    for _ in range(3):
        moved = {k: (v * (1 + rng.choice([-1.0, 1.0], v.shape) * 2.0**-23)).astype(np.float32) for k, v in state.items()}
        losses_moved, final_moved = train(moved, batches, torch.float32)
        loss_drift = max(loss_drift, float(np.abs(losses_moved - losses).max()))
        drifts = {k: max(drifts[k], float(np.abs(final_moved[k] - final[k]).max())) for k in final}
    info["loss32_ulp_drift"] = loss_drift
    for k in final:
        moved = float(np.abs(final[k] - state[k]).max())
        info["final"][k] = {**describe(tensors, f"final.{k}", final[k], final32[k]), "ulp_drift": drifts[k], "moved": moved}

    metadata = {"format": "goldens-v1", "group": "model", "torch": torch.__version__, "seed": str(SEED), "model": json.dumps(info)}
    save(ROOT / "test/fixtures/model_mlp.safetensors", tensors, metadata)


if __name__ == "__main__":
    main()

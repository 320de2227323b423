#!/usr/bin/python3
"""Makes test/fixtures/layers.safetensors and schedulers.safetensors: PyTorch's results for layers and schedulers.

    /usr/bin/python3 scripts/layerfixtures.py      (needs torch and numpy)

A layer's truth is float64, computed from float32 weights and inputs: outputs, and the gradients of inputs and parameters for
given gradients of the float outputs. PyTorch's own float32 error is kept with it. The format is that of the other fixtures.
"""
import json

import numpy as np
import torch
from torch import nn, optim

from fixtures import ROOT, error, save

# name of the layer, arguments, keyword arguments, shapes of the inputs (a list of lists is a tuple), and more:
# masks: boolean inputs by the name of their keyword; call: other keywords of forward; eval: in evaluation after a training step
CASES = [
    ("ELU", [0.7], {}, [[4, 5]], {}),
    ("SELU", [], {}, [[4, 5]], {}),
    ("CELU", [0.7], {}, [[4, 5]], {}),
    ("Hardtanh", [-0.5, 0.8], {}, [[4, 5]], {}),
    ("ReLU6", [], {}, [[4, 5]], {}),
    ("Hardsigmoid", [], {}, [[4, 5]], {}),
    ("Hardswish", [], {}, [[4, 5]], {}),
    ("Mish", [], {}, [[4, 5]], {}),
    ("PReLU", [], {}, [[4, 5]], {}),
    ("PReLU", [3, 0.1], {}, [[2, 3, 4]], {}),
    ("InstanceNorm1d", [3], {}, [[2, 3, 7]], {}),
    ("InstanceNorm2d", [3], {"affine": True, "track_running_stats": True}, [[2, 3, 4, 5]], {}),
    ("InstanceNorm2d", [3], {"affine": True, "track_running_stats": True, "momentum": 0.3}, [[2, 3, 4, 5]], {"eval": True}),
    ("BatchNorm2d", [3], {"momentum": 0.3}, [[2, 3, 4, 5]], {"eval": True}),
    ("ConvTranspose1d", [4, 6, 3], {"stride": 2, "padding": 1, "output_padding": 1, "groups": 2}, [[2, 4, 7]], {}),
    ("ConvTranspose1d", [3, 2, 2], {"dilation": 2, "bias": False}, [[3, 7]], {}),
    ("MaxPool1d", [3], {"stride": 2, "padding": 1}, [[2, 3, 9]], {}),
    ("AvgPool1d", [3], {"stride": 2, "padding": 1, "ceil_mode": True, "count_include_pad": False}, [[2, 3, 10]], {}),
    ("MultiheadAttention", [8, 2], {}, [[5, 3, 8], [6, 3, 8], [6, 3, 8]], {}),
    ("MultiheadAttention", [8, 4], {"batch_first": True, "bias": False}, [[3, 5, 8], [3, 6, 8], [3, 6, 8]],
     {"call": {"average_attn_weights": False}}),
    ("MultiheadAttention", [6, 3], {}, [[5, 6], [4, 6], [4, 6]], {}),
    ("MultiheadAttention", [8, 2], {"batch_first": True}, [[2, 4, 8]] * 3,
     {"masks": {"attn_mask": "causal", "key_padding_mask": "padding"}}),
    ("MultiheadAttention", [8, 2], {}, [[4, 2, 8]] * 3, {"masks": {"attn_mask": [4, 4, 4]}, "call": {"need_weights": False}}),
    ("TransformerEncoderLayer", [8, 2], {"dim_feedforward": 12, "dropout": 0.0}, [[5, 3, 8]], {}),
    ("TransformerEncoderLayer", [8, 4], {"dim_feedforward": 12, "dropout": 0.0, "batch_first": True, "norm_first": True,
     "activation": "gelu"}, [[3, 5, 8]], {"masks": {"src_mask": "causal", "src_key_padding_mask": "padding"}}),
    ("LSTM", [4, 5], {}, [[6, 3, 4]], {}),
    ("LSTM", [4, 3], {"num_layers": 2, "bidirectional": True, "batch_first": True}, [[3, 5, 4], [[4, 3, 3], [4, 3, 3]]], {}),
    ("LSTM", [4, 3], {"bias": False}, [[5, 4]], {}),
    ("GRU", [4, 5], {}, [[6, 3, 4]], {}),
    ("GRU", [4, 3], {"num_layers": 2, "bidirectional": True}, [[5, 2, 4], [4, 2, 3]], {}),
    ("GRU", [4, 3], {"bias": False, "batch_first": True}, [[2, 5, 4]], {}),
    ("RNN", [4, 5], {}, [[6, 3, 4]], {}),
    ("RNN", [4, 3], {"num_layers": 2, "nonlinearity": "relu"}, [[5, 4], [2, 3]], {}),
    ("LSTMCell", [4, 5], {}, [[3, 4], [[3, 5], [3, 5]]], {}),
    ("GRUCell", [4, 5], {}, [[3, 4], [3, 5]], {}),
    ("RNNCell", [4, 5], {"bias": False, "nonlinearity": "relu"}, [[4], [5]], {}),
]


def flat(value):
    return [t for part in value for t in flat(part)] if isinstance(value, (list, tuple)) else [] if value is None else [value]


def drawn(shape, rng):
    if isinstance(shape[0], list):
        return tuple(drawn(part, rng) for part in shape)
    return rng.standard_normal(shape).astype(np.float32)


def mask_of(kind, inputs, batch_first):
    rows, columns = inputs[0].shape[:2] if batch_first else inputs[0].shape[1::-1]
    if kind == "causal":
        return np.triu(np.ones((columns, columns), bool), 1)
    if kind == "padding":
        return np.arange(columns)[None, :] >= columns - np.arange(rows)[:, None]
    mask = np.arange(np.prod(kind)).reshape(kind) % 3 == 1
    return mask & (np.arange(kind[-1]) > 0)  # key 0 may always be seen


def to_torch(value, dtype):
    if isinstance(value, tuple):
        return tuple(to_torch(part, dtype) for part in value)
    t = torch.from_numpy(value)
    return t if t.dtype == torch.bool else t.to(dtype).requires_grad_()


def results(layer, state, inputs, masks, more, gouts, dtype):
    layer.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in state.items()})
    layer.to(dtype).train()
    xs = [to_torch(x, dtype) for x in inputs]
    given = {k: torch.from_numpy(m) for k, m in masks.items()}
    if more.get("eval"):
        layer(*xs, **given)
        layer.eval()
    outputs = flat(layer(*xs, **given, **more.get("call", {})))
    if gouts is None:
        return outputs
    sum((y * torch.from_numpy(g).to(dtype)).sum() for y, g in zip(outputs, gouts)).backward()
    grads = {f"input{i}": x.grad for i, x in enumerate(flat(xs))} | {k: p.grad for k, p in layer.named_parameters()}
    buffers = {k: b for k, b in layer.named_buffers() if b.is_floating_point()}
    return tuple({k: t.detach().double().numpy().copy() for k, t in part.items()} for part in (dict(enumerate(outputs)), grads, buffers))


def layers():
    tensors, cases = {}, []
    for nth, (name, args, kwargs, shapes, more) in enumerate(CASES):
        torch.manual_seed(nth)
        rng = np.random.default_rng(nth)
        layer = getattr(nn, name)(*args, **kwargs)
        state = {k: v.numpy().copy() for k, v in layer.state_dict().items()}
        for k, v in state.items():  # weights of 1 and biases of 0 would hide errors
            if v.dtype == np.float32 and "running" not in k:
                state[k] = (v + 0.1 * rng.standard_normal(v.shape)).astype(np.float32)
        inputs = [drawn(shape, rng) for shape in shapes]
        masks = {k: mask_of(kind, inputs, kwargs.get("batch_first")) for k, kind in more.get("masks", {}).items()}
        gouts = [rng.standard_normal(tuple(y.shape)).astype(np.float32)
                 for y in results(layer, state, inputs, masks, more, None, torch.float32)]
        truth = results(layer, state, inputs, masks, more, gouts, torch.float64)
        single = results(layer, state, inputs, masks, more, gouts, torch.float32)
        key = f"{name}/{nth:02}"
        case = {"name": key, "layer": name, "args": args, "kwargs": kwargs, "shapes": shapes, "call": more.get("call", {}),
                "eval": more.get("eval", False), "state": list(state), "masks": list(masks)}
        for k, v in state.items():
            tensors[f"{key}/state.{k}"] = v.astype(np.int32) if v.dtype == np.int64 else v
        for part, values in {"input": flat(inputs), "gout": gouts}.items():
            for i, v in enumerate(values):
                tensors[f"{key}/{part}{i}"] = v
        for k, v in masks.items():
            tensors[f"{key}/mask.{k}"] = v.astype(np.uint8)
        for part, of64, of32 in zip(("outputs", "grads", "buffers"), truth, single):
            case[part] = {}
            for k, v in of64.items():
                tensors[f"{key}/{part}.{k}"] = v.astype(np.float32)
                case[part][k] = {"key": f"{key}/{part}.{k}", "shape": list(v.shape), "err": error(of32[k], v)}
        cases.append(case)
    return tensors, cases


SCHEDULERS = [
    ("MultiStepLR", {"milestones": [3, 6, 6], "gamma": 0.3}),
    ("LinearLR", {}),
    ("LinearLR", {"start_factor": 0.2, "end_factor": 0.9, "total_iters": 7}),
    ("LinearLR", {"start_factor": 1.0, "end_factor": 0.1, "total_iters": 3}),
    ("CosineAnnealingWarmRestarts", {"T_0": 4}),
    ("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": 2, "eta_min": 0.01}),
    ("SequentialLR", {"of": [["LinearLR", {"start_factor": 0.1, "total_iters": 4}], ["CosineAnnealingLR", {"T_max": 10}]],
                      "milestones": [4]}),
    ("SequentialLR", {"of": [["ExponentialLR", {"gamma": 0.8}], ["MultiStepLR", {"milestones": [2, 3]}],
                             ["CosineAnnealingWarmRestarts", {"T_0": 3}]], "milestones": [3, 8]}),
]


def schedulers():
    cases = []
    for nth, (name, kwargs) in enumerate(SCHEDULERS):
        base = [0.5, 0.03]
        groups = [{"params": [torch.zeros(1, requires_grad=True)], "lr": lr} for lr in base]
        optimizer = optim.SGD(groups, lr=1, momentum=0.9)
        make = getattr(optim.lr_scheduler, name)
        if name == "SequentialLR":
            parts = [getattr(optim.lr_scheduler, part)(optimizer, **kw) for part, kw in kwargs["of"]]
            scheduler = make(optimizer, parts, kwargs["milestones"])
        else:
            scheduler = make(optimizer, **kwargs)
        rates = [[g["lr"]] for g in optimizer.param_groups]
        for _ in range(20):
            optimizer.step()
            scheduler.step()
            for row, g in zip(rates, optimizer.param_groups):
                row.append(g["lr"])
        cases.append({"kind": "scheduler", "name": f"{name}/{nth:02}", "sched": name, "opt": "SGD", "steps": 20, "kw": kwargs,
                      "base_lr": base, "lr": rates})
    return cases


if __name__ == "__main__":
    torch.set_num_threads(1)
    about = {"format": "goldens-v1", "torch": torch.__version__, "seed": "0"}
    tensors, cases = layers()
    save(ROOT / "test/fixtures/layers.safetensors", tensors, {**about, "group": "layers", "cases": json.dumps(cases)})
    save(ROOT / "test/fixtures/schedulers.safetensors", {}, {**about, "group": "optim", "cases": json.dumps(schedulers())})

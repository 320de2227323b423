#!/usr/bin/python3
"""Makes test/fixtures/more.safetensors: PyTorch's results for ops that ops.safetensors lacks.

    python3 scripts/fixtures_ops.py      (needs torch and numpy)

Forward results and gradients in float64, computed from float32 inputs, each with the error of PyTorch's
own float32 result beside it. The format is that of the other fixtures, goldens-v1.
"""
import json

import numpy as np
import torch
from torch.nn import functional as F

from fixtures import ROOT, error, save

SEED = 5
INF = float("inf")
EXACT = {"abs": 0.0, "rel": 0.0, "scale": 0.0}


def attention(q, k, v, mask, is_causal, scale):
    scores = q @ k.transpose(-2, -1) * (scale if scale is not None else q.shape[-1] ** -0.5)
    if is_causal:
        scores = scores.masked_fill(~torch.ones(scores.shape[-2:], dtype=torch.bool).tril(), -INF)
    if mask is not None:
        scores = scores.masked_fill(~mask, -INF) if mask.dtype == torch.bool else scores + mask
    return scores.softmax(-1) @ v


def unary(f):
    return lambda xs, p: f(xs[0], **p)


OPS = {
    "clone": unary(torch.clone), "tril": unary(torch.tril), "triu": unary(torch.triu),
    "masked_fill": lambda xs, p: xs[0].masked_fill(xs[1], p["value"]),
    "pad": unary(F.pad), "split": lambda xs, p: xs[0].split(p["sizes"], p["dim"]),
    "repeat": lambda xs, p: xs[0].repeat(p["repeats"]), "tile": lambda xs, p: xs[0].tile(p["repeats"]),
    "roll": unary(torch.roll), "flip": unary(torch.flip),
    "sign": unary(torch.sign), "floor": unary(torch.floor), "ceil": unary(torch.ceil), "round": unary(torch.round), "trunc": unary(torch.trunc),
    "isnan": unary(torch.isnan), "isfinite": unary(torch.isfinite), "isinf": unary(torch.isinf),
    "elu": unary(F.elu), "selu": unary(F.selu), "celu": unary(F.celu), "hardtanh": unary(F.hardtanh), "relu6": unary(F.relu6),
    "hardsigmoid": unary(F.hardsigmoid), "hardswish": unary(F.hardswish), "mish": unary(F.mish),
    "norm": unary(torch.norm), "prod": unary(torch.prod), "cumsum": unary(torch.cumsum), "logsumexp": unary(torch.logsumexp),
    "any": unary(torch.any), "all": unary(torch.all),
    "diagonal": unary(torch.diagonal), "diag_embed": unary(torch.diag_embed), "trace": unary(torch.trace),
    "unfold": lambda xs, p: xs[0].unfold(p["dimension"], p["size"], p["step"]),
    "one_hot": lambda xs, p: F.one_hot(xs[0].long(), p["num_classes"]),
    "sort": unary(torch.sort), "argsort": unary(torch.argsort), "topk": unary(torch.topk),
    "scatter": lambda xs, p: xs[0].scatter(p["dim"], xs[1].long(), xs[2]),
    "scatter_add": lambda xs, p: xs[0].scatter_add(p["dim"], xs[1].long(), xs[2]),
    "searchsorted": lambda xs, p: torch.searchsorted(xs[0], xs[1], **p),
    "einsum": lambda xs, p: torch.einsum(p["equation"], *xs),
    "im2col": unary(F.unfold), "col2im": unary(F.fold),
    "max_pool1d": unary(F.max_pool1d), "avg_pool1d": unary(F.avg_pool1d),
    "conv_transpose1d": lambda xs, p: F.conv_transpose1d(*xs, **p),
    "normalize": unary(F.normalize), "cosine_similarity": lambda xs, p: F.cosine_similarity(*xs, **p),
    "unbind": unary(torch.unbind), "logsigmoid": unary(F.logsigmoid),
    "meshgrid": lambda xs, p: torch.meshgrid(*xs, **p),
    "scaled_dot_product_attention": lambda xs, p: attention(*xs[:3], xs[3] if len(xs) > 3 else None, **p),
}

A, V, S = (5, 7), (40,), (2, 3, 4)
# op, shapes of the inputs (or arrays), params
CASES = [
    ("clone", [A], {}),
    *[(op, [shape], {"diagonal": k}) for op in ("tril", "triu") for shape, k in ((A, 0), (S, 1), (A, -2))],
    ("masked_fill", [A, "mask:7"], {"value": -2.5}), ("masked_fill", [S, "mask:3,1"], {"value": 0}),
    *[("pad", [(2, 3, 5)], {"pad": [2, 1], "mode": m, "value": 0}) for m in ("constant", "reflect", "replicate", "circular")],
    *[("pad", [(2, 3, 5, 6)], {"pad": [2, 1, 0, 3], "mode": m, "value": 0}) for m in ("constant", "reflect", "replicate", "circular")],
    ("pad", [A], {"pad": [-1, 2, 3, -2], "mode": "constant", "value": 1.5}),
    ("split", [A], {"sizes": 2, "dim": 0}), ("split", [A], {"sizes": [3, 0, 4], "dim": -1}),
    ("repeat", [A], {"repeats": [2, 3]}), ("repeat", [(3,)], {"repeats": [2, 2]}), ("tile", [S], {"repeats": [3]}),
    ("roll", [A], {"shifts": 3}), ("roll", [A], {"shifts": [-1, 9], "dims": [0, 1]}), ("flip", [S], {"dims": [0, 2]}),
    *[(op, [V], {}) for op in ("sign", "floor", "ceil", "round", "trunc", "isnan", "isfinite", "isinf", "selu", "relu6", "hardsigmoid", "hardswish", "mish")],
    *[(op, ["kinks"], {}) for op in ("floor", "ceil", "round", "trunc", "relu6", "elu", "hardtanh")],
    *[(op, ["special"], {}) for op in ("isnan", "isfinite", "isinf")],
    ("elu", [V], {"alpha": 0.3}), ("celu", [V], {"alpha": 2.0}), ("hardtanh", [V], {"min_val": -0.5, "max_val": 1.5}),
    *[("norm", [A], {"p": p, "dim": d, "keepdim": k}) for p in (0, 1, 2, 3, 1.5, INF, -INF) for d, k in ((1, False), ([0, 1], True))],
    ("norm", ["zeros"], {"p": 2, "dim": 1, "keepdim": False}),
    ("prod", [A], {"dim": 1, "keepdim": True}), ("prod", [(17,)], {}), ("prod", ["zeros"], {"dim": 1}),
    ("cumsum", [A], {"dim": 0}), ("cumsum", [(2, 700)], {"dim": -1}),
    ("logsumexp", [A], {"dim": 1, "keepdim": True}), ("logsumexp", [S], {"dim": [0, 2]}),
    *[(op, ["zeros"], {"dim": 1, "keepdim": k}) for op in ("any", "all") for k in (False, True)],
    ("diagonal", [A], {"offset": 1}), ("diagonal", [S], {"offset": -1, "dim1": -1, "dim2": 0}), ("diag_embed", [(2, 3)], {"offset": -1}), ("trace", [A], {}),
    ("unfold", [A], {"dimension": 1, "size": 3, "step": 2}), ("unfold", [S], {"dimension": -2, "size": 2, "step": 1}),
    ("one_hot", ["index:5:6"], {"num_classes": 6}),
    ("sort", [A], {"dim": 0, "descending": False}), ("sort", [(3, 70)], {"dim": -1, "descending": True}), ("sort", ["special"], {"dim": 0, "descending": True}),
    ("argsort", [S], {"dim": 1, "descending": True}), ("topk", [A], {"k": 3, "dim": -1, "largest": True}), ("topk", [A], {"k": 2, "dim": 0, "largest": False}),
    ("scatter", [A, "index:5,2:7", (5, 2)], {"dim": 1}), ("scatter_add", [A, "index:9,7:5", (9, 7)], {"dim": 0}), ("scatter_add", [S, "index:2,6,3:3", (2, 6, 3)], {"dim": -2}),
    ("searchsorted", ["sorted", (2, 5)], {"right": False}), ("searchsorted", ["sorted", (2, 5)], {"right": True}),
    ("einsum", [A, (7, 3)], {"equation": "ij,jk->ki"}), ("einsum", [(2, 5, 7), (2, 7, 3)], {"equation": "bij,bjk"}), ("einsum", [(4, 4)], {"equation": "ii"}),
    ("einsum", [(2, 3, 4, 5), (3, 5)], {"equation": "...ij,...j->i..."}), ("einsum", [S, (4, 3), (5, 2)], {"equation": "abc,cb,da->d"}),
    *[("scaled_dot_product_attention", [(2, 5, 4), (2, 7, 4), (2, 7, 3)], {"is_causal": c, "scale": s}) for c, s in ((False, None), (True, None), (False, 0.3))],
    ("scaled_dot_product_attention", [(2, 5, 4), (2, 7, 4), (2, 7, 3), "mask:5,7"], {"is_causal": False, "scale": None}),
    ("scaled_dot_product_attention", [(2, 5, 4), (2, 7, 4), (2, 7, 3), (5, 7)], {"is_causal": False, "scale": None}),
    ("im2col", [(2, 3, 6, 7)], {"kernel_size": [2, 3], "stride": [2, 1], "padding": [1, 2], "dilation": [2, 1]}), ("im2col", [(2, 5, 5)], {"kernel_size": 3}),
    ("col2im", [(2, 18, 20)], {"output_size": [6, 7], "kernel_size": [2, 3], "stride": [2, 1], "padding": [1, 1], "dilation": [1, 2]}), ("col2im", [(8, 9)], {"output_size": [4, 4], "kernel_size": 2}),
    *[("meshgrid", [(3,), (4,), (2,)], {"indexing": i}) for i in ("ij", "xy")],
    ("max_pool1d", [(2, 3, 11)], {"kernel_size": 3, "stride": 2, "padding": 1, "dilation": 2, "ceil_mode": True}), ("max_pool1d", [(3, 9)], {"kernel_size": 2}),
    ("avg_pool1d", [(2, 3, 11)], {"kernel_size": 4, "stride": 3, "padding": 2, "ceil_mode": True, "count_include_pad": False}), ("avg_pool1d", [(3, 9)], {"kernel_size": 2}),
    ("conv_transpose1d", [(2, 4, 7), (4, 3, 3), (6,)], {"stride": 3, "padding": 1, "output_padding": 2, "groups": 2, "dilation": 2}), ("conv_transpose1d", [(3, 5), (3, 2, 2)], {}),
    ("normalize", [A], {}), ("normalize", [S], {"p": 3, "dim": -1, "eps": 1e-3}), ("normalize", ["zeros"], {"dim": 1}),
    ("cosine_similarity", [A, A], {}), ("cosine_similarity", [S, (1, 3, 4)], {"dim": -1, "eps": 1e-3}),
    ("unbind", [A], {"dim": 0}), ("unbind", [S], {"dim": -1}), ("logsigmoid", [V], {}), ("logsigmoid", ["kinks"], {}),
]


def array(what, rng):
    """Random float32 of a shape, or what a word says."""
    if not isinstance(what, str):
        return (2 * rng.standard_normal(what)).astype(np.float32)
    kind, *rest = what.split(":")
    shape = tuple(int(n) for n in rest[0].split(",")) if rest else None
    if kind == "mask":
        mask = rng.random(shape) < 0.6
        mask.reshape(-1, shape[-1])[:, 0] = True  # attention may use one key at least
        return mask
    if kind == "index":
        # no place twice for scatter, whose result PyTorch leaves open then; sums may have several
        below = int(rest[1])
        if len(shape) == 2 and shape[1] <= below and shape[0] <= below:
            return np.stack([rng.permutation(below)[: shape[1]] for _ in range(shape[0])]).astype(np.int32)
        return rng.integers(0, below, shape).astype(np.int32)
    if kind == "kinks":
        return np.array([-2.5, -1.5, -0.5, -0.0, 0.0, 0.5, 1.5, 2.5, -1, 1, 6, 7, -3, 3.49, -3.51], np.float32)
    if kind == "special":
        return np.array([0, 1, -INF, np.nan, INF, -1, 3e38], np.float32)
    if kind == "sorted":
        return np.sort(rng.standard_normal((2, 9)), -1).astype(np.float32)
    return np.array([[0, 0, 0], [1, 0, 2], [1, -3, 2], [0, 4, 5]], np.float32)


def run(op, arrays, params, weights, dtype):
    """Results, and the gradients of their weighted sum."""
    xs = [torch.from_numpy(a.copy()) for a in arrays]
    xs = [x.to(dtype).requires_grad_() if x.dtype == torch.float32 else x for x in xs]
    ys = OPS[op](xs, params)
    ys = list(ys) if isinstance(ys, (tuple, list)) else [ys]
    free = [y for y in ys if y.requires_grad]
    if free:
        sum((y * torch.from_numpy(w).to(dtype)).sum() for y, w in zip(free, weights(free))).backward()
    return [y.detach().numpy() for y in ys], [x.grad.numpy() if x.requires_grad and x.grad is not None else None for x in xs]


def case(nth, op, what, params, tensors):
    rng = np.random.default_rng([SEED, nth])
    name, arrays = f"{op}/{nth:03}", [array(w, rng) for w in what]
    made = []

    def weights(ys):
        made[:] = made or [rng.standard_normal(tuple(y.shape)).astype(np.float32) for y in ys]
        return made

    truth, grads = run(op, arrays, params, weights, torch.float64)
    got, grads32 = run(op, arrays, params, weights, torch.float32)
    inputs, outputs, left = [], [], list(made)
    finite = np.isfinite(np.concatenate([a.reshape(-1) for a in arrays if a.dtype == np.float32] or [np.zeros(1)])).all()
    for i, a in enumerate(arrays):
        key = f"{name}/x{i}"
        tensors[key] = a
        entry = {"name": f"x{i}", "key": key}
        if grads[i] is not None:
            tensors[f"{key}.grad"] = grads[i].astype(np.float32)
            entry["grad"] = {"key": f"{key}.grad", "shape": list(a.shape), "err": error(grads32[i], grads[i])}
        inputs.append(entry)
    for i, y in enumerate(truth):
        key, isFloat = f"{name}/y{i}", y.dtype == np.float64
        tensors[key] = y.astype(np.float32 if isFloat else np.int32)
        entry = {"name": f"y{i}", "key": key, "shape": list(y.shape)}
        if isFloat:
            entry["err"] = error(got[i], y) if finite and y.size > 0 else EXACT
            if any(g is not None for g in grads) and left:
                tensors[f"{key}.gout"] = left.pop(0)
                entry["gout"] = f"{key}.gout"
        outputs.append(entry)
    plain = {k: {INF: "inf", -INF: "-inf"}.get(v, v) if isinstance(v, float) else v for k, v in params.items()}
    return {"name": name, "op": op, "params": plain, "tags": [], "inputs": inputs, "outputs": outputs}


if __name__ == "__main__":
    torch.set_num_threads(1)
    tensors = {}
    cases = [case(nth, op, what, params, tensors) for nth, (op, what, params) in enumerate(CASES)]
    metadata = {"format": "goldens-v1", "group": "ops", "torch": torch.__version__, "seed": str(SEED), "cases": json.dumps(cases)}
    path = ROOT / "test/fixtures/more.safetensors"
    save(path, tensors, metadata)
    print(f"{path.name}: {len(cases)} cases, {path.stat().st_size} bytes")

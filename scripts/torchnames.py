#!/usr/bin/python3
"""Prints PyTorch's public names as JSON, for `npm run coverage`.

    python3 scripts/torchnames.py > scripts/torchnames.json      (needs torch)

Functions and classes with a docstring, by namespace. Left out: in-place twins (`add_`), `…_copy`, deprecated
twins of `nn.init` and what Python's own modules put there.
"""
import json

import torch
from torch import nn, optim
from torch.nn import functional as F

BESIDE = ["no_grad", "enable_grad", "set_grad_enabled", "is_grad_enabled", "manual_seed", "initial_seed", "seed", "get_rng_state",
          "set_rng_state", "save", "load", "is_tensor", "set_printoptions", "use_deterministic_algorithms"]


def names(namespace, accepts):
    public = [n for n in dir(namespace) if not n.startswith("_")]
    return [n for n in public if getattr(getattr(namespace, n), "__doc__", None) and accepts(n, getattr(namespace, n))]


def plain(name):
    return not name.endswith(("_", "_copy"))


def own(module):
    return lambda n, o: isinstance(o, type) and o.__module__.startswith(module)


ops = {*dir(torch._C._VariableFunctions), *torch.functional.__all__, *BESIDE}
here = names(torch, lambda n, o: n in ops and plain(n) and callable(o))
lists = {
    "torch": here,
    "torch.Tensor": names(torch.Tensor, lambda n, o: callable(o) and plain(n) and n not in here),
    "torch.autograd": ["backward", "grad", "gradcheck", "gradgradcheck", "detect_anomaly", "Function", "hessian", "jacobian", "hvp", "jvp", "vjp"],
    "torch.nn": names(nn, own("torch.nn")),
    "torch.nn.functional": names(F, lambda n, o: callable(o) and not isinstance(o, type) and plain(n) and n[0].islower() and "torch_function" not in n
                                 and n not in ("boolean_dispatch", "native_channel_shuffle")),
    "torch.nn.init": names(nn.init, lambda n, o: n.endswith("_") or n == "calculate_gain"),
    "torch.nn.utils": names(nn.utils, lambda n, o: callable(o) and plain(n)),
    "torch.optim": names(optim, own("torch.optim")),
    "torch.optim.lr_scheduler": names(optim.lr_scheduler, own("torch.optim.lr_scheduler")),
}
print(json.dumps({"version": torch.__version__, "names": lists}, indent=1))

"""Steps of clipped gradients by PyTorch, for test/training/vectors/clipping.json:

    pip install torch
    python models/training/clipping.py

A perceptron is trained for three steps by clip_grad_norm_ and an optimiser; its parameters after each are recorded.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

OUT = Path(__file__).parent.parent.parent / "test" / "training" / "vectors" / "clipping.json"
RATE = 0.25


def numbers(tensors):
    return [tensor.detach().flatten().tolist() for tensor in tensors]


def trained(clip, kind):
    torch.manual_seed(3)
    first = [torch.randn(3, 5), torch.randn(5), torch.randn(5, 2)]
    parameters = [torch.nn.Parameter(tensor.clone()) for tensor in first]
    x, y = torch.randn(4, 3), torch.randn(4, 2)
    sgd = torch.optim.SGD(parameters, lr=RATE, momentum=0.5, weight_decay=0.1)
    adamw = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0.1)
    optimiser = sgd if kind == "sgd" else adamw
    steps, norms = [], []
    for _ in range(3):
        optimiser.zero_grad()
        w1, b1, w2 = parameters
        F.mse_loss(torch.tanh(x @ w1 + b1) @ w2, y).backward()
        norms.append(torch.nn.utils.clip_grad_norm_(parameters, clip).item())
        optimiser.step()
        steps.append(numbers(parameters))
    return {
        "optimiser": kind,
        "clip": clip,
        "norms": norms,
        "parameters": numbers(first),
        "batch": numbers([x, y]),
        "steps": steps,
    }


if __name__ == "__main__":
    cases = [trained(clip, kind) for kind in ("sgd", "adamw") for clip in (0.125, 1.0, 1000.0)]
    OUT.write_text(json.dumps(cases, indent=1) + "\n")

"""Exports both example networks and trains them in PyTorch, for test/training/vectors/losses.json:

    pip install torch onnx onnxscript
    python models/training/train.py

Rows, batches, rates and rounds are those of examples.ts, which trains the same networks by step programs.
"""

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from export import to_onnx
from networks import DigitsNetwork, LanguageNetwork

HERE = Path(__file__).parent
PLAN = json.loads((HERE / "examples.json").read_text())


def digits():
    """Scans and labels of the rows that are not held out."""
    data = HERE.parent / "digits" / "data"
    held_out = set(json.loads((data / "split.json").read_text())["heldOut"])
    labels = np.fromfile(data / "labels.u8", np.uint8)
    scans = np.fromfile(data / "scans.u8", np.uint8).reshape(len(labels), 8, 8)
    rows = [row for row in range(len(labels)) if row not in held_out]
    return torch.tensor(scans[rows]), torch.tensor(labels[rows])


def language():
    """Stretches of characters and of those that follow each."""
    text = np.frombuffer((HERE / "text" / "genesis.txt").read_bytes(), np.uint8)
    tokens = PLAN["language"]["tokens"]
    count = (len(text) - 1) // tokens
    x = text[: count * tokens].reshape(count, tokens)
    y = text[1 : count * tokens + 1].reshape(count, tokens)
    return torch.tensor(x), torch.tensor(y)


def train(network, rows, plan):
    """The loss of every step, a list for each round."""
    optimiser = {
        "sgd": lambda o: torch.optim.SGD(network.parameters(), momentum=o["momentum"], weight_decay=o["weightDecay"]),
        "adamw": lambda o: torch.optim.AdamW(
            network.parameters(), betas=tuple(o["betas"]), eps=o["epsilon"], weight_decay=o["weightDecay"]
        ),
    }[plan["optimiser"]["kind"]](plan["optimiser"])
    x, y = rows
    losses, step = [], 0
    for _ in range(plan["rounds"]):
        losses.append([])
        for _ in range(plan["stepsPerRound"]):
            at = [(step * plan["batch"] + i) * plan["stride"] % len(x) for i in range(plan["batch"])]
            step += 1
            for group in optimiser.param_groups:
                group["lr"] = plan["rate"] * min(1, step / plan["warmup"])
            optimiser.zero_grad()
            loss = F.cross_entropy(network(x[at]).flatten(0, -2), y[at].long().flatten())
            loss.backward()
            optimiser.step()
            losses[-1].append(round(loss.item(), 6))
    return losses


def main():
    losses = {}
    shape = PLAN["language"]
    torch.manual_seed(1)
    networks = {
        "digits": (DigitsNetwork(), digits()),
        "language": (LanguageNetwork(shape["tokens"], shape["width"], shape["heads"], shape["layers"]), language()),
    }
    for name, (network, rows) in networks.items():
        plan = PLAN[name]
        (HERE / f"{name}.onnx").write_bytes(to_onnx(network, (rows[0][: plan["batch"]],), ["x"]))
        losses[name] = train(network, rows, plan)
        print(name, sum(p.numel() for p in network.parameters()), [sum(r) / len(r) for r in losses[name]])
    out = HERE.parent.parent / "test" / "training" / "vectors" / "losses.json"
    out.write_text(json.dumps(losses, indent=1) + "\n")


if __name__ == "__main__":
    main()

"""Makes data/ and the three ONNX files beside this script; fails if a model is below 96 % on the held-out scans."""

from pathlib import Path

import numpy as np
from onnx import ModelProto
from onnx.reference import ReferenceEvaluator

from export import to_onnx
from layers import ACTIVATION_BITS, EXACT, WEIGHT_BITS, Convolution, Dense, Flatten, MaxPool
from scans import read_scans, write_scans

HERE = Path(__file__).resolve().parent
SEED, BATCH, MOMENTUM, DECAY = 7, 32, 0.9, 1e-4
FLOOR = 0.96


def mlp(random: np.random.RandomState) -> list:
    return [Dense(64, 64, random, first=True), Dense(64, 32, random), Dense(32, 10, random, last=True)]


def cnn(random: np.random.RandomState) -> list:
    convolutions = [Convolution(1, 16, random, first=True), MaxPool(), Convolution(16, 32, random), MaxPool()]
    return [*convolutions, Flatten(), Dense(128, 10, random, last=True)]


def forward(layers: list, x: np.ndarray) -> np.ndarray:
    for layer in layers:
        x = layer.forward(x)
    return x


def train(layers: list, x: np.ndarray, labels: np.ndarray, epochs: int, rate: float) -> None:
    """Momentum descent on the cross-entropy of the integer logits; the rate falls along a cosine."""
    random, steps, step = np.random.RandomState(SEED), epochs * (len(x) // BATCH), 0
    for _ in range(epochs):
        order = random.permutation(len(x))
        for start in range(0, len(x) - BATCH + 1, BATCH):
            rows = order[start : start + BATCH]
            logits = forward(layers, x[rows]) / 2 ** (ACTIVATION_BITS + WEIGHT_BITS)
            gradient = np.exp(logits - logits.max(1, keepdims=True))
            gradient /= gradient.sum(1, keepdims=True)
            gradient[np.arange(BATCH), labels[rows]] -= 1
            gradient /= BATCH
            for layer in reversed(layers):
                gradient = layer.backward(gradient)
            for layer in layers:
                if isinstance(layer, Dense):
                    layer.step(rate * (1 + np.cos(np.pi * step / steps)) / 2, MOMENTUM, DECAY)
            step += 1


def measure(model: ModelProto, layers: list, x: np.ndarray, labels: np.ndarray) -> float:
    """Accuracy of the exported file, which must give the same logits as the integer layers."""
    run = ReferenceEvaluator(model)
    answers = [run.run(None, {"x": scan[None].astype(np.float32)}) for scan in x]
    if (np.concatenate([a[0] for a in answers]) != forward(layers, x)).any():
        raise SystemExit("the exported file's logits differ from the integer layers'")
    return float((np.concatenate([a[1] for a in answers]) == labels).mean())


def main() -> None:
    write_scans(HERE / "data")
    scans, labels, held_out = read_scans(HERE / "data")
    plans = [("mlp", mlp, [64], 80, 0.05, [1]), ("cnn", cnn, [1, 8, 8], 60, 0.05, [1, 64])]
    for name, build, shape, epochs, rate, batches in plans:
        x = scans.reshape(-1, *shape).astype(np.float64)
        layers = build(np.random.RandomState(SEED))
        train(layers, x[~held_out], labels[~held_out], epochs, rate)
        for i, layer in enumerate(layers, 1):
            if isinstance(layer, Dense):
                print(f"{name} layer{i}: shift {layer.shift}, largest sum {layer.largest} < 2^24")
                if layer.largest >= EXACT:
                    raise SystemExit(f"{name} layer{i}: sums are not exact in float32")
        models = {b: to_onnx(layers, f"digits-{name}", [b, *shape], convolutional=name == "cnn") for b in batches}
        accuracy = measure(models[1], layers, x[held_out], labels[held_out])
        print(f"{name}: {accuracy:.4f} on {held_out.sum()} held-out scans")
        if accuracy < FLOOR:
            raise SystemExit(f"{name} is below {FLOOR}")
        for batch, model in models.items():
            (HERE / f"{name}-b{batch}.onnx").write_bytes(model.SerializeToString(deterministic=True))


if __name__ == "__main__":
    main()

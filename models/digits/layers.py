"""Layers whose forward pass is integer arithmetic and whose backward pass looks straight through the rounding.

A number r is carried as the integer r * 2^bits: inputs have 4 fraction bits, weights 7, activations 5.
Float64 holds every integer here exactly, so a forward pass is the same on any machine. Gradients differ between
machines in their last bits only, and training rounds those away: see README.md.
"""

import numpy as np

INPUT_BITS, WEIGHT_BITS, ACTIVATION_BITS = 4, 7, 5
INPUT_MAX, WEIGHT_MAX, ACTIVATION_MAX = 16, 127, 127
EXACT = 2**24  # float32 holds every integer up to here


class Dense:
    """x [.., inputs] @ weights [inputs, outputs] + bias; rectified and requantised unless `last`."""

    def __init__(self, inputs: int, outputs: int, random: np.random.RandomState, *, first=False, last=False):
        self.input_bits, self.input_max = (INPUT_BITS, INPUT_MAX) if first else (ACTIVATION_BITS, ACTIVATION_MAX)
        self.sum_bits = self.input_bits + WEIGHT_BITS
        self.shift = None if last else self.sum_bits - ACTIVATION_BITS
        limit = np.sqrt(6 / inputs)
        self.parameters = [random.uniform(-limit, limit, (inputs, outputs)), np.zeros(outputs)]
        self.velocities = [np.zeros((inputs, outputs)), np.zeros(outputs)]
        self.gradients = [None, None]

    @property
    def integers(self) -> tuple[np.ndarray, np.ndarray]:
        """Weights in [-127, 127] and the bias, as integers."""
        weights, bias = self.parameters
        return np.rint(weights * 2**WEIGHT_BITS), np.rint(bias * 2**self.sum_bits)

    @property
    def largest(self) -> int:
        """No partial sum of any output, in any order, is larger; includes the half added when rounding."""
        weights, bias = self.integers
        half = 0 if self.shift is None else 2 ** (self.shift - 1)
        return int((np.abs(weights).sum(0) * self.input_max + np.abs(bias)).max()) + half

    def forward(self, x: np.ndarray) -> np.ndarray:
        weights, bias = self.integers
        self.x, total = x, x @ weights + bias
        if self.shift is None:
            return total
        rounded = np.floor(np.maximum(total, 0) * 2.0**-self.shift + 0.5)
        self.passes = (total > 0) & (rounded <= ACTIVATION_MAX)
        return np.minimum(rounded, ACTIVATION_MAX)

    def backward(self, gradient: np.ndarray) -> np.ndarray:
        if self.shift is not None:
            gradient = gradient * self.passes
        flat = gradient.reshape(-1, gradient.shape[-1])
        self.gradients = [self.x.reshape(len(flat), -1).T @ flat / 2**self.input_bits, flat.sum(0)]
        return gradient @ (self.integers[0].T / 2**WEIGHT_BITS)

    def step(self, rate: float, momentum: float, decay: float) -> None:
        for p, v, g, d in zip(self.parameters, self.velocities, self.gradients, (decay, 0)):
            v *= momentum
            v -= rate * (g + d * p)
            p += v
        limit = WEIGHT_MAX / 2**WEIGHT_BITS
        np.clip(self.parameters[0], -limit, limit, out=self.parameters[0])


class Convolution(Dense):
    """3x3, stride 1, zero padding 1, on x [batch, channels, height, width]."""

    def __init__(self, inputs: int, outputs: int, random: np.random.RandomState, *, first=False):
        super().__init__(inputs * 9, outputs, random, first=first)

    def forward(self, x: np.ndarray) -> np.ndarray:
        padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), (2, 3))  # [b, c, h, w, 3, 3]
        b, c, h, w = x.shape
        return super().forward(windows.transpose(0, 2, 3, 1, 4, 5).reshape(b, h, w, c * 9)).transpose(0, 3, 1, 2)

    def backward(self, gradient: np.ndarray) -> np.ndarray:
        b, _, h, w = gradient.shape
        windows = super().backward(gradient.transpose(0, 2, 3, 1)).reshape(b, h, w, -1, 3, 3)
        padded = np.zeros((b, windows.shape[3], h + 2, w + 2))
        for i in range(3):
            for j in range(3):
                padded[:, :, i : i + h, j : j + w] += windows[..., i, j].transpose(0, 3, 1, 2)
        return padded[:, :, 1:-1, 1:-1]


class MaxPool:
    """2x2, stride 2; a tie sends the gradient to the first."""

    def forward(self, x: np.ndarray) -> np.ndarray:
        b, c, h, w = x.shape
        quads = x.reshape(b, c, h // 2, 2, w // 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(b, c, h // 2, w // 2, 4)
        self.first = np.eye(4)[quads.argmax(-1)]
        return quads.max(-1)

    def backward(self, gradient: np.ndarray) -> np.ndarray:
        b, c, h, w = gradient.shape
        quads = (gradient[..., None] * self.first).reshape(b, c, h, w, 2, 2)
        return quads.transpose(0, 1, 2, 4, 3, 5).reshape(b, c, h * 2, w * 2)


class Flatten:
    def forward(self, x: np.ndarray) -> np.ndarray:
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, gradient: np.ndarray) -> np.ndarray:
        return gradient.reshape(self.shape)

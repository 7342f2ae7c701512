"""Further small networks in PyTorch, with seeded initial weights: what the trained ones have nothing of."""

import torch
from torch import nn
from torch.nn import functional as F


class Decoder(nn.Module):
    """A block of a decoder as large language models have it: rotary places, fewer key heads, gated layers."""

    def __init__(self, width=32, tokens=50):
        super().__init__()
        self.embed, self.norm1, self.norm2 = nn.Embedding(tokens, width), nn.RMSNorm(width), nn.RMSNorm(width)
        self.q, self.o = nn.Linear(width, width, bias=False), nn.Linear(width, width, bias=False)
        self.k, self.v = nn.Linear(width, width // 2, bias=False), nn.Linear(width, width // 2, bias=False)
        self.gate, self.up = nn.Linear(width, 2 * width, bias=False), nn.Linear(width, 2 * width, bias=False)
        self.down = nn.Linear(2 * width, width, bias=False)

    @staticmethod
    def turned(x):
        length, width = x.shape[-2:]
        angle = torch.arange(length)[:, None] / (10_000 ** (torch.arange(0, width, 2) / width))
        (a, b), cos, sin = x.chunk(2, -1), torch.cos(angle), torch.sin(angle)
        return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)

    def forward(self, tokens):
        x = self.embed(tokens)
        y = self.norm1(x)
        q, k, v = (p(y).unflatten(-1, (h, -1)).transpose(1, 2) for p, h in ((self.q, 4), (self.k, 2), (self.v, 2)))
        y = F.scaled_dot_product_attention(self.turned(q), self.turned(k), v, is_causal=True, enable_gqa=True)
        x = x + self.o(y.transpose(1, 2).flatten(2))
        y = self.norm2(x)
        return (x + self.down(F.silu(self.gate(y)) * self.up(y))) @ self.embed.weight.T


class Segmenting(nn.Module):
    """Down and up again: transposed convolutions, interpolation, shuffled pixels, reflected padding."""

    def __init__(self):
        super().__init__()
        self.first, self.lower = nn.Conv2d(3, 8, 3, padding=1), nn.Conv2d(8, 16, 3, stride=2, padding=1)
        self.norm, self.raised = nn.InstanceNorm2d(16, affine=True), nn.ConvTranspose2d(16, 8, 2, stride=2)
        self.head = nn.Conv2d(4, 3, 1)

    def forward(self, x):
        x = F.mish(self.first(x))
        y = torch.cat([x, self.raised(F.elu(self.norm(self.lower(x))))], 1)
        y = F.interpolate(F.pixel_shuffle(y, 2), scale_factor=2, mode="bilinear", align_corners=False)
        return torch.tanh(self.head(F.pad(y, (1, 1, 1, 1), mode="reflect")))


class Listening(nn.Module):
    """Convolutions and pools along time, a gate, and vectors of length one."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Conv1d(1, 16, 5, stride=2, padding=2), nn.Conv1d(8, 8, 3, padding=2, dilation=2, groups=8)
        self.norm, self.head = nn.BatchNorm1d(8), nn.Linear(8, 4)

    def forward(self, x):
        x = F.relu(self.norm(self.second(F.glu(self.first(x), 1))))
        x = F.avg_pool1d(F.max_pool1d(x, 2, ceil_mode=True), 3, padding=1)
        return F.normalize(self.head(x.mean(-1)), dim=-1).softmax(-1).cumsum(-1)


class Volumes(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.raised = nn.Conv3d(1, 4, 3, padding=1), nn.ConvTranspose3d(4, 2, 2, stride=2)

    def forward(self, x):
        return F.adaptive_avg_pool3d(self.raised(F.max_pool3d(F.relu(self.first(x)), 2)), 1).flatten(1)


def untrained():
    """Names, networks and inputs."""
    yield "decoder", Decoder(), torch.randint(0, 50, (1, 12))
    yield "segmenting", Segmenting(), torch.randn(1, 3, 16, 16)
    yield "listening", Listening(), torch.randn(1, 1, 64)
    yield "volumes", Volumes(), torch.randn(1, 1, 6, 6, 6)

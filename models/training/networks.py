"""The two example networks. Both take bytes, as a data set keeps them."""

import math

import torch
import torch.nn.functional as F
from torch import nn


class DigitsNetwork(nn.Module):
    """Scans [batch, 8, 8] of grey levels 0..16 to logits [batch, 10]: 6,090 parameters."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Conv2d(1, 16, 3, padding=1), nn.Conv2d(16, 32, 3, padding=1)
        self.read = nn.Linear(128, 10)

    def forward(self, x):
        x = x.float().unsqueeze(1) / 16
        x = F.max_pool2d(F.relu(self.first(x)), 2)
        x = F.max_pool2d(F.relu(self.second(x)), 2)
        return self.read(x.flatten(1))


class Block(nn.Module):
    """A pre-normalised transformer block whose positions look at themselves and what came before."""

    def __init__(self, width: int, heads: int, tokens: int):
        super().__init__()
        self.heads = heads
        self.before, self.after = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query, self.key, self.value, self.out = (nn.Linear(width, width, bias=False) for _ in range(4))
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        mask = torch.zeros(tokens, tokens).masked_fill(torch.ones(tokens, tokens).triu(1).bool(), -1e9)
        self.register_buffer("mask", mask, persistent=False)

    def attend(self, x):
        b, t, c = x.shape
        q, k, v = (
            part(x).view(b, t, self.heads, c // self.heads).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        scores = q @ k.transpose(-2, -1) * (1 / math.sqrt(c // self.heads)) + self.mask
        return self.out((scores.softmax(-1) @ v).transpose(1, 2).reshape(b, t, c))

    def forward(self, x):
        x = x + self.attend(self.before(x))
        return x + self.down(F.gelu(self.up(self.after(x))))


class LanguageNetwork(nn.Module):
    """Characters [batch, tokens] (bytes below 128) to logits [batch, tokens, 128] of the character after each."""

    def __init__(self, tokens: int, width: int, heads: int, layers: int, characters: int = 128):
        super().__init__()
        self.characters = nn.Parameter(torch.randn(characters, width) * 0.05)
        self.positions = nn.Parameter(torch.randn(tokens, width) * 0.05)
        self.blocks = nn.ModuleList(Block(width, heads, tokens) for _ in range(layers))
        self.norm, self.read = nn.LayerNorm(width), nn.Linear(width, characters)

    def forward(self, x):
        h = F.embedding(x.long(), self.characters) + self.positions
        for block in self.blocks:
            h = block(h)
        return self.read(self.norm(h))

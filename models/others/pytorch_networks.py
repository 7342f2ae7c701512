"""Three small networks as one writes them in PyTorch: scans of digits, [batch, 1, 8, 8], grey levels 0 to 16."""

import torch
from torch import nn
from torch.nn import functional as F

LEVELS, PIXELS, CLASSES = 17, 64, 10


class Residual(nn.Module):
    """A block of two convolutions beside what it was given."""

    def __init__(self, width):
        super().__init__()
        self.first, self.norm1 = nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width)
        self.second, self.norm2 = nn.Conv2d(width, width, 3, padding=1, groups=4, bias=False), nn.BatchNorm2d(width)

    def forward(self, x):
        y = F.relu(self.norm1(self.first(x)))
        return F.relu(x + self.norm2(self.second(y)))


class Inverted(nn.Module):
    """A mobile block: wider, one filter a channel, channels weighed by what they hold, narrower."""

    def __init__(self, width, wide):
        super().__init__()
        self.up, self.norm1 = nn.Conv2d(width, wide, 1, bias=False), nn.BatchNorm2d(wide)
        self.depthwise = nn.Conv2d(wide, wide, 3, padding=1, groups=wide, bias=False)
        self.norm2 = nn.BatchNorm2d(wide)
        self.squeeze, self.excite = nn.Conv2d(wide, 8, 1), nn.Conv2d(8, wide, 1)
        self.down, self.norm3 = nn.Conv2d(wide, width, 1, bias=False), nn.BatchNorm2d(width)

    def forward(self, x):
        y = F.hardswish(self.norm1(self.up(x)))
        y = F.hardswish(self.norm2(self.depthwise(y)))
        y = y * F.hardsigmoid(self.excite(F.relu(self.squeeze(F.adaptive_avg_pool2d(y, 1)))))
        return x + self.norm3(self.down(y))


class Convolutional(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.stem, self.norm = nn.Conv2d(1, width, 3, padding=1), nn.BatchNorm2d(width)
        self.residual, self.inverted = Residual(width), Inverted(width, 2 * width)
        self.widen = nn.Conv2d(width, 2 * width, 3, stride=2, padding=1)
        self.norm2 = nn.GroupNorm(4, 2 * width)
        self.head = nn.Linear(2 * width, CLASSES)

    def forward(self, x):
        x = F.silu(self.norm(self.stem(x / 16)))
        x = F.max_pool2d(self.residual(x), 3, stride=2, ceil_mode=True)
        x = F.avg_pool2d(self.inverted(x), 3, stride=1, padding=1, count_include_pad=False)
        x = F.leaky_relu(self.norm2(self.widen(x)), 0.1)
        return self.head(x.mean((2, 3)))


class Encoder(nn.Module):
    """PyTorch's own transformer encoder over the eight rows of a scan."""

    def __init__(self, width=32):
        super().__init__()
        self.embed, self.place = nn.Linear(8, width), nn.Parameter(torch.zeros(8, width))
        layer = nn.TransformerEncoderLayer(width, 4, 2 * width, activation="gelu", batch_first=True, norm_first=True)
        self.layers = nn.TransformerEncoder(layer, 2, norm=nn.LayerNorm(width), enable_nested_tensor=False)
        self.head = nn.Linear(width, CLASSES)

    def forward(self, x):
        x = self.layers(self.embed(x.flatten(1, 2) / 16) + self.place)
        return F.log_softmax(self.head(x.mean(1)), -1)


class Attention(nn.Module):
    """Causal attention over what came before, by rotary places or learnt ones."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.qkv, self.out = heads, nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x):
        q, k, v = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in self.qkv(x).chunk(3, -1))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.out(y.transpose(1, 2).flatten(2))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(width), Attention(width, heads)
        self.norm2, self.up, self.down = nn.RMSNorm(width), nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))


class Language(nn.Module):
    """A small GPT: reads grey levels, int64 [batch, length], and says how likely each next level is."""

    def __init__(self, width=32, heads=4, blocks=2, length=32):
        super().__init__()
        self.embed, self.place = nn.Embedding(LEVELS, width), nn.Embedding(length, width)
        self.blocks, self.norm = nn.ModuleList([Block(width, heads) for _ in range(blocks)]), nn.LayerNorm(width)
        self.head = nn.Linear(width, LEVELS, bias=False)

    def forward(self, tokens):
        x = self.embed(tokens) + self.place(torch.arange(tokens.shape[1]))
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))

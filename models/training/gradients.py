"""Gradients of every layer by PyTorch, for test/training/vectors/gradients.json:

    pip install torch onnx onnxscript
    python models/training/gradients.py

Each case is a module whose operand is a parameter too, so that the gradient of what comes before a layer is tested
beside those of its weights. The loss is the mean squared error from random targets, or cross entropy.
"""

import base64
import json
import math
from pathlib import Path

import onnx
import torch
import torch.nn.functional as F
from export import to_onnx
from torch import nn

OUT = Path(__file__).parent.parent.parent / "test" / "training" / "vectors" / "gradients.json"


class Layer(nn.Module):
    """`body` of the sum of the operand, a parameter, and the input."""

    def __init__(self, shape, body, modules=(), low=None):
        super().__init__()
        start = torch.randn(shape) if low is None else low + torch.rand(shape)
        self.operand = nn.Parameter(start)
        self.body = body
        self.modules_ = nn.ModuleList(modules)

    def forward(self, x):
        return self.body(self.operand + x)


class Two(nn.Module):
    """`body` of two parameters; the input is added to the first."""

    def __init__(self, first, second, body, low=None):
        super().__init__()
        make = (lambda shape: torch.randn(shape)) if low is None else (lambda shape: low + torch.rand(shape))
        self.first, self.second = nn.Parameter(make(first)), nn.Parameter(make(second))
        self.body = body

    def forward(self, x):
        return self.body(self.first + x, self.second)


class Whole(nn.Module):
    """A layer with parameters of its own, after the operand."""

    def __init__(self, shape, layer):
        super().__init__()
        self.operand = nn.Parameter(torch.randn(shape))
        self.layer = layer

    def forward(self, x):
        return self.layer(self.operand + x)


class Table(nn.Module):
    def __init__(self, rows, width, weight_tied=False):
        super().__init__()
        self.table = nn.Embedding(rows, width)
        self.tied = weight_tied

    def forward(self, ids):
        rows = self.table(ids)
        return torch.tanh(rows) @ self.table.weight.T if self.tied else rows * rows


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.qkv, self.out, self.heads = nn.Linear(width, 3 * width), nn.Linear(width, width), heads
        self.operand = nn.Parameter(torch.randn(2, 6, width))

    def forward(self, x):
        x = x + self.operand
        b, t, c = x.shape
        q, k, v = (part.view(b, t, self.heads, -1).transpose(1, 2) for part in self.qkv(x).split(c, 2))
        scores = q @ k.transpose(-2, -1) / math.sqrt(c / self.heads)
        scores = scores.masked_fill(torch.triu(torch.ones(t, t, dtype=torch.bool), 1), float("-inf"))
        return self.out((scores.softmax(-1) @ v).transpose(1, 2).reshape(b, t, c))


IMAGE = (2, 4, 7, 6)


def trained_norm():
    norm = nn.BatchNorm2d(4)
    norm.running_mean.normal_()
    norm.running_var.uniform_(0.5, 2)
    nn.init.normal_(norm.weight)
    nn.init.normal_(norm.bias)
    return norm.eval()


def random_affine(norm):
    nn.init.normal_(norm.weight)
    nn.init.normal_(norm.bias)
    return norm


def cases():
    unary = {
        "relu": F.relu,
        "leaky-relu": lambda x: F.leaky_relu(x, 0.2),
        "elu": F.elu,
        "gelu": F.gelu,
        "gelu-tanh": lambda x: F.gelu(x, approximate="tanh"),
        "tanh": torch.tanh,
        "sigmoid": torch.sigmoid,
        "silu": F.silu,
        "softplus": F.softplus,
        "exp": torch.exp,
        "erf": torch.erf,
        "neg": lambda x: -x,
        "abs": torch.abs,
        "sin": torch.sin,
        "cos": torch.cos,
        "square": lambda x: x**2,
        "cube": lambda x: x**3,
        "clip": lambda x: torch.clamp(x, -0.5, 0.8),
        "softmax": lambda x: F.softmax(x, -1),
        "softmax-middle": lambda x: F.softmax(x.view(1, 3, 5), 1),
        "log-softmax": lambda x: F.log_softmax(x, -1),
        "where": lambda x: torch.where(x > 0.1, x * 2, x * x),
        "sum-rows": lambda x: x.sum(1),
        "sum-kept": lambda x: (x * x).sum(0, keepdim=True) * x,
        "mean": lambda x: x.mean(-1, keepdim=True) * x,
        "cumsum": lambda x: torch.cumsum(x * x, 1),
        "reshape": lambda x: x.reshape(5, 3) * torch.arange(3.0),
        "flatten": lambda x: x.view(1, 3, 5).flatten(1) * 2,
        "transpose": lambda x: (x.T * x.T) @ x,
        "squeeze": lambda x: x.unsqueeze(1).squeeze(1).unsqueeze(0) * x,
        "concat": lambda x: torch.cat([x * x, x, x.sigmoid()], 1),
        "split": lambda x: (lambda a, b: a * b.sum())(*x.split([2, 3], 1)),
        "slice": lambda x: x[1:, 1:4] * x[:-1, :3],
        "slice-steps": lambda x: x[::2, 1::3] * 3,
        "pad": lambda x: F.pad(x * x, (1, 2, 0, 3)),
        "expand": lambda x: x[:, :1].expand(3, 4) * x[:, 1:],
        "tile": lambda x: x.repeat(2, 3) * torch.arange(15.0),
        "select": lambda x: x[1] * x[0],
        "tril": lambda x: torch.tril(x @ x.T) @ x,
    }
    for name, body in unary.items():
        yield name, Layer((3, 5), body), (torch.randn(3, 5) * 0.1,)
    for name, body in {"log": torch.log, "sqrt": torch.sqrt, "reciprocal": torch.reciprocal, "power": lambda x: x**1.7}.items():
        yield name, Layer((3, 5), body, low=0.5), (torch.rand(3, 5) * 0.1,)

    binary = {"add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div}
    for name, body in binary.items():
        yield f"{name}-stretched", Two((2, 3, 4), (3, 1), body, low=0.5), (torch.rand(2, 3, 4) * 0.1,)
        yield f"{name}-row", Two((3, 1), (2, 1, 4), body, low=0.5), (torch.rand(3, 1) * 0.1,)

    products = {
        "matmul": ((4, 6), (6, 3)),
        "matmul-rows": ((2, 5, 6), (6, 3)),
        "matmul-batched": ((2, 3, 4, 6), (2, 3, 6, 5)),
        "matmul-stretched": ((2, 1, 4, 6), (3, 6, 5)),
        "matmul-vector": ((6,), (6, 5)),
        "matmul-by-vector": ((2, 4, 6), (6,)),
    }
    for name, (a, b) in products.items():
        yield name, Two(a, b, torch.matmul), (torch.randn(a) * 0.1,)
    yield "linear", Whole((5, 7), nn.Linear(7, 4)), (torch.randn(5, 7) * 0.1,)
    yield "linear-plain", Whole((2, 5, 7), nn.Linear(7, 4, bias=False)), (torch.randn(2, 5, 7) * 0.1,)
    yield "addmm", Two((4, 5), (5, 4), lambda a, b: torch.addmm(a @ b, a, b)), (torch.randn(4, 5) * 0.1,)
    yield "einsum", Two((2, 3, 4), (2, 5, 4), lambda a, b: torch.einsum("bik,bjk->bij", a, b)), (torch.randn(2, 3, 4),)

    convolutions = {
        "conv": nn.Conv2d(4, 6, 3),
        "conv-padded": nn.Conv2d(4, 6, 3, padding=1),
        "conv-strided": nn.Conv2d(4, 6, 3, stride=2, padding=1),
        "conv-uneven": nn.Conv2d(4, 6, (2, 3), stride=(3, 2), padding=(1, 0)),
        "conv-dilated": nn.Conv2d(4, 6, 3, padding=2, dilation=2),
        "conv-dilated-strided": nn.Conv2d(4, 6, 2, stride=2, padding=1, dilation=3),
        "conv-grouped": nn.Conv2d(4, 6, 3, padding=1, groups=2),
        "conv-depthwise": nn.Conv2d(4, 8, 3, padding=1, groups=4),
        "conv-depthwise-strided": nn.Conv2d(4, 4, 3, stride=2, padding=1, groups=4, bias=False),
        "conv-pointwise": nn.Conv2d(4, 5, 1),
        "conv-transposed": nn.ConvTranspose2d(4, 3, 3, stride=2, padding=1, output_padding=1),
        "conv-transposed-grouped": nn.ConvTranspose2d(4, 6, 2, stride=2, groups=2),
        "max-pool": nn.MaxPool2d(2),
        "max-pool-overlapping": nn.MaxPool2d(3, stride=2, padding=1),
        "max-pool-dilated": nn.MaxPool2d(2, stride=1, dilation=2),
        "average-pool": nn.AvgPool2d(2),
        "average-pool-padded": nn.AvgPool2d(3, stride=2, padding=1),
        "average-pool-uncounted": nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False),
        "global-average-pool": nn.AdaptiveAvgPool2d(1),
        "batch-norm": trained_norm(),
        "group-norm": random_affine(nn.GroupNorm(2, 4)),
        "instance-norm": random_affine(nn.InstanceNorm2d(4, affine=True)),
        "pixel-unshuffle": nn.Sequential(nn.ZeroPad2d((0, 0, 0, 1)), nn.PixelUnshuffle(2)),
    }
    for name, layer in convolutions.items():
        yield name, Whole(IMAGE, layer), (torch.randn(IMAGE) * 0.1,)
    yield "conv-large", Whole((1, 1, 66, 40), nn.Conv2d(1, 2, 3, (2, 1), padding=1)), (torch.randn(1, 1, 66, 40) * 0.1,)
    ties = Layer((1, 1, 4, 6), lambda x: F.max_pool2d(x, 2, stride=1) * 2)
    ties.operand.data.round_()
    yield "max-pool-ties", ties, (torch.zeros(1, 1, 4, 6),)

    yield "layer-norm", Whole((3, 8), random_affine(nn.LayerNorm(8))), (torch.randn(3, 8) * 0.1,)
    yield "layer-norm-two-axes", Whole((2, 4, 6), random_affine(nn.LayerNorm((4, 6)))), (torch.randn(2, 4, 6) * 0.1,)
    yield "layer-norm-plain", Whole((3, 8), nn.LayerNorm(8, bias=False)), (torch.randn(3, 8) * 0.1,)
    yield "attention", Attention(8, 2), (torch.randn(2, 6, 8) * 0.1,)
    yield "embedding", Table(11, 5), (torch.randint(11, (2, 4)),)
    yield "embedding-tied", Table(11, 5, True), (torch.randint(11, (2, 4)),)


class Handmade(nn.Module):
    """An operator that the exporter never writes: its nodes, and PyTorch's function of the same operand."""

    def __init__(self, shape, body, *nodes, opset=20, parameters=()):
        super().__init__()
        self.operand = nn.Parameter(torch.randn(shape))
        for name, values in parameters:
            self.register_parameter(name, nn.Parameter(values))
        self.body, self.nodes, self.opset = body, nodes, opset

    def forward(self, x):
        return self.body(self.operand + x, *list(self.parameters())[1:])

    def graph(self, x):
        """The nodes read `h`, the operand plus the input, and the parameters; the last makes `y`."""
        info = onnx.helper.make_tensor_value_info
        graph = onnx.helper.make_graph(
            [onnx.helper.make_node("Add", ["operand", "x"], ["h"]), *self.nodes],
            "handmade",
            [info("x", 1, list(x.shape))],
            [info("y", 1, list(self.forward(x).shape))],
            [onnx.numpy_helper.from_array(p.detach().numpy(), name) for name, p in self.named_parameters()],
        )
        model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", self.opset)], ir_version=10)
        model.producer_name = ""
        return model.SerializeToString(deterministic=True)


def handmade():
    node = onnx.helper.make_node
    image = (2, 8, 3, 4)

    def block_first(x):
        n, c, h, w = x.shape
        return x.view(n, 2, 2, c // 4, h, w).permute(0, 3, 4, 1, 5, 2).reshape(n, c // 4, 2 * h, 2 * w)

    scale = [("gain", torch.randn(8)), ("bias", torch.randn(8))]
    yield "identity", Handmade((3, 4), lambda x: x * x, node("Identity", ["h"], ["i"]), node("Mul", ["i", "i"], ["y"]))
    yield "cast", Handmade((3, 4), lambda x: x * x, node("Cast", ["h"], ["i"], to=1), node("Mul", ["i", "i"], ["y"]))
    yield "flatten-two", Handmade(image, lambda x: x.reshape(16, 12) ** 2, node("Flatten", ["h"], ["i"], axis=2), node("Mul", ["i", "i"], ["y"]))
    yield "sum-of-three", Handmade((3, 4), lambda x, r: x + r + x * x, node("Mul", ["h", "h"], ["s"]), node("Sum", ["h", "row", "s"], ["y"]), parameters=[("row", torch.randn(4))])
    yield "mean-of-three", Handmade((3, 4), lambda x, r: (x + r + x * x) / 3, node("Mul", ["h", "h"], ["s"]), node("Mean", ["h", "row", "s"], ["y"]), parameters=[("row", torch.randn(4))])
    yield "global-average", Handmade(image, lambda x: F.adaptive_avg_pool2d(x, 1), node("GlobalAveragePool", ["h"], ["y"]))
    yield "depth-to-space", Handmade(image, block_first, node("DepthToSpace", ["h"], ["y"], blocksize=2))
    yield "pixel-shuffle", Handmade(image, lambda x: F.pixel_shuffle(x, 2), node("DepthToSpace", ["h"], ["y"], blocksize=2, mode="CRD"))
    yield "space-to-depth", Handmade((2, 3, 4, 6), lambda x: F.pixel_unshuffle(x, 2).view(2, 3, 4, 2, 3).transpose(1, 2).reshape(2, 12, 2, 3), node("SpaceToDepth", ["h"], ["y"], blocksize=2))
    yield "group-norm-whole", Handmade(image, lambda x, g, b: F.group_norm(x, 2, g, b), node("GroupNormalization", ["h", "gain", "bias"], ["y"], num_groups=2), opset=21, parameters=scale)
    yield "gemm-scaled-bias", Handmade((5, 3), lambda x, w, c: x.T @ w.T + c, node("Gemm", ["h", "w", "c"], ["y"], transA=1, transB=1), parameters=[("w", torch.randn(4, 5)), ("c", torch.randn(3, 1))])
    yield "gemm-left", Handmade((5, 3), lambda x, w: x.T @ w, node("Gemm", ["h", "w"], ["y"], transA=1), parameters=[("w", torch.randn(5, 4))])


def losses():
    logits = Whole((4, 3), nn.Linear(3, 5))
    yield "cross-entropy", logits, (torch.randn(4, 3),), torch.tensor([0, 4, 2, 2]), None
    rows = Whole((2, 4, 3), nn.Linear(3, 5))
    target = torch.tensor([[0, -100, 2, 2], [1, -100, -100, 3]])
    yield "cross-entropy-ignored", rows, (torch.randn(2, 4, 3),), target, -100
    yield "cross-entropy-large", Layer((3, 5), lambda x: x * 60), (torch.randn(3, 5),), torch.tensor([0, 4, 2]), None


def text(tensor: torch.Tensor) -> str:
    return base64.b64encode(tensor.detach().contiguous().numpy().tobytes()).decode()


def record(name, module, inputs, target, loss, ignored=None):
    value = loss(module(*inputs))
    module.zero_grad()
    value.backward()
    model = module.graph(*inputs) if isinstance(module, Handmade) else to_onnx(module, inputs, ["x"])
    return {
        "name": name,
        "onnx": base64.b64encode(model).decode(),
        "inputs": [text(tensor) for tensor in inputs],
        "target": text(target),
        "loss": {"kind": "cross-entropy" if target.dtype == torch.int64 else "mean-squared-error"}
        | ({"ignoreIndex": ignored} if ignored is not None else {}),
        "value": value.item(),
        "gradients": {key: text(p.grad) for key, p in module.named_parameters() if p.grad is not None},
    }


def main():
    records = []
    made = ((name, module, (torch.randn(module.operand.shape) * 0.1,)) for name, module in handmade())
    for name, module, inputs in [*cases(), *made]:
        target = torch.randn_like(module(*inputs))
        records.append(record(name, module, inputs, target, lambda y, target=target: F.mse_loss(y, target)))
    for name, module, inputs, target, ignored in losses():
        index = -100 if ignored is None else ignored

        def loss(y, target=target, index=index):
            return F.cross_entropy(y.flatten(0, -2), target.flatten(), ignore_index=index)

        records.append(record(name, module, inputs, target, loss, ignored))
    OUT.write_text(json.dumps(records, indent=1) + "\n")


if __name__ == "__main__":
    torch.manual_seed(1)
    main()

"""Trained layers as ONNX: integers carried in float32, one graph, raw initialisers, static shapes."""

import numpy as np
from onnx import ModelProto, TensorProto, checker, helper

from layers import ACTIVATION_MAX, Convolution, Dense, Flatten, MaxPool


class Graph:
    """Appends nodes in order; a tensor is named after the node that makes it."""

    def __init__(self) -> None:
        self.nodes, self.initializers = [], {}

    def constant(self, name: str, value) -> str:
        data = np.ascontiguousarray(value, "<f4").reshape(np.shape(value))
        if (data != value).any():
            raise ValueError(f"{name} is not exact in float32")
        self.initializers[name] = helper.make_tensor(name, TensorProto.FLOAT, data.shape, data.tobytes(), raw=True)
        return name

    def node(self, operator: str, inputs: list[str], output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], output, **attributes))
        return output


def linear(g: Graph, layer: Dense, x: str, name: str, gemm: bool) -> str:
    weights, bias = layer.integers
    if isinstance(layer, Convolution):
        w = g.constant(f"{name}.weights", weights.T.reshape(weights.shape[1], -1, 3, 3))
        inputs = [x, w, g.constant(f"{name}.bias", bias)]
        return g.node("Conv", inputs, f"{name}.sum", kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[1, 1])
    if gemm:
        inputs = [x, g.constant(f"{name}.weights", weights.T), g.constant(f"{name}.bias", bias)]
        return g.node("Gemm", inputs, "logits" if layer.shift is None else f"{name}.sum", alpha=1.0, beta=1.0, transB=1)
    product = g.node("MatMul", [x, g.constant(f"{name}.weights", weights)], f"{name}.product")
    output = "logits" if layer.shift is None else f"{name}.sum"
    return g.node("Add", [product, g.constant(f"{name}.bias", bias)], output)


def requantise(g: Graph, layer: Dense, x: str, name: str, clip: bool) -> str:
    """min(floor(max(x, 0) / 2^shift + 1/2), 127)"""
    x = g.node("Relu", [x], f"{name}.relu")
    x = g.node("Mul", [x, g.constant(f"{name}.scale", 2.0**-layer.shift)], f"{name}.scaled")
    x = g.node("Add", [x, g.constant("half", 0.5)], f"{name}.raised")
    x = g.node("Floor", [x], f"{name}.floor")
    if clip:
        return g.node("Clip", [x, g.constant("lowest", 0), g.constant("highest", ACTIVATION_MAX)], name)
    return g.node("Min", [x, g.constant("highest", ACTIVATION_MAX)], name)


def to_onnx(layers: list, name: str, shape: list[int], *, convolutional: bool) -> ModelProto:
    """Opset 17, IR 8. Input x [shape] in 0..16 (metadata `essaim.range.x`: lowest, highest, step);
    outputs logits [batch, 10] and digit [batch]. The CNN uses Gemm and Clip where the MLP uses MatMul, Add and Min."""
    g, x = Graph(), "x"
    for i, layer in enumerate(layers, 1):
        if isinstance(layer, Dense):
            x = linear(g, layer, x, f"layer{i}", convolutional)
            if layer.shift is not None:
                x = requantise(g, layer, x, f"layer{i}", convolutional)
        elif isinstance(layer, MaxPool):
            x = g.node("MaxPool", [x], f"layer{i}", kernel_shape=[2, 2], strides=[2, 2])
        elif isinstance(layer, Flatten):
            x = g.node("Flatten", [x], f"layer{i}", axis=1)
    g.node("ArgMax", [x], "digit", axis=1, keepdims=0)
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)]
    outputs = [
        helper.make_tensor_value_info("logits", TensorProto.FLOAT, [shape[0], 10]),
        helper.make_tensor_value_info("digit", TensorProto.INT64, [shape[0]]),
    ]
    graph = helper.make_graph(g.nodes, name, inputs, outputs, list(g.initializers.values()))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, {"essaim.range.x": "0 16 1"})
    checker.check_model(model, full_check=True)
    return model

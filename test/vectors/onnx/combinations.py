"""Tests of attribute combinations that the package has no test of; the outputs are its reference evaluator's."""

import numpy as np
from onnx import TensorProto, helper
from variants import evaluated

POOLS = [
    dict(ceil_mode=1),
    dict(count_include_pad=1),
    dict(auto_pad="SAME_UPPER"),
    dict(auto_pad="SAME_LOWER", count_include_pad=1),
    dict(auto_pad="VALID"),
    dict(ceil_mode=1, dilations=2),
]
CONVOLUTIONS = [dict(), dict(group=2), dict(strides=2), dict(dilations=2), dict(auto_pad="SAME_LOWER"), dict(group=4)]
TRANSPOSED = [dict(), dict(group=2), dict(strides=2), dict(strides=2, output_padding=1), dict(dilations=2)]
EQUATIONS = [
    ("...i,i->...", [(2, 3, 4), (4,)]),
    ("b...d,...de->b...e", [(2, 3, 4), (3, 4, 5)]),
    ("ij,jk,kl->il", [(2, 3), (3, 4), (4, 2)]),
    ("ij,j->i", [(3, 4), (4,)]),
    ("ijk->k", [(2, 3, 4)]),
    ("bhqd,bhkd->bhqk", [(1, 2, 3, 4), (1, 2, 5, 4)]),
]


def test(name, operator, arrays, opset=22, **attributes):
    names = [f"x{i}" for i in range(len(arrays))]
    node = helper.make_node(operator, names, ["y"], **attributes)
    inputs = [helper.make_tensor_value_info(n, TensorProto.FLOAT, x.shape) for n, x in zip(names, arrays, strict=True)]
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph([node], operator, inputs, [output])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    return evaluated(name, model, arrays)


def spread(attributes, rank):
    """Numbers of attributes that have one for each axis, as often as there are axes."""
    every = ("strides", "dilations", "output_padding")
    return {key: [value] * rank if key in every else value for key, value in attributes.items()}


def named(*parts, **attributes):
    return "_".join([*map(str, parts), *(f"{key}_{value}" for key, value in attributes.items())])


def combinations():
    random = np.random.default_rng(11)

    def floats(*shape):
        return random.standard_normal(shape).astype(np.float32)

    for rank in (1, 2, 3):
        image, filters = floats(2, 4, *[7, 6, 5][:rank]), [3, 2, 3][:rank]
        for attributes in POOLS:
            padded = {} if "auto_pad" in attributes else {"pads": [1] * (2 * rank)}
            both = dict(kernel_shape=filters, strides=[2] * rank, **padded, **spread(attributes, rank))
            yield test(named("averagepool", rank, **attributes), "AveragePool", [image], **both)
            both.pop("count_include_pad", None)
            yield test(named("maxpool", rank, **attributes), "MaxPool", [image], **both)
        for attributes in CONVOLUTIONS:
            weights = floats(4, 4 // attributes.get("group", 1), *filters)
            padded = {} if "auto_pad" in attributes else {"pads": [1] * rank + [2] * rank}
            arrays = [image, weights, floats(4)]
            yield test(named("conv", rank, **attributes), "Conv", arrays, **padded, **spread(attributes, rank))
        for attributes in TRANSPOSED:
            arrays = [image, floats(4, 3, *filters)]
            yield test(named("convtranspose", rank, **attributes), "ConvTranspose", arrays, **spread(attributes, rank))
    for alpha, beta in [(0.5, 1.0), (1.0, 0.25), (2.0, -1.0), (1.0, 0.0)]:
        arrays = [floats(3, 4), floats(4, 5), floats(5)]
        yield test(named("gemm", alpha=alpha, beta=beta), "Gemm", arrays, alpha=alpha, beta=beta)
    for equation, shapes in EQUATIONS:
        yield test(f"einsum {equation}", "Einsum", [floats(*shape) for shape in shapes], equation=equation)

"""Tests in further element types; the outputs are those of the ONNX package's reference evaluator."""

from dataclasses import dataclass

import numpy as np
import onnx
from onnx import helper
from onnx.reference import ReferenceEvaluator

DTYPES = ["float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "bool", "uint32", "uint64"]


@dataclass
class Test:
    """A model of one node, its inputs in order and its expected outputs."""

    name: str
    model: onnx.ModelProto
    inputs: list
    outputs: list
    rtol: float = 1e-3
    atol: float = 1e-7


def evaluated(name, model, inputs):
    """A test whose outputs the reference evaluator gives, or None where it cannot."""
    names = [value.name for value in model.graph.input]
    try:
        outputs = ReferenceEvaluator(model).run(None, dict(zip(names, inputs, strict=True)))
        for value, output in zip(model.graph.output, outputs, strict=True):
            if helper.np_dtype_to_tensor_dtype(output.dtype) != value.type.tensor_type.elem_type:
                return None
            shape = value.type.tensor_type.shape
            del shape.dim[:]
            shape.dim.extend(onnx.TensorShapeProto.Dimension(dim_value=size) for size in output.shape)
    except Exception:  # the evaluator says in many ways that it cannot
        return None
    return Test(name, model, inputs, outputs)


def with_type(test, old, new, convert, suffix):
    """The test with all tensors of one element type in another."""
    model = onnx.ModelProto()
    model.CopyFrom(test.model)
    codes = [helper.np_dtype_to_tensor_dtype(np.dtype(name)) for name in (old, new)]
    for value in [*model.graph.input, *model.graph.output]:
        if value.type.tensor_type.elem_type == codes[0]:
            value.type.tensor_type.elem_type = codes[1]
    inputs = [convert(x) if x.dtype == old else x for x in test.inputs]
    return evaluated(test.name + suffix, model, inputs)


def in_float32(test):
    """A test of float64 in float32, or None where the test is none."""
    tensors = [*test.inputs, *test.outputs]
    known = all(isinstance(x, (np.ndarray, np.generic)) and x.dtype.name in [*DTYPES, "float64"] for x in tensors)
    if not known or not any(x.dtype == np.float64 for x in test.inputs):
        return None
    return with_type(test, "float64", "float32", lambda x: x.astype(np.float32), "_as_float32")


def first_output(test):
    """A test of several outputs with its first one only, or None where it has one."""
    if len(test.outputs) < 2:
        return None
    model = onnx.ModelProto()
    model.CopyFrom(test.model)
    del model.graph.node[0].output[1:]
    del model.graph.output[1:]
    return Test(f"{test.name}_first_output", model, test.inputs, test.outputs[:1], test.rtol, test.atol)


def whole(dtype):
    """Turns floats into small numbers of an integer type or bool."""

    def convert(x):
        scaled = np.nan_to_num(np.round(x * 3), nan=0, posinf=9, neginf=-9)
        small = np.clip(scaled, 0 if np.dtype(dtype).kind in "ub" else -100, 100)
        return small.astype(dtype)

    return convert


def retyped(tests):
    """The smallest float32 test of each operator, in every other element type."""
    smallest = {}
    for test in tests:
        size = sum(x.nbytes for x in test.inputs)
        operator = test.model.graph.node[0].op_type
        if not any(x.dtype == np.float32 and x.size > 2 for x in test.inputs) or operator in ("Cast", "CastLike"):
            continue
        if operator not in smallest or size < smallest[operator][0]:
            smallest[operator] = (size, test)
    for _, (_, test) in sorted(smallest.items()):
        for dtype in DTYPES[1:]:
            made = with_type(test, "float32", dtype, whole(dtype), f"_as_{dtype}")
            if made:
                yield made


def casts():
    """Cast between every two types, of numbers that both have; the input's range is declared."""
    for old in DTYPES:
        for new in DTYPES:
            x = np.array([0, 1, 2, 3, 100, 127]).astype(old)
            types = [helper.np_dtype_to_tensor_dtype(np.dtype(name)) for name in (old, new)]
            node = helper.make_node("Cast", ["x"], ["y"], to=types[1])
            [a, b] = [helper.make_tensor_value_info(n, t, x.shape) for n, t in zip("xy", types, strict=True)]
            opset = helper.make_opsetid("", 13)
            model = helper.make_model(helper.make_graph([node], "cast", [a], [b]), opset_imports=[opset])
            model.metadata_props.add(key="essaim.range.x", value="0 1 1" if old == "bool" else "0 127 1")
            made = evaluated(f"cast_{old}_to_{new}", model, [x])
            if made:
                yield made

"""Writes vectors.json and vectors.bin: the ONNX package's own operator tests, as far as its reference evaluator agrees.

Each test of one node is tried in every version of its operator that is in force in operator set 13 or later: a version
counts where the package's checker accepts the node and its reference evaluator gives the test's outputs. Tests of
float64 are made tests of float32, whose outputs are the reference evaluator's. Run: see README.md.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import onnx
from onnx.backend.test.case.node import collect_testcases
from onnx.reference import ReferenceEvaluator

HERE = Path(__file__).parent
OPSETS = range(13, onnx.defs.onnx_opset_version() + 1)
# Tests with more bytes of tensors are left out and named in vectors.json.
LARGEST = 25_000
DTYPES = {"float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "bool", "uint32", "uint64"}


def versions(operator):
    """The first operator set, from 13 on, of each version of an operator."""
    found = {}
    for opset in OPSETS:
        try:
            found.setdefault(onnx.defs.get_schema(operator, opset, "").since_version, opset)
        except onnx.defs.SchemaError:
            pass
    return list(found.values())


def at_opset(model, opset):
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    del copy.opset_import[:]
    copy.opset_import.append(onnx.helper.make_opsetid("", opset))
    copy.ir_version = 8 if opset <= 20 else 10 if opset <= 22 else 11
    return copy


def agrees(model, inputs, outputs, rtol, atol):
    """Whether the checker accepts the model and the reference evaluator gives these outputs for it."""
    try:
        onnx.checker.check_model(model, full_check=True)
        names = [value.name for value in model.graph.input]
        results = ReferenceEvaluator(model).run(None, dict(zip(names, inputs, strict=True)))
    except Exception:  # the evaluator says in many ways that it cannot
        return False
    return len(results) == len(outputs) and all(
        isinstance(a, (np.ndarray, np.generic))
        and a.dtype == b.dtype
        and a.shape == b.shape
        and np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=True)
        for a, b in zip(results, outputs, strict=True)
    )


def in_float32(model, inputs):
    """The same test in float32, and its outputs."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    for value in [*copy.graph.input, *copy.graph.output]:
        if value.type.tensor_type.elem_type == onnx.TensorProto.DOUBLE:
            value.type.tensor_type.elem_type = onnx.TensorProto.FLOAT
    inputs = [x.astype(np.float32) if x.dtype == np.float64 else x for x in inputs]
    names = [value.name for value in copy.graph.input]
    return copy, inputs, ReferenceEvaluator(copy).run(None, dict(zip(names, inputs, strict=True)))


def is_double(tensor):
    return isinstance(tensor, (np.ndarray, np.generic)) and tensor.dtype == np.float64


def is_plain(tensor):
    return isinstance(tensor, (np.ndarray, np.generic)) and tensor.dtype.name in DTYPES


def main():
    warnings.simplefilter("ignore")
    blob = bytearray()
    cases, large, disputed = [], [], []

    def put(data):
        blob.extend(data)
        return len(data)

    tests = [test for test in collect_testcases(None) if "_expanded" not in test.name]
    for test in sorted(tests, key=lambda test: test.name):
        [node] = test.model.graph.node
        name = test.name.removeprefix("test_")
        if node.domain not in ("", "ai.onnx"):
            continue
        inputs, outputs = ([np.asarray(x) if np.isscalar(x) else x for x in xs] for xs in test.data_sets[0])
        origin = test.model
        if any(map(is_double, inputs)) and all(is_plain(x) or is_double(x) for x in [*inputs, *outputs]):
            try:
                origin, inputs, outputs = in_float32(origin, inputs)
                name += "_as_float32"
            except Exception:  # an attribute asks for float64
                pass
        plain = all(map(is_plain, [*inputs, *outputs]))
        if plain and sum(tensor.nbytes for tensor in [*inputs, *outputs]) > LARGEST:
            large.append(name)
            continue
        opsets = versions(node.op_type)
        good = [o for o in opsets if plain and agrees(at_opset(origin, o), inputs, outputs, test.rtol, test.atol)]
        if plain and opsets and not good:
            disputed.append(name)
            continue
        model = at_opset(origin, good[-1]) if good else origin
        case = {"name": name, "operator": node.op_type, "opsets": good or [origin.opset_import[0].version]}
        case["at"] = len(blob)
        case["model"] = put(model.SerializeToString(deterministic=True))
        if good:
            case["inputs"] = [put(np.ascontiguousarray(x).tobytes()) for x in inputs]
            case["outputs"] = [put(np.ascontiguousarray(x).tobytes()) for x in outputs]
        cases.append(case)

    lines = ",\n    ".join(json.dumps(case) for case in cases)
    head = {"onnx": onnx.__version__, "licence": "Apache-2.0", "large": large, "disputed": disputed}
    fields = "".join(f"  {json.dumps(key)}: {json.dumps(value)},\n" for key, value in head.items())
    (HERE / "vectors.json").write_text(f'{{\n{fields}  "cases": [\n    {lines}\n  ]\n}}\n')
    (HERE / "vectors.bin").write_bytes(blob)
    print(f"{len(cases)} cases, {len(blob)} bytes; {len(large)} too large, {len(disputed)} disputed")


if __name__ == "__main__":
    main()

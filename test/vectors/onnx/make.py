"""Writes vectors.json and vectors.bin: the ONNX package's own operator tests, as far as its reference evaluator agrees.

Each test of one node is tried in every version of its operator that is in force in operator set 13 or later: a version
counts where the package's checker accepts the node and its reference evaluator gives the test's outputs. variants.py
adds tests of further element types, whose outputs are the reference evaluator's, and of first outputs alone. Run: see
README.md.
"""

import json
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
from combinations import combinations
from exports import exports
from onnx.backend.test.case.node import collect_testcases
from onnx.reference import ReferenceEvaluator
from variants import DTYPES, Test, casts, first_output, in_float32, retyped

HERE = Path(__file__).parent
OPSETS = range(13, onnx.defs.onnx_opset_version() + 1)
# Tests with more bytes of tensors are left out and named in vectors.json.
LARGEST = 25_000


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


def agrees(model, test):
    """Whether the checker accepts the model and the reference evaluator gives the test's outputs for it."""
    try:
        onnx.checker.check_model(model, full_check=True)
        names = [value.name for value in model.graph.input]
        results = ReferenceEvaluator(model).run(None, dict(zip(names, test.inputs, strict=True)))
    except Exception:  # the evaluator says in many ways that it cannot
        return False
    return len(results) == len(test.outputs) and all(
        isinstance(a, (np.ndarray, np.generic))
        and a.dtype == b.dtype
        and a.shape == b.shape
        and np.allclose(a, b, rtol=test.rtol, atol=test.atol, equal_nan=True)
        for a, b in zip(results, test.outputs, strict=True)
    )


def exact(model, test):
    """The test with the reference evaluator's outputs where its own were written down with few digits."""
    names = [value.name for value in model.graph.input]
    results = ReferenceEvaluator(model).run(None, dict(zip(names, test.inputs, strict=True)))
    if all(np.allclose(a, b, rtol=1e-5, atol=test.atol, equal_nan=True) for a, b in zip(results, test.outputs)):
        return test
    return replace(test, outputs=results)


def is_plain(test):
    tensors = [*test.inputs, *test.outputs]
    return all(isinstance(x, (np.ndarray, np.generic)) and x.dtype.name in DTYPES for x in tensors)


def package_tests():
    """The package's tests of one standard node, by name."""
    for case in sorted(collect_testcases(None), key=lambda case: case.name):
        if "_expanded" in case.name or case.model.graph.node[0].domain not in ("", "ai.onnx"):
            continue
        inputs, outputs = ([np.asarray(x) if np.isscalar(x) else x for x in xs] for xs in case.data_sets[0])
        test = Test(case.name.removeprefix("test_"), case.model, inputs, outputs, case.rtol, case.atol)
        yield in_float32(test) or test


def main():
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    blob = bytearray()
    cases, large, disputed = [], [], []

    def put(data):
        blob.extend(data)
        return len(data)

    def write(test, must_agree):
        [node] = test.model.graph.node
        plain = is_plain(test)
        if plain and sum(tensor.nbytes for tensor in [*test.inputs, *test.outputs]) > LARGEST:
            large.append(test.name)
            return
        opsets = versions(node.op_type)
        good = [opset for opset in opsets if plain and agrees(at_opset(test.model, opset), test)]
        if not good and (must_agree or (plain and opsets)):
            if not must_agree:
                disputed.append(test.name)
            return
        model = at_opset(test.model, good[-1]) if good else test.model
        opsets = good or [model.opset_import[0].version]
        case = {"name": test.name, "operator": node.op_type, "opsets": opsets, **stored(model)}
        cases.append({**case, **stored_data(exact(model, test))} if good else case)

    def stored(model):
        return {"at": len(blob), "model": put(model.SerializeToString(deterministic=True))}

    def stored_data(test):
        return {
            "inputs": [put(np.ascontiguousarray(x).tobytes()) for x in test.inputs],
            "outputs": [put(np.ascontiguousarray(x).tobytes()) for x in test.outputs],
        }

    tests = list(package_tests())
    for test in tests:
        write(test, must_agree=False)
    firsts = filter(None, map(first_output, tests))
    combined = filter(None, combinations())
    for test in [*firsts, *combined, *casts(), *retyped(list(filter(is_plain, tests)))]:
        write(test, must_agree=True)

    exported = []
    for test in filter(is_plain, exports()):
        if sum(tensor.nbytes for tensor in [*test.inputs, *test.outputs]) <= LARGEST:
            exported.append({"name": test.name, **stored(test.model), **stored_data(test)})

    def lines(entries):
        return ",\n    ".join(map(json.dumps, entries))

    head = {"onnx": onnx.__version__, "licence": "Apache-2.0", "large": large, "disputed": disputed}
    fields = "".join(f"  {json.dumps(key)}: {json.dumps(value)},\n" for key, value in head.items())
    lists = f'  "exports": [\n    {lines(exported)}\n  ],\n  "cases": [\n    {lines(cases)}\n  ]\n'
    (HERE / "vectors.json").write_text(f"{{\n{fields}{lists}}}\n")
    (HERE / "vectors.bin").write_bytes(blob)
    print(f"{len(cases)} cases, {len(exported)} exports, {len(blob)} bytes")
    print(f"{len(large)} too large, {len(disputed)} disputed")


if __name__ == "__main__":
    main()

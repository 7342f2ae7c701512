"""Small graphs that PyTorch's exporter made, with PyTorch's results; the ONNX package brings them."""

from pathlib import Path

import onnx
from onnx import numpy_helper, version_converter
from variants import Test

OPSET = 17


def tensors(folder, kind):
    count = len(list(folder.glob(f"{kind}_*.pb")))
    for i in range(count):
        proto = onnx.TensorProto()
        proto.ParseFromString((folder / f"{kind}_{i}.pb").read_bytes())
        yield numpy_helper.to_array(proto)


def exports():
    """The graphs that the package's converter brings to a current operator set."""
    data = Path(onnx.__file__).parent / "backend" / "test" / "data"
    for file in sorted(data.glob("pytorch-*/*/model.onnx")):
        try:
            model = version_converter.convert_version(onnx.load(file), OPSET)
            onnx.checker.check_model(model)
        except Exception:  # the converter says in many ways that it cannot
            continue
        model.ir_version = 8
        folder = file.parent / "test_data_set_0"
        name = file.parent.name.removeprefix("test_").removeprefix("operator_")
        yield Test(f"pytorch_{name}", model, list(tensors(folder, "input")), list(tensors(folder, "output")))

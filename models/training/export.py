"""PyTorch modules as ONNX graphs that a step program can be made from."""

import io

import onnx
import torch
from onnxscript import optimizer

OPSET = 20


def to_onnx(module: torch.nn.Module, inputs: tuple[torch.Tensor, ...], names: list[str], opset: int = OPSET) -> bytes:
    """One plain graph of fixed shapes with no traces of the source. Its initialisers are the module's parameters, under
    their PyTorch names and in their order; everything else that is constant is a Constant node."""
    parameters = {name: p.detach().clone() for name, p in module.named_parameters()}
    with torch.no_grad():  # the exporter would make one tensor of equal ones, and a step would train them as one
        for p in module.parameters():
            p.normal_()
        program = torch.onnx.export(
            module, inputs, input_names=names, output_names=["y"], opset_version=opset, dynamo=True, optimize=False,
            verbose=False,
        )
    # the exporter's own pass would fold transposed weights to constants without names
    def folds(node):
        return False if any(v is not None and v.name in parameters for v in node.inputs) else None

    optimizer.optimize_ir(program.model, should_fold=folds)
    buffer = io.BytesIO()
    program.save(buffer)
    model = onnx.load_from_string(buffer.getvalue())
    with torch.no_grad():
        for name, p in module.named_parameters():
            p.copy_(parameters[name])
    held = {tensor.name: tensor for tensor in model.graph.initializer}
    if missing := [name for name in parameters if name not in held]:
        raise SystemExit(f"{missing} are not in the graph")
    constants = [
        onnx.helper.make_node("Constant", [], [name], value=tensor)
        for name, tensor in held.items()
        if name not in parameters
    ]
    del model.graph.initializer[:]
    model.graph.initializer.extend(
        onnx.numpy_helper.from_array(value.numpy(), name) for name, value in parameters.items()
    )
    nodes = [*constants, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    for value in [*model.graph.input, *model.graph.output, *model.graph.initializer]:
        value.doc_string = ""
        del value.metadata_props[:]
    del model.graph.value_info[:]
    del model.graph.metadata_props[:]
    del model.metadata_props[:]
    model.producer_name = model.producer_version = model.doc_string = ""
    return model.SerializeToString(deterministic=True)

"""Makes the ONNX package's light networks whole again: seeded weights, and a current operator set."""

import numpy as np
import onnx
from onnx import helper, numpy_helper

OPSET = 17


def weight(rng, shape, slot, operator):
    """A weight for operand `slot` of an operator, of a size that keeps values near one."""
    if operator == "BatchNormalization":
        return rng.uniform(0.5, 1.5, shape) if slot in (1, 4) else rng.normal(0, 0.1, shape)
    if operator in ("Mul", "Unsqueeze"):
        return rng.uniform(0.5, 1.5, shape)
    fan_in = np.prod(shape[1:]) if len(shape) > 1 else 1
    return rng.normal(0, np.sqrt(2 / fan_in) if len(shape) > 1 else 0.1, shape)


def with_weights(light):
    rng = np.random.default_rng(7)
    shapes = {tensor.name: numpy_helper.to_array(tensor) for tensor in light.graph.initializer}
    uses = {name: (node.op_type, slot) for node in light.graph.node for slot, name in enumerate(node.input)}
    initializers, nodes = dict(shapes), []
    for node in light.graph.node:
        if node.op_type == "ConstantOfShape":
            operator, slot = uses[node.output[0]]
            shape = [int(d) for d in shapes[node.input[0]]]
            initializers[node.output[0]] = weight(rng, shape, slot, operator).astype(np.float32)
        else:
            nodes.append(at_opset(node, initializers))
    used = {name for node in nodes for name in node.input}
    inputs = [value for value in light.graph.input if value.name in used and value.name not in initializers]
    weights = [numpy_helper.from_array(array, name) for name, array in initializers.items() if name in used]
    graph = helper.make_graph(nodes, light.graph.name, inputs, light.graph.output, weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)


def at_opset(node, initializers):
    """The node as operator set 17 writes it; at inference nothing else changed since operator set 9."""
    copy = onnx.NodeProto()
    copy.CopyFrom(node)
    if node.op_type == "Dropout":
        return helper.make_node("Identity", node.input[:1], node.output[:1], name=node.name)
    if node.op_type == "Unsqueeze":
        name = f"{node.output[0]}.axes"
        initializers[name] = np.array(helper.get_node_attr_value(node, "axes"), dtype=np.int64)
        return helper.make_node("Unsqueeze", [node.input[0], name], node.output, name=node.name)
    if node.op_type == "Softmax" and not node.attribute:
        copy.attribute.append(helper.make_attribute("axis", 1))
    return copy

"""Writes whole networks that others' exporters made to .essaim/others: see README.md."""

import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

HERE = Path(__file__).parent
OUT = HERE.parent.parent / ".essaim" / "others"


def save(name, model, inputs=None, expected=None):
    """Writes a model after a check that it gives what its framework gave; what is declared of inner values is left out."""
    del model.graph.value_info[:]
    onnx.checker.check_model(model, full_check=True)
    data = model.SerializeToString(deterministic=True)
    if expected is not None:
        session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
        feeds = dict(zip([value.name for value in session.get_inputs()], inputs, strict=True))
        for got, want in zip(session.run(None, feeds), expected, strict=True):
            np.testing.assert_allclose(got, want, rtol=1e-3, atol=1e-4)
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / f"{name}.onnx").write_bytes(data)
    print(f"{name}: {len(data):,} bytes, {len(model.graph.node)} nodes")


def perceptron():
    """scikit-learn trains a perceptron on its digits; skl2onnx exports it, its outputs below one another."""
    from skl2onnx import to_onnx
    from sklearn.datasets import load_digits
    from sklearn.neural_network import MLPRegressor

    x, y = load_digits(return_X_y=True)
    x, targets = (x / 16).astype(np.float32), np.eye(10, dtype=np.float32)[y]
    network = MLPRegressor(hidden_layer_sizes=(64, 32), max_iter=60, random_state=0).fit(x, targets)
    model = to_onnx(network, x[:1], target_opset=17)
    model.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 1
    for dim in model.graph.output[0].type.tensor_type.shape.dim:
        dim.dim_param = "free"
    save("sklearn-perceptron", model, [x[:1]], [network.predict(x[:1]).reshape(-1, 1)])


def flax():
    """A convolutional network and a transformer encoder in Flax; jax2onnx exports them."""
    from flax import nnx
    from flax_networks import Encoder, Images
    from jax2onnx import to_onnx

    for name, network, shape in [
        ("flax-cnn", Images(nnx.Rngs(0)), (1, 32, 32, 3)),
        ("flax-encoder", Encoder(nnx.Rngs(0)), (1, 16, 64)),
    ]:
        network.eval()
        x = np.random.default_rng(1).standard_normal(shape, dtype=np.float32)
        model = to_onnx(network, inputs=[shape], model_name=name, opset=21)
        save(name, model, [x], [np.asarray(network(x))])


def zoo():
    """Networks that Caffe2's exporter made and that the ONNX package ships with constants in the place of weights."""
    from random_weights import with_weights

    folder = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"
    for name in ["squeezenet", "resnet50", "densenet121"]:
        save(f"caffe2-{name}", with_weights(onnx.load(folder / f"light_{name}.onnx")))


if __name__ == "__main__":
    makers = {"perceptron": perceptron, "flax": flax, "zoo": zoo}
    for name in sys.argv[1:] or makers:
        makers[name]()

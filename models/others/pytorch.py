"""Trains small networks with PyTorch on the committed digits and exports them with PyTorch's own exporters.

    pip install torch onnx onnxscript
    python models/others/pytorch.py

Writes models/others/pytorch/<network>-<exporter>.onnx and, beside each network, <network>.sample: the bytes of one
input and of PyTorch's output for it. With torchvision there are also its networks, too large to commit, in
.essaim/others.
"""

import json
import logging
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from pytorch_networks import PIXELS, Convolutional, Encoder, Language
from pytorch_untrained import untrained
from torch.nn import functional as F

HERE = Path(__file__).resolve().parent
DIGITS = HERE.parent / "digits" / "data"
SMALL, LARGE = HERE / "pytorch", HERE.parent.parent / ".essaim" / "others"
EPOCHS, BATCH = 12, 32


def scans():
    """Scans [1797, 1, 8, 8], labels and a mask of the rows held out."""
    x = torch.from_numpy(np.fromfile(DIGITS / "scans.u8", np.uint8).reshape(-1, 1, 8, 8).astype(np.float32))
    labels = torch.from_numpy(np.fromfile(DIGITS / "labels.u8", np.uint8).astype(np.int64))
    held_out = torch.zeros(len(labels), dtype=torch.bool)
    held_out[json.loads((DIGITS / "split.json").read_text())["heldOut"]] = True
    return x, labels, held_out


def train(network, x, y, loss):
    optimizer = torch.optim.AdamW(network.parameters(), 3e-3)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(x)).split(BATCH):
            optimizer.zero_grad()
            loss(network(x[rows]), y[rows]).backward()
            optimizer.step()
    return network.eval()


def export(folder, name, network, x):
    """By both of PyTorch's exporters; the newer one also in the newest operator set that it writes."""
    folder.mkdir(parents=True, exist_ok=True)
    plans = {
        "dynamo": dict(dynamo=True, opset_version=18),
        "dynamo23": dict(dynamo=True, opset_version=23),
        "torchscript": dict(dynamo=False, opset_version=17),
    }
    with torch.no_grad():
        expected = network(x)
    (folder / f"{name}.sample").write_bytes(x.numpy().tobytes() + expected.numpy().tobytes())
    for exporter, options in plans.items():
        if options["dynamo"]:
            options = {**options, "external_data": False, "verbose": False}
        file = folder / f"{name}-{exporter}.onnx"
        try:
            torch.onnx.export(network, (x,), file, input_names=["x"], output_names=["y"], **options)
        except torch.onnx.errors.UnsupportedOperatorError as error:
            print(f"{file.name}: {str(error).splitlines()[0]}")
            continue
        model = onnx.load(file)
        anonymous(model)
        onnx.checker.check_model(model, full_check=True)
        file.write_bytes(model.SerializeToString(deterministic=True))
        print(f"{file.name}: {file.stat().st_size:,} bytes, {len(model.graph.node)} nodes")


def anonymous(model):
    """Leaves out where the network's source lay when it was exported."""
    del model.metadata_props[:], model.graph.metadata_props[:], model.graph.value_info[:]
    for part in [*model.graph.node, *model.graph.initializer, *model.graph.input, *model.graph.output]:
        if isinstance(part, onnx.NodeProto):
            part.doc_string = ""
        del part.metadata_props[:]


def untrained_ones():
    torch.manual_seed(11)
    for name, network, x in untrained():
        export(SMALL, name, network.eval(), x)


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    torch.manual_seed(7)
    torch.set_num_threads(1)
    x, labels, held_out = scans()
    for name, network, loss in [
        ("convolutional", Convolutional(), F.cross_entropy),
        ("encoder", Encoder(), F.nll_loss),
    ]:
        train(network, x[~held_out], labels[~held_out], loss)
        with torch.no_grad():
            right = (network(x[held_out]).argmax(1) == labels[held_out]).float().mean()
        print(f"{name}: {right:.3f} on {int(held_out.sum())} held-out scans")
        if right < 0.93:
            raise SystemExit(f"{name} did not learn")
        export(SMALL, name, network, x[held_out][:1])
    tokens = x.to(torch.int64).reshape(-1, PIXELS)[:, :33]
    language = Language()
    train(language, tokens[:, :-1], tokens[:, 1:], lambda y, t: F.cross_entropy(y.flatten(0, 1), t.flatten()))
    export(SMALL, "language", language, tokens[held_out][:1, :-1])
    untrained_ones()
    try:
        from torchvision import models
    except ImportError:
        print("without torchvision: its networks are left out")
        return
    image = torch.randn(1, 3, 64, 64)
    for name in ["resnet18", "mobilenet_v3_small", "efficientnet_b0", "shufflenet_v2_x0_5"]:
        export(LARGE, f"torchvision-{name}", models.get_model(name).eval(), image)


if __name__ == "__main__":
    main()

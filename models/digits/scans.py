"""The handwritten digits bundled with scikit-learn, as raw bytes and a fixed split."""

import json
from pathlib import Path
from textwrap import fill

import numpy as np
from sklearn.datasets import load_digits

HELD_OUT = 360
SPLIT_SEED = 1998


def write_scans(folder: Path) -> None:
    """Writes scans.u8 (1,797 x 64 bytes, row-major, 0..16), labels.u8 and split.json."""
    digits = load_digits()
    scans = digits.data.astype(np.uint8)
    if scans.shape != (1797, 64) or scans.max() != 16 or (scans != digits.data).any():
        raise ValueError("these are not the 1,797 scans of grey levels 0..16")
    # random.permutation of the legacy generator is frozen by numpy's compatibility policy
    held_out = np.sort(np.random.RandomState(SPLIT_SEED).permutation(len(scans))[:HELD_OUT])
    folder.mkdir(exist_ok=True)
    (folder / "scans.u8").write_bytes(scans.tobytes())
    (folder / "labels.u8").write_bytes(digits.target.astype(np.uint8).tobytes())
    rows = fill(", ".join(map(str, held_out)), 120, initial_indent="    ", subsequent_indent="    ")
    (folder / "split.json").write_text(f'{{\n  "seed": {SPLIT_SEED},\n  "heldOut": [\n{rows}\n  ]\n}}\n')


def read_scans(folder: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns scans [1797, 64], labels [1797] and a mask [1797] that is true on held-out rows."""
    scans = np.frombuffer((folder / "scans.u8").read_bytes(), np.uint8).reshape(-1, 64)
    labels = np.frombuffer((folder / "labels.u8").read_bytes(), np.uint8)
    mask = np.zeros(len(labels), bool)
    mask[json.loads((folder / "split.json").read_text())["heldOut"]] = True
    return scans, labels, mask

"""image_recognition's training: its whole way in seconds, the closed form that it releases."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from models import catalog
from tests.helpers import ROOT, difference, photo
from training.image_recognition.network import Served
from training.kinds.backbones.efficientnet_lite import EfficientNetLite0


def test_grad_cam_in_closed_form_is_that_of_automatic_differentiation() -> None:
    torch.manual_seed(0)
    image = torch.from_numpy(
        np.stack([photo("cat.jpg")[:224, :224], photo("dogs.jpg")[:224, :224]])
    )
    logits, _, features, class_map, *_ = Served(EfficientNetLite0().eval())(image)
    for target in (0, 281, 999):
        (slope,) = torch.autograd.grad(logits[:, target].sum(), features, retain_graph=True)
        weights = slope.mean((2, 3), keepdim=True)  # alpha of Selvaraju et al. 2017, equation 1
        expected = (weights * features).sum(1).relu().detach().numpy()
        # The gradient is shared by all places; the class map is each place's own evidence.
        closed = class_map[..., target].relu().detach().numpy() / features[0, 0].numel()
        assert expected.max() > 0
        assert difference(closed, expected) <= 1e-4


OFFLINE = """
import socket
def refuse(*given, **named):
    raise RuntimeError("this test has no network")
socket.socket.connect = socket.getaddrinfo = refuse
"""


@pytest.mark.train
def test_image_recognition_smoke_runs_without_network_or_data(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(OFFLINE)
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GLASSBOX_")}
    machine = kept | {"PYTHONPATH": path, "XDG_CACHE_HOME": str(tmp_path / "cache")}

    def python(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *words]
        return subprocess.run(
            command, cwd=tmp_path, env=machine, capture_output=True, text=True, check=False
        )

    blocked = python("-c", "import socket; socket.create_connection(('localhost', 9))")
    assert "this test has no network" in blocked.stderr
    folder = catalog.FOLDER / "image_recognition"
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    done = python("-m", "training.image_recognition", "--smoke")
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"\d+\.\d minutes, ood_auroc \d\.\d{4}\n", done.stdout)
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before

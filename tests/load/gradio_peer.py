"""The peer: the same photo recognition as a Gradio app on PyTorch eager, its queue as it comes.

    python -m tests.load.gradio_peer --port 7860 --weights weights.npz --labels labels.txt

Runs in an environment of its own, which has gradio, torch and pooch; nothing else imports it.
"""

import argparse
from pathlib import Path

import gradio as gr
import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from training.kinds.backbones.efficientnet_lite import EfficientNetLite0

TOP = 5


def loaded(weights: Path) -> EfficientNetLite0:
    """The network with the weights of the released graph, in eval mode.

    weights: an .npz of the graph's convolutions, of which each has taken up its batch norm: ours
    then only add what is left, and cost what they always do.
    """
    network = EfficientNetLite0()
    state = network.state_dict()
    for name, array in np.load(weights).items():
        value = torch.from_numpy(array)
        if name.endswith(".weight_bias"):
            norm = name.removesuffix("0.weight_bias") + "1"
            state[f"{norm}.bias"] = value
            state[f"{norm}.running_var"] = torch.full_like(value, 1 - 1e-3)
        else:
            state[name] = value
    network.load_state_dict(state)
    return network.eval()


def app(network: EfficientNetLite0, labels: list[str], limit: int) -> gr.Interface:
    """A photo in, its likeliest classes out. limit: how many are answered at once."""

    def answer(photo: Image.Image) -> dict[str, float]:
        fitted = ImageOps.fit(photo.convert("RGB"), (224, 224), bleed=0.0625)
        pixels = torch.from_numpy(np.array(fitted)).permute(2, 0, 1)[None]
        with torch.inference_mode():
            scores: Tensor = network((pixels.float() - 127) / 128).softmax(1)[0]
        best = scores.topk(TOP)
        return {
            labels[i]: p for i, p in zip(best.indices.tolist(), best.values.tolist(), strict=True)
        }

    return gr.Interface(
        answer,
        gr.Image(type="pil"),
        gr.Label(num_top_classes=TOP),
        concurrency_limit=limit,
        flagging_mode="never",
        api_name="answer",
    )


def main() -> None:
    """Serve on this machine alone until it is stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    labels = asked.labels.read_text().split("\n")
    app(loaded(asked.weights), labels, asked.limit).launch(
        server_name="127.0.0.1", server_port=asked.port, ssr_mode=False, quiet=True
    )


if __name__ == "__main__":
    main()

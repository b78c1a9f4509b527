"""The gradient of an answer as an ordinary ONNX graph: stock ONNX Runtime runs it, without torch.

    graphs["gradients"] = graph(features, head, images)     # for training/core/release.py

`torch.func.vjp` writes the backward pass as forward operators; what ONNX has no operator for is
decomposed here. Only the batch is traced as a symbol, so the graph takes any batch.

The module is split: `features` maps an input to what is looked at inside (the last feature map of
a convolutional network, the embeddings of a text), `head` maps that to the outputs. A tabular
network's features may be the identity.
"""

import copy
import warnings
from typing import Any

import numpy as np
import torch
from torch import Tensor, fx, nn
from torch._decomp import core_aten_decompositions
from torch._subclasses.fake_tensor import FakeTensor, FakeTensorMode
from torch.fx.experimental.proxy_tensor import make_fx
from torch.fx.experimental.symbolic_shapes import DimDynamic, ShapeEnv, StatelessSymbolicContext

from models import engine
from models.card import Table
from models.catalog import Model
from training.core.release import Graph, RefusedError

Array = np.ndarray[Any, Any]
OUTPUTS = ("logits", "cam", "input_gradient")
SMOOTH = 1e-5  # relative error that rounding alone explains


def grad_cam(maps: Tensor, gradient: Tensor) -> Tensor:
    """[n, c, h, w] twice -> [n, h, w], nowhere negative (Selvaraju et al. 2017, 1610.02391)."""
    return (gradient.mean((2, 3), keepdim=True) * maps).sum(1).clamp_min(0)


class Gradients(nn.Module):
    """(input, target) -> logits, Grad-CAM or the gradient at the features, input gradient.

    input: float32 [n, ...]; target: float32 [n, outputs], how much of each output is asked for:
    one-hot for a class. The gradients are those of the sum of target x logits.
    cam: whether features are maps [n, c, h, w], from which Grad-CAM is made.
    """

    def __init__(self, features: nn.Module, head: nn.Module, cam: bool = True) -> None:
        super().__init__()
        self.features, self.head, self.cam = features, head, cam

    def forward(self, given: Tensor, target: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """As the class says."""
        maps, to_input, *_ = torch.func.vjp(self.features, given)
        logits, to_maps, *_ = torch.func.vjp(self.head, maps)
        (at_maps,) = to_maps(target)
        (at_input,) = to_input(at_maps)
        return logits, grad_cam(maps, at_maps) if self.cam else at_maps, at_input


class Autograd(Gradients):
    """The same by `torch.autograd`: what a traced graph is compared with."""

    def forward(self, given: Tensor, target: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """As `Gradients`."""
        with torch.enable_grad():
            given = given.detach().requires_grad_()
            maps = self.features(given)
            logits = self.head(maps)
            at_maps, at_input = torch.autograd.grad((logits * target).sum(), (maps, given))
        inside = grad_cam(maps, at_maps) if self.cam else at_maps
        return logits.detach(), inside.detach(), at_input


def graph(
    features: nn.Module, head: nn.Module, images: Array, golden_rows: int | None = None
) -> Graph:
    """The graph `gradients` of a classifier of pictures.

    images: what it takes, at least 4; golden_rows: how many of them the release keeps.
    """
    features, head = (copy.deepcopy(part).eval().requires_grad_(False) for part in (features, head))
    given = images.astype(np.float32)
    with torch.no_grad():
        logits = head(features(torch.from_numpy(given)))
    inputs = {"image": given, "target": np.eye(logits.shape[1], dtype=np.float32)[logits.argmax(1)]}
    return Graph(
        trace(Gradients(features, head), inputs),
        inputs,
        OUTPUTS,
        tolerance=1e-4,
        golden=OUTPUTS,
        golden_rows=golden_rows,
        reference=Autograd(features, head),
        kinked=("input_gradient",),
    )


def judge(model: Model, reference: nn.Module, inputs: dict[str, Array]) -> Table:
    """How far the released input gradient is from PyTorch's in float64; RefusedError if too far.

    Where a unit stands at a kink of its ReLU, rounding alone decides on which side, and then one
    float32 gradient differs from another as much as from float64. So ours must be as near to
    float64 as PyTorch's float32 is, over all inputs and up to chance (three standard errors): by
    the mean, and by the share of inputs where the difference is more than rounding, 1e-5. Errors
    are norms of the difference over the norm.
    """
    run = engine.infer(model, inputs, outputs=("input_gradient",), deadline=600)
    exact = _batched(copy.deepcopy(reference).double(), inputs, np.float64)
    theirs = _relative(_batched(reference, inputs, np.float32), exact)
    ours = _relative(run["input_gradient"], exact)
    for figures in ((ours, theirs), (ours >= SMOOTH, theirs >= SMOOTH)):
        mine, other = (np.asarray(values, np.float64) for values in figures)
        chance = 3 * np.sqrt((mine.var() + other.var()) / len(mine)) + 1 / len(mine) ** 2
        if not mine.mean() <= other.mean() + chance:
            raise RefusedError(f"the input gradient is {ours.mean():.1e} from float64")
    rows: list[list[str | float | None]] = [
        [who, float(e.mean()), float(np.median(e)), float(e.max()), float((e < SMOOTH).mean())]
        for who, e in (("this graph", ours), ("PyTorch float32", theirs))
    ]
    columns = ["against float64", "mean", "median", "largest", "share below 1e-5"]
    return Table(columns, rows, "error relative to the norm", len(ours), "fp32")


def _batched(module: nn.Module, inputs: dict[str, Array], dtype: type) -> Array:
    n = len(next(iter(inputs.values())))
    parts = []
    for start in range(0, n, 4):
        given: Any = (a[start : start + 4].astype(dtype) for a in inputs.values())
        parts.append(module(*map(torch.from_numpy, given))[2].numpy())
    return np.concatenate(parts)


def _relative(found: Array, exact: Array) -> Array:
    axes = tuple(range(1, exact.ndim))
    lengths = np.sqrt((exact**2).sum(axes))
    result: Array = np.sqrt(((found - exact) ** 2).sum(axes)) / lengths
    return result


def trace(module: nn.Module, inputs: dict[str, Array]) -> fx.GraphModule:
    """The module as plain operators on inputs of any batch size. inputs: at least 2 examples."""
    shapes = ShapeEnv()
    mode = FakeTensorMode(shape_env=shapes, allow_non_fake_inputs=True)

    def symbolic(array: Array) -> FakeTensor:
        free = [DimDynamic.DYNAMIC] + [DimDynamic.STATIC] * (array.ndim - 1)
        return mode.from_tensor(
            torch.from_numpy(array),
            symbolic_context=StatelessSymbolicContext(
                dynamic_sizes=free, constraint_sizes=[None] * array.ndim
            ),
        )

    def run(*given: Tensor) -> tuple[Tensor, ...]:  # a method of a module has an argument more
        made: tuple[Tensor, ...] = module(*given)
        return made

    aten = torch.ops.aten
    table = core_aten_decompositions() | {
        aten.convolution_backward.default: _back,
        aten.constant_pad_nd.default: _pad,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the tracer's own deprecations
        made = make_fx(run, decomposition_table=table, tracing_mode="real")(
            *map(symbolic, inputs.values())
        )
    return made.eval()


def _back(gradient: Tensor, given: Tensor, weight: Tensor, *how: Any) -> tuple[Tensor, None, None]:
    """`aten.convolution_backward` to the input: itself a convolution.

    At stride 1 with the kernels turned around, which ONNX Runtime runs much faster than a
    transposed convolution; else transposed, padded to the input's very size.
    """
    _, stride, padding, dilation, transposed, _, groups, _ = how
    convolution = torch.ops.aten.convolution.default
    axes = range(len(stride))
    none = [0] * len(stride)
    if transposed:
        made = convolution(gradient, weight, None, stride, padding, dilation, False, none, groups)
        return made, None, None
    kernel = list(weight.shape[2:])
    reach = [dilation[i] * (kernel[i] - 1) for i in axes]
    if all(step == 1 for step in stride) and all(padding[i] <= reach[i] for i in axes):
        out, per_group = weight.shape[0], weight.shape[1]
        turned = weight.reshape(groups, out // groups, per_group, *kernel).transpose(1, 2)
        turned = turned.reshape(groups * per_group, out // groups, *kernel)
        turned = turned.flip([2 + i for i in axes])
        rest = [reach[i] - padding[i] for i in axes]
        found = convolution(gradient, turned, None, stride, rest, dilation, False, none, groups)
        return found, None, None
    sizes = [(gradient.shape[2 + i] - 1) * stride[i] - 2 * padding[i] + reach[i] + 1 for i in axes]
    extra = [given.shape[2 + i] - sizes[i] for i in axes]
    found = convolution(gradient, weight, None, stride, padding, dilation, True, extra, groups)
    return found, None, None


def _pad(given: Tensor, pads: list[int], value: float = 0) -> Tensor:
    """`aten.constant_pad_nd`, whose own kernel would fix the batch while it is traced."""
    for place in range(len(pads) // 2):
        axis = given.ndim - 1 - place
        before, after = pads[2 * place : 2 * place + 2]
        size = given.shape[axis]
        given = given.narrow(axis, max(0, -before), size + min(0, before) + min(0, after))
        parts = [given]
        for extra, end in ((before, 0), (after, 1)):
            if extra > 0:
                shape = [extra if i == axis else length for i, length in enumerate(given.shape)]
                parts.insert(end * len(parts), given.new_full(shape, value))
        given = torch.cat(parts, axis) if len(parts) > 1 else given
    return given

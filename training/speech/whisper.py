"""Whisper's network (Radford et al. 2022, arXiv:2212.04356) as two modules, and its weights.

`Listen`: log-mel of half a minute -> what the decoder asks of it, keys and values, layer by layer.
`Write`: one token, what was written before and those -> how likely each next token is, and where it
listened.
"""

import json
import struct
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training import sources

PACKAGE = "whisper-tiny.en"
_TYPES = {0: "<f4", 1: "<i1", 2: "<i2", 3: "<i4", 4: "<f2"}


class Attention(nn.Module):
    """Attention of several heads; keys and values may come ready."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)

    def keys(self, given: Tensor) -> Tensor:
        """[n, t, width] -> [n, heads, depth, t]."""
        return self.split(self.key(given)).permute(0, 2, 3, 1)

    def values(self, given: Tensor) -> Tensor:
        """[n, t, width] -> [n, heads, t, depth]."""
        return self.split(self.value(given)).transpose(1, 2)

    def split(self, given: Tensor) -> Tensor:
        """[n, t, width] -> [n, t, heads, depth]."""
        return given.reshape(*given.shape[:2], self.heads, -1)

    def forward(self, given: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """What is attended to, [n, t, width], and how much, [n, heads, t, places]."""
        query = self.split(self.query(given)).transpose(1, 2)
        scores = (query @ keys) * (query.shape[-1] ** -0.5)
        shares = scores.softmax(-1)
        found = (shares @ values).transpose(1, 2)
        return self.out(found.reshape(given.shape)), shares


class Block(nn.Module):
    """A layer: attention to itself, to what was heard where `crosses`, and two linear layers."""

    def __init__(self, width: int, heads: int, crosses: bool) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.cross_norm = nn.LayerNorm(width) if crosses else None
        self.cross = Attention(width, heads) if crosses else None
        self.last_norm = nn.LayerNorm(width)
        self.wide = nn.Linear(width, 4 * width)
        self.narrow = nn.Linear(4 * width, width)

    def think(self, given: Tensor) -> Tensor:
        """The linear layers with their residual."""
        found: Tensor = given + self.narrow(F.gelu(self.wide(self.last_norm(given))))
        return found


class Whisper(nn.Module):
    """All weights: width 384, 6 heads, 4 + 4 layers, 51,864 tokens in tiny.en."""

    def __init__(
        self,
        *,
        width: int = 384,
        heads: int = 6,
        layers: int = 4,
        vocabulary: int = 51864,
        bands: int = 80,
        places: int = 1500,
        longest: int = 448,
    ) -> None:
        super().__init__()
        self.width, self.layers = width, layers
        self.conv1 = nn.Conv1d(bands, width, 3, padding=1)
        self.conv2 = nn.Conv1d(width, width, 3, stride=2, padding=1)
        self.register_buffer("places", torch.zeros(places, width))
        self.encoder = nn.ModuleList(Block(width, heads, False) for _ in range(layers))
        self.encoder_norm = nn.LayerNorm(width)
        self.decoder = nn.ModuleList(Block(width, heads, True) for _ in range(layers))
        self.decoder_norm = nn.LayerNorm(width)
        self.embedding = nn.Parameter(torch.zeros(vocabulary, width))
        self.positions = nn.Parameter(torch.zeros(longest, width))


class Listen(nn.Module):
    """The encoder and the part of the decoder that needs nothing of what is written."""

    def __init__(self, whisper: Whisper) -> None:
        super().__init__()
        self.whisper = whisper

    def forward(self, mel: Tensor) -> tuple[Tensor, ...]:
        """[n, 80, 3000] -> keys [n, 6, 64, 1500] of each layer, then values [n, 6, 1500, 64]."""
        whisper = self.whisper
        given = F.gelu(whisper.conv2(F.gelu(whisper.conv1(mel)))).transpose(1, 2)
        given = given + whisper.get_buffer("places")
        for block in whisper.encoder:
            assert isinstance(block, Block)
            normal = block.norm(given)
            attention = block.attention
            found, _ = attention(normal, attention.keys(normal), attention.values(normal))
            given = block.think(given + found)
        heard = whisper.encoder_norm(given)
        crosses = [block.get_submodule("cross") for block in whisper.decoder]
        asked = [cross for cross in crosses if isinstance(cross, Attention)]
        return (*(c.keys(heard) for c in asked), *(c.values(heard) for c in asked))


class Write(nn.Module):
    """One step of the decoder.

    aligned: (layer, head) of those whose attention says when a token was said.
    """

    def __init__(self, whisper: Whisper, aligned: list[tuple[int, int]]) -> None:
        super().__init__()
        self.whisper, self.aligned = whisper, aligned

    def look_up(self, token: Tensor) -> Tensor:
        """int64 [n, 1] -> [n, 1, width]."""
        return F.embedding(token, self.whisper.embedding)

    def logits(self, found: Tensor) -> Tensor:
        """[n, 1, width] -> [n, vocabulary]."""
        return found[:, 0] @ self.whisper.embedding.t()

    # An exporter hands inputs over by their places.
    def forward(  # noqa: PLR0917
        self,
        token: Tensor,
        written: Tensor,
        keys_0: Tensor,
        keys_1: Tensor,
        keys_2: Tensor,
        keys_3: Tensor,
        values_0: Tensor,
        values_1: Tensor,
        values_2: Tensor,
        values_3: Tensor,
    ) -> tuple[Tensor, ...]:
        """token int64 [n, 1]; written [n, t, 2 * layers * width]; the rest as `Listen` gives it.

        Returns logits [n, vocabulary], what is new of `written` [n, 1, ...], and how much the
        aligned heads listened to each fiftieth of a second [n, heads, 1500].
        """
        whisper = self.whisper
        # Each by its name: a graph has no list of inputs.
        heard = (keys_0, keys_1, keys_2, keys_3, values_0, values_1, values_2, values_3)
        layers = whisper.layers
        given = self.look_up(token) + whisper.positions[written.shape[1]]
        new, listened = [], []
        for i, block in enumerate(whisper.decoder):
            assert isinstance(block, Block)
            assert block.cross is not None
            assert block.cross_norm is not None
            normal = block.norm(given)
            attention = block.attention
            pair = torch.cat([attention.key(normal), attention.value(normal)], -1)
            new.append(pair)
            own = slice(2 * i * whisper.width, 2 * (i + 1) * whisper.width)
            whole = torch.cat([written[..., own], pair], 1)
            keys = attention.split(whole[..., : whisper.width]).permute(0, 2, 3, 1)
            values = attention.split(whole[..., whisper.width :]).transpose(1, 2)
            given = given + attention(normal, keys, values)[0]
            found, shares = block.cross(block.cross_norm(given), heard[i], heard[layers + i])
            given = block.think(given + found)
            listened += [shares[:, head, 0] for layer, head in self.aligned if layer == i]
        logits = self.logits(whisper.decoder_norm(given))
        return logits, torch.cat(new, -1), torch.stack(listened, 1)


def settings() -> dict[str, Any]:
    """What the package says of its model: alignment heads, tokens that are never written."""
    found: dict[str, Any] = json.loads(sources.package_file(PACKAGE, "config.json").read_text())
    return found


def tensors(data: bytes) -> dict[str, Tensor]:
    """The tensors of a CTranslate2 model file, as float32."""
    place = 0

    def number(form: str) -> int:
        nonlocal place
        (found,) = struct.unpack_from("<" + form, data, place)
        place += struct.calcsize(form)
        return int(found)

    def text() -> str:
        nonlocal place
        long = number("H")
        found = data[place : place + long - 1].decode()
        place += long
        return found

    number("I")  # version of the container
    text()
    number("I")  # of the model
    found: dict[str, Tensor] = {}
    for _ in range(number("I")):
        name = text()
        dims = [number("I") for _ in range(number("B"))]
        kind, size = number("B"), number("I")
        values = np.frombuffer(data, _TYPES[kind], size // np.dtype(_TYPES[kind]).itemsize, place)
        place += size
        found[name] = torch.from_numpy(values.reshape(dims).astype(np.float32))
    for _ in range(number("I")):
        alias, name = text(), text()
        found[alias] = found[name]
    return found


@torch.no_grad()
def pretrained() -> Whisper:
    """tiny.en as the package ships it."""
    held = tensors(sources.package_file(PACKAGE, "model.bin").read_bytes())
    whisper = Whisper()

    def take(part: nn.Module | Tensor | None, name: str) -> None:
        if isinstance(part, Tensor):
            part.copy_(held[name])
            return
        assert part is not None
        weight, bias = ("gamma", "beta") if isinstance(part, nn.LayerNorm) else ("weight", "bias")
        part.get_parameter("weight").copy_(held[f"{name}/{weight}"])
        if part.bias is not None:
            part.get_parameter("bias").copy_(held[f"{name}/{bias}"])

    def attention(part: nn.Module | None, name: str, crosses: bool) -> None:
        assert isinstance(part, Attention)
        names = ("query",) if crosses else ("query", "key", "value")
        joined = [(names, "linear_0"), (("key", "value"), "linear_1")][: 2 if crosses else 1]
        for some, held_as in joined:
            weights = held[f"{name}/{held_as}/weight"].chunk(len(some))
            biases = held[f"{name}/{held_as}/bias"].chunk(len(some))
            for one, weight, bias in zip(some, weights, biases, strict=True):
                linear = part.get_submodule(one)
                linear.get_parameter("weight").copy_(weight)
                if one != "key":
                    linear.get_parameter("bias").copy_(bias)
        take(part.out, f"{name}/linear_{2 if crosses else 1}")
        take(norm_of[name], f"{name}/layer_norm")

    norm_of: dict[str, nn.Module | None] = {}
    take(whisper.conv1, "encoder/conv1")
    take(whisper.conv2, "encoder/conv2")
    take(whisper.get_buffer("places"), "encoder/position_encodings/encodings")
    take(whisper.positions, "decoder/position_encodings/encodings")
    take(whisper.embedding, "decoder/embeddings/weight")
    take(whisper.encoder_norm, "encoder/layer_norm")
    take(whisper.decoder_norm, "decoder/layer_norm")
    for side in ("encoder", "decoder"):
        for i, block in enumerate(whisper.get_submodule(side).children()):
            assert isinstance(block, Block)
            name = f"{side}/layer_{i}"
            norm_of |= {
                f"{name}/self_attention": block.norm,
                f"{name}/attention": block.cross_norm,
            }
            attention(block.attention, f"{name}/self_attention", crosses=False)
            if block.cross is not None:
                attention(block.cross, f"{name}/attention", crosses=True)
            take(block.last_norm, f"{name}/ffn/layer_norm")
            take(block.wide, f"{name}/ffn/linear_0")
            take(block.narrow, f"{name}/ffn/linear_1")
    return whisper.eval()

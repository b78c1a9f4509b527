"""fp32 ONNX -> int8 ONNX: static, activations uint8, weights int8 per channel, QDQ form."""

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process


class _Batches(CalibrationDataReader):  # type: ignore[misc]
    """One calibration input at a time, as ONNX Runtime's calibrator wants them."""

    def __init__(self, inputs: dict[str, np.ndarray[Any, Any]]) -> None:
        n = len(next(iter(inputs.values())))
        self._rest: Iterator[dict[str, np.ndarray[Any, Any]]] = iter(
            [{name: array[i : i + 1] for name, array in inputs.items()} for i in range(n)]
        )

    def get_next(self) -> dict[str, np.ndarray[Any, Any]] | None:
        return next(self._rest, None)


def quantise(source: Path, target: Path, calibration: dict[str, np.ndarray[Any, Any]]) -> None:
    """Write the int8 form of `source` to `target`.

    calibration: real inputs, first axis the batch; their smallest and largest activations set the
    scales (Jacob et al. 2018, arXiv:1712.05877).
    """
    logging.getLogger().setLevel(logging.ERROR)  # the quantiser logs hints through the root logger
    with tempfile.TemporaryDirectory() as scratch:
        prepared = Path(scratch) / "prepared.onnx"
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        quantize_static(
            str(prepared),
            str(target),
            _Batches(calibration),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            calibrate_method=CalibrationMethod.MinMax,
        )

"""What answers: released ONNX models, the code around them, and nothing that draws or trains.

    from models import catalog
    from models.image_recognition import predict

    model = catalog.load("image_recognition")
    predict(model, [picture])

This package needs numpy, pillow, pydantic and onnxruntime. It never imports streamlit, plotly,
torch, `pages` or `training`; tests/test_layers.py holds it to that.
"""

__version__ = "0.9.0"

"""An OpenCLIP model with random weights, installed like a real one: it costs what the trained one costs."""

import logging
from pathlib import Path

import open_clip
from safetensors.torch import save_file

from app.models.importing import import_model
from app.models.installed import InstalledModel


def random_model(architecture: str, pretrained: str, folder: Path) -> InstalledModel:
    """Make and install one below `folder`."""
    checkpoint = folder / "checkpoint"
    checkpoint.mkdir(parents=True)
    logging.disable(logging.WARNING)  # OpenCLIP warns that the weights are random; that is the point
    model = open_clip.create_model(architecture)
    logging.disable(logging.NOTSET)
    weights = {name: value.contiguous() for name, value in model.state_dict().items()}
    save_file(weights, checkpoint / "open_clip_model.safetensors")
    models = folder / "models"
    return import_model(
        checkpoint, models, id_=f"random-{architecture}", architecture=architecture, pretrained=pretrained
    )

"""Train the starter heads: small networks that lay pictures and text into one space.

The backbone (EfficientNet-Lite2) and the sentence model (MiniLM) stay as their packages bring them; what is
learnt here are two heads of a few megabytes. `docs/starter-model.md` tells the method, the data and the
results. Run with

    python -m tools.train_starter PACK OUT

PACK is a folder of backbone features and captions (`pack.py` says what stands in it); it is not part of
this repository, because the photos behind it have owners.
"""

"""Files in: from a path to segments to vectors to the store. One modality is one file in here."""

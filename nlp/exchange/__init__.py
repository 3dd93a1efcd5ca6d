"""Annotated texts in the formats of annotation tools: doccano, Label Studio, brat, spaCy's DocBin."""

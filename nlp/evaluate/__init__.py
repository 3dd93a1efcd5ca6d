"""How well reports are read: rules, classifier and both against annotated texts."""

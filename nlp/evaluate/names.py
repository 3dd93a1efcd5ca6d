"""The sections by name, as --only takes them and the JSON has them."""

LEARNING_CURVE = "learning_curve"
SUSPICIOUS = "suspicious"
SECTIONS = (
    "facts",
    "items",
    "groups",
    "confusion",
    LEARNING_CURVE,
    "masking",
    "calibration",
    "bundled",
    SUSPICIOUS,
)

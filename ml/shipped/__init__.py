"""The mood model that ships with the project. Written by ml.release, do not edit."""

SHA256 = "2da165f780de0cdb2f53f0a653a0c79825f2415bce8780538ab15157d512e5f1"

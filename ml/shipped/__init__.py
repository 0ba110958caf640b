"""The mood model that ships with the project. Written by ml.release, do not edit."""

SHA256 = "5efc8d55637e02daeccf902020a17b9f5cb235d530ed849f695f76724ec018a5"

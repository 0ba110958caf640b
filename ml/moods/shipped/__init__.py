"""The mood model that ships with the project. Written by ml.release, do not edit."""

SHA256 = "e923b983ae4a8e89802776216177cc38d235385dc17ba5d880c9aaa71d85329f"

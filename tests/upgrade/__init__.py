"""Data of earlier versions, which every later version migrates and answers from."""

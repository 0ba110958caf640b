"""One module an algorithm, all with the interface of `ml.recommend.interface`."""

"""One search contract over two engines; knows no room above it: rooms register their documents."""

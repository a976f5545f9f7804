"""What people and programs meet: pages, API, command line, reading and the use cases behind them."""

"""`python -m training.sentiment`: see train.py."""

from training.sentiment.train import main

if __name__ == "__main__":
    main()

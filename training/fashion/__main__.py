"""`python -m training.fashion`: see train.py."""

from training.fashion.train import main

if __name__ == "__main__":
    main()

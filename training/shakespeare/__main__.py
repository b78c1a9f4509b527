"""`python -m training.shakespeare`: see train.py."""

from training.shakespeare.train import main

if __name__ == "__main__":
    main()

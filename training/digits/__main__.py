"""`python -m training.digits`: see train.py."""

from training.digits.train import main

if __name__ == "__main__":
    main()

"""`python -m training.fashion_generator`: see train.py."""

from training.fashion_generator.train import main

if __name__ == "__main__":
    main()

"""`python -m training.emoji_generator`: see train.py."""

from training.emoji_generator.train import main

if __name__ == "__main__":
    main()

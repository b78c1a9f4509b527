"""`python -m training.speech`: see train.py."""

from training.speech.train import main

if __name__ == "__main__":
    main()

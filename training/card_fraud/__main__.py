"""`python -m training.card_fraud`: see train.py."""

from training.card_fraud.train import main

if __name__ == "__main__":
    main()

"""`python -m training.text_prediction`: see train.py."""

from training.text_prediction.train import main

if __name__ == "__main__":
    main()

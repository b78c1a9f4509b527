"""`python -m training.image_recognition`: see train.py."""

from training.image_recognition.train import main

if __name__ == "__main__":
    main()

"""`python -m training.face_detection`: see train.py."""

from training.face_detection.train import main

if __name__ == "__main__":
    main()

"""`python -m training.face_recognition`: see train.py."""

from training.face_recognition.train import main

if __name__ == "__main__":
    main()

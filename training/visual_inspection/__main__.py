"""`python -m training.visual_inspection`: see train.py."""

from training.visual_inspection.train import main

if __name__ == "__main__":
    main()
